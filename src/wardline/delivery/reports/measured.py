"""Everything that was measured in a study, as a report may speak of it: by key ("L1") and name ("suv_peak"), now and before.

The only place a number in a report may come from. Built from the answers about the study; pure.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

UNITS: Final = {
    "ml": "mL", "mL": "mL", "mm": "mm", "%": "%", "min": "min", "g": "g", "kg": "kg", "[hnsf'U]": "HU", "mL/min": "mL/min", "cm2": "cm\u00b2",
}  # fmt: skip
"""As they are written in a report. Uptake values carry none: their name says what they are."""
DECIMALS: Final = {"ml": 1, "mm": 0, "%": 0, "min": 0, "mL": 0, "[hnsf'U]": 0, "g": 1, "": 0}
UPTAKE_DECIMALS: Final = 2
RESPONSES: Final = {
    "CMR": "complete metabolic response", "PMR": "partial metabolic response", "SMD": "stable metabolic disease",
    "PMD": "progressive metabolic disease",
}  # fmt: skip
"""PERCIST 1.0's categories in words (PMC4976461)."""
DATE: Final = "%-d %b %Y"
LESIONS, STUDY, BASELINE, RESPONSE, LIVER = "lesions", "study", "baseline", "response", "liver"


class Measured(NamedTuple):
    """One thing that is known of a study."""

    key: str
    id: str
    name: str
    value: float | str | None
    unit: str = ""
    why: str = ""
    """Why there is no value."""
    prior: float | None = None

    @property
    def change(self) -> float | None:
        """Percent since the study before."""
        if not isinstance(self.value, float) or not self.prior:
            return None
        return 100.0 * (self.value / self.prior - 1.0)

    @property
    def placeholder(self) -> str:
        return f"{{{self.key}.{self.id}}}"

    def shown(self, part: str = "") -> str:
        """As a sentence says it: "5.41", "18.6 mL"; `part` is "", "prior" or "change". Empty where there is nothing to say."""
        match part:
            case "":
                return _written(self.value, self.unit)
            case "prior":
                return _written(self.prior, self.unit)
            case "change":
                return signed_percent(self.change)
            case _:
                return ""


@dataclass(frozen=True, slots=True)
class Lesion:
    """What the checks want to know of a lesion besides its numbers."""

    key: str
    site: str = ""
    side: str = ""
    """ "left", "right" or "" where it lies in the middle or is not known."""
    prior: str = ""
    """Its key in the study before; "" for one that is new or was never compared."""
    match: float | None = None
    """How certain the pairing is, 0 to 1."""
    change: float | None = None
    """Percent of what the response is judged by."""
    is_settled: bool = False
    """Whether a person has looked at its pairing, or at why it has none."""


@dataclass(frozen=True, slots=True)
class Measurements:
    """A study's numbers and words, found by key and id."""

    rows: Mapping[tuple[str, str], Measured] = field(default_factory=dict)
    lesions: Mapping[str, Lesion] = field(default_factory=dict)
    faded: tuple[str, ...] = ()
    """Keys of rows about lesions of the study before that are too faint for a candidate now."""
    is_compared: bool = False

    def get(self, key: str, id: str) -> Measured | None:
        return self.rows.get((key, id))

    def of(self, keys: Iterable[str]) -> list[Measured]:
        """What a sentence bound to these keys may say: theirs, and what is about the study as a whole."""
        wanted = set(keys)
        return [each for each in self.rows.values() if each.key in wanted or each.key not in self.lesions]

    @property
    def new(self) -> list[Lesion]:
        """Without a match in the study before, and nobody has said yet that it is not new for that."""
        return [each for each in self.lesions.values() if self.is_compared and not each.prior and not each.is_settled]

    def settled(self, keys: Collection[str]) -> "Measurements":
        """With these lesions' pairing looked at by a person."""
        return replace(self, lesions={key: replace(each, is_settled=key in keys) for key, each in self.lesions.items()})


