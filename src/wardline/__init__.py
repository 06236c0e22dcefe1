"""Wardline: every feed comes in once, every patient has one live timeline, every clinical question is one small file."""

__version__ = "0.1.0"
