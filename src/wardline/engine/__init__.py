"""Append, fold, assess, publish: the only loop."""
