"""What a lesion took up: highest, peak and mean value, its metabolic volume and total glycolysis, and by which border it was drawn."""

from wardline.science.imaging.uptake.measures import Burden, Peak, Uptake, burden, peak_of, uptake_of
from wardline.science.imaging.uptake.region import region
from wardline.science.imaging.uptake.thresholds import (
    PERCIST_AORTA,
    PERCIST_LIVER,
    Fixed,
    Gradient,
    OfMaximum,
    OfReference,
    Reference,
    Threshold,
)

__all__ = [
    "PERCIST_AORTA", "PERCIST_LIVER", "Burden", "Fixed", "Gradient", "OfMaximum", "OfReference", "Peak", "Reference", "Threshold", "Uptake", "burden",
    "peak_of", "region", "uptake_of",
]  # fmt: skip
