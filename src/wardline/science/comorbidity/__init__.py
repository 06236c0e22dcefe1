"""Comorbidity: which groups of diseases a patient's coded diagnoses fall into."""
