"""Survival models that a site trains on its own table: read, fitted, measured, kept."""
