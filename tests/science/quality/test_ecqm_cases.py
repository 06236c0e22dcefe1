"""The quality measures on CMS's test patients: all of them, a second's work."""

import os
from pathlib import Path

import pytest

from wardline.app.discovery import discover
from wardline.learning.evaluation.ecqm import FOLDER, MEASURES, cases_of, compared

REFERENCE = Path(os.environ.get("WARDLINE_REFERENCE_DATA") or Path(__file__).parents[3].parent / "shared" / "data")
CAPABILITIES = {capability.id: capability for capability in discover().capabilities}

BY_CODE = {"cesarean_birth": {"3842ef3b-ebeb-42d6-9035-aa5280bcdcfd"}}
"""Cases whose record carries a code that no stand-in value set knows: nobody looked at it, so it is not added either."""


@pytest.mark.reference
@pytest.mark.parametrize(("id", "measure"), MEASURES.items())
def test_every_population_of_every_patient_has_the_expected_count(id: str, measure: str) -> None:
    if not (REFERENCE / FOLDER).is_dir():
        pytest.skip("the reference data sets are not here")
    found = compared(CAPABILITIES[id], cases_of(REFERENCE, measure))

    differing = {each.case.id for each in found if not each.agrees}
    assert differing == BY_CODE.get(id, set())
    assert not any(each.case.was_looked_at for each in found if not each.agrees)
    assert any(each.case.was_looked_at for each in found)
    assert any(not each.case.was_looked_at for each in found)
