"""The vocabulary: one entry per measurable thing. Capabilities write `from wardline.core import concepts as c`."""

from wardline.core.concepts.chemistry import *  # noqa: F403
from wardline.core.concepts.coagulation import *  # noqa: F403
from wardline.core.concepts.concept import LOINC_NOTICE as LOINC_NOTICE
from wardline.core.concepts.concept import Concept as Concept
from wardline.core.concepts.concept import has_valid_check_digit as has_valid_check_digit
from wardline.core.concepts.drug_levels import *  # noqa: F403
from wardline.core.concepts.ecg import *  # noqa: F403
from wardline.core.concepts.examinations import *  # noqa: F403
from wardline.core.concepts.fluids import *  # noqa: F403
from wardline.core.concepts.gas import *  # noqa: F403
from wardline.core.concepts.haematology import *  # noqa: F403
from wardline.core.concepts.metabolic import *  # noqa: F403
from wardline.core.concepts.nursing import *  # noqa: F403
from wardline.core.concepts.oxygen import *  # noqa: F403
from wardline.core.concepts.special import *  # noqa: F403
from wardline.core.concepts.urine import *  # noqa: F403
from wardline.core.concepts.vitals import *  # noqa: F403
from wardline.core.concepts.vocabulary import ALL as ALL
from wardline.core.concepts.vocabulary import BY_ID as BY_ID
from wardline.core.concepts.vocabulary import BY_LOINC as BY_LOINC
from wardline.core.concepts.vocabulary import BY_MDC as BY_MDC
from wardline.core.concepts.vocabulary import local_code as local_code
from wardline.core.concepts.vocabulary import search as search
from wardline.core.concepts.vocabulary import suggestion_for as suggestion_for
