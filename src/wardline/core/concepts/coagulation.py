"""Coagulation. D-dimer in FEU and DDU are different units of a different basis and are kept apart."""

from wardline.core.concepts.concept import Concept

_G = "coagulation"

INR = Concept("inr", "INR", "{INR}", (0.2, 30), ("6301-6", "34714-6"), ("inr",), decimals=1, usual=(0.9, 1.2), group=_G)
APTT = Concept("aptt", "aPTT", "s", (5, 400), ("14979-9", "3173-2"), ("aptt", "ptt"), usual=(25, 38), group=_G)
PROTHROMBIN_TIME = Concept("prothrombin_time", "Prothrombin time", "s", (3, 300), ("5902-2",), ("pt",), decimals=1, group=_G)
FIBRINOGEN = Concept("fibrinogen", "Fibrinogen", "mg/dL", (5, 3000), ("3255-7",), ("fib", "fibrinogen"), group=_G)
D_DIMER_FEU = Concept("d_dimer_feu", "D-dimer, FEU", "ng/mL", (0, 1_000_000), ("48065-7",), ("d-dimer",), group=_G)
D_DIMER_DDU = Concept("d_dimer_ddu", "D-dimer, DDU", "ng/mL", (0, 1_000_000), ("48066-5",), (), group=_G)

COAGULATION = (INR, APTT, PROTHROMBIN_TIME, FIBRINOGEN, D_DIMER_FEU, D_DIMER_DDU)
