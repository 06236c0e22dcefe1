"""Kidneys: sudden injury, how much they filter, how much urine they make."""
