"""What would another policy have done? The recorded past under two policies (journey 7, SCREENS "Alert policy")."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from delivery.ward import MORNING, PATIENT, changed, minutes, news2
from wardline.core.events import (
    Acknowledged,
    Admitted,
    Alerted,
    Discharged,
    Event,
    Found,
    Identifier,
    Merged,
    Quieted,
    Registered,
    Resolved,
    Transferred,
    Value,
)
from wardline.core.ports import Step
from wardline.delivery.notifications.contacts import read_contacts
from wardline.delivery.policy import default_policy, problems, read_policy
from wardline.delivery.simulation import Outcome, compare, over_budget, simulate
from wardline.delivery.simulation.results import share

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "policy"
TODAY = default_policy()
ITU = ("units: {}", 'units: {"Ward 7": {nurses: 4}, "ITU*": {intensive_care: true, nurses: 6}}')
WAIT = (
    "    refractory_minutes: 0\n    # FT-16",
    "    refractory_minutes: 0\n    second_reading: {after_minutes: 10, at_latest_minutes: 60}\n    # FT-16",
)


class Past:
    """A recorded stretch of the log, written as it happened."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._row = 0

    @property
    def steps(self) -> list[Step]:
        """In the order of time, as a log is."""
        return sorted(self._steps, key=lambda step: (step.recorded_at, step.seq))

    def at(self, count: float, *values: Value, about: str = PATIENT, actor: str = "") -> "Past":
        """One step, so many minutes after the morning."""
        self._row += 1
        at = MORNING + minutes(count)
        events = tuple(
            Event(value, about, at, at, actor=actor, encounter=f"visit of {about}", id=self._row * 4096 + place) for place, value in enumerate(values)
        )
        self._steps.append(Step(self._row, at, None, ((about, events),)))
        return self

    def admitted(self, *patients: str, unit: str = "Ward 7") -> "Past":
        for patient in patients:
            self.at(0, Admitted(f"visit of {patient}", unit, bed="1", patient_class="I"), about=patient)
        return self

    def scores(self, *values: tuple[float, int], patient: str = PATIENT) -> "Past":
        for count, value in values:
            self.at(count, news2(value), about=patient)
        return self


def test_nothing_recorded_gives_nothing_and_says_not_known() -> None:
    result = simulate([], TODAY)

    assert result.pages == ()
    assert result.pages_per_patient_day is result.pages_per_nurse_hour is result.sensitivity is result.median_lead_time is None


def test_pages_are_counted_against_patient_days() -> None:
    past = Past().admitted("a", "b").scores((10, 7), patient="a").scores((20, 5), patient="b")
    past.at(24 * 60, Discharged("visit of a", "01"), about="a").at(48 * 60, Discharged("visit of b", "01"), about="b")

    result = simulate(past.steps, TODAY)

    assert result.patient_days == pytest.approx(3.0)  # one day of a, two days of b
    assert (len(result.pages), result.patients) == (2, 2)
    assert result.pages_per_patient_day == pytest.approx(2 / 3)


def test_pages_are_counted_against_nurse_hours_where_the_nurses_are_known() -> None:
    past = (
        Past().admitted("a").admitted("b", unit="Ward 9").scores((10, 7), patient="a").scores((20, 7), patient="b").at(10 * 60, news2(2), about="a")
    )

    result = simulate(past.steps, changed(ITU))

    assert result.nurse_hours == pytest.approx(4 * 10)
    assert result.pages_per_nurse_hour == pytest.approx(1 / 40)  # the page of Ward 9 is not counted: its nurses are not known
    assert result.units_without_nurses == ("Ward 9",)
    assert simulate(past.steps, TODAY).pages_per_nurse_hour is None


