"""Answering an EHR at its hooks: which services there are, what they look at, and what became of their cards."""
