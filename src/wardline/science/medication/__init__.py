"""Medicines: what they are, what they do to one another, and how much of them a patient needs."""
