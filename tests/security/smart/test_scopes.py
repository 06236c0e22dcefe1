"""Scopes: read strictly, and never covering more than they say (SMART App Launch 2.2, "Scopes for requesting clinical data")."""

from itertools import chain, combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.security.authorisation.actions import ACTIONS
from wardline.security.smart.scopes import ALL, CHART, CONTEXT, FHIR, LEVELS, RESOURCES, Scope, covers, opens, parsed, read, within
from wardline.security.smart.words import line_of

LETTERS = "cruds"
IN_ORDER = ["".join(each) for each in chain.from_iterable(combinations(LETTERS, size) for size in range(1, 6))]
ONE, OTHER = "one", "other"
RESOURCE_TYPES = st.sampled_from([ALL, *CHART, "CareTeam", "AuditEvent"])
DATA = st.builds("{}/{}.{}".format, st.sampled_from(LEVELS), RESOURCE_TYPES, st.sampled_from(IN_ORDER))
SCOPES = st.lists(st.one_of(DATA, st.sampled_from(CONTEXT)), max_size=8)


@pytest.mark.parametrize("letters", IN_ORDER)
@pytest.mark.parametrize("level", LEVELS)
def test_every_subset_of_cruds_in_order_is_a_scope(level: str, letters: str) -> None:
    text = f"{level}/Observation.{letters}"

    assert parsed(text) == Scope(text, level, "Observation", letters)


@pytest.mark.parametrize(("old", "new"), [("read", "rs"), ("write", "cud"), ("*", "cruds")])
def test_version_1_means_what_the_specification_says(old: str, new: str) -> None:
    assert parsed(f"patient/*.{old}") == Scope(f"patient/*.{old}", "patient", ALL, new)


@pytest.mark.parametrize(
    "text",
    [
        "patient/Observation.dus", "patient/Observation.sr", "patient/Observation.rr", "patient/Observation.",
        "patient/observation.r", "Patient/Observation.r", "patient/Observation.rs?category=laboratory", "patient/Observation.READ",
        "practitioner/*.r",
        "patient/**.r", "patient/*.rs ", "launch/encounter", "profile", "", "*/*.*", "patient//Observation.r",
        "patient/Observation.rs\n", "patient/Observation",
    ],
)  # fmt: skip
def test_what_is_no_scope_here_is_none(text: str) -> None:
    assert parsed(text) is None


def test_a_list_keeps_each_scope_once_in_its_own_words() -> None:
    assert [scope.text for scope in read("openid patient/*.rs  openid nonsense patient/*.read")] == ["openid", "patient/*.rs", "patient/*.read"]


@pytest.mark.parametrize(
    ("asked", "registered", "is_within"),
    [
        ("patient/Observation.r", "patient/*.rs", True), ("patient/Observation.rs", "patient/Observation.r patient/*.s", True),
        ("patient/Observation.cruds", "patient/*.rs", False), ("patient/*.r", "patient/Observation.r", False), ("user/*.r", "patient/*.r", False),
        ("system/*.r", "user/*.cruds", False), ("openid", "patient/*.cruds", False), ("openid", "openid", True),
        ("offline_access", "online_access", False),
    ],
)  # fmt: skip
def test_an_app_asks_within_what_it_is_registered_for(asked: str, registered: str, is_within: bool) -> None:
    scope = parsed(asked)
    assert scope is not None

    assert within(scope, read(registered)) is is_within


# --- covers: every action, level, letter and record ---


RECORDS = [("", ""), ("", ONE), (ONE, ""), (ONE, ONE), (ONE, OTHER), (ONE, "unit/7A"), ("", "unit/7A")]
"""The record an app was launched for, and what it asks about."""


@pytest.mark.parametrize("action", sorted(action for action in ACTIONS if not action.startswith(FHIR)))
def test_a_scope_covers_exactly_what_it_says(action: str) -> None:
    """The whole grid, against the rule written down once more, in other words."""
    for level, letter, (patient, about) in product(LEVELS, LETTERS, RECORDS):
        looking = "r" if about in (ONE, OTHER) else "s"
        wanted = {
            "patient.read": looking, "patient.chart": looking, "audit.read": looking, "consent.read": looking, "patient.assign": "u",
            "alert.act": "u", "imaging.read": looking,
        }.get(action)  # fmt: skip
        reaches = level != "patient" or (patient == ONE and about == ONE)
        said = (level, letter, patient, about)

        assert covers([f"{level}/{ALL}.{letter}"], action, patient, about) is (wanted == letter and reaches), said


