"""Antibiotics and cultures as doses and procedures name them. That a procedure is a culture is read from its name: a site's coding decides."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from wardline.core.course import Given, Procedure
from wardline.science.medication.recognising import atc_of
from wardline.science.medication.routes import is_systemic

ANTIBACTERIALS = "J01"
"""ATC: antibacterials for systemic use."""
_CULTURE = re.compile(r"\bcultures?\b", re.IGNORECASE)

CULTURE_AFTER = timedelta(hours=24)
"""Antibiotic first: the culture follows within this time."""
ANTIBIOTIC_AFTER = timedelta(hours=72)
"""Culture first: the antibiotic follows within this time."""


def is_antibiotic(dose: Given) -> bool:
    """Eye drops of the same substance suspect nothing."""
    return is_systemic(dose.route, dose.what) and any(code.startswith(ANTIBACTERIALS) for code in atc_of(dose.what, dose.codings))


def is_culture(procedure: Procedure) -> bool:
    return bool(_CULTURE.search(procedure.what) or _CULTURE.search(procedure.code))


def suspected_since(doses: Iterable[Given], procedures: Iterable[Procedure]) -> datetime | None:
    """When infection was first suspected: the earlier of an antibiotic and a culture that belong together."""
    given = [dose.at for dose in doses if is_antibiotic(dose)]
    taken = [procedure.at for procedure in procedures if is_culture(procedure)]
    pairs = (min(dose, culture) for dose in given for culture in taken if -ANTIBIOTIC_AFTER <= culture - dose <= CULTURE_AFTER)
    return min(pairs, default=None)
