"""Clots in veins and lungs: how likely, and who should be protected."""