def test_items_marks_and_quiet_reasons_are_counted_too() -> None:
    past = Past().admitted("a").at(5, Found("news2", "2017", "", "finding", value=3.0, severity=1), about="a")
    past.at(6, Found("kdigo_aki", "1", "", "finding", value=1, severity=1), about="a")
    past.at(7, Quieted("comfort_care", MORNING + timedelta(days=2)), about="a").at(8, news2(7), about="a")

    result = simulate(past.steps, TODAY)

    assert (result.worklist, result.chips, len(result.pages)) == (1, 1, 0)
    assert result.quiet == (("comfort_care", 1),)


def test_the_hour_of_day_is_the_sites_own() -> None:
    past = Past().admitted("a").scores((10, 7), patient="a")  # 08:10 UTC on 2 March

    assert simulate(past.steps, TODAY).hour_of_day[8] == 1
    assert simulate(past.steps, changed(("zone: UTC", "zone: Europe/Helsinki"))).hour_of_day[10] == 1


def test_a_death_and_a_transfer_to_intensive_care_are_outcomes_and_have_a_lead_time() -> None:
    past = Past().admitted("a", "b", "c").scores((60, 5), (180, 7), patient="a").scores((60, 7), patient="b")
    past.at(300, Transferred("visit of a", "ITU 1"), about="a").at(420, Discharged("visit of b", "20"), about="b")
    past.at(480, Transferred("visit of c", "ITU 1"), about="c").at(500, Transferred("visit of c", "ITU 2"), about="c")

    result = simulate(past.steps, changed(ITU))

    assert [(outcome.about, outcome.what) for outcome in result.outcomes] == [
        ("a", "intensive care"), ("b", "death in hospital"), ("c", "intensive care"),
    ]  # fmt: skip
    assert [lead for _, lead in result.lead_times] == [minutes(240), minutes(360)]  # from the first page of the last day
    assert result.median_lead_time == minutes(300)
    assert result.found == 2
    assert result.followed() == (3, 3)


def test_a_death_in_comfort_care_is_not_something_to_foresee() -> None:
    past = (
        Past().admitted("a").at(5, Quieted("comfort_care", MORNING + timedelta(days=2)), about="a").at(60, Discharged("visit of a", "20"), about="a")
    )

    assert simulate(past.steps, TODAY).outcomes == ()


def test_a_page_longer_ago_than_the_lookback_foresees_nothing() -> None:
    past = Past().admitted("a").scores((10, 7), (60, 2), (90, 2), patient="a").at(26 * 60, Discharged("visit of a", "20"), about="a")

    result = simulate(past.steps, TODAY)

    assert (result.found, len(result.outcomes), result.followed()) == (0, 1, (0, 1))


def test_the_outcome_can_be_another_question() -> None:
    def rapid_response(event: Event, timeline: object, unit_before: str) -> str:
        return "moved to theatre" if isinstance(event.value, Transferred) and event.value.unit == "Theatre" else ""

    past = Past().admitted("a").scores((10, 7), patient="a").at(60, Transferred("visit of a", "Theatre"), about="a")

    assert simulate(past.steps, TODAY, outcome=rapid_response).outcomes == (Outcome("a", MORNING + minutes(60), "moved to theatre"),)


def test_the_interval_is_wilsons() -> None:
    # 122 of 142, as the reference screen prints it: 86 %, interval 79 to 91 %.
    p, low, high = share(122, 142) or (0.0, 0.0, 0.0)

    assert (round(p, 2), round(low, 2), round(high, 2)) == (0.86, 0.79, 0.91)


def test_pages_are_answered_as_the_log_says_and_otherwise_after_the_usual_time_and_that_is_said() -> None:
    recorded = Alerted("r1", "news2", tier="page", severity=3, rule="news2-high@1")
    past = Past().admitted("a", "b").scores((10, 7), patient="a").at(10, recorded, about="a")
    past.at(30, Acknowledged("r1"), about="a", actor="Brandt").scores((40, 7), patient="b").at(300, news2(7), about="b")

    result = simulate(past.steps, TODAY)

    assert (result.answered_as_recorded, result.answered_as_assumed) == (1, 1)
    assert result.escalations == 1  # at 08:25 for a, who was answered at 08:30; b is assumed to be answered after 10 minutes
    assert "1 pages were answered when the log says so. 1 were assumed to be acknowledged 10 minutes after" in result.assumption


