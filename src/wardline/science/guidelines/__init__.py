"""Guideline cards and protocols: what a condition asks for, step by step, with sources, and how that reads for one patient."""
