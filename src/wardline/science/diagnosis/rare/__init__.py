"""Rare diseases by the terms of the Human Phenotype Ontology."""
