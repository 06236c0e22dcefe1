"""Frailty: falls and pressure ulcers."""
