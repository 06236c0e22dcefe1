"""DICOM: pictures and what is written around them."""
