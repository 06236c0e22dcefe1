"""The state table of workitems (PS3.4 Table CC.1.1-2), every cell of it, and what a workitem must say in each state (Table CC.2.5-3)."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from typing import Any

import pytest

from wardline.core.errors import Refused
from wardline.formats.dicom import ups
from wardline.formats.dicom.ups_reports import ASSIGNED, CANCEL_REQUESTED, PROGRESS_REPORT, STATE_REPORT, events_of, report
from wardline.formats.dicom.ups_states import STATES, TABLE, StepRefused, answer_to, may_update

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LOCK, OTHER = "1.2.3", "1.2.4"
S, P, DONE, GIVEN_UP = ups.SCHEDULED, ups.IN_PROGRESS, ups.COMPLETED, ups.CANCELED


def status(asked: str, state: str, given: str) -> str:
    lock = LOCK if state in (P, DONE, GIVEN_UP) else ""
    try:
        return answer_to(asked, state, lock=lock, given=given)
    except StepRefused as refusal:
        return refusal.code


def expected(asked: str, state: str, given: str) -> str:
    """The same table, said in sentences."""
    if state == "":
        return "C307"
    if asked == S:
        return "C303"  # nothing goes back
    if not given or (given != LOCK and state != S):
        return "C301"  # not by whoever holds the key; a waiting one has none yet
    if state == S:
        return "0000" if asked == P else "C310"
    if state == P:
        return "C302" if asked == P else "0000"
    if asked == state:
        return "B306" if state == DONE else "B304"  # so it is already
    return "C300"  # what is final stays


@pytest.mark.parametrize(("asked", "state", "given"), list(product((S, P, DONE, GIVEN_UP), STATES, ("", LOCK, OTHER))))
def test_every_change_of_state_is_answered_as_the_table_says(asked: str, state: str, given: str) -> None:
    assert status(asked, state, given) == expected(asked, state, given)


def test_creation_and_requests_for_cancellation_are_answered_as_the_table_says() -> None:
    assert [status("create", state, "") for state in STATES] == ["0000", "0111", "0111", "0111", "0111"]
    assert [status("request cancel", state, "") for state in STATES] == ["C307", "0000", "0000", "C311", "B304"]


def test_the_table_has_a_cell_for_everything() -> None:
    assert {len(row) for row in TABLE.values()} == {len(STATES)}
    assert len(TABLE) == 2 + 2 * 4


@pytest.mark.parametrize(("state", "given", "code"), [
    (S, "", ""), (S, LOCK, "C310"), (P, LOCK, ""), (P, OTHER, "C301"), (P, "", "C301"), (DONE, LOCK, "C300"), (GIVEN_UP, LOCK, "C300"),
])  # fmt: skip
def test_attributes_are_set_by_whoever_may_while_it_waits_and_then_by_its_performer(state: str, given: str, code: str) -> None:
    try:
        may_update(state, lock=LOCK if state != S else "", given=given)
        said = ""
    except StepRefused as refusal:
        said = refusal.code
    assert said == code


# --- what it must say ----------------------------------------------------------------------------------------------------------------------


def element(vr: str, *values: Any) -> dict[str, Any]:
    return ups.element(vr, *values)


def done(**changes: Any) -> dict[str, Any]:
    code = element("SQ", ups.coded("X", "99SITE", "X"))
    item = {"00404028": code, "00404050": element("DT", "2026"), "00404019": code, "00404051": element("DT", "2026"), "00404033": element("SQ")}
    return {"00741216": element("SQ", {**item, **{tag[1:]: each for tag, each in changes.items()}})}


def test_it_is_completed_only_when_it_says_who_did_what_when() -> None:
    assert ups.unmet(done(), DONE) == ()
    assert ups.unmet({}, DONE) == ("Unified Procedure Step Performed Procedure Sequence (0074,1216)",)
    assert ups.unmet(done(t00404051=element("DT")), DONE) == ("Performed Procedure Step End DateTime (0040,4051)",)
    without = done()
    del without["00741216"]["Value"][0]["00404033"]
    assert ups.unmet(without, DONE) == ("Output Information Sequence (0040,4033)",)


def test_it_is_cancelled_only_with_a_coded_reason_and_says_when() -> None:
    when = ups.cancelled({}, NOON, {})
    assert ups.items(when, ups.PROGRESS)[0]["00404052"] == element("DT", "20261121120000.000000+0000")
    assert ups.unmet(when, GIVEN_UP) == ("Procedure Step Discontinuation Reason Code Sequence (0074,100E)",)
    why = {ups.WHY_CODE: element("SQ", ups.coded("110513", "DCM", "Discontinued for unspecified reason"))}
    assert ups.unmet(ups.cancelled({}, NOON, why), GIVEN_UP) == ()


def test_what_a_performer_has_said_of_giving_up_stands() -> None:
    said = {ups.PROGRESS: element("SQ", {"00404052": element("DT", "20261120"), "00741004": element("DS", "40")})}
    (progress,) = ups.items(ups.cancelled(said, NOON, {ups.WHY: element("LT", "late")}), ups.PROGRESS)
    assert (ups.text(progress, "00404052"), ups.text(progress, "00741004"), ups.text(progress, ups.WHY)) == ("20261120", "40", "late")


def test_a_long_code_stands_where_long_codes_stand() -> None:
    said = {ups.WORKITEM_CODE: element("SQ", ups.coded("attenuation_of_the_liver", "99WARDLINE", "Liver"), ups.coded("QC", "99SITE", "QC"))}
    assert ups.items(said, ups.WORKITEM_CODE)[0]["00080119"]["vr"] == "UC"
    assert ups.codes(said, ups.WORKITEM_CODE) == [("attenuation_of_the_liver", "99WARDLINE"), ("QC", "99SITE")]


@pytest.mark.parametrize(("said", "utc"), [
    ("20261121120000.5+0100", "2026-11-21T11:00:00"), ("20261121120000", "2026-11-21T11:00:00"), ("2027", "2026-12-31T23:00:00"),
    ("20261121-0500", "2026-11-21T05:00:00"),
])  # fmt: skip
def test_a_date_and_time_without_an_offset_is_the_houses(said: str, utc: str) -> None:
    assert ups.moment_of(said, timezone(timedelta(hours=1))).astimezone(UTC).replace(tzinfo=None).isoformat() == utc


@pytest.mark.parametrize("said", ["", "soon", "20261321", "202", "20261121 12", "20261121120000+9999", "2026112112000000"])
def test_what_is_no_date_and_time_is_refused(said: str) -> None:
    with pytest.raises(Refused):
        ups.moment_of(said, UTC)


@pytest.mark.parametrize("tag", ["00000002", "00020010", "FFFEE000", "0010002", "0010002g", "0010 020"])
def test_command_and_meta_elements_and_what_is_no_tag_are_refused(tag: str) -> None:
    with pytest.raises(Refused):
        ups.attributes_in(f'{{"{tag}": {{"vr": "LO", "Value": ["x"]}}}}'.encode())


def test_sequences_without_end_are_refused() -> None:
    nested = b'{"00741002": {"vr": "SQ", "Value": [' * 12 + b"{}" + b"]}}" * 12
    with pytest.raises(Refused):
        ups.attributes_in(nested)


# --- what is reported ------------------------------------------------------------------------------------------------------------------------


def test_a_change_is_worth_the_reports_of_the_standard() -> None:
    station = element("SQ", ups.coded("GPU1", "99SITE", "Segmenter"))
    waiting = {ups.STATE: element("CS", S), ups.READINESS: element("CS", "INCOMPLETE"), ups.STATION: element("SQ")}
    assert events_of(None, waiting) == (STATE_REPORT,)
    assert events_of(None, {**waiting, ups.STATION: station}) == (STATE_REPORT, ASSIGNED)
    assert events_of(waiting, {**waiting, ups.READINESS: element("CS", "READY")}) == (STATE_REPORT,)
    assert events_of(waiting, {**waiting, ups.STATION: station}) == (ASSIGNED,)
    assert events_of(waiting, {**waiting, ups.PROGRESS: element("SQ", {"00741004": element("DS", "10")})}) == (PROGRESS_REPORT,)
    assert events_of(waiting, {**waiting, ups.LABEL: element("LO", "Lungs")}) == ()


def test_a_report_names_its_workitem_and_says_what_its_kind_says() -> None:
    attributes = {ups.STATE: element("CS", S), ups.READINESS: element("CS", "READY"), ups.PATIENT_NAME: element("PN", {"Alphabetic": "A^B"})}
    said = report(STATE_REPORT, "1.2.3", attributes, number=23)
    # PS3.18 11.13, with the SOP Class that PS3.4 CC.2.4.3 asks for.
    assert said == {
        "00000002": element("UI", "1.2.840.10008.5.1.4.34.6.1"), "00000110": element("US", 23), "00001000": element("UI", "1.2.3"),
        "00001002": element("US", 1), "00404041": element("CS", "READY"), "00741000": element("CS", S),
    }  # fmt: skip
    why = {ups.WHY: element("LT", "twice"), "00100010": element("PN", {"Alphabetic": "A^B"})}
    asked = report(CANCEL_REQUESTED, "1.2.3", attributes, number=1, asked=why, asked_by="RIS")
    assert (asked["00741236"], asked["00741238"], "00100010" in asked) == (element("AE", "RIS"), element("LT", "twice"), False)
