"""Which results the rules ask about: what a capability, a screen or a hook has to fetch before it asks them."""

from typing import Final

from wardline.core.concepts import Concept
from wardline.core.concepts.chemistry import CREATININE, MAGNESIUM, POTASSIUM
from wardline.core.concepts.coagulation import INR
from wardline.core.concepts.drug_levels import LITHIUM_LEVEL
from wardline.science.medication.monitoring import TESTS
from wardline.science.medication.tables.diseases_and_results import LABORATORY_RULES

IN_INTERACTIONS: Final[tuple[Concept, ...]] = (CREATININE, POTASSIUM, INR, LITHIUM_LEVEL)
IN_LABORATORY_RULES: Final[tuple[Concept, ...]] = tuple(dict.fromkeys(rule.when.result for rule in LABORATORY_RULES if rule.when.result is not None))
MONITORED: Final[tuple[Concept, ...]] = tuple(dict.fromkeys(test.concept for test in TESTS))
ALL_RESULTS: Final[tuple[Concept, ...]] = tuple(dict.fromkeys((*IN_INTERACTIONS, MAGNESIUM, *IN_LABORATORY_RULES, *MONITORED)))
