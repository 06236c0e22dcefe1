"""Treatment: doses for this patient, as drafts that a person signs."""
