"""What goes wrong on the way goes wrong as often as the settings say, and not at all when they say so."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from simulator.listening import LIVE_AT, read_back, trigger
from wardline.core.events import UNMAPPED
from wardline.formats.hl7v2.message import parse
from wardline.formats.hl7v2.times import moment
from wardline.simulator.hospital import Hospital
from wardline.simulator.post import Sent
from wardline.simulator.settings import NO_ARTEFACTS, NO_FAULTS, Artefacts, Faults, Settings


def a_day_with(faults: Faults = NO_FAULTS, artefacts: Artefacts = NO_ARTEFACTS, *, hours: float = 18) -> list[Sent]:
    hospital = Hospital(21, live_at=LIVE_AT, settings=Settings(faults=faults, artefacts=artefacts, stories=False))
    return list(hospital.messages(LIVE_AT - timedelta(hours=hours), LIVE_AT))


def of(feed: str, messages: list[Sent]) -> list[Sent]:
    return [each for each in messages if each.feed == feed]


def observed_at(raw: bytes) -> datetime:
    """OBR-7 of a result, EVN-6 of a movement."""
    message = parse(raw)
    obr, evn = message.first("OBR"), message.first("EVN")
    field = obr.text(7) if obr is not None else evn.text(6) if evn is not None else ""
    found = moment(field, UTC)
    assert found is not None
    return found.at


def test_without_faults_no_message_is_sent_twice_and_none_late(a_flawless_day: list[Sent]) -> None:
    assert len({each.raw for each in a_flawless_day}) == len(a_flawless_day)
    charted = [each for each in of("CHARTING", a_flawless_day) if trigger(each.raw) == "ORU^R01"]
    assert max(each.send_at - observed_at(each.raw) for each in charted) < timedelta(minutes=2)


def test_duplicates_are_exact_and_as_frequent_as_asked_for() -> None:
    day = a_day_with(replace(NO_FAULTS, duplicate=0.1))
    repeats = [number for number in Counter(each.raw for each in day).values() if number > 1]
    assert set(repeats) == {2}
    assert 0.09 < len(repeats) / (len(day) - len(repeats)) < 0.11


def test_malformed_messages_are_refused_by_the_reader_each_for_its_own_reason() -> None:
    day = a_day_with(replace(NO_FAULTS, malformed=0.25))
    exposed = [each for each in read_back(day) if each.sent.feed in ("CHARTING", "LAB", "DOCUMENTS")]
    problems = Counter(each.received.problem.code for each in exposed if each.received.problem is not None)
    assert 0.2 < sum(problems.values()) / len(exposed) < 0.3
    assert set(problems) == {"segment-missing", "field-missing", "charset-wrong", "header-missing"}


def test_late_charting_arrives_hours_after_the_round() -> None:
    charted = of("CHARTING", a_day_with(replace(NO_FAULTS, late=0.2)))
    late = [each for each in charted if each.send_at - observed_at(each.raw) > timedelta(minutes=50)]
    assert 0.08 < len(late) / len(charted) < 0.25
    assert max(each.send_at - observed_at(each.raw) for each in late) < timedelta(hours=5, minutes=5)


def test_a_late_transfer_is_overtaken_by_observations_from_the_new_place() -> None:
    moved = [each for each in of("ADT", a_day_with(replace(NO_FAULTS, overtaken=1.0))) if trigger(each.raw) in ("ADT^A02", "ADT^A04")]
    announced = [each for each in moved if each.send_at - observed_at(each.raw) > timedelta(minutes=3)]
    assert len(announced) > 5


def test_corrections_deletions_and_mix_ups_are_rare_but_there() -> None:
    day = a_day_with(replace(NO_FAULTS, corrected=0.2, deleted=0.2, wrong_patient=0.2))
    statuses = Counter(statement.value.status for each in read_back(of("LAB", day)) for statement in each.measured)  # type: ignore[union-attr]
    assert min(statuses["C"], statuses["D"], statuses["W"]) >= 10


def test_a_result_on_the_wrong_chart_is_taken_back_there_and_reported_where_it_belongs() -> None:
    read = read_back(of("LAB", a_day_with(replace(NO_FAULTS, wrong_patient=0.3))))
    taken_back = [each for each in read if any(statement.value.status == "W" for statement in each.measured)]  # type: ignore[union-attr]
    assert taken_back
    for each in taken_back:
        drawn_at = each.measured[0].occurred_at
        values = {(s.value.concept, s.value.received) for s in each.measured}  # type: ignore[union-attr]
        right = [
            other for other in read
            if other.measured and other.received.patient != each.received.patient and other.measured[0].occurred_at == drawn_at
            and {(s.value.concept, s.value.received) for s in other.measured} == values  # type: ignore[union-attr]
        ]  # fmt: skip
        assert right or each is taken_back[-1]


def test_local_codes_are_unmapped_as_often_as_asked_for() -> None:
    read = read_back(of("LAB", a_day_with(replace(NO_FAULTS, local_code=0.5))))
    unmapped = [each for each in read if any(UNMAPPED in statement.value.flags for statement in each.measured)]  # type: ignore[union-attr]
    finals = [each for each in read if b"OBR|1|ORD" in each.sent.raw and b"|||F" in each.sent.raw]
    assert 0.35 < len(unmapped) / len(finals) < 0.6


def test_artefacts_happen_as_often_as_asked_for() -> None:
    artefacts = Artefacts(missing_input=0.2, loose_probe=0.1, implausible=0.1, fahrenheit=0.2, wrong_entry=0.1, late_round=0)
    read = read_back(of("CHARTING", a_day_with(artefacts=artefacts)))
    rounds = [each for each in read if any(statement.value.concept == "consciousness" for statement in each.measured)]  # type: ignore[union-attr]
    values = [statement.value for each in rounds for statement in each.measured]
    implausible = sum("implausible" in value.flags for value in values)  # type: ignore[union-attr]
    fahrenheit = sum("degF" in value.received for value in values)  # type: ignore[union-attr]
    corrected = sum(statement.value.status == "C" for each in read for statement in each.measured)  # type: ignore[union-attr]
    assert 0.05 < implausible / len(rounds) < 0.15
    assert 0.1 < fahrenheit / len(rounds) < 0.25
    assert 0.03 < corrected / len(rounds) < 0.15


def test_the_laboratory_falls_silent_for_a_while_and_then_says_what_it_held_back() -> None:
    hospital = Hospital(7, live_at=LIVE_AT)
    laboratory = of("LAB", list(hospital.messages(LIVE_AT, LIVE_AT + timedelta(hours=6))))
    sent = [each.send_at for each in laboratory]
    longest, ends = max((after - before, after) for before, after in pairwise(sent))
    assert timedelta(minutes=75) < longest < timedelta(minutes=130)
    assert ends > LIVE_AT + timedelta(hours=3)
    burst = [each for each in laboratory if each.send_at == ends]
    assert len(burst) > 3
    # MSH-7 says when a message was made, in the order in which it was.
    made = [parse(each.raw).header.text(7) for each in burst]
    assert made == sorted(made)
    assert made[0] < made[-1]