@pytest.mark.parametrize("action", [action for action in ACTIONS if action not in RESOURCES and not action.startswith(FHIR)])
def test_what_is_no_business_of_apps_is_closed_to_all_of_them(action: str) -> None:
    everything = [f"{level}/*.cruds" for level in LEVELS]

    assert not covers([*everything, *CONTEXT], action, ONE, ONE)
    assert not covers([*everything, *CONTEXT], action, ONE, "")


@pytest.mark.parametrize("letter", LETTERS)
def test_at_the_fhir_door_each_type_is_held_against_its_own_letter(letter: str) -> None:
    """The grid of SMART App Launch 2.2: level, type, letter, and whose record it is."""
    for level, type, held, is_own in product(LEVELS, ("Observation", "Condition"), LETTERS, (True, False)):
        scopes = frozenset({f"{level}/Observation.{held}"})
        expected = type == "Observation" and held == letter and (level != "patient" or is_own)

        assert opens(scopes, type, letter, is_own=is_own) is expected
        assert opens(frozenset({f"{level}/*.{held}"}), type, letter, is_own=is_own) is (held == letter and (level != "patient" or is_own))


def test_the_fhir_door_opens_for_any_scope_of_data_and_for_the_own_record_only() -> None:
    assert covers(["patient/Observation.r"], "fhir.use", ONE, "")
    assert covers(["patient/Observation.r"], "fhir.read", ONE, ONE)
    assert not covers(["patient/Observation.r"], "fhir.read", ONE, OTHER)
    assert not covers([*CONTEXT], "fhir.use", ONE, "")


def test_actions_that_cover_something_exist() -> None:
    assert set(RESOURCES) <= set(ACTIONS)


@pytest.mark.parametrize("missing", CHART)
def test_a_page_of_many_kinds_of_data_needs_all_of_them(missing: str) -> None:
    scopes = [f"patient/{resource}.r" for resource in CHART if resource != missing]

    assert not covers(scopes, "patient.chart", ONE, ONE)
    assert covers([*scopes, f"patient/{missing}.r"], "patient.chart", ONE, ONE)


@given(SCOPES, DATA, st.sampled_from(sorted(ACTIONS)), st.sampled_from(["", ONE]), st.sampled_from(["", ONE, OTHER]))
def test_more_scopes_never_cover_less(scopes: list[str], more: str, action: str, patient: str, about: str) -> None:
    assert covers([*scopes, more], action, patient, about) >= covers(scopes, action, patient, about)


@given(SCOPES, st.sampled_from(sorted(ACTIONS)))
def test_patient_scopes_never_reach_another_record(scopes: list[str], action: str) -> None:
    own = [text for text in scopes if text.startswith("patient/")]

    assert not covers(own, action, ONE, OTHER)
    assert not covers(own, action, "", ONE)


@given(st.text(max_size=40))
def test_no_text_but_a_scope_covers_anything(text: str) -> None:
    if parsed(text) is None:
        assert not any(covers([text], action, ONE, ONE) for action in ACTIONS)


# --- in words ---


def test_the_person_reads_what_a_scope_means() -> None:
    said = {scope.text: line_of(scope).words for scope in read("patient/Observation.rs user/MedicationRequest.cud system/*.cruds")}

    assert said == {
        "patient/Observation.rs": "See measurements and results of this patient",
        "user/MedicationRequest.cud": "Add, change and delete prescribed drugs of every patient that you may see",
        "system/*.cruds": "See, add, change and delete everything of every patient that it may see, also what is added later",
    }


@given(st.one_of(DATA, st.sampled_from(CONTEXT)))
def test_every_scope_has_words(text: str) -> None:
    scope = parsed(text)
    assert scope is not None

    line = line_of(scope)
    assert line.words[0].isupper()
    assert (line.kind == "change") is (bool(scope.level) and bool(set("cud") & set(scope.letters)))
