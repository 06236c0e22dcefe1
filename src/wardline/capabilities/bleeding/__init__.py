"""Bleeding, and what makes it likely."""
