"""The units, rooms and beds of Wardline General Hospital, which does not exist."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from wardline.core.errors import Refused

HOSPITAL: Final = "WGH"
"""Assigner of patient numbers and sending facility."""


class Unit(NamedTuple):
    """`kind` is "emergency", "intensive" or "ward"; `service` goes to PV1-10; `ages` of the people who come here."""

    code: str
    label: str
    kind: str
    service: str
    beds: int
    ages: tuple[int, int]


class Bed(NamedTuple):
    unit: Unit
    room: str
    bed: str


_FIRST: Final = (
    Unit("ED", "Emergency department", "emergency", "EMR", 8, (18, 94)),
    Unit("ICU", "Intensive care", "intensive", "ICU", 8, (24, 86)),
    Unit("W5", "Ward 5, surgery", "ward", "SUR", 14, (20, 88)),
    Unit("W6", "Ward 6, geriatrics", "ward", "GER", 12, (74, 98)),
    Unit("W7", "Ward 7, internal medicine", "ward", "MED", 18, (32, 92)),
)
_MORE: Final = (
    ("Ward 8, cardiology", "CAR"), ("Ward 9, respiratory medicine", "PUL"), ("Ward 10, orthopaedics", "ORT"), ("Ward 11, neurology", "NEU"),
    ("Ward 12, gastroenterology", "GAS"), ("Ward 13, urology", "URO"), ("Ward 14, oncology", "ONC"),
)  # fmt: skip
_WARD: Final = 18
FEWEST: Final = 2 * len(_FIRST)


def units_for(beds: int) -> tuple[Unit, ...]:
    """The units of a hospital with this many beds: 60 as built, fewer in proportion, more as further wards."""
    if beds < FEWEST:
        raise Refused(f"a simulated hospital needs at least {FEWEST} beds", code="beds", where="beds")
    built = sum(unit.beds for unit in _FIRST)
    if beds < built:
        sizes = [max(2, unit.beds * beds // built) for unit in _FIRST[:-1]]
        return tuple(unit._replace(beds=size) for unit, size in zip(_FIRST, [*sizes, beds - sum(sizes)], strict=True))
    return _FIRST + tuple(_further(beds - built))


def _further(beds: int) -> Iterator[Unit]:
    for number in range(-(-beds // _WARD)):
        label, service = _MORE[number] if number < len(_MORE) else (f"Ward {8 + number}, general medicine", "MED")
        yield Unit(f"W{8 + number}", label, "ward", service, min(_WARD, beds - number * _WARD), (28, 92))


def beds_of(unit: Unit) -> list[Bed]:
    """Two beds to a room; bays of the emergency department and places in intensive care have one each."""
    if unit.kind != "ward":
        return [Bed(unit, f"{unit.code}{number:02d}", str(number)) for number in range(1, unit.beds + 1)]
    return [Bed(unit, f"{unit.code[1:]}{(number + 1) // 2:02d}", str(number)) for number in range(1, unit.beds + 1)]


class Beds:
    """Who lies where: a bed is taken or free."""

    def __init__(self, units: tuple[Unit, ...]) -> None:
        self.units = units
        self._free = {unit.code: beds_of(unit) for unit in units}

    def free(self, unit: Unit) -> int:
        return len(self._free[unit.code])

    def take(self, unit: Unit, bed: str = "") -> Bed | None:
        """A free bed of the unit, the named one if it is still free; None when the unit is full."""
        free = self._free[unit.code]
        if not free:
            return None
        return free.pop(next((place for place, each in enumerate(free) if each.bed == bed), 0))

    def give_back(self, bed: Bed) -> None:
        """To the end of the line: a bed is cleaned before it is used again."""
        self._free[bed.unit.code].append(bed)

    def of_kind(self, kind: str) -> list[Unit]:
        return [unit for unit in self.units if unit.kind == kind]
