"""Two lesions of a follow-up PET/CT and one that is new, as the study's door shows them. The numbers are those of SCREENS' example."""

from datetime import UTC, datetime
from typing import Any

from wardline.delivery.reports.measured import Measurements, measurements

NOW = datetime(2026, 11, 12, 11, 26, tzinfo=UTC)
BEFORE = datetime(2026, 8, 18, 10, tzinfo=UTC)
SUL, SUV = "{SUVlbm}g/ml", "{SUVbw}g/ml"


def values(sul_peak: float, suv_max: float, mtv: float | None, long_axis: float = 23.4) -> list[dict[str, Any]]:
    return [
        {"id": "suv_max", "name": "SUVmax", "value": suv_max, "unit": SUV, "why": ""},
        {"id": "sul_peak", "name": "SULpeak", "value": sul_peak, "unit": SUL, "why": ""},
        {"id": "mtv", "name": "MTV", "value": mtv, "unit": "ml", "why": "" if mtv is not None else "too faint"},
        {"id": "long_axis", "name": "Long axis", "value": long_axis, "unit": "mm", "why": ""},
    ]


def lesion(key: str, site: str, side: str, now: list[dict[str, Any]], before: list[dict[str, Any]] | None, **more: Any) -> dict[str, Any]:
    prior = {"key": key, "study": "1.1", "values": before, "match": more.get("match", 0.97), "confirmed": False} if before is not None else None
    return {"key": key, "site": site, "side": side, "series": "1.2.2", "values": now, "prior": prior, "change_percent": more.get("change")}


L1 = lesion("L1", "lung", "right", values(5.41, 7.18, 18.6), values(9.84, 13.1, 31.0), change=-45.0)
L2 = lesion("L2", "soft tissue", "left", values(4.12, 5.61, 3.2), values(4.40, 5.9, 3.3), change=-6.4, match=0.78)
L3 = lesion("L3", "bone", "", values(2.02, 2.66, None), None)


def followed_up(*lesions: dict[str, Any], faint: tuple[dict[str, Any], ...] = ()) -> Measurements:
    response = {"name": "PERCIST 1.0", "category": "PMR", "summary": "partial metabolic response", "because": []}
    listed = lesions or (L1, L2, L3)
    matches = [*({"key": each["key"], "prior": each["prior"]} for each in listed), *faint]
    return measurements(listed, matches=matches, response=response, uptake_minutes=62.0, begun_at=NOW, baseline_at=BEFORE)


def first_scan() -> Measurements:
    return measurements([{**L1, "prior": None, "change_percent": None}], begun_at=NOW, uptake_minutes=62.0)
