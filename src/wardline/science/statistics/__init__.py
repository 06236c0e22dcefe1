"""Counting that others can check: risk, calibration, drift."""
