"""Device observations (IHE PCD-01): IEEE 11073 reference identifiers and units, containment lines, values that are not there."""

import pytest

from intake.hl7v2.door import PID, header, measured, stated, statements, timeline
from wardline.core import concepts
from wardline.core.concepts import BY_MDC, Concept
from wardline.core.events import Measured

# code, unit, value, concept, value kept. Codes and numbers as in HL7 Denmark's DK Core value set and in published PCD-01 messages.
OBSERVATIONS = [
    ("147842^MDC_ECG_HEART_RATE^MDC", "264864^MDC_DIM_BEAT_PER_MIN^MDC", "72", concepts.PULSE, 72.0),
    ("147842^MDC_ECG_CARD_BEAT_RATE^MDC", "264864^MDC_DIM_BEAT_PER_MIN^MDC", "60", concepts.PULSE, 60.0),
    ("149530^MDC_PULS_OXIM_PULS_RATE^MDC", "264864^MDC_DIM_BEAT_PER_MIN^MDC", "75.8", concepts.PULSE, 75.8),
    ("149546^MDC_PULS_RATE_NON_INV^MDC", "264864^MDC_DIM_BEAT_PER_MIN^MDC^{beat}/min^{beat}/min^UCUM", "75", concepts.PULSE, 75.0),
    ("149522^MDC_BLD_PULS_RATE_INV^MDC", "264864^MDC_DIM_BEAT_PER_MIN^MDC", "72", concepts.PULSE, 72.0),
    ("150456^MDC_PULS_OXIM_SAT_O2^MDC", "262688^MDC_DIM_PERCENT^MDC", "97", concepts.OXYGEN_SATURATION, 97.0),
    ("151562^MDC_RESP_RATE^MDC", "264928^MDC_DIM_RESP_PER_MIN^MDC", "18", concepts.RESPIRATORY_RATE, 18.0),
    ("151578^MDC_TTHOR_RESP_RATE^MDC", "264928^MDC_DIM_RESP_PER_MIN^MDC", "18", concepts.RESPIRATORY_RATE, 18.0),
    ("151594^MDC_CO2_RESP_RATE^MDC", "264928^MDC_DIM_RESP_PER_MIN^MDC", "18", concepts.RESPIRATORY_RATE, 18.0),
    ("150021^MDC_PRESS_BLD_NONINV_SYS^MDC", "266016^MDC_DIM_MMHG^MDC", "120", concepts.SYSTOLIC_PRESSURE, 120.0),
    ("150301^MDC_PRESS_CUFF_SYS^MDC", "266016^MDC_DIM_MMHG^MDC", "147", concepts.SYSTOLIC_PRESSURE, 147.0),
    ("150037^MDC_PRESS_BLD_ART_ABP_SYS^MDC", "265987^MDC_DIM_KILO_PASCAL^MDC", "16", concepts.SYSTOLIC_PRESSURE, 16 * 7.50062),
    ("150022^MDC_PRESS_BLD_NONINV_DIA^MDC", "266016^MDC_DIM_MMHG^MDC", "80", concepts.DIASTOLIC_PRESSURE, 80.0),
    ("150023^MDC_PRESS_BLD_NONINV_MEAN^MDC", "266016^MDC_DIM_MMHG^MDC", "93", concepts.MEAN_PRESSURE, 93.0),
    ("150344^MDC_TEMP^MDC", "268192^MDC_DIM_DEGC^MDC", "36.6", concepts.TEMPERATURE, 36.6),
    ("150364^MDC_TEMP_BODY^MDC", "266560^MDC_DIM_FAHR^MDC", "98.6", concepts.TEMPERATURE, 37.0),
    ("152196^MDC_CONC_AWAY_O2_INSP^MDC", "262688^MDC_DIM_PERCENT^MDC", "40", concepts.INSPIRED_OXYGEN, 40.0),
    ("188736^MDC_MASS_BODY_ACTUAL^MDC", "263875^MDC_DIM_KILO_G^MDC", "70.5", concepts.WEIGHT, 70.5),
    ("188740^MDC_LEN_BODY_ACTUAL^MDC", "263441^MDC_DIM_CENTI_M^MDC", "170", concepts.HEIGHT, 170.0),
]  # fmt: skip


