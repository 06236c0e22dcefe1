"""All presentations that Wardline knows of itself, and finding the one that somebody's words mean."""

from collections.abc import Iterable, Mapping
from typing import Final

from wardline.science.diagnosis.presentations import Presentation
from wardline.science.diagnosis.published.abdominal_pain import ABDOMINAL_PAIN
from wardline.science.diagnosis.published.breathlessness import BREATHLESSNESS
from wardline.science.diagnosis.published.chest_pain import CHEST_PAIN
from wardline.science.diagnosis.published.headache import HEADACHE
from wardline.science.diagnosis.published.hot_joint import HOT_JOINT
from wardline.science.diagnosis.published.sore_throat import SORE_THROAT
from wardline.science.diagnosis.published.swollen_leg import SWOLLEN_LEG
from wardline.science.diagnosis.published.urinary import URINARY

PRESENTATIONS: Final = (CHEST_PAIN, BREATHLESSNESS, HEADACHE, ABDOMINAL_PAIN, SORE_THROAT, URINARY, SWOLLEN_LEG, HOT_JOINT)


def library(of_the_site: Iterable[Presentation] = ()) -> Mapping[str, Presentation]:
    """By id; the site's own go before ours of the same id."""
    return {each.id: each for each in (*PRESENTATIONS, *of_the_site)}
