"""Outlining organs and suspicious spots by classical, explainable methods that need no trained weights.

Every function takes volumes and gives a `LabelMap` (or what was found beside one); none of them touches a file, a clock or chance.
"""

from wardline.science.imaging.segmentation.body import body_and_table
from wardline.science.imaging.segmentation.chest_xray import chest_xray_lungs
from wardline.science.imaging.segmentation.liver import LiverReference, NoReference, liver_reference
from wardline.science.imaging.segmentation.lungs import lungs
from wardline.science.imaging.segmentation.pet_lesions import Candidate, Candidates, lesion_candidates

__all__ = [
    "Candidate", "Candidates", "LiverReference", "NoReference", "body_and_table", "chest_xray_lungs", "lesion_candidates", "liver_reference", "lungs",
]  # fmt: skip
