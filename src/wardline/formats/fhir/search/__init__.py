"""FHIR search: what resources can be found by, how a query is written, and what of a resource goes into the index."""
