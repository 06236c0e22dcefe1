"""Prognosis: what a patient brings along, and who comes back."""
