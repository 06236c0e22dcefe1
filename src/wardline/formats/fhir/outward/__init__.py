"""A patient's timeline as FHIR resources: what other systems have said over their own feeds, and what Wardline answered."""
