"""The FHIR R4 door: resources read, searched, changed and taken along by any FHIR client."""
