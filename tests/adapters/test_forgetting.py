"""Forgetting: whoever is erased is gone from the log, the keys, memory and every older copy, and nobody else is touched."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from support.clocks import MORNING
from support.fixtures import OpenHospital
from support.hospital import NEWS2, Hospital, Kit
from support.messages import ADA, BEN, ILL, WELL, Obx, Patient, adt, oru, vitals
from wardline.adapters.embedded.erasures import ErasureRegister
from wardline.adapters.embedded.forgetting import Forgetting, check_caught_up
from wardline.adapters.embedded.log import SqliteLog
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.core.errors import Conflict, Erased, Fault
from wardline.core.events import Erased as ErasedEvent
from wardline.core.ports import Outgoing, Step
from wardline.core.statements import Statement
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.delivery.worklists.incidents import Incidents
from wardline.engine.loop import Command

CANARY = Patient("7700431", "Quokkavale", "Zephyrine", "19610807", "F")
KIT = Kit(capabilities=(NEWS2,), reactions=lambda: (AlertPolicy(key=b"alerts"), Incidents()))
LATER = MORNING + timedelta(hours=1)


def register_of(hospital: Hospital) -> ErasureRegister:
    return ErasureRegister(hospital.path.parent / "erasures.jsonl", hospital.folder.register_key)


def erase(hospital: Hospital, *patients: Patient, request: str = "E1") -> int:
    """As the erasure itself does it: inside the engine's turn, with the event that everybody hears."""
    forgetting = Forgetting(hospital.log, register_of(hospital))
    records = tuple(record for patient in patients for record in hospital.engine.house.links.records(hospital.key(patient)))
    named = [(patient.number,) for patient in patients] + [(patient.family, patient.given) for patient in patients]
    keys = forgetting.erase(request, records, named, at=hospital.engine.house.now)
    future = _Answered()
    statement = Statement(ErasedEvent(request, records, keys), "privacy/erasures", hospital.engine.house.now)
    hospital.engine._commands.append(Command(lambda house, now: [statement], "officer", future))  # type: ignore[arg-type]
    hospital.turn()
    assert hospital.seal.wipe()
    return keys


class _Answered:
    """What a command is answered with, where no event loop runs."""

    def done(self) -> bool:
        return True


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.fixture
def filled(open_hospital: Callable[..., Hospital]) -> Hospital:
    hospital = open_hospital(kit=KIT)
    hospital.send(
        adt("A01", CANARY, at=MORNING, visit="V1", bed="12"),
        adt("A01", BEN, at=MORNING, visit="V2", bed="4"),
        vitals(CANARY, ILL, at=MORNING),
        vitals(BEN, ILL, at=MORNING),
        oru(CANARY, Obx("ZZ9^Made up^L", "Quokkavale says", kind="ST"), at=MORNING),
        adt("A03", CANARY, at=MORNING, visit="V1"),
    )
    return hospital


def test_an_erased_patient_is_gone_and_the_others_are_as_before(filled: Hospital) -> None:
    before = filled.timeline(BEN).answers

    assert erase(filled, CANARY) >= 1

    house = filled.engine.house
    assert house.directory.get(filled.key(CANARY)) is None
    assert filled.timeline(CANARY).person is None
    assert not filled.timeline(CANARY).observations.ids()
    assert filled.timeline(BEN).answers == before
    assert b"Quokkavale" not in house.dump()
    assert filled.key(CANARY).encode() not in house.dump()


def test_erased_is_not_damaged(filled: Hospital) -> None:
    """What was erased does not open, and the health of the log has nothing to say about it."""
    erase(filled, CANARY)

    assert list(filled.log.events_of([filled.key(CANARY)])) == []
    assert [message.raw for *_, message in filled.log.messages()]
    with pytest.raises(Erased):
        filled.log.raw(1)
    assert filled.log.raw(2)
    assert len(list(filled.log.steps())) >= 6
    assert filled.log.health().damaged == ()


def test_a_rebuild_after_an_erasure_ends_where_the_house_is(filled: Hospital) -> None:
    """FT-26: folded from nothing, what remains is the same as what was left when somebody was taken out."""
    erase(filled, CANARY)
    live = filled.digest()

    filled.engine.house.forget()
    filled.engine.house.replay(filled.log.steps())

    assert filled.digest() == live


