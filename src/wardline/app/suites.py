"""The suites of `wardline evaluate` that measure against a reference data set: what each is about and the function that runs it.

A suite's function takes the folder of the reference data sets and the folder its page goes into, writes the page, and says in one
line what came out. It is imported only when it runs, because several need what is installed for evaluating alone.
"""

from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple


class Suite(NamedTuple):
    """One line of the table."""

    about: str
    function: str
    """ "package.module:function" """

    def run(self, reference: Path, out: Path) -> str:
        """Measure, write the page into `out`, and say what came out."""
        module, _, name = self.function.partition(":")
        said: str = getattr(import_module(module), name)(reference, out)
        return said


SUITES: Final[dict[str, Suite]] = {
    "fhir": Suite("Synthea bundles and US Core examples through the FHIR door and back", "wardline.app.evaluating_fhir:run"),
    "interactions": Suite("drug interactions: the high-priority list, quiet pairs, labels", "wardline.learning.evaluation.interactions_page:run"),
    "medcalc": Suite("scores and formulas against the cases of MedCalc-Bench", "wardline.app.evaluating_medcalc:run"),
    "bayes": Suite("exact inference in published Bayesian networks, beside a second library", "wardline.learning.evaluation.bayes:run"),
    "diagnosis": Suite(
        "the differential on cases of a known network: all evidence, little evidence, few questions", "wardline.learning.evaluation.differential:run"
    ),
    "rare-disease": Suite("rare diseases ranked by features, on held-out published patients", "wardline.learning.evaluation.rare_disease:run"),
    "stopp-start": Suite("STOPP/START version 2, criterion by criterion against structured rules", "wardline.learning.evaluation.stopp_start:run"),
    "ecqm": Suite("quality measures against CMS's test patients", "wardline.app.evaluating_quality:run"),
    "suv": Suite("uptake values of PET against reference objects, a published volume and our own variants", "wardline.app.evaluating_suv:run"),
    "ibsi": Suite("radiomics and filters against the reference values of the standardisation initiative", "wardline.app.evaluating_ibsi:run"),
    "immunisation": Suite("immunisation forecast against CDC's test cases", "wardline.learning.evaluation.immunisation_page:run"),
    "survival": Suite("survival models trained on open sets: told apart, and as often as was told", "wardline.learning.evaluation.survival_page:run"),
    "segmentation": Suite("organs and lesions outlined, on invented people and labelled images", "wardline.app.evaluating_segmentation:run"),
}
