"""Images over the web, as DICOM PS3.18 has it: storing (STOW-RS), finding (QIDO-RS) and fetching (WADO-RS)."""
