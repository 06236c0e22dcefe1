"""Oxygen as nurses give it: started below the target saturation, stepped up and down one flow at a time. A simulation, not a guideline."""

from typing import Final

FLOWS: Final = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 15.0)
"""L/min."""
_RELIEF: Final = (1.0, 0.86, 0.74, 0.64, 0.56, 0.45, 0.37, 0.31, 0.22)
"""Share of the missing saturation that remains at each flow."""


class OxygenTherapy:
    """The flow a patient gets, with the saturation the doctor wants, in percent."""

    __slots__ = ("_step", "high", "low")

    def __init__(self, low: float, high: float) -> None:
        self.low = low
        self.high = high
        self._step = 0

    @property
    def flow(self) -> float:
        return FLOWS[self._step]

    def saturation(self, on_air: float) -> float:
        """What the flow makes of the saturation that air alone would give."""
        return 100 - (100 - on_air) * _RELIEF[self._step]

    def adjust(self, saturation: float) -> None:
        """A nurse looks at the reading and turns the flow, or starts oxygen when air is clearly not enough."""
        if saturation < self.low - (2 if self._step == 0 else 0):
            self._step = min(self._step + (2 if saturation < self.low - 4 else 1), len(FLOWS) - 1)
        elif self._step and saturation > (self.low + self.high) / 2:
            self._step -= 1
