"""Trained models kept as files."""
