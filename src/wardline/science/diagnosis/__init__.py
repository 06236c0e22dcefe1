"""Diagnosis: what explains these findings, and what to ask next."""
