"""Infection: what it is likely to be, before the culture says so."""
