"""Keys of patients: one each, wrapped by the house's; without the key nothing can be read."""

import sqlite3
from pathlib import Path

import pytest

from wardline.adapters.embedded import sealing
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.core.errors import Fault, StorageFull

MASTER = bytes(range(32))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.db"


def test_destroying_a_patient_s_key_makes_everything_shared_with_them_unreadable(path: Path) -> None:
    seal = SqliteSeal(path, MASTER)
    alone, shared = seal.key_for(("ada",)), seal.key_for(("ada", "ben"))
    of_ben = seal.key_for(("ben",))
    sealed = {key: seal.seal(key, b"secret", b"x") for key in (alone, shared, of_ben)}
    seal.commit()
    seal.close()
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM keys WHERE owners = 'ada'")
    connection.close()
    again = SqliteSeal(path, MASTER)
    for key in (alone, shared):
        with pytest.raises(Fault, match="does not exist any more"):
            again.open(key, sealed[key], b"x")
    assert again.open(of_ben, sealed[of_ben], b"x") == b"secret"
    again.close()


def test_asking_for_an_erased_patient_s_shared_key_does_not_make_a_new_one(path: Path) -> None:
    seal = SqliteSeal(path, MASTER)
    shared = seal.key_for(("ada", "ben"))
    sealed = seal.seal(shared, b"secret", b"x")
    seal.commit()
    seal.close()
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM keys WHERE owners = 'ben'")
    connection.commit()
    connection.close()
    again = SqliteSeal(path, MASTER)
    with pytest.raises(Fault):
        again.open(shared, sealed, b"x")
    again.commit()
    assert again._connection.execute("SELECT count(*) FROM keys").fetchone() == (2,)
    again.close()


def test_keys_that_were_not_committed_are_forgotten(path: Path) -> None:
    seal = SqliteSeal(path, MASTER)
    first = seal.key_for(("ada",))
    seal.rollback()
    assert seal._connection.execute("SELECT count(*) FROM keys").fetchone() == (0,)
    seal.key_for(("ben",))
    seal.commit()
    with pytest.raises(Fault):
        seal.open(first + 1000, b"0" * 40, b"x")
    seal.close()


