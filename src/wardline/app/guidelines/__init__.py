"""The guideline cards that come with the house, and those of the site, read once at start-up."""
