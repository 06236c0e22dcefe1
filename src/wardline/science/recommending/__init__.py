"""What patients like this one were given here, and how it went: a second opinion from the site's own past, never above a safety check."""
