"""RXO, RXE and RXA: drugs as prescribed, as the pharmacy encoded them, and as given."""

from typing import Final

from wardline.core.events import Administered
from wardline.formats.hl7v2.message import Segment
from wardline.intake.hl7v2.orders import NEXT_ORDER, amount_of, name_of, state_order, timing_of
from wardline.intake.hl7v2.reading import Reading

MEDICATION: Final = "medication"
NOT_GIVEN: Final = frozenset({"RE", "NA"})
"""HL7 table 0322, RXA-20: refused, not administered."""
NO_VACCINE: Final = "998"
"""CVX: no vaccine administered (the segment only carries a statement about vaccination)."""
AMOUNT_UNKNOWN: Final = "999"
"""What RXA-6 must hold when the amount is not known."""


def read_rxo(reading: Reading, rxo: Segment) -> None:
    """RXO: a drug as prescribed."""
    timing = timing_of(reading, rxo, 0)
    state_order(reading, name_of(rxo, 1), rxo.field(1), MEDICATION, timing, dose=amount_of(rxo, 2, 4), route=_route(reading), by=rxo.person(14))


def read_rxe(reading: Reading, rxe: Segment) -> None:
    """RXE: a drug as the pharmacy encoded it."""
    timing = timing_of(reading, rxe, 1)
    state_order(reading, name_of(rxe, 2), rxe.field(2), MEDICATION, timing, dose=amount_of(rxe, 3, 5), route=_route(reading), by=rxe.person(13))


def read_rxa(reading: Reading, rxa: Segment) -> None:
    """RXA: a dose that was given (RAS, VXU). What was refused, not given or taken back (RXA-21 "D") is not stated as given."""
    reading.is_bare_order = False
    if rxa.text(20).upper() in NOT_GIVEN or rxa.text(21).upper() == "D" or rxa.text(5, 1) == NO_VACCINE:
        return
    occurred_at, _ = reading.occurred(rxa.field(3))
    dose = "" if rxa.text(6) == AMOUNT_UNKNOWN else amount_of(rxa, 6, 7)
    reading.state(Administered(reading.order, name_of(rxa, 5), rxa.field(5), dose, _route(reading), reading.issued_at), occurred_at)


def _route(reading: Reading) -> str:
    """RXR-1 of the drug that was just named."""
    rxr = reading.following("RXR", NEXT_ORDER)
    return name_of(rxr, 1) if rxr is not None else ""
