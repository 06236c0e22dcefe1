"""A sample of the public data sets through the door and back; `wardline evaluate fhir` does all of them (docs/evaluation/fhir.md)."""

import os
from pathlib import Path

import pytest

from support.fhir import Client
from wardline.app.evaluating_fhir import SYNTHEA, US_CORE, bundles, synthea, us_core

REFERENCE = Path(os.environ.get("WARDLINE_REFERENCE_DATA") or Path(__file__).parents[3].parent / "shared" / "data")
is_there = pytest.mark.skipif(not (REFERENCE / US_CORE).exists(), reason="the reference data sets are not here (WARDLINE_REFERENCE_DATA)")


@is_there
@pytest.mark.reference
def test_synthea_bundles_and_us_core_examples_are_read_back_equal(fhir: Client) -> None:
    files = bundles(REFERENCE / SYNTHEA)
    sample = [*files[:2], *sorted(files[2:], key=lambda file: file.stat().st_size)[:3]]

    one = fhir.house.do(synthea, sample, fhir.house.running.services)
    other = fhir.house.do(us_core, REFERENCE / US_CORE, fhir.house.running.services)

    assert (one.equal, one.different, one.refused) == (one.sent, 0, {})
    assert (other.equal, other.different, other.refused) == (151, 0, {})
