"""Is this image good enough to read, while the patient is still here? Checks by modality, each with its value and its reason."""
