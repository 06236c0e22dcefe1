"""Serves the built user interface and writes the plain pages for when everything else is down."""