def test_a_recorded_page_that_nobody_ever_answered_is_assumed_to_be_answered_once_it_is_over() -> None:
    recorded = Alerted("r1", "news2", tier="page", severity=3, rule="news2-high@1")
    past = (
        Past().admitted("a").scores((10, 7), patient="a").at(10, recorded, about="a").at(60, Resolved("r1"), about="a").at(600, news2(7), about="a")
    )

    assert simulate(past.steps, TODAY).answered_as_assumed == 1


def test_the_other_policys_decisions_are_no_facts() -> None:
    past = Past().admitted("a").at(5, Alerted("r1", "news2", tier="page", severity=3, rule="news2-high@1"), about="a").at(60, news2(2), about="a")

    assert simulate(past.steps, TODAY).pages == ()


def test_joined_records_are_one_patient_in_the_replay_too() -> None:
    past = (
        Past()
        .admitted("a", "b")
        .scores((10, 7), patient="a")
        .scores((12, 7), patient="b")
        .at(20, Merged("b"), about="a")
        .scores((60, 8), patient="a")
    )

    assert len(simulate(past.steps, TODAY).pages) == 2


def test_a_second_reading_makes_one_page_later_and_others_gone() -> None:
    past = Past().admitted("a", "b").scores((126, 7), (146, 7), patient="a").scores((200, 7), (208, 6), patient="b")
    past.at(470, Transferred("visit of a", "ITU 1"), about="a")
    today, proposed = simulate(past.steps, changed(ITU)), simulate(past.steps, changed(ITU, WAIT))

    comparison = compare(today, proposed)

    later, gone = comparison.differences
    assert (later.kind, later.by, later.why) == ("later", minutes(20), "waiting for a second reading")
    assert later.outcome == Outcome("a", MORNING + minutes(470), "intensive care")
    assert (gone.kind, gone.page.about, gone.why) == ("gone", "b", "waiting for a second reading")
    assert comparison.lost == comparison.gained == ()
    assert comparison.reasons == (("later", "waiting for a second reading", 1), ("gone", "waiting for a second reading", 1))


def test_a_higher_limit_loses_pages_and_names_the_outcome_it_loses() -> None:
    past = Past().admitted("a").scores((10, 7), patient="a").at(60, Discharged("visit of a", "20"), about="a")
    proposed = changed(("    raise: {at_least: 7}\n    clear: {below: 6", "    raise: {at_least: 9}\n    clear: {below: 8"),
                       ("    raise: {at_least: 5}\n    clear: {below: 4", "    raise: {at_least: 8}\n    clear: {below: 7"))  # fmt: skip

    comparison = compare(simulate(past.steps, TODAY), simulate(past.steps, proposed))

    assert (comparison.count("gone"), comparison.differences[0].why) == (1, "on the worklist")
    assert comparison.lost == (Outcome("a", MORNING + minutes(60), "death in hospital"),)


def test_a_page_at_the_same_moment_that_is_less_urgent_is_neither_gone_nor_new() -> None:
    past = Past().admitted("a").scores((10, 7), patient="a")
    proposed = changed(("    raise: {at_least: 7}\n    clear: {below: 6", "    raise: {at_least: 8}\n    clear: {below: 7"))

    comparison = compare(simulate(past.steps, TODAY), simulate(past.steps, proposed))

    assert [(each.kind, each.why) for each in comparison.differences] == [("level", "medium instead of high")]
    assert len(comparison.proposed.pages) == len(comparison.today.pages)


