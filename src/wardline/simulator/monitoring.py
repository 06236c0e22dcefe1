"""Bedside monitors: pulse, breathing, saturation and pressure every few minutes, as devices send them (IHE PCD-01 codes).

Nobody has looked at these values yet: OBX-11 is R.
"""

from typing import Final

from wardline.simulator.agenda import Routine
from wardline.simulator.feeds import MONITORS
from wardline.simulator.observations import Code, Observed, obr, obx_lines
from wardline.simulator.stay import Stay
from wardline.simulator.world import World

MONITORING: Final = Code("182777000", "monitoring of patient", "SCT")
_EVERY: Final = {"intensive": 2.0, "emergency": 5.0, "ward": 10.0}
"""Minutes, by kind of unit."""
_CUFF_EVERY: Final = 3
"""The cuff inflates with every third message; an arterial line gives the pressure with each."""

# ISO/IEEE 11073-10101: reference number, reference identifier, unit, place of the device in OBX-4.
_BEATS: Final = "264864^MDC_DIM_BEAT_PER_MIN^MDC"
_BREATHS: Final = "264928^MDC_DIM_RESP_PER_MIN^MDC"
_PERCENT: Final = "262688^MDC_DIM_PERCENT^MDC"
_MMHG: Final = "266016^MDC_DIM_MMHG^MDC"
_PULSE: Final = ("147842^MDC_ECG_HEART_RATE^MDC", _BEATS, "1.7.4.147842")
_BREATHING: Final = ("151562^MDC_RESP_RATE^MDC", _BREATHS, "1.14.1.151562")
_SATURATION: Final = ("150456^MDC_PULS_OXIM_SAT_O2^MDC", _PERCENT, "1.3.1.150456")
_CUFF: Final = (
    ("150021^MDC_PRESS_BLD_NONINV_SYS^MDC", _MMHG, "1.1.9.150021"), ("150022^MDC_PRESS_BLD_NONINV_DIA^MDC", _MMHG, "1.1.9.150022"),
    ("150023^MDC_PRESS_BLD_NONINV_MEAN^MDC", _MMHG, "1.1.9.150023"),
)  # fmt: skip
_ARTERY: Final = (
    ("150037^MDC_PRESS_BLD_ART_ABP_SYS^MDC", _MMHG, "1.2.1.150037"), ("150038^MDC_PRESS_BLD_ART_ABP_DIA^MDC", _MMHG, "1.2.1.150038"),
    ("150039^MDC_PRESS_BLD_ART_ABP_MEAN^MDC", _MMHG, "1.2.1.150039"),
)  # fmt: skip


def monitor(world: World, stay: Stay) -> Routine:
    """A message every few minutes while the patient is monitored."""
    count = 0
    yield stay.dice.uniform(0.2, 10)
    while stay.is_here():
        if stay.has_monitor:
            _send(world, stay, with_pressure=stay.is_intensive or (not stay.has_telemetry and count % _CUFF_EVERY == 0))
            count += 1
        yield _EVERY[stay.bed.unit.kind] if stay.points < 7 else 5.0


def _send(world: World, stay: Stay, *, with_pressure: bool) -> None:
    body, at = stay.body, world.now
    device = f"MON-{stay.bed.unit.code}-{stay.bed.bed}"
    values = [
        (_PULSE, body.level("pulse", at)), (_BREATHING, body.level("respiratory_rate", at)),
        (_SATURATION, stay.oxygen.saturation(body.level("air_saturation", at))),
    ]  # fmt: skip
    if with_pressure:
        systolic, diastolic = body.level("systolic_pressure", at), body.level("diastolic_pressure", at)
        mean = diastolic + (systolic - diastolic) / 3
        values += zip(_ARTERY if stay.is_intensive else _CUFF, (systolic, diastolic, mean), strict=True)
    observed = [Observed("NM", code, f"{value:.0f}", unit, status="R", part=part, device=device) for (code, unit, part), value in values]
    lines = [obr(filler=world.number("MON"), service=MONITORING, observed_at=at, status="R"), *obx_lines(observed)]
    world.send(MONITORS, "ORU^R01^ORU_R01", [*stay.named, *lines], after_seconds=stay.dice.uniform(1, 6), sure=stay.in_story)
