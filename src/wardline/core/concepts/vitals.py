"""Vital signs. LOINC codes and units: confirmed in at least one public data set and the LOINC listing.

MDC reference identifiers: each confirmed in at least two independent public sources (HL7 Denmark DK Core, value set IEEE Basic
Observation; IHE PCD-01 messages of several makers), so verified.
"""

from wardline.core.concepts.concept import Concept

_G = "vital signs"

RESPIRATORY_RATE = Concept(
    "respiratory_rate", "Respirations", "/min", (0, 120), ("9279-1",), ("rr", "resp", "resp rate", "respirations", "resprate"),
    ("MDC_RESP_RATE", "MDC_TTHOR_RESP_RATE", "MDC_CO2_RESP_RATE"), usual=(12, 20), group=_G,
)  # fmt: skip
OXYGEN_SATURATION = Concept(
    "oxygen_saturation", "SpO₂", "%", (20, 100), ("59408-5", "2708-6"), ("spo2", "sao2", "sat", "o2 sat", "o2sat"),
    ("MDC_PULS_OXIM_SAT_O2",), usual=(96, 100), group=_G,
)  # fmt: skip
SYSTOLIC_PRESSURE = Concept(
    "systolic_pressure", "Systolic pressure", "mm[Hg]", (20, 350), ("8480-6",), ("sbp", "sys", "bp sys", "nibp sys", "systolic", "nbps"),
    ("MDC_PRESS_BLD_NONINV_SYS", "MDC_PRESS_CUFF_SYS", "MDC_PRESS_BLD_ART_ABP_SYS", "MDC_PRESS_BLD_SYS"), usual=(111, 140), group=_G,
)  # fmt: skip
DIASTOLIC_PRESSURE = Concept(
    "diastolic_pressure", "Diastolic pressure", "mm[Hg]", (5, 250), ("8462-4",), ("dbp", "dia", "bp dia", "nibp dia", "diastolic", "nbpd"),
    ("MDC_PRESS_BLD_NONINV_DIA", "MDC_PRESS_CUFF_DIA", "MDC_PRESS_BLD_ART_ABP_DIA", "MDC_PRESS_BLD_DIA"), usual=(60, 90), group=_G,
)  # fmt: skip
MEAN_PRESSURE = Concept(
    "mean_pressure", "Mean arterial pressure", "mm[Hg]", (10, 280), ("8478-0",), ("map", "nibp mean", "mbp", "nbpm"),
    ("MDC_PRESS_BLD_NONINV_MEAN", "MDC_PRESS_CUFF_MEAN", "MDC_PRESS_BLD_ART_ABP_MEAN", "MDC_PRESS_BLD_MEAN"), usual=(70, 105), group=_G,
)  # fmt: skip
PULSE = Concept(
    "pulse", "Pulse", "/min", (10, 350), ("8867-4",), ("hr", "heart rate", "pulse", "pr", "pulse rate"),
    ("MDC_ECG_HEART_RATE", "MDC_ECG_CARD_BEAT_RATE", "MDC_PULS_RATE", "MDC_PULS_OXIM_PULS_RATE", "MDC_PULS_RATE_NON_INV",
     "MDC_BLD_PULS_RATE_INV"), usual=(51, 90), group=_G,
)  # fmt: skip
TEMPERATURE = Concept(
    "temperature", "Temperature", "Cel", (20, 46), ("8310-5", "8331-1", "8333-7", "8332-9", "8328-7", "8334-5", "8329-5"),
    ("temp", "t", "body temp", "temperature"), ("MDC_TEMP", "MDC_TEMP_BODY", "MDC_TEMP_TYMP", "MDC_TEMP_RECT", "MDC_TEMP_ORAL"),
    decimals=1, usual=(36.1, 38.0), group=_G,
)  # fmt: skip

# SNOMED CT codes of the answers: UK edition ACVPU value set, checked against two transcriptions.
CONSCIOUSNESS = Concept(
    "consciousness", "Consciousness", loinc=("67775-7", "80288-4"), aliases=("avpu", "acvpu", "loc", "consciousness"),
    codes=(
        ("a", "A"), ("alert", "A"), ("248234008", "A"),
        ("c", "C"), ("confusion", "C"), ("new confusion", "C"), ("confused", "C"), ("130987000", "C"),
        ("v", "V"), ("voice", "V"), ("verbal", "V"), ("responds to voice", "V"), ("300202002", "V"), ("255373000", "V"),
        ("p", "P"), ("pain", "P"), ("responds to pain", "P"), ("450847001", "P"),
        ("u", "U"), ("unresponsive", "U"), ("422768004", "U"),
    ),
    group=_G,
)  # fmt: skip
ACVPU_SNOMED = "1104441000000107"
"""The observation "ACVPU scale score" (UK edition); LOINC 67775-7 is AVPU and has no answer for new confusion."""

GLASGOW_TOTAL = Concept("glasgow_total", "Glasgow coma scale", "{score}", (3, 15), ("9269-2",), ("gcs", "gcs total"), group=_G)
GLASGOW_EYES = Concept("glasgow_eyes", "Glasgow, eyes", "{score}", (1, 4), ("9267-6",), ("gcs eye", "gcs e"), group=_G)
GLASGOW_VERBAL = Concept("glasgow_verbal", "Glasgow, verbal", "{score}", (1, 5), ("9270-0",), ("gcs verbal", "gcs v"), group=_G)
GLASGOW_MOTOR = Concept("glasgow_motor", "Glasgow, motor", "{score}", (1, 6), ("9268-4",), ("gcs motor", "gcs m"), group=_G)
PAIN = Concept("pain", "Pain", "{score}", (0, 10), ("72514-3", "38208-5"), ("pain", "pain score", "nrs"), group=_G)

WEIGHT = Concept("weight", "Weight", "kg", (0.2, 500), ("29463-7", "3141-9"), ("wt", "weight"), ("MDC_MASS_BODY_ACTUAL",), decimals=1, group=_G)
HEIGHT = Concept("height", "Height", "cm", (20, 260), ("8302-2", "3137-7"), ("ht", "height"), ("MDC_LEN_BODY_ACTUAL",), group=_G)
BODY_MASS_INDEX = Concept("body_mass_index", "Body mass index", "kg/m2", (5, 150), ("39156-5",), ("bmi",), decimals=1, group=_G)

VITAL_SIGNS = (
    RESPIRATORY_RATE, OXYGEN_SATURATION, SYSTOLIC_PRESSURE, DIASTOLIC_PRESSURE, MEAN_PRESSURE, PULSE, TEMPERATURE, CONSCIOUSNESS,
    GLASGOW_TOTAL, GLASGOW_EYES, GLASGOW_VERBAL, GLASGOW_MOTOR, PAIN, WEIGHT, HEIGHT, BODY_MASS_INDEX,
)  # fmt: skip