@pytest.mark.parametrize(("code", "unit", "value", "concept", "kept"), OBSERVATIONS)
def test_a_device_code_means_its_concept_in_the_unit_its_reference_identifier_names(
    code: str, unit: str, value: str, concept: Concept, kept: float
) -> None:
    read = measured(f"OBX|1|NM|{code}|1.0.0.1|{value}|{unit}|||||R")
    assert (read.concept, read.flags, read.status, read.part) == (concept.id, (), "R", "1.0.0.1")
    assert read.value == pytest.approx(kept)


def test_a_code_is_known_by_its_reference_identifier_never_by_its_number_alone() -> None:
    assert measured("OBX|1|NM|147842^Heart rate^MDC|1|72|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R").concept == ""


def test_a_unit_nobody_knows_keeps_the_value_from_being_scored() -> None:
    assert measured("OBX|1|NM|147842^MDC_ECG_HEART_RATE^MDC|1|72|1^MDC_DIM_FURLONG^MDC|||||R").flags == ("no unit",)


@pytest.mark.parametrize("sentinel", ["-999", "8388607", "0", "6553.5"])
def test_the_values_devices_send_for_none_are_implausible(sentinel: str) -> None:
    assert measured(f"OBX|1|NM|147842^MDC_ECG_HEART_RATE^MDC|1|{sentinel}|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R").flags == ("implausible",)


def test_a_monitors_message_says_its_values_and_keeps_its_containment_lines() -> None:
    found = stated(
        Measured,
        header("ORU^R01^ORU_R01", application="MONITOR"), PID, "OBR|1|||182777000^monitoring of patient^SCT|||20250301080000+0000",
        "OBX|1||70671^MDC_DEV_PULS_OXIM_MDS^MDC|1.0.0.0|||||||X|||||||0009FB^^0009FB000000^EUI-64",
        "OBX|2|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.1.1.1|97|262688^MDC_DIM_PERCENT^MDC|||||R|||||||0009FB^^0009FB000000^EUI-64",
        "OBX|3|NM|149530^MDC_PULS_OXIM_PULS_RATE^MDC|1.1.1.2||264864^MDC_DIM_BEAT_PER_MIN^MDC|||||X",
    )  # fmt: skip
    assert [(each.concept, each.value, each.status) for each in found] == [("", None, "X"), ("oxygen_saturation", 97.0, "R"), ("pulse", None, "X")]
    assert found[1].performer == "0009FB"


def test_two_channels_that_measure_the_same_at_the_same_moment_are_both_kept() -> None:
    """OBX-4 is MDS.VMD.channel.metric and tells them apart (IHE PCD TF-2 on OBX-4)."""
    temperature = "OBX|{}|NM|150344^MDC_TEMP^MDC|1.3.{}.1|{}|268192^MDC_DIM_DEGC^MDC|||||R|||20250301080000+0000"
    lines = (
        header("ORU^R01^ORU_R01", application="MONITOR"), PID, "OBR|1||F1|||||",
        "OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X", "OBX|2||69902^MDC_DEV_METER_TEMP_VMD^MDC|1.3.0.0|||||||X",
        temperature.format(3, 1, "36.6"), temperature.format(4, 2, "39.1"),
    )  # fmt: skip
    found = timeline(statements(*lines)).observations.of("temperature")
    assert {event.value.part: event.value.value for event in found} == {"1.3.1.1": 36.6, "1.3.2.1": 39.1}


def test_the_lines_of_a_devices_containment_are_no_codes_that_somebody_should_map() -> None:
    line = measured("OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X")
    assert (line.value, line.status, line.flags) == (None, "X", ())


def test_every_device_code_belongs_to_one_concept() -> None:
    codes = [code for concept in concepts.ALL for code in concept.mdc]
    assert len(codes) == len(set(codes)) == len(BY_MDC)
    assert all(code.startswith("MDC_") for code in codes)