def test_keys_not_yet_committed_stay_usable_however_many_others_are_used(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_CIPHERS_KEPT", 3)
    seal = SqliteSeal(path, MASTER)
    for number in range(10):
        seal.key_for((f"known{number}",))
    seal.commit()
    seal._ciphers.clear()
    fresh = seal.key_for(("ada",))
    sealed = seal.seal(fresh, b"secret", b"x")
    for number in range(10):
        seal.seal(seal.key_for((f"known{number}",)), b"other", b"x")
    assert seal.open(fresh, sealed, b"x") == b"secret"
    seal.close()


def test_another_house_s_master_key_is_refused_at_once(path: Path) -> None:
    seal = SqliteSeal(path, MASTER)
    seal.key_for(("ada",))
    seal.commit()
    seal.close()
    with pytest.raises(Fault, match="master key"):
        SqliteSeal(path, bytes(32))


def test_a_key_put_in_another_s_place_does_not_open(path: Path) -> None:
    seal = SqliteSeal(path, MASTER)
    keys = [seal.key_for((owner,)) for owner in ("house", "ada", "ben")]
    sealed = seal.seal(keys[1], b"secret", b"x")
    seal.commit()
    seal.close()
    connection = sqlite3.connect(path)
    (of_ben,) = connection.execute("SELECT wrapped FROM keys WHERE owners = 'ben'").fetchone()
    connection.execute("UPDATE keys SET wrapped = ? WHERE owners = 'ada'", (of_ben,))
    connection.commit()
    connection.close()
    again = SqliteSeal(path, MASTER)
    with pytest.raises(Fault):
        again.open(keys[1], sealed, b"x")
    again.close()


def test_no_nonce_is_used_twice(path: Path) -> None:
    seal = SqliteSeal(path, MASTER)
    key = seal.key_for(("ada",))
    nonces = [seal.seal(key, b"", b"x")[:12] for _ in range(10_000)]
    assert len(set(nonces)) == len(nonces)
    seal.close()


def test_a_full_disk_under_the_keys_is_said_to_be_full(path: Path) -> None:
    seal = SqliteSeal(path, MASTER)
    (pages,) = seal._connection.execute("PRAGMA page_count").fetchone()
    seal._connection.execute(f"PRAGMA max_page_count = {pages}")
    for number in range(100):
        seal.key_for((f"{number}",))
    with pytest.raises(StorageFull):
        seal.commit()
    seal.rollback()
    seal._connection.execute("PRAGMA max_page_count = 1000000")
    seal.key_for(("ada",))
    seal.commit()
    seal.close()


def test_the_key_file_is_for_its_owner_alone(path: Path) -> None:
    SqliteSeal(path, MASTER).close()
    assert path.stat().st_mode & 0o777 == 0o600


# --- a new master key ---

NEXT = bytes(range(32, 64))


def _filled(path: Path, patients: int) -> tuple[SqliteSeal, dict[int, bytes]]:
    seal = SqliteSeal(path, MASTER)
    owners = [(f"p{number}",) for number in range(patients)] + [("p0", "p1")]
    sealed = {seal.key_for(each): b"" for each in owners}
    sealed = {key: seal.seal(key, b"said", b"x") for key in sealed}
    seal.commit()
    return seal, sealed


def test_after_a_renewal_the_former_master_key_opens_nothing(path: Path) -> None:
    seal, sealed = _filled(path, 7)
    seal.adopt(NEXT)
    after: int | None = 0
    while after is not None:
        after = seal.rewrap(after, limit=3)
    assert all(seal.open(key, each, b"x") == b"said" for key, each in sealed.items())
    seal.close()
    with pytest.raises(Fault, match="does not open the key file"):
        SqliteSeal(path, MASTER)
    again = SqliteSeal(path, NEXT)
    assert all(again.open(key, each, b"x") == b"said" for key, each in sealed.items())
    again.close()


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_renewal_that_was_interrupted_is_finished_with_both_keys(path: Path, steps: int) -> None:
    seal, sealed = _filled(path, 7)
    seal.adopt(NEXT)
    after: int | None = 0
    for _ in range(steps):
        after = seal.rewrap(after or 0, limit=3)
    seal.close()
    again = SqliteSeal(path, NEXT, MASTER)
    assert all(again.open(key, each, b"x") == b"said" for key, each in sealed.items())
    again.close()


def test_patients_who_come_during_a_renewal_are_kept_by_the_new_key(path: Path) -> None:
    seal, _ = _filled(path, 4)
    early = seal.key_for(("early",))  # not durable yet when the renewal begins
    seal.adopt(NEXT)
    seal.rewrap(0, limit=2)
    late = seal.key_for(("late",))
    sealed = {key: seal.seal(key, b"said", b"x") for key in (early, late)}
    seal.commit()
    after: int | None = 0
    while after is not None:
        after = seal.rewrap(after)
    seal.close()
    again = SqliteSeal(path, NEXT)
    assert all(again.open(key, each, b"x") == b"said" for key, each in sealed.items())
    again.close()


def test_former_wrappings_are_in_no_file_after_a_renewal(path: Path) -> None:
    seal, _ = _filled(path, 3)
    former = [bytes(row[0]) for row in seal._connection.execute("SELECT wrapped FROM keys")]
    seal.adopt(NEXT)
    after: int | None = 0
    while after is not None:
        after = seal.rewrap(after)
    files = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert not any(each in files for each in former)
    seal.close()


def test_a_renewal_is_not_over_while_somebody_reads_the_former_wrappings(path: Path) -> None:
    seal, _ = _filled(path, 3)
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM keys").fetchone()
    seal.adopt(NEXT)
    last = seal.rewrap(0)
    assert last is not None
    assert seal.rewrap(last) == last
    reader.close()
    assert seal.rewrap(last) is None
    seal.close()
