"""Signing keys: rotated without signing anybody out, destroyed when they sign no more, useless without the folder's secret."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from security.virtual import KEY, OTHER_KEY, START, Desk
from wardline.adapters.embedded.signing_keys import SqliteSigningKeys
from wardline.core.errors import Fault
from wardline.security.keys import ED25519, KEPT, RS256, KeyRing

CLAIMS = {"sub": "a1", "exp": int(START.timestamp()) + 600}


@pytest.mark.parametrize("algorithm", [ED25519, RS256])
def test_what_was_signed_before_a_rotation_is_good_until_it_ends(desk: Desk, algorithm: str) -> None:
    before = desk.keys.signed(CLAIMS, kind="JWT", algorithm=algorithm)

    desk.keys.rotate()

    after = desk.keys.signed(CLAIMS, kind="JWT", algorithm=algorithm)
    assert desk.keys.claims(before, kind="JWT", algorithm=algorithm) == desk.keys.claims(after, kind="JWT", algorithm=algorithm) == CLAIMS
    desk.later(seconds=KEPT.total_seconds())
    assert desk.keys.claims(before, kind="JWT", algorithm=algorithm) is None
    assert desk.keys.claims(after, kind="JWT", algorithm=algorithm) == CLAIMS


def test_no_token_lives_longer_than_a_retired_key_is_kept() -> None:
    from wardline.security.sessions import ACCESS
    from wardline.security.smart.tokens import ACCESS as APPS

    assert max(ACCESS, APPS) <= KEPT


def test_the_private_half_of_a_retired_key_is_destroyed(desk: Desk) -> None:
    desk.keys.signed(CLAIMS, kind="JWT")
    desk.keys.rotate()

    retired = [key for key in desk.shelf.stored() if key.retired_at is not None]
    assert len(retired) == 1
    assert "d" not in retired[0].jwk
    assert sorted(key["kid"] for key in desk.keys.public() if key["alg"] == ED25519) == sorted(
        key.id for key in desk.shelf.stored() if key.algorithm == ED25519
    )
    desk.later(seconds=KEPT.total_seconds())
    desk.keys.rotate()
    assert retired[0].id not in {key.id for key in desk.shelf.stored()}


def test_another_process_rotates_and_it_is_noticed(desk: Desk, tmp_path: Path) -> None:
    before = desk.keys.signed(CLAIMS, kind="JWT")
    shelf = SqliteSigningKeys(tmp_path / "signing.db", {1: KEY})
    other = KeyRing(shelf, lambda: desk.at)
    other.rotate()
    theirs = other.signed(CLAIMS, kind="JWT")

    assert desk.keys.claims(theirs, kind="JWT") == desk.keys.claims(before, kind="JWT") == CLAIMS
    assert desk.keys.signed(CLAIMS, kind="JWT").split(".")[0] == theirs.split(".")[0]
    shelf.close()


def test_a_token_of_one_kind_is_never_taken_for_another(desk: Desk) -> None:
    """ASVS 9.2.2."""
    token = desk.keys.signed(CLAIMS, kind="JWT")

    assert desk.keys.claims(token, kind="at+jwt") is None
    assert desk.keys.claims(token, kind="JWT", algorithm=RS256) is None


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(max_size=200), st.binary(max_size=100).map(lambda raw: raw.decode("latin-1"))))
def test_no_text_is_a_token(lasting_desk: Desk, text: str) -> None:
    assert lasting_desk.keys.claims(text, kind="JWT") is None


def test_with_another_folders_secret_nothing_starts(tmp_path: Path) -> None:
    shelf = SqliteSigningKeys(tmp_path / "signing.db", {1: KEY})
    KeyRing(shelf, lambda: START).signed(CLAIMS, kind="JWT")
    shelf.close()

    with pytest.raises(Fault, match="does not open with the token secret"):
        SqliteSigningKeys(tmp_path / "signing.db", {1: OTHER_KEY})


def test_nothing_private_is_on_the_disk_in_the_clear(desk: Desk, tmp_path: Path) -> None:
    for algorithm in (ED25519, RS256):
        desk.keys.signed(CLAIMS, kind="JWT", algorithm=algorithm)
    on_disk = b"".join(file.read_bytes() for file in tmp_path.glob("signing.db*"))

    for key in desk.shelf.stored():
        assert key.jwk["d"].encode() not in on_disk


def test_a_sealed_key_that_was_moved_does_not_open(tmp_path: Path) -> None:
    shelf = SqliteSigningKeys(tmp_path / "signing.db", {1: KEY})
    ring = KeyRing(shelf, lambda: START)
    ring.signed(CLAIMS, kind="JWT")
    shelf._connection.execute("UPDATE keys SET id = 'another'")

    with pytest.raises(Fault):
        shelf.stored()
    shelf.close()


def test_a_backup_of_before_a_renewal_starts_with_new_keys(tmp_path: Path) -> None:
    shelf = SqliteSigningKeys(tmp_path / "signing.db", {1: KEY})
    KeyRing(shelf, lambda: START).signed(CLAIMS, kind="JWT")
    shelf.close()

    restored = SqliteSigningKeys(tmp_path / "signing.db", {2: OTHER_KEY})
    assert restored.stored() == []
    assert KeyRing(restored, lambda: START).signed(CLAIMS, kind="JWT")
    restored.close()


def test_a_renewed_secret_seals_everything_anew(tmp_path: Path) -> None:
    shelf = SqliteSigningKeys(tmp_path / "signing.db", {1: KEY})
    token = KeyRing(shelf, lambda: START).signed(CLAIMS, kind="JWT")
    shelf.adopt({1: KEY, 2: OTHER_KEY})
    shelf.close()

    again = SqliteSigningKeys(tmp_path / "signing.db", {2: OTHER_KEY})
    assert KeyRing(again, lambda: START + timedelta(minutes=1)).claims(token, kind="JWT") == CLAIMS
    again.close()
