"""Oxygen given to the patient, and the clinician's choice of saturation scale."""

from wardline.core.concepts.concept import Concept

_G = "oxygen"

INSPIRED_OXYGEN = Concept(
    "inspired_oxygen", "Inspired oxygen", "%", (21, 100), ("3150-0", "19994-3", "71835-3"), ("fio2", "o2 conc"),
    ("MDC_CONC_AWAY_O2_INSP", "MDC_CONC_GASDLV_O2_INSP"), group=_G,
)  # fmt: skip
OXYGEN_FLOW = Concept(
    "oxygen_flow", "Oxygen flow", "L/min", (0, 100), ("3151-8", "19941-4"), ("o2 flow", "o2 l/min", "lpm"), group=_G,
)  # fmt: skip
SUPPLEMENTAL_OXYGEN = Concept(
    "supplemental_oxygen", "Air or oxygen", aliases=("o2", "air/o2", "oxygen", "o2 therapy"),
    codes=(
        ("air", "air"), ("room air", "air"), ("ra", "air"), ("n", "air"), ("no", "air"), ("0", "air"), ("722742002", "air"),
        ("oxygen", "oxygen"), ("o2", "oxygen"), ("y", "oxygen"), ("yes", "oxygen"), ("1", "oxygen"), ("371825009", "oxygen"),
        ("371907003", "oxygen"), ("371908008", "oxygen"), ("429253002", "oxygen"), ("1259025002", "oxygen"), ("870533002", "oxygen"),
        ("47545007", "oxygen"), ("447837008", "oxygen"), ("428311008", "oxygen"), ("1186618000", "oxygen"), ("1258985005", "oxygen"),
    ),
    group=_G,
)  # fmt: skip
SATURATION_SCALE = Concept(
    "saturation_scale", "SpO₂ scale", aliases=("spo2 scale", "news2 scale"),
    codes=(("1", "1"), ("2", "2"), ("scale 1", "1"), ("scale 2", "2"), ("1104311000000102", "1"), ("1104321000000108", "2")),
    group=_G,
)  # fmt: skip
END_EXPIRATORY_PRESSURE = Concept(
    "end_expiratory_pressure", "PEEP", "cm[H2O]", (0, 60), ("20077-4", "76248-4"), ("peep",), group=_G,
)  # fmt: skip

OXYGEN_GIVEN = (INSPIRED_OXYGEN, OXYGEN_FLOW, SUPPLEMENTAL_OXYGEN, SATURATION_SCALE, END_EXPIRATORY_PRESSURE)
