"""The medication review: rules in the light of one patient, how loudly they are said, and what was not checked."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.app.discovery import discover
from wardline.core.capability import Capability, Reading
from wardline.core.course import Allergy, Condition, Medication
from wardline.core.errors import Refused
from wardline.core.findings import Severity
from wardline.formats.assessment import assess
from wardline.science.medication.allergy import meant_by
from wardline.science.medication.interactions.rules import INTERACTIONS
from wardline.science.medication.kidney import creatinine_clearance, egfr
from wardline.science.medication.patient import Patient
from wardline.science.medication.problem import Problem, told_to
from wardline.science.medication.recognising import SUBSTANCES
from wardline.science.medication.review import DRUG_RULES, review
from wardline.science.medication.site_rules import site_rules

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
NAMES = [substance.name for substance in SUBSTANCES]


@cache
def catalogue() -> dict[str, Capability]:
    return {capability.id: capability for capability in discover().capabilities}


def running(*drugs: str, days: int = 0) -> list[Medication]:
    return [Medication(what, since=NOW - timedelta(days=days), order=f"R{what}", event=place + 1) for place, what in enumerate(drugs)]


def draft(what: str, **more: str) -> Medication:
    return Medication(what, order="draft", since=NOW, **more)


def found(patient: Patient, medications: Iterable[Medication], kind: str) -> dict[str, Problem]:
    return {problem.key: problem for problem in review(patient, medications).problems if problem.kind == kind}


def results(**values: float) -> dict[str, tuple[Reading, ...]]:
    return {id: (Reading(NOW - timedelta(hours=2), value),) for id, value in values.items()}


# --- context --------------------------------------------------------------------------------------------------------------------


def test_warfarin_with_an_nsaid_at_an_inr_of_3_8_interrupts_and_names_an_alternative() -> None:
    patient = Patient(as_of=NOW, age_years=50, results=results(inr=3.8))

    pair = found(patient, [*running("warfarin"), draft("ibuprofen 400 mg")], "interaction")["ibuprofen+warfarin"]

    assert (pair.severity, pair.tier) == (Severity.HIGH, "interrupt")
    assert pair.instead == ("paracetamol",)
    assert [(reason.what, reason.value, reason.effect) for reason in pair.reasons if reason.what == "INR"] == [("INR", "3.8", "worse")]


def test_a_protected_stomach_and_no_other_risk_makes_the_same_pair_mild() -> None:
    patient = Patient(as_of=NOW, age_years=50)

    assert found(patient, [*running("warfarin", "omeprazole"), draft("ibuprofen")], "interaction")["ibuprofen+warfarin"].severity is Severity.LOW


def test_what_both_have_been_given_for_long_is_less_pressing_unless_harm_comes_at_any_time() -> None:
    long = running("bisoprolol", "verapamil", days=40)
    fresh = running("bisoprolol", "verapamil", days=2)
    nitrates = running("glyceryl trinitrate", "sildenafil", days=40)
    patient = Patient(as_of=NOW)

    assert found(patient, fresh, "interaction")["bisoprolol+verapamil"].severity is Severity.MEDIUM
    assert found(patient, long, "interaction")["bisoprolol+verapamil"].severity is Severity.LOW
    assert found(patient, nitrates, "interaction")["glyceryl trinitrate+sildenafil"].severity is Severity.HIGH


def test_a_pair_that_runs_already_does_not_interrupt() -> None:
    assert found(Patient(as_of=NOW), running("simvastatin", "clarithromycin"), "interaction")["clarithromycin+simvastatin"].tier == "passive"


def test_potassium_that_is_watched_makes_a_raas_blocker_with_potassium_less_pressing_and_a_high_one_more() -> None:
    drugs = [*running("ramipril"), draft("potassium chloride")]

    def severity(value: float) -> Severity:
        return found(Patient(as_of=NOW, results=results(potassium=value)), drugs, "interaction")["potassium chloride+ramipril"].severity

    assert severity(4.0) is Severity.LOW
    assert severity(5.4) is Severity.HIGH


def test_the_two_substances_of_one_product_do_not_interact_with_each_other() -> None:
    assert found(Patient(as_of=NOW), running("Aliskiren and valsartan 150/160 mg tablet"), "interaction") == {}


# --- kidneys, doses, pregnancy -------------------------------------------------------------------------------------------------------


def test_metformin_is_contraindicated_below_thirty_and_without_creatinine_the_gap_is_said() -> None:
    weak = Patient(as_of=NOW, age_years=80, sex="F", results=results(creatinine=2.5))

    assert found(weak, running("metformin"), "kidney")["metformin"].severity is Severity.HIGH
    assert ("metformin", "eGFR") in review(Patient(as_of=NOW, age_years=80, sex="F"), running("metformin")).not_checked


def test_oral_methotrexate_every_day_interrupts_and_once_a_week_does_not() -> None:
    daily = Medication("methotrexate", dose="10 mg", route="PO", frequency="daily", order="draft", since=NOW)
    weekly = daily._replace(frequency="weekly")

    assert found(Patient(as_of=NOW), [daily], "dose")["methotrexate"].tier == "interrupt"
    assert found(Patient(as_of=NOW), [weekly], "dose") == {}


def test_pregnancy_is_asked_about_where_it_can_be() -> None:
    woman, man = Patient(as_of=NOW, sex="F", age_years=30), Patient(as_of=NOW, sex="M", age_years=30)

    assert ("ramipril", "pregnancy") in review(woman, running("ramipril")).not_checked
    assert ("ramipril", "pregnancy") not in review(man, running("ramipril")).not_checked
    pregnant = Patient(as_of=NOW, sex="F", age_years=30, is_pregnant=True)
    assert found(pregnant, [draft("ramipril")], "pregnancy")["ramipril"].tier == "interrupt"


@pytest.mark.parametrize("age", [18, 40, 65, 90])
@pytest.mark.parametrize("sex", ["F", "M"])
@pytest.mark.parametrize("creatinine", [0.5, 0.7, 0.9, 1.4, 4.0])
def test_the_kidneys_are_estimated_as_the_capabilities_do(age: int, sex: str, creatinine: float) -> None:
    charted = {"age_years": age, "sex": sex, "creatinine": creatinine}

    assert assess(catalogue()["egfr_ckd_epi_2021"], charted)["value"] == pytest.approx(egfr(creatinine, age, sex), abs=0.51)
    gault: dict[str, Any] = assess(catalogue()["cockcroft_gault"], charted | {"weight": 70})
    assert gault["value"] == pytest.approx(creatinine_clearance(creatinine, age, sex, 70), abs=0.51)


# --- allergies ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "drug", "severity"),
    [
        ("Penicillins", "co-amoxiclav", Severity.HIGH), ("amoxicillin", "cefalexin", Severity.HIGH), ("penicillin", "ceftriaxone", Severity.LOW),
        ("ceftriaxone", "cefotaxime", Severity.HIGH), ("ceftriaxone", "cefazolin", Severity.MEDIUM), ("Sulfa", "co-trimoxazole", Severity.HIGH),
    ],
)  # fmt: skip
def test_an_allergy_reaches_as_far_as_the_shared_structure(stated: str, drug: str, severity: Severity) -> None:
    patient = Patient(as_of=NOW, allergies=(Allergy(stated),))

    assert max(problem.severity for problem in found(patient, [draft(drug)], "allergy").values()) is severity


def test_a_side_chain_that_is_not_shared_is_no_reason_to_interrupt() -> None:
    patient = Patient(as_of=NOW, allergies=(Allergy("amoxicillin"),))

    assert {problem.tier for problem in found(patient, [draft("ceftriaxone")], "allergy").values()} == {"passive"}


@pytest.mark.parametrize(
    ("stated", "drug"),
    [
        ("Allergy to penicillins", "phenoxymethylpenicillin"), ("PCN", "amoxicillin"), ("sulfa drugs", "co-trimoxazole"),
        ("Sulfonamide antibacterial", "co-trimoxazole"), ("Beta-lactam antibiotics", "cefuroxime"), ("ASA", "aspirin"),
        ("Non-steroidal anti-inflammatory agent", "ibuprofen"), ("Allergy to macrolide antibiotic (finding)", "clarithromycin"),
    ],
)  # fmt: skip
def test_a_class_is_understood_as_people_and_terminologies_write_it(stated: str, drug: str) -> None:
    problems = found(Patient(as_of=NOW, allergies=(Allergy(stated),)), [draft(drug)], "allergy").values()

    assert {problem.severity for problem in problems} == {Severity.HIGH}


def test_an_allergy_nobody_understands_is_said_to_be_unchecked() -> None:
    assert review(Patient(allergies=(Allergy("zzyzxol"),)), running("warfarin")).unrecognised_allergies == ("zzyzxol",)
    assert not any(meant_by(Allergy("zzyzxol")))
    assert review(Patient(allergies=(Allergy("NKDA"), Allergy("No known drug allergies"))), running("warfarin")).unrecognised_allergies == ()
    assert not review(Patient(), running("warfarin")).allergies_known


# --- how loudly -----------------------------------------------------------------------------------------------------------------


def test_no_recalled_rule_is_severe_or_loud() -> None:
    recalled = [rule for rule in (*INTERACTIONS, *DRUG_RULES) if rule.source.standing == "provisional"]
    patient = Patient(as_of=NOW, age_years=50, results=results(inr=9.0))

    assert recalled
    for problem in review(patient, [*running("warfarin"), draft("fluconazole")]).problems:
        if problem.source.standing == "provisional":
            assert problem.tier == "silent"
            assert problem.severity <= Severity.MEDIUM


def test_every_rule_names_its_source_and_has_an_id_of_its_own() -> None:
    rules: list[Any] = [*INTERACTIONS, *DRUG_RULES]

    assert len({rule.id for rule in rules}) == len(rules)
    assert all(len(rule.source.text) > 10 and rule.effect and rule.management for rule in rules)
    assert all("not read" in rule.source.text or "recalled" in rule.source.text for rule in rules if rule.source.standing == "provisional")


def test_a_nurse_is_told_what_she_can_do_something_about() -> None:
    pair = found(Patient(as_of=NOW), [*running("morphine"), draft("lorazepam")], "interaction")["lorazepam+morphine"]
    level = found(Patient(as_of=NOW), [*running("warfarin"), draft("bosentan")], "interaction")["bosentan+warfarin"]

    assert told_to(pair, "nurse")
    assert not told_to(level, "nurse")
    assert told_to(level, "pharmacist")


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=8, unique=True), st.randoms())
def test_the_order_in_which_drugs_are_listed_does_not_matter(drugs: list[str], chance: Any) -> None:
    patient = Patient(as_of=NOW, age_years=70, sex="F", results=results(creatinine=1.2, potassium=3.2), allergies=(Allergy("penicillin"),))
    listed = running(*drugs, days=1)
    shuffled = list(listed)
    chance.shuffle(shuffled)

    def said(medications: list[Medication]) -> list[tuple[str, str, Severity]]:
        return sorted((problem.kind, problem.key, problem.severity) for problem in review(patient, medications).problems)

    assert said(listed) == said(shuffled)


@given(st.lists(st.sampled_from(NAMES), max_size=6, unique=True), st.sampled_from(NAMES))
def test_another_drug_never_hides_a_severe_problem_of_the_others_but_by_protecting(drugs: list[str], another: str) -> None:
    patient = Patient(as_of=NOW, age_years=70)
    protective = {"omeprazole", "pantoprazole", "lansoprazole", "rabeprazole", "esomeprazole", "dexlansoprazole", "misoprostol"}
    before = {problem.key for problem in review(patient, running(*drugs)).problems if problem.severity is Severity.HIGH}
    after = {problem.key for problem in review(patient, running(*drugs, another)).problems if problem.severity is Severity.HIGH}

    assert another in protective or before <= after


# --- the site's own rules -----------------------------------------------------------------------------------------------------------

OWN: dict[str, Any] = {
    "version": "1", "signed_by": "Dr A. Okafor", "off": ["warfarin-nsaid"],
    "interactions": [{"id": "ours", "one": ["vitamin_k_antagonist"], "other": ["paracetamol"], "severity": "high", "effect": "INR rises",
                      "management": "Check the INR", "source": "Our formulary"}],
    "rules": [{"id": "ours-2", "kind": "kidney", "drugs": ["meropenem"], "when": {"egfr_below": 50}, "severity": "medium", "effect": "piles up",
               "management": "Halve it", "source": "Our formulary"}],
}  # fmt: skip


def test_a_signed_rule_of_the_site_counts_and_one_of_ours_can_be_switched_off() -> None:
    patient = Patient(as_of=NOW, age_years=80, sex="F", results=results(creatinine=2.0))
    medications = [*running("warfarin", "meropenem"), draft("paracetamol"), draft("ibuprofen")]

    keys = {
        problem.key: problem for problem in review(patient, medications, site=site_rules(OWN)).problems if problem.kind in ("interaction", "kidney")
    }

    assert keys["paracetamol+warfarin"].tier == "interrupt"
    assert keys["meropenem"].source.text == "Our formulary; medication_rules, version 1, signed by Dr A. Okafor"
    assert "ibuprofen+warfarin" not in keys


def test_an_unsigned_rule_of_the_site_is_silent() -> None:
    unsigned = {name: value for name, value in OWN.items() if name != "signed_by"}

    pairs = review(Patient(as_of=NOW), [*running("warfarin"), draft("paracetamol")], site=site_rules(unsigned)).problems

    assert {problem.tier for problem in pairs if problem.key == "paracetamol+warfarin"} == {"silent"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 1}, "needs a version"), ({"of": []}, "'of' is not part of the table"), ({"off": "x"}, "off is a list"),
        ({"interactions": [{**OWN["interactions"][0], "one": ["aspirine"]}]}, "'aspirine' is no class and no substance known here"),
        ({"rules": [{**OWN["rules"][0], "when": {}}]}, "when says what must be so"), ({"rules": [{**OWN["rules"][0], "kind": "luck"}]},
            "kind is one of"),
        ({"rules": [{**OWN["rules"][0], "when": {"result": "happiness", "above": 3}}]}, "'happiness' is no concept"),
        ({"rules": [{**OWN["rules"][0], "when": {"egfr_below": "fifty"}}]}, "egfr_below of rule ours-2 is a number"),
    ],
)  # fmt: skip
def test_a_wrong_table_of_the_site_says_what_is_wrong(change: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        site_rules(OWN | change)


def test_a_rule_of_the_site_may_ask_for_a_diagnosis_a_result_and_a_dose() -> None:
    own = OWN | {
        "rules": [
            {
                **OWN["rules"][0],
                "id": "both",
                "kind": "disease",
                "drugs": ["nsaid"],
                "when": {"has": ["hypertension"], "result": "potassium", "above": 5, "within_hours": 48},
            }
        ]
    }
    patient = Patient(as_of=NOW, conditions=(Condition("I10", "ICD10"),), results=results(potassium=5.2))

    assert "ibuprofen:both" in {problem.key for problem in review(patient, running("ibuprofen"), site=site_rules(own)).problems}
