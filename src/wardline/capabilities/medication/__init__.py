"""Medicines: what to check before they are given, which to reconsider, which are missing."""