def test_a_restart_after_an_erasure_finds_everybody_else(filled: Hospital, open_hospital: Callable[..., Hospital]) -> None:
    erase(filled, CANARY)
    filled.close()

    again = open_hospital(kit=KIT)

    assert again.engine.house.directory.get(again.key(CANARY)) is None
    assert again.timeline(BEN).person is not None
    assert again.log.health().damaged == ()


def test_no_file_holds_the_destroyed_key(filled: Hospital) -> None:
    """The wrapped key is gone from the key file's pages and from its write-ahead log."""
    (wrapped,) = filled.seal._connection.execute("SELECT wrapped FROM keys WHERE owners = ?", (filled.key(CANARY),)).fetchone()
    assert wrapped[:16] in bytes_of(filled.path)

    erase(filled, CANARY)

    assert wrapped[:16] not in bytes_of(filled.path)


def test_folded_state_of_before_opens_nowhere_any_more(filled: Hospital) -> None:
    """A snapshot speaks of everybody, and closed files and backups hold old ones: its key goes with every erasure."""
    filled.engine.keep_snapshot()
    ((seq, key, state),) = filled.log.ask("SELECT seq, key, state FROM snapshots")
    assert filled.log.vault.snapshot("house", seq, key, state)

    erase(filled, CANARY)

    assert filled.log.vault.snapshot("house", seq, key, state) is None
    assert list(filled.log.ask("SELECT seq FROM snapshots")) == []
    assert filled.log.health().damaged == ()


def test_a_message_nobody_could_read_goes_with_the_patient_it_names(filled: Hospital) -> None:
    unreadable = b"MSH|^~\\&|LAB|HOSP|||20260302080500||ORU^R01|X1|P|2.5\rNTE|1||Quokkavale, Zephyrine 7700431\r"
    about_nobody = b"MSH|^~\\&|LAB|HOSP|||20260302080500||ORU^R01|X2|P|2.5\rNTE|1||77004310\r"
    filled.send(unreadable, about_nobody)
    first, second = sorted(seq for seq, _, _ in filled.log.quarantined())

    erase(filled, CANARY)

    with pytest.raises(Erased):
        filled.log.raw(first)
    assert filled.log.raw(second) == about_nobody
    assert [seq for seq, _, _ in filled.log.quarantined()] == [second]


def test_the_same_number_after_an_erasure_is_somebody_new(filled: Hospital) -> None:
    erase(filled, CANARY)

    filled.send(adt("A01", CANARY, at=LATER, visit="V9", bed="3"), vitals(CANARY, WELL, at=LATER))

    timeline = filled.timeline(CANARY)
    assert timeline.place.bed == "3"
    assert min(event.recorded_at for event in filled.log.events_of([filled.key(CANARY)])) >= MORNING
    assert {event.occurred_at for event in timeline.movements} == {LATER}


def test_yesterday_s_keys_do_not_bring_anybody_back(filled: Hospital, open_hospital: Callable[..., Hospital], tmp_path: Path) -> None:
    """SEC-16, FT-10: data and keys as they were before the erasure, and the register as it is."""
    filled.seal.commit()
    yesterday = shutil.copytree(filled.path, tmp_path / "yesterday", ignore=shutil.ignore_patterns("*-shm", "lock"))
    erase(filled, CANARY)
    register = register_of(filled)
    filled.close()

    restored = open_hospital(yesterday.name, kit=KIT)
    assert restored.timeline(CANARY).person is not None, "without the register it would have come back"
    with pytest.raises(Conflict, match="older than the register"):
        check_caught_up(register, restored.seal)
    assert Forgetting(restored.log, register).catch_up() == 1

    restored.engine.recover()
    assert restored.timeline(CANARY).person is None
    assert restored.timeline(BEN).person is not None
    check_caught_up(register, restored.seal)
    assert Forgetting(restored.log, register).catch_up() == 0


def test_an_erasure_that_was_interrupted_is_finished_at_the_next_start(filled: Hospital, open_hospital: OpenHospital) -> None:
    """The register is written first: from there on there is no way back, wherever the machine stopped."""
    register_of(filled).add("E1", MORNING, (filled.key(CANARY),))
    filled.close()

    again = open_hospital(kit=KIT)

    assert Forgetting(again.log, register_of(again)).catch_up() == 1
    again.engine.recover()
    assert again.timeline(CANARY).person is None
    assert again.timeline(BEN).person is not None


