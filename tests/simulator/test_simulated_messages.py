"""Everything the simulated hospital says is understood by the real reader; what is not is there on purpose."""

from collections import Counter
from datetime import timedelta

from simulator.listening import LIVE_AT, ReadBack, read_back
from wardline.core import concepts as c
from wardline.core.events import UNMAPPED, Admitted, Allergic, Diagnosed, Measured, Merged, Registered, Scheduled, Unmerged
from wardline.simulator.hospital import Hospital
from wardline.simulator.post import Sent
from wardline.simulator.settings import Faults, Settings

BEDSIDE_POTASSIUM = "K-POC^Potassium, bedside^WGH"


def flags_in(read: list[ReadBack]) -> Counter[tuple[str, str]]:
    """(flag, concept or code) of everything measured."""
    values = [statement.value for each in read for statement in each.measured]
    return Counter((flag, value.concept or value.code) for value in values for flag in value.flags)


def test_of_a_flawless_day_nothing_is_refused_flagged_or_unmapped(a_flawless_day: list[Sent]) -> None:
    read = read_back(a_flawless_day)
    assert [each.received.problem for each in read if each.received.problem is not None] == []
    assert flags_in(read) == {}


def test_without_an_agreement_only_the_hospitals_own_oxygen_codes_are_unmapped(a_flawless_day: list[Sent]) -> None:
    flags = flags_in(read_back(a_flawless_day, agreed=False))
    assert {(flag, code.split("^")[0]) for flag, code in flags} <= {(UNMAPPED, "O2THERAPY"), (UNMAPPED, "SPO2SCALE")}


def test_on_an_ordinary_day_only_deliberate_faults_are_refused_or_flagged(a_read_day: list[ReadBack]) -> None:
    refused = [each for each in a_read_day if each.received.problem is not None]
    assert len(refused) < 20
    assert {each.sent.feed for each in refused} <= {"CHARTING", "LAB", "DOCUMENTS"}
    flags = flags_in(a_read_day)
    assert {flag for flag, _ in flags} <= {UNMAPPED, "implausible"}
    assert {code for flag, code in flags if flag == UNMAPPED} <= {BEDSIDE_POTASSIUM}


def test_every_kind_of_measurement_arrives(a_read_day: list[ReadBack]) -> None:
    seen = {statement.value.concept for each in a_read_day for statement in each.measured}
    expected = {
        c.RESPIRATORY_RATE, c.OXYGEN_SATURATION, c.OXYGEN_FLOW, c.SUPPLEMENTAL_OXYGEN, c.SATURATION_SCALE, c.SYSTOLIC_PRESSURE,
        c.DIASTOLIC_PRESSURE, c.MEAN_PRESSURE, c.PULSE, c.TEMPERATURE, c.CONSCIOUSNESS, c.GLASGOW_TOTAL, c.WEIGHT, c.HEIGHT, c.URINE_OUTPUT,
        c.SODIUM, c.POTASSIUM, c.CHLORIDE, c.BICARBONATE, c.CREATININE, c.UREA_NITROGEN, c.GLUCOSE, c.CALCIUM, c.HAEMOGLOBIN, c.LEUKOCYTES,
        c.PLATELETS, c.LACTATE, c.C_REACTIVE_PROTEIN, c.ARTERIAL_PH, c.ARTERIAL_OXYGEN, c.ARTERIAL_CARBON_DIOXIDE, c.INR, c.APTT,
        c.TROPONIN_T_HS, c.ALBUMIN, c.BILIRUBIN, c.ALT,
    }  # fmt: skip
    assert {concept.id for concept in expected} - seen == set()


def test_values_and_units_survive_the_way(a_read_day: list[ReadBack]) -> None:
    """Creatinine in umol/L and glucose in mmol/L are kept in mg/dL: 88.4 umol/L and 18.0 mg/dL to the mmol (chemistry.py)."""
    for statement in (statement for each in a_read_day for statement in each.measured):
        value: Measured = statement.value  # type: ignore[assignment]
        factor = {"creatinine": 88.4, "glucose": 1 / 18.0}.get(value.concept)
        if factor is not None and type(value.value) is float and value.status == "F":
            sent = float(value.received.split()[0])
            assert abs(value.value * factor - sent) < 1e-6 * max(1.0, sent)


def test_preliminary_results_become_final_under_the_same_number(a_read_day: list[ReadBack]) -> None:
    statuses: dict[tuple[str, str], list[str]] = {}
    for statement in (statement for each in a_read_day for statement in each.measured):
        value: Measured = statement.value  # type: ignore[assignment]
        statuses.setdefault((value.order, value.concept), []).append(value.status)
    preliminary = [each for each in statuses.values() if each[0] == "P" and len(each) > 1]
    assert len(preliminary) > 50
    assert all(each[1] in "FC" for each in preliminary)


def test_results_follow_their_order(a_read_day: list[ReadBack]) -> None:
    ordered: set[str] = set()
    results = unordered = 0
    for each in a_read_day:
        lines = each.sent.raw.decode("utf-8", "replace").split("\r")
        orc = next((line.split("|") for line in lines if line.startswith("ORC|")), [""] * 4)
        if each.sent.feed == "ORDERS":
            ordered.add(orc[2])
        elif each.sent.feed == "LAB" and orc[2:3] != [""] and orc[0] == "ORC":
            results += 1
            unordered += orc[2] not in ordered
    assert results > 200
    assert unordered == 0


def test_patients_have_names_births_reasons_and_places(a_read_day: list[ReadBack]) -> None:
    statements = [statement for each in a_read_day for statement in each.received.statements]
    people = [each.value for each in statements if isinstance(each.value, Registered)]
    assert all(each.family and each.given and len(each.born) == 10 and each.sex in "FM" for each in people)
    admitted = [each.value for each in statements if isinstance(each.value, Admitted)]
    assert {each.unit for each in admitted} >= {"ED", "ICU", "W5", "W6", "W7"}
    assert all(each.encounter and each.bed and each.reason and each.doctor for each in admitted)
    assert any(isinstance(each.value, Allergic) for each in statements)
    assert any(isinstance(each.value, Diagnosed) for each in statements)
    assert any(isinstance(each.value, Scheduled) for each in statements)


def test_records_are_merged_and_some_are_parted_again() -> None:
    hospital = Hospital(11, live_at=LIVE_AT, settings=Settings(faults=Faults(duplicate_record=0.4, unmerged=0.4)))
    read = read_back(each for each in hospital.messages(LIVE_AT, LIVE_AT + timedelta(days=2)) if each.feed == "ADT")
    merged = [each.about for one in read for each in one.received.statements if isinstance(each.value, Merged)]
    parted = [each.about for one in read for each in one.received.statements if isinstance(each.value, Unmerged)]
    assert merged
    assert parted
    assert set(parted) <= set(merged)
