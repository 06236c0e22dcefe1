"""Images: their quality, what is measured in them, and how it has changed."""
