"""Fluids out and in. Urine output is one event or period; the 24-hour aggregate is another concept and never summed with it."""

from wardline.core.concepts.concept import Concept

_G = "fluids"

URINE_OUTPUT = Concept("urine_output", "Urine output", "mL", (0, 10_000), ("9187-6",), ("urine", "uo", "urine output"), group=_G)
URINE_24_HOURS = Concept("urine_24_hours", "Urine, 24 hours", "mL/(24.h)", (0, 30_000), ("9192-6", "3167-4"), (), group=_G)
FLUID_INTAKE = Concept("fluid_intake", "Fluid intake", "mL", (0, 20_000), ("9103-3",), ("intake",), group=_G)

FLUIDS = (URINE_OUTPUT, URINE_24_HOURS, FLUID_INTAKE)
