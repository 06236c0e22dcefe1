"""How to make a table safer with the least loss: values made coarser step by step, until enough people share each combination."""

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from wardline.science.statistics.disclosure import Row, groups_of

SUPPRESSED: Final = "*"
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_POSTAL: Final = re.compile(r"\d{3,5}(?:-\d{4})?")
_DATE: Final = re.compile(r"(\d{4})(?:-\d\d(?:-\d\d.*)?)?")
_POSTAL_NAME: Final = re.compile(r"zip|postal|plz|postcode", re.IGNORECASE)
OLDEST: Final = 89


class Suggestion(NamedTuple):
    """One step: this column so coarse, and how many records would then still be in too small a group."""

    column: str
    words: str
    breaking: int


class _Level(NamedTuple):
    words: str
    coarse: Callable[[str], str]


def suggestions(rows: Sequence[Row], quasi: Sequence[str], k: int) -> list[Suggestion]:
    """Steps to be taken in this order, each the one that helps most then, until no group is smaller than k."""
    ladders = {column: _ladder(column, [row.get(column, "").strip() for row in rows]) for column in quasi}
    taken: list[Suggestion] = []
    table: list[dict[str, str]] = [{column: row.get(column, "").strip() for column in quasi} for row in rows]
    breaking = _breaking(table, quasi, k)
    while breaking and any(ladders.values()):
        tried = {column: [{**now, column: levels[0].coarse(row.get(column, "").strip())} for now, row in zip(table, rows, strict=True)]
                 for column, levels in ladders.items() if levels}  # fmt: skip
        left = {column: _breaking(changed, quasi, k) for column, changed in tried.items()}
        # Where several help as much, the one that has more steps left loses least.
        best = min(left, key=lambda column: (left[column], -len(ladders[column])))
        level = ladders[best].pop(0)
        table, breaking = tried[best], left[best]
        taken.append(Suggestion(best, level.words, breaking))
    return taken


def _breaking(rows: Sequence[Row], quasi: Sequence[str], k: int) -> int:
    return sum(len(places) for places in groups_of(rows, quasi).values() if len(places) < k)


def _ladder(column: str, values: Sequence[str]) -> list[_Level]:
    """From fine to coarse, by what the values look like; the last step is to leave the column out."""
    given = [value for value in values if value]
    out = _Level("left out", lambda _: SUPPRESSED)
    if not given:
        return []
    if _POSTAL_NAME.search(column) and all(_POSTAL.fullmatch(value) for value in given):
        return [_Level("first three digits", lambda value: value[:3]), _Level("first digit", lambda value: value[:1]), out]
    if all(_DATE.fullmatch(value) for value in given) and any("-" in value for value in given):
        return [
            _Level("month and year", lambda value: value[:7]),
            _Level("year", lambda value: value[:4]),
            _Level("decade", lambda value: value[:3]),
            out,
        ]
    if all(_NUMBER.fullmatch(value) for value in given) and len(set(given)) > 2:
        return [_Level(f"bands of {width}, {OLDEST + 1} and more as one", _banded(width)) for width in (5, 10, 20)] + [out]
    return [out]


def _banded(width: int) -> Callable[[str], str]:
    def band(value: str) -> str:
        if not value:
            return value
        number = float(value)
        if number > OLDEST:
            return f"{OLDEST + 1}+"
        low = int(number // width) * width
        return f"{low}-{low + width - 1}"

    return band