def test_a_lower_limit_brings_new_and_earlier_pages() -> None:
    past = Past().admitted("a", "b").scores((10, 6), (30, 7), patient="a").scores((10, 4), patient="b")
    proposed = changed(("    raise: {at_least: 7}", "    raise: {at_least: 6}"), ("    raise: {at_least: 5}", "    raise: {at_least: 4}"))

    comparison = compare(simulate(past.steps, TODAY), simulate(past.steps, proposed))

    kinds = {(difference.page.about, difference.kind) for difference in comparison.differences}
    assert ("a", "earlier") in kinds
    assert ("b", "new") in kinds


def test_the_same_policy_differs_in_nothing() -> None:
    past = Past().admitted("a").scores((10, 7), (200, 2), (300, 2), (400, 8), patient="a")

    assert compare(simulate(past.steps, TODAY), simulate(past.steps, TODAY)).differences == ()


def test_the_replay_leaves_the_recorded_steps_as_they_were() -> None:
    past = Past().admitted("a").scores((10, 7), patient="a").at(15, Registered((Identifier("1"),), "Moss"), about="a")
    before = list(past.steps)

    simulate(past.steps, TODAY)

    assert past.steps == before


MODEL = """
  - {id: sepsis-model, capability: sepsis_model, raise: {at_least: 0.8}, clear: {below: 0.6}, severity: high, tier: page, driven_by: model,
     tell: [nurse], owner_role: nurse, action: Look for sepsis, stale_after_minutes: 60}
overdue:
"""


def model_past(patients: Sequence[str], days: int) -> Past:
    past = Past().admitted(*patients)
    for patient in patients:
        past.at(10, Found("sepsis_model", "1", "", "finding", value=0.9, severity=3), about=patient)
    return past.at(days * 24 * 60, Discharged(f"visit of {patients[0]}", "20"), about=patients[0])


def test_al2_a_model_that_pages_too_often_or_for_nothing_cannot_be_activated() -> None:
    # Rehearsed with a wide budget, judged by the real one: ten pages in ten patient-days, none followed within a day.
    wide = changed(("\noverdue:\n", MODEL), ("patient_days_per_page: 35", "patient_days_per_page: 0"))
    strict = changed(("\noverdue:\n", MODEL))
    result = simulate(model_past([f"p{number}" for number in range(10)], 1).steps, wide)

    objections = over_budget(result, strict)

    assert len(result.pages) == 10
    assert ["10 pages in 10 patient-days is more than one in 35" in each.sentence for each in objections] == [True, False]
    assert "followed by an event" in objections[1].sentence


def test_al2_within_the_budget_nothing_speaks_against_it() -> None:
    policy = changed(("\noverdue:\n", MODEL))
    past = Past().admitted(*(f"p{number}" for number in range(40)))
    past.at(10, Found("sepsis_model", "1", "", "finding", value=0.9, severity=3), about="p0").at(24 * 60, Discharged("visit of p0", "20"), about="p0")

    result = simulate(past.steps, policy)

    assert result.followed("sepsis_model") == (1, 1)
    assert over_budget(result, policy) == ()


@pytest.mark.parametrize("example", [path for path in EXAMPLES.glob("*.yaml") if path.name != "contacts.yaml"], ids=lambda path: path.name)
def test_the_example_policies_are_sound_and_their_contacts_known(example: Path) -> None:
    policy = read_policy(example.read_text(encoding="utf-8"), example.name)
    contacts = read_contacts((EXAMPLES / "contacts.yaml").read_text(encoding="utf-8"))

    assert problems(policy) == ()
    assert all(contacts.of(role.contact) for role in policy.roles)


def test_time_zones_of_the_night_do_not_matter_to_durations() -> None:
    past = Past().admitted("a").scores((10, 7), patient="a")
    shifted = [step._replace(recorded_at=step.recorded_at.astimezone(UTC)) for step in past.steps]

    assert simulate(shifted, TODAY).pages[0].at == datetime(2026, 3, 2, 8, 10, tzinfo=UTC)
