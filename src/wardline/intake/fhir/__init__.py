"""FHIR resources coming in: where each version stands, and what a change to them means."""
