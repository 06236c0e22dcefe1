"""Diagnosis: red flags first, then what explains the findings and what to ask next."""
