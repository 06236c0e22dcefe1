"""All interaction rules of the house, the high-priority list first."""

from typing import Final

from wardline.science.medication.interactions.blood import BLOOD
from wardline.science.medication.interactions.heart_and_kidney import HEART_AND_KIDNEY
from wardline.science.medication.interactions.high_priority import HIGH_PRIORITY
from wardline.science.medication.interactions.mind_and_others import MIND_AND_OTHERS
from wardline.science.medication.interactions.rule import Interaction

INTERACTIONS: Final[tuple[Interaction, ...]] = (*HIGH_PRIORITY, *BLOOD, *HEART_AND_KIDNEY, *MIND_AND_OTHERS)