def measurements(
    lesions: Iterable[Mapping[str, Any]], *, matches: Iterable[Mapping[str, Any]] | None = None, response: Mapping[str, Any] | None = None,
    liver: Mapping[str, Any] | None = None, uptake_minutes: float | None = None, begun_at: datetime | None = None,
    baseline_at: datetime | None = None, answers: Iterable[Measured] = (),
) -> Measurements:  # fmt: skip
    """`lesions` are rows as the study's door shows them, each with what it was before; `matches` those of the comparison, None for none."""
    listed, is_compared = list(lesions), matches is not None
    known = {str(each["key"]): _lesion(each) for each in listed}
    new = sum(1 for each in known.values() if not each.prior)
    faded = [each for each in matches or () if not each.get("key") and each.get("prior")]
    rows = [
        *(row for each in listed for row in _rows(each)),
        Measured(LESIONS, "count", "Lesions", float(len(known))),
        *((Measured(LESIONS, "new", "New lesions", float(new)),) if is_compared else ()),
        *(row for each in faded for row in _faded(each)),
        *_about_the_study(begun_at, baseline_at, uptake_minutes), *_liver(liver or {}), *_response(response), *answers,
    ]  # fmt: skip
    return Measurements({(row.key, row.id): row for row in rows}, known, tuple(_was(each) for each in faded), is_compared)


def _lesion(row: Mapping[str, Any]) -> Lesion:
    prior = row.get("prior") or {}
    site = str(row.get("site") or "")
    side = str(row.get("side") or "") or next((side for side in ("left", "right") if side in site.lower().split()), "")
    return Lesion(str(row["key"]), site, side, str(prior.get("key") or ""), prior.get("match"), row.get("change_percent"))


def _rows(lesion: Mapping[str, Any]) -> Iterator[Measured]:
    before = {each["id"]: each["value"] for each in (lesion.get("prior") or {}).get("values", ())}
    key, of = str(lesion["key"]), _lesion(lesion)
    place = of.site if not of.side or of.side in of.site.lower() else f"{of.site}, {of.side}" if of.site else of.side
    yield Measured(key, "site", "Site", place)
    for each in lesion.get("values", ()):
        value, prior = each["value"], before.get(each["id"])
        yield Measured(
            key, each["id"], each["name"], None if value is None else float(value), each["unit"], each.get("why") or "",
            None if prior is None else float(prior),
        )  # fmt: skip


def _was(match: Mapping[str, Any]) -> str:
    return f"was_{match['prior']['key']}"


def _faded(match: Mapping[str, Any]) -> Iterator[Measured]:
    """A lesion of the study before, with what is left of it at its place."""
    key, left = _was(match), match.get("left")
    before = next((each["value"] for each in match["prior"]["values"] if each["id"] == "sul_peak"), None)
    yield Measured(key, "key", "Lesion of the earlier study", str(match["prior"]["key"]))
    yield Measured(
        key, "sul_peak", "SULpeak", None if left is None else float(left), "{SUL}g/ml", "", None if before is None else float(before)
    )  # fmt: skip


def _about_the_study(begun_at: datetime | None, baseline_at: datetime | None, uptake_minutes: float | None) -> Iterator[Measured]:
    if begun_at is not None:
        yield Measured(STUDY, "date", "Date of the study", begun_at.strftime(DATE))
    if baseline_at is not None:
        yield Measured(BASELINE, "date", "Date of the earlier study", baseline_at.strftime(DATE))
    if uptake_minutes is not None:
        yield Measured(STUDY, "uptake_minutes", "Uptake time", float(uptake_minutes), "min")


def _liver(liver: Mapping[str, Any]) -> Iterator[Measured]:
    for name, part in (("SUV", liver), ("SUL", liver.get("lean") or {})):
        if part.get("mean") is not None:
            yield Measured(LIVER, f"{name.lower()}_mean", f"Liver {name} mean", float(part["mean"]), part["unit"])
            yield Measured(LIVER, f"{name.lower()}_sd", f"Liver {name} standard deviation", float(part["sd"]), part["unit"])


def _response(response: Mapping[str, Any] | None) -> Iterator[Measured]:
    if response:
        yield Measured(RESPONSE, "category", "Response", RESPONSES.get(str(response["category"]), str(response["category"])))
        yield Measured(RESPONSE, "name", "Criteria", str(response["name"]))


def _written(value: float | str | None, unit: str) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    number = rounded(value, DECIMALS.get(unit, UPTAKE_DECIMALS))
    return f"{number} {UNITS[unit]}" if unit in UNITS else number


def signed_percent(change: float | None) -> str:
    """ "−45 %", "+6 %", "0 %" with a true minus."""
    if change is None:
        return ""
    number = rounded(abs(change), 0)
    sign = "" if number == "0" else "+" if change > 0 else "\u2212"
    return f"{sign}{number} %"


def rounded(value: float, decimals: int) -> str:
    """Half up, as people round."""
    return str(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
