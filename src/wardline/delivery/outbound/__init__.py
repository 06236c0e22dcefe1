"""Answers and movements to other systems, in the order they happened, until they are acknowledged."""
