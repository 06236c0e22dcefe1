"""What consents say about somebody seeing something: denials override, exceptions count, an emergency lifts what does not name it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wardline.core.consent import EMERGENCY, NORMAL, PATIENT, Actor, Consent, Mark, Provision, mark_of
from wardline.core.people import Person
from wardline.security.consent.deciding import LOOKING, Asker, asker, restricts, verdict

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
NURSE = Person("u1", "Amelia Brandt", frozenset({"nurse"}), ("7A",))
HIV, NOTE = Mark("HIV", "Observation"), Mark("PSY", "DocumentReference")


def said(*rules: Provision, mark: Mark = HIV, who: Person = NURSE, purpose: str = "TREAT", confidentiality: str = "R") -> bool | None:
    return verdict([Consent("ada", rule) for rule in rules], mark, confidentiality, asker(who, purpose), NOW)


def test_nothing_said_leaves_it_to_the_house() -> None:
    assert said() is None
    assert said(Provision(False, frozenset({"PSY"}))) is None


def test_one_denial_overrides_any_number_of_permissions() -> None:
    assert said(Provision(True), Provision(True), Provision(False, frozenset({"HIV"}))) is False


def test_an_exception_counts_before_the_rule_around_it() -> None:
    inside = Provision(True, actors=(Actor("unit", "7A"),))
    rule = Provision(False, frozenset({"HIV"}), exceptions=(inside,))

    assert said(rule) is True
    assert said(rule, who=NURSE._replace(units=("8B",))) is False


def test_of_two_exceptions_the_denial_wins() -> None:
    rule = Provision(None, exceptions=(Provision(True), Provision(False, actors=(Actor("role", "nurse"),))))

    assert said(rule) is False


def test_a_confidentiality_covers_every_label_of_that_level() -> None:
    assert said(Provision(False, frozenset({"R"}))) is False
    assert said(Provision(False, frozenset({"V"}))) is None


def test_a_class_covers_that_kind_of_fact_only() -> None:
    rule = Provision(False, kinds=frozenset({"DocumentReference"}))

    assert said(rule, mark=NOTE) is False
    assert said(rule, mark=HIV) is None


def test_what_is_asked_without_a_kind_is_denied_by_any_and_permitted_by_none() -> None:
    assert said(Provision(False, kinds=frozenset({"DocumentReference"})), mark=Mark("PSY")) is False
    assert said(Provision(True, kinds=frozenset({"DocumentReference"})), mark=Mark("PSY")) is None


def test_a_rule_holds_within_its_period_only() -> None:
    hour = timedelta(hours=1)

    assert said(Provision(False, starts_at=NOW - hour, ends_at=NOW)) is False
    assert said(Provision(False, starts_at=NOW + hour)) is None
    assert said(Provision(False, ends_at=NOW - hour)) is None


def test_a_rule_about_research_says_nothing_about_treatment() -> None:
    rule = Provision(False, purposes=frozenset({"HRESCH"}))

    assert said(rule) is None
    assert said(rule, purpose="HRESCH") is False


def test_an_emergency_lifts_a_denial_that_does_not_name_it() -> None:
    """SEC-2, SEC-15."""
    assert said(Provision(False), purpose=EMERGENCY) is None
    assert said(Provision(False, purposes=frozenset({EMERGENCY})), purpose=EMERGENCY) is False


def test_looking_and_sending_are_different_actions() -> None:
    rule = [Consent("ada", Provision(False, actions=frozenset({"disclose"})))]

    assert verdict(rule, HIV, "R", Asker(frozenset(), "TREAT", LOOKING), NOW) is None
    assert verdict(rule, HIV, "R", Asker(frozenset(), "TREAT", frozenset({"disclose"})), NOW) is False


def test_a_program_is_an_actor_of_its_own() -> None:
    rule = Provision(False, actors=(Actor("program", "growth-chart"),))

    assert said(rule) is None
    assert said(rule, who=NURSE._replace(client="growth-chart")) is False


def test_the_record_as_a_whole_is_closed_by_a_rule_without_labels() -> None:
    rule = Provision(False, actors=(Actor("person", "u1"),))

    assert said(rule, mark=Mark(NORMAL, PATIENT), confidentiality=NORMAL) is False
    assert said(rule, mark=Mark(NORMAL, PATIENT), confidentiality=NORMAL, who=NURSE._replace(id="u2")) is None


def test_what_anybody_is_denied_is_on_no_board() -> None:
    denied = Consent("ada", Provision(False, kinds=frozenset({"DocumentReference"}), actors=(Actor("person", "u9"),)))

    assert restricts(denied, Mark(NORMAL, "DocumentReference"), NORMAL, NOW)
    assert not restricts(denied, Mark(NORMAL, "Observation"), NORMAL, NOW)
    assert restricts(Consent("ada", Provision(None, exceptions=(denied.provision,))), Mark(NORMAL, "DocumentReference"), NORMAL, NOW)
    assert not restricts(Consent("ada", Provision(True)), HIV, "R", NOW)


LABELS = st.sampled_from(["HIV", "PSY", "ETH", NORMAL])
KINDS = st.sampled_from(["Observation", "DocumentReference", PATIENT])
ACTORS = st.sampled_from([Actor("role", "nurse"), Actor("role", "doctor"), Actor("unit", "7A"), Actor("unit", "8B"), Actor("person", "u1")])
PURPOSES = st.sampled_from(["TREAT", "HRESCH", EMERGENCY])
LEAVES = st.builds(
    Provision, st.booleans(), st.frozensets(LABELS, max_size=2), st.frozensets(KINDS, max_size=1), st.lists(ACTORS, max_size=1).map(tuple),
    st.just(frozenset()), st.frozensets(PURPOSES, max_size=1), st.none(), st.none(), st.just(()),
)  # fmt: skip
WITH = st.builds(lambda rule, more: rule._replace(exceptions=tuple(more)), LEAVES, st.lists(LEAVES, max_size=2))
RULES = st.builds(lambda rule, more: rule._replace(exceptions=tuple(more)), LEAVES, st.lists(WITH, max_size=2))
MARKS = st.builds(Mark, LABELS, KINDS)
PEOPLE = st.builds(
    lambda roles, units: Person("u1", "x", frozenset(roles), tuple(units)), st.sets(st.sampled_from(["nurse", "doctor"])), st.sets(st.just("7A"))
)


@given(st.lists(RULES, max_size=3), RULES, MARKS, PEOPLE, PURPOSES)
def test_one_more_consent_never_opens_what_another_has_closed(rules: list[Provision], more: Provision, mark: Mark, who: Person, why: str) -> None:
    if said(*rules, mark=mark, who=who, purpose=why) is False:
        assert said(*rules, more, mark=mark, who=who, purpose=why) is False


@given(st.lists(RULES, min_size=1, max_size=3), MARKS, PEOPLE)
def test_what_is_denied_to_somebody_is_never_shown_to_all(rules: list[Provision], mark: Mark, who: Person) -> None:
    if said(*rules, mark=mark, who=who) is False:
        assert any(restricts(Consent("ada", rule), mark, "R", NOW) for rule in rules)


@given(MARKS)
def test_a_mark_reads_back_as_it_is_written(mark: Mark) -> None:
    assert mark_of(str(mark)) == mark
