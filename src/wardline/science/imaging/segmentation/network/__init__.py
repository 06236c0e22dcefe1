"""Trained networks that outline things, run window by window: what a model says of itself, and how its answers become a label map."""
