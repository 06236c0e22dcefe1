"""The vocabulary, searched as integrators do: by the code in front of them, or by what their ward calls it."""

import pytest

from api.house import OpenHouse


def _found(house: OpenHouse, q: str) -> list[str]:
    return [each["id"] for each in house.as_("engineer").get("/api/v1/terminology/search", q=q)["concepts"]]


@pytest.mark.parametrize(("q", "first"), [
    ("2823-3", "potassium"), ("MDC_ECG_HEART_RATE", "pulse"), ("potassium", "potassium"), ("Potasium", "potassium"), ("temp", "temperature"),
])  # fmt: skip
def test_what_is_meant_comes_first(shared: OpenHouse, q: str, first: str) -> None:
    assert _found(shared, q)[0] == first


def test_each_is_named_once(shared: OpenHouse) -> None:
    found = _found(shared, "o")
    assert len(found) == len(set(found)) == 20


def test_nothing_is_found_for_what_nobody_measures(shared: OpenHouse) -> None:
    assert _found(shared, "horoscope") == []


def test_loinc_s_notice_comes_with_its_codes(shared: OpenHouse) -> None:
    assert "Regenstrief" in shared.as_("nurse").get("/api/v1/terminology/search", q="potassium")["notice"]
