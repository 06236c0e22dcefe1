"""Bayesian networks: read from their files and inferred exactly."""
