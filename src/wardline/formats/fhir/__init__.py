"""FHIR R4: resources to values and back."""
