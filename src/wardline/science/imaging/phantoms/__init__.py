"""Made-up bodies for the scanner: CT and PET of an invented person whose every organ and tumour is known exactly."""

from wardline.science.imaging.phantoms.body import CHEST, TRUNK, WHOLE_BODY, Phantom, pet_ct
from wardline.science.imaging.phantoms.lesions import Lesion, random_lesions

__all__ = ["CHEST", "TRUNK", "WHOLE_BODY", "Lesion", "Phantom", "pet_ct", "random_lesions"]
