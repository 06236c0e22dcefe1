"""Liver: how much of it still works, and how scarred it is."""