def test_what_was_left_when_only_the_keys_were_gone_is_cleared_at_the_next_start(tmp_path: Path) -> None:
    seal = SqliteSeal(tmp_path / "keys.db", bytes(range(32)))
    log = SqliteLog(tmp_path / "log", seal)
    log.append(Step(log.next_seq(), MORNING, None, (), (Outgoing("1", "post", b"about ada", "ada"),)))
    log.keep("ada", b"Ada Moss")
    log.commit()
    forgetting = Forgetting(log, ErasureRegister(tmp_path / "register", b"k"))
    forgetting.erase("E1", ("ada",), (), at=MORNING)
    log.rollback()  # as if the machine had stopped here
    assert [entry for _, entry in log.kept()] == [None]

    assert forgetting.catch_up() == 0
    assert list(log.kept()) == []
    assert log.waiting("post") == []
    log.close()
    seal.close()


def test_keys_that_have_forgotten_somebody_do_not_open_without_their_register(filled: Hospital) -> None:
    erase(filled, CANARY)
    register_of(filled).path.unlink()

    with pytest.raises(Fault, match="register of erasures"):
        Forgetting(filled.log, register_of(filled)).catch_up()


def test_a_number_of_a_destroyed_key_is_never_given_again(tmp_path: Path) -> None:
    seal = SqliteSeal(tmp_path / "keys.db", bytes(range(32)))
    seal.key_for(("ada",))
    last = seal.key_for(("ben",))
    seal.destroy(("ben",), "E1")
    seal.close()

    again = SqliteSeal(tmp_path / "keys.db", bytes(range(32)))
    assert again.key_for(("ben",)) > last
    with pytest.raises(Erased):
        again.open(last, bytes(40), b"x")
    again.close()


def test_what_waits_to_leave_the_house_about_an_erased_patient_never_leaves(tmp_path: Path) -> None:
    seal = SqliteSeal(tmp_path / "keys.db", bytes(range(32)))
    log = SqliteLog(tmp_path / "log", seal)
    log.append(Step(log.next_seq(), MORNING, None, (), (Outgoing("1", "post", b"about ada", "ada"), Outgoing("2", "post", b"about ben", "ben"))))
    log.commit()

    Forgetting(log, ErasureRegister(tmp_path / "register", b"k")).erase("E1", ("ada",), (), at=MORNING)
    log.commit()

    assert [item.payload for _, item in log.waiting("post")] == [b"about ben"]
    log.close()
    seal.close()


def test_the_register_notices_every_line_that_was_changed_taken_out_or_moved(tmp_path: Path) -> None:
    register = ErasureRegister(tmp_path / "register", b"key")
    for number in range(3):
        register.add(f"E{number}", MORNING, (f"record{number}",))
    lines = register.path.read_bytes().splitlines(keepends=True)
    assert [entry.owners for entry in register.entries()] == [("record0",), ("record1",), ("record2",)]

    for changed in (lines[1:], [lines[0], lines[2]], [lines[1], lines[0], lines[2]], [lines[0].replace(b"record0", b"record9"), *lines[1:]]):
        register.path.write_bytes(b"".join(changed))
        with pytest.raises(Fault, match="not as it was written"):
            register.entries()


def test_a_line_that_was_never_finished_counts_for_nothing(tmp_path: Path) -> None:
    register = ErasureRegister(tmp_path / "register", b"key")
    register.add("E1", MORNING, ("ada",))
    with register.path.open("ab") as stream:
        stream.write(b'{"erasure": "E2", "at')

    assert [entry.erasure for entry in register.entries()] == ["E1"]
    register.add("E3", MORNING, ("ben",))
    assert [entry.erasure for entry in register.entries()] == ["E1", "E3"]


def test_ada_is_not_erased_with_a_patient_whose_number_begins_like_hers(filled: Hospital) -> None:
    """Words are compared whole."""
    filled.send(adt("A01", ADA, at=MORNING, visit="V3", bed="9"))
    erase(filled, Patient("100", "Mo", "A"))
    assert filled.timeline(ADA).person is not None
