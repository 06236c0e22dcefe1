"""Radiomics by the Image Biomarker Standardisation Initiative: `features(volume, mask, settings)`."""

from wardline.science.imaging.radiomics.extraction import Result, features
from wardline.science.imaging.radiomics.names import Feature, feature
from wardline.science.imaging.radiomics.settings import AsIs, FixedNumber, FixedSize, Settings, settings_from

__all__ = ["AsIs", "Feature", "FixedNumber", "FixedSize", "Result", "Settings", "feature", "features", "settings_from"]
