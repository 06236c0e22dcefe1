"""ORC, OBR and the pharmacy segments: what was asked for, and what was given."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from wardline.core.events import Administered, Ordered
from wardline.formats.hl7v2.message import Segment

if TYPE_CHECKING:
    from wardline.intake.hl7v2.reading import Reading

ORDERING: Final = frozenset({"ORM", "OML", "OMG", "OMI", "OMP", "OMD", "OMS", "OMN", "RDE", "RDS", "RGV", "RAS"})


def read_orc(reading: "Reading", orc: Segment) -> None:
    """ORC: which order follows, and whether it is new, changed or cancelled (ORC-1, table 0119)."""
    reading.order = orc.text(3, 1) or orc.text(2, 1)
    stated = reading.time(orc.field(9))
    reading.order_issued_at = stated[0] if stated is not None else None
    reading.observed = None


def read_obr(reading: "Reading", obr: Segment) -> None:
    """OBR: in a result the specimen's time (OBR-7) and order number; in an order also what is asked for."""
    reading.order = obr.text(3, 1) or obr.text(2, 1) or reading.order
    if obr.field(7):
        reading.observed = reading.occurred(obr.field(7))
    else:
        reading.observed = None
    if reading.message.type not in ORDERING:
        return
    starts = reading.time(obr.field(36)) or reading.time(obr.field(6)) or reading.time(obr.field(7))
    service = obr.text(24).upper()
    category = "imaging" if service in ("RAD", "CT", "MRI", "US", "XR", "NMR", "NMS", "CUS", "RUS") else "laboratory"
    _order(
        reading,
        obr.text(4, 2) or obr.text(4, 1),
        obr.field(4),
        category,
        starts=starts[0] if starts else None,
        priority=obr.text(5) or obr.text(27, 6),
    )


def read_rxo(reading: "Reading", rxo: Segment) -> None:
    """RXO: a drug as prescribed."""
    dose = " ".join(part for part in (rxo.text(2), rxo.text(4, 2) or rxo.text(4, 1)) if part)
    _order(reading, rxo.text(1, 2) or rxo.text(1, 1), rxo.field(1), "medication", dose=dose)


def read_rxe(reading: "Reading", rxe: Segment) -> None:
    """RXE: a drug as the pharmacy encoded it; in newer versions the timing is in TQ1."""
    dose = " ".join(part for part in (rxe.text(3), rxe.text(5, 2) or rxe.text(5, 1)) if part)
    rxr, tq1 = reading.message.first("RXR"), reading.message.first("TQ1")
    frequency = rxe.text(1, 2) or (tq1.text(3, 1) if tq1 is not None else "")
    starts = reading.time(rxe.text(1, 4)) or (reading.time(tq1.field(7)) if tq1 is not None else None)
    _order(
        reading, rxe.text(2, 2) or rxe.text(2, 1), rxe.field(2), "medication", dose=dose, frequency=frequency,
        route=(rxr.text(1, 2) or rxr.text(1, 1)) if rxr is not None else "", starts=starts[0] if starts else None,
    )  # fmt: skip


def _order(
    reading: "Reading",
    what: str,
    code: str,
    category: str,
    *,
    dose: str = "",
    route: str = "",
    frequency: str = "",
    starts: datetime | None = None,
    priority: str = "",
) -> None:
    orc = _last_orc(reading)
    status = (orc.text(1) if orc is not None else "") or "NW"
    orderer = " ".join(part for part in (orc.text(12, 3), orc.text(12, 2)) if part) if orc is not None else ""
    occurred_at = reading.order_issued_at or reading.occurred()[0]
    reading.state(
        Ordered(
            reading.order or reading.message.control_id, what, code, status, category, dose, route, frequency, starts, priority,
            reading.issued_at, orderer,
        ),
        occurred_at,
    )  # fmt: skip


def _last_orc(reading: "Reading") -> Segment | None:
    """The ORC that speaks about the current order; a message may hold several."""
    orcs = reading.message.all("ORC")
    for orc in orcs:
        if reading.order and reading.order in (orc.text(3, 1), orc.text(2, 1)):
            return orc
    return orcs[-1] if orcs else None


def read_rxa(reading: "Reading", rxa: Segment) -> None:
    """RXA: a dose that was given (RAS, VXU)."""
    rxr = reading.message.first("RXR")
    dose = " ".join(part for part in (rxa.text(6), rxa.text(7, 2) or rxa.text(7, 1)) if part and part != "999")
    occurred_at, _ = reading.occurred(rxa.field(3))
    route = (rxr.text(1, 2) or rxr.text(1, 1)) if rxr is not None else ""
    what = rxa.text(5, 2) or rxa.text(5, 1)
    reading.state(Administered(reading.order, what, rxa.field(5), dose, route, reading.issued_at), occurred_at)
