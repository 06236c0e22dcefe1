"""Diagnosis over HTTP: red flags first, reasons for and against, what to ask next, and "not enough to go on"."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from api.house import OpenHouse

ASK = "/api/v1/diagnosis"


def asked(house: OpenHouse, door: str = "symptoms", **said: Any) -> dict[str, Any]:
    answer: dict[str, Any] = house.as_("nurse").post(f"{ASK}/{door}", said)
    return answer


def test_findings_of_heart_failure_give_it_first_with_reasons_and_sources(shared: OpenHouse) -> None:
    answer = asked(
        shared, presentation="breathlessness", findings={"orthopnoea": True, "third_heart_sound": True, "fever": False}, patient={"age_years": 78}
    )

    assert answer["primary_diagnosis"] == {"code": "I50.9", "name": "Heart failure"}
    first = answer["differential"][0]
    assert first["probability"] == answer["confidence"] > first["before"]
    # Wang 2005: sensitivity 13 %, specificity 99 %.
    assert next((line["question"], round(line["ratio"])) for line in first["evidence_for"]) == ("third_heart_sound", 13)
    assert "Wang" in first["evidence_for"][0]["source"]
    assert abs(sum(each["probability"] for each in answer["differential"]) - 1) < 1e-9


def test_words_of_the_complaint_choose_the_presentation_and_those_not_understood_are_named(shared: OpenHouse) -> None:
    answer = asked(shared, symptoms=["Chest pain", "sweating", "black bile"])

    assert answer["presentation"] == "chest_pain"
    assert [each["question"] for each in answer["answered"]] == ["sweating"]
    assert answer["not_used"] == ["black bile"]


def test_one_finding_is_not_enough_to_go_on_and_the_next_questions_are_named(shared: OpenHouse) -> None:
    answer = asked(shared, presentation="chest_pain", findings={"sweating": True})

    assert (answer["primary_diagnosis"], answer["confidence"]) == (None, None)
    assert answer["not_enough"]
    bits = [each["bits"] for each in answer["next_questions"]]
    assert bits == sorted(bits, reverse=True)
    assert bits[0] > 0


def test_a_red_flag_stands_whatever_else_is_said(shared: OpenHouse) -> None:
    alone = asked(shared, presentation="headache", findings={"thunderclap": True})
    soothed = asked(shared, presentation="headache", findings={"thunderclap": True, "fever": False, "neck_stiffness": False, "photophobia": True})

    assert [flag["id"] for flag in alone["red_flags"]] == [flag["id"] for flag in soothed["red_flags"]] == ["thunderclap"]


def test_notes_are_said_not_to_be_read(shared: OpenHouse) -> None:
    assert asked(shared, presentation="headache", clinical_notes="no fever")["not_used"] == ["clinical_notes"]


def test_results_are_interpreted_by_the_laboratory_capabilities(shared: OpenHouse) -> None:
    # 140 - 100 - 15
    answer = asked(
        shared, "lab-results", lab_results=[
            {"test": "2951-2", "value": 140}, {"test": "chloride", "value": 100}, {"test": "bicarbonate", "value": 15, "unit": "mmol/L"},
        ],
    )  # fmt: skip

    gaps = [each["answer"] for each in answer["interpretations"] if each["capability"] == "anion_gap"]
    assert [gap["value"] for gap in gaps] == [25]
    assert answer["not_enough"]


def test_a_result_in_a_unit_it_cannot_have_is_refused(shared: OpenHouse) -> None:
    refused = shared.as_("nurse").ask("POST", f"{ASK}/lab-results", {"lab_results": [{"test": "sodium", "value": 140, "unit": "kg"}]}, expect=400)

    assert "sodium cannot be in 'kg'" in refused["detail"]


def test_findings_of_an_imaging_report_count_as_stated(shared: OpenHouse) -> None:
    answer = asked(shared, "imaging", presentation="breathlessness", imaging_results={"venous_congestion": True, "cardiomegaly": True})

    assert answer["primary_diagnosis"] == {"code": "I50.9", "name": "Heart failure"}


def test_the_record_answers_what_it_knows_and_raises_red_flags_by_its_vital_signs(shared: OpenHouse) -> None:
    path = f"{ASK}/differential/{shared.key()}"
    answer = shared.as_("nurse").get(path, presentation="abdominal_pain")

    # Ada has 39.5 degrees, breathes 26, saturation 90, systolic 88.
    assert {"question": "fever", "words": "Temperature of 37.8 °C or more", "answer": "yes", "origin": "record"} in answer["answered"]
    assert {flag["id"] for flag in answer["red_flags"]} >= {"respiratory_rate", "oxygen_saturation", "systolic_pressure"}


def test_what_is_supposed_goes_before_the_record_and_changes_nothing_in_it(shared: OpenHouse) -> None:
    path, before = f"{ASK}/differential/{shared.key()}", shared.wardline.engine.house.seq
    answer = shared.as_("nurse").post(path, {"presentation": "abdominal_pain", "findings": {"fever": False, "migration": True}})

    assert {(each["question"], each["answer"], each["origin"]) for each in answer["answered"]} == {
        ("fever", "no", "given"),
        ("migration", "yes", "given"),
    }
    assert shared.wardline.engine.house.seq == before


def test_without_a_reason_to_come_only_red_flags_are_answered(shared: OpenHouse) -> None:
    answer = shared.as_("nurse").get(f"{ASK}/differential/{shared.key()}")

    assert answer["red_flags"]
    assert not answer["differential"]
    assert "choose a presentation" in answer["not_enough"]


def test_a_question_that_is_not_asked_there_is_refused(shared: OpenHouse) -> None:
    refused = shared.as_("nurse").ask("POST", f"{ASK}/symptoms", {"presentation": "chest_pain", "findings": {"black_bile": True}}, expect=400)

    assert "'black_bile' is not asked about chest pain" in refused["detail"]


def test_every_presentation_says_its_questions_and_red_flags(shared: OpenHouse) -> None:
    listed = shared.as_("nurse").get(f"{ASK}/presentations")["presentations"]

    assert {"chest_pain", "breathlessness", "headache", "abdominal_pain"} <= {each["id"] for each in listed}
    assert all(each["questions"] and each["red_flags"] for each in listed)


def test_rare_diseases_say_which_files_are_missing_where_there_are_none(shared: OpenHouse) -> None:
    refused = shared.as_("nurse").ask("POST", f"{ASK}/rare-disease", {"observed": ["HP:0000957"]}, expect=404)

    assert "knowledge/hpo" in refused["detail"]


def test_rare_diseases_are_ranked_with_the_features_they_were_matched_by(open_house: Callable[..., OpenHouse], tmp_path: Path) -> None:
    folder = tmp_path / "data" / "config" / "knowledge" / "hpo"
    folder.mkdir(parents=True)
    terms = {"HP:0000118": "Phenotypic abnormality", "HP:0000951": "Skin", "HP:0000957": "Cafe-au-lait spot"}
    iri = {term: "http://purl.obolibrary.org/obo/" + term.replace(":", "_") for term in terms}
    edges = [{"pred": "is_a", "sub": iri[below], "obj": iri[above]} for above, below in pairwise(terms)]
    nodes = [{"id": iri[term], "lbl": name} for term, name in terms.items()]
    (folder / "hp.json").write_text(json.dumps({"graphs": [{"nodes": nodes, "edges": edges, "meta": {"version": "2023-01-27"}}]}))
    rows = [["OMIM:1", "One", "", "HP:0000957", "PMID:1", "PCS", "", "9/10", "", "", "P", ""]]
    rows += [[f"OMIM:{number}", "Other", "", "HP:0000951", "PMID:2", "PCS", "", "1/50", "", "", "P", ""] for number in range(2, 40)]
    (folder / "phenotype.hpoa").write_text("\n".join("\t".join(row) for row in rows))

    answer = open_house().as_("doctor").post(f"{ASK}/rare-disease", {"observed": ["HP:0000957", "HP:7654321"]})

    assert (answer["diseases"][0]["id"], answer["unknown"], answer["release"]) == ("OMIM:1", ["HP:7654321"], "2023-01-27")
    assert answer["diseases"][0]["matched"][0]["by"] == {"id": "HP:0000957", "name": "Cafe-au-lait spot"}


def test_a_diagnosis_with_a_guideline_names_its_card(shared: OpenHouse) -> None:
    answer = asked(shared, presentation="breathlessness", findings={"orthopnoea": True, "third_heart_sound": True})

    assert "heart_failure" in {card["id"] for card in answer["treatment_recommendations"]}


def test_asking_leaves_a_trace_without_findings(shared: OpenHouse) -> None:
    asked(shared, presentation="headache", findings={"thunderclap": True})

    assert "thunderclap" not in str(shared.audited(action="diagnosis asked"))
    assert shared.audited(action="diagnosis asked")


def test_a_measured_fever_is_a_red_flag_with_headache_whoever_says_there_is_none(shared: OpenHouse) -> None:
    path = f"{ASK}/differential/{shared.key()}"
    answer = shared.as_("nurse").post(path, {"presentation": "headache", "findings": {"fever": False}})
    silent = shared.as_("nurse").get(path, presentation="headache")

    assert "headache_fever" in {flag["id"] for flag in answer["red_flags"]} & {flag["id"] for flag in silent["red_flags"]}
    assert {"question": "fever", "words": "Temperature of 37.8 °C or more", "answer": "yes", "origin": "record"} in silent["answered"]
