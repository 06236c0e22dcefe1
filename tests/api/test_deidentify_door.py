"""Trying de-identification over the API: everybody who works here may, nothing is kept, and no lasting stand-in can be learnt."""

from typing import Any

import pytest

from api.house import OpenHouse
from support.messages import ADA

PATH = "/api/v1/deidentify"
NOTE = "Mrs Okafor (MRN 40123456) was seen by Dr. Vance on 3 March 2024."
TABLE = [{"age": str(40 + place // 12), "sex": "F", "sick": "flu" if place % 2 else "none"} for place in range(24)]


def test_a_note_comes_back_without_what_identifies_and_with_where_it_stood(shared: OpenHouse) -> None:
    said = shared.as_("nurse").post(PATH, {"content": NOTE})
    assert said["text"] == "[NAME] (MRN [MEDICAL RECORD NUMBER]) was seen by [NAME] on [DATE]."
    assert [(each["kind"], NOTE[each["start"] : each["end"]], said["text"][each["new_start"] : each["new_end"]]) for each in said["found"]] == [
        ("name", "Mrs Okafor", "[NAME]"), ("medical record number", "40123456", "[MEDICAL RECORD NUMBER]"), ("name", "Dr. Vance", "[NAME]"),
        ("date", "3 March 2024", "[DATE]"),
    ]  # fmt: skip
    assert "Safe Harbor" in said["notice"]


def test_what_is_known_of_the_patient_is_found_however_it_is_written(shared: OpenHouse) -> None:
    known = {"names": ["Rose May"], "numbers": ["W7-22"], "places": ["Low Haven"]}
    said = shared.as_("doctor").post(PATH, {"content": "rose was in low haven; w722", "known": known})
    assert said["text"] == "[NAME] was in [PLACE]; [MEDICAL RECORD NUMBER]"


def test_of_a_patient_of_ours_the_record_itself_says_what_to_look_for(shared: OpenHouse) -> None:
    """The name alone, in small letters, in the middle of a sentence: only the record knows that it is one."""
    text = f"today {ADA.family.lower()} slept well, {ADA.number}"
    assert ADA.family.lower() in shared.as_("doctor").post(PATH, {"content": text})["text"]
    left = shared.as_("doctor").post(f"/api/v1/patients/{shared.key(ADA)}/deidentify", {"content": text})["text"]
    assert left == "today [NAME] slept well, [MEDICAL RECORD NUMBER]"
    assert shared.audited(about=shared.key(ADA))[-1]["action"] == "text de-identified"


def test_stand_ins_are_others_at_every_asking(shared: OpenHouse) -> None:
    """Otherwise whoever has a study's data could ask here who is who."""
    asked = {"content": NOTE, "profile": "pseudonymised", "known": {"numbers": ["40123456"]}}
    answers = {shared.as_("researcher").post(PATH, asked)["text"] for _ in range(3)}
    assert len(answers) == 3
    assert "Not Safe Harbor" in shared.as_("researcher").post(PATH, asked)["notice"]


def test_a_message_and_a_resource_come_back_in_their_own_format(shared: OpenHouse) -> None:
    message = "MSH|^~\\&|A|B|C|D|20240301||ADT^A01|1|P|2.5\rPID|1||4012^^^H||Okafor^Ngozi||19550303|F"
    assert "PID|1||||||1955|F" in shared.as_("engineer").post(PATH, {"content": message, "format": "hl7v2"})["text"]
    said = shared.as_("engineer").post(
        PATH, {"format": "fhir", "content": {"resourceType": "Patient", "gender": "female", "name": [{"family": "Okafor"}]}}
    )
    assert said["resource"] == {"resourceType": "Patient", "gender": "female"}


@pytest.mark.parametrize("asked", [
    {"content": {"a": 1}}, {"content": "Mrs Okafor", "format": "fhir"}, {"content": "Mrs Okafor", "format": "hl7v2"},
    {"content": {"resourceType": "Practitioner"}, "format": "fhir"},
])  # fmt: skip
def test_what_it_cannot_read_it_refuses_whole(shared: OpenHouse, asked: dict[str, Any]) -> None:
    assert "Okafor" not in str(shared.as_("nurse").post(PATH, asked, expect=400))


def test_more_than_a_second_s_work_is_not_taken(shared: OpenHouse) -> None:
    shared.as_("nurse").post(PATH, {"content": "x" * 300_000}, expect=413)


def test_a_patient_s_own_sign_in_has_no_use_for_it(shared: OpenHouse) -> None:
    shared.as_("patient").post(PATH, {"content": NOTE}, expect=403)


def test_that_it_was_asked_is_in_the_trail_and_the_text_is_not(shared: OpenHouse) -> None:
    shared.as_("privacy").post(PATH, {"content": "Seen: Quirinia Zwart"})
    trail = shared.audited()
    assert any(entry["action"] == "data.deidentify" for entry in trail)
    assert "Quirinia" not in str(trail)


def test_a_table_is_told_how_easily_it_gives_somebody_away(shared: OpenHouse) -> None:
    said = shared.as_("researcher").post(f"{PATH}/risk", {"rows": TABLE, "quasi": ["age", "sex"], "sensitive": ["sick"]})
    assert (said["records"], said["groups"], said["smallest"], said["breaking"], said["suggestions"]) == (24, 2, 12, [], [])
    assert said["prosecutor"] == {"highest": pytest.approx(1 / 12), "average": pytest.approx(1 / 12)}
    assert said["sensitive"] == [{"column": "sick", "distinct": 2, "entropy": pytest.approx(2), "closeness": 0}]


def test_a_table_in_which_somebody_is_alone_gets_suggestions(shared: OpenHouse) -> None:
    said = shared.as_("researcher").post(f"{PATH}/risk", {"rows": [*TABLE, {"age": 93, "sex": "F"}], "quasi": ["age", "sex"]})
    assert said["breaking"] == [24]
    assert said["alone"] == 1
    assert said["suggestions"][-1]["breaking"] == 0


def test_a_column_that_no_row_has_is_named(shared: OpenHouse) -> None:
    assert "zip3" in shared.as_("researcher").post(f"{PATH}/risk", {"rows": TABLE, "quasi": ["zip3"]}, expect=400)["detail"]
