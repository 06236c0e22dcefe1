"""What every seal must keep to: what is sealed opens only with its key and in its place, and keys last."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.core.errors import Fault
from wardline.core.ports import Seal

MASTER = bytes(range(32))


class Adapter(NamedTuple):
    """`open` the keys in a folder; `close` them."""

    open: Callable[[Path], Seal]
    close: Callable[[Seal], None]


ADAPTERS = {"sqlite": Adapter(lambda folder: SqliteSeal(folder / "keys.db", MASTER), lambda seal: seal.close())}  # type: ignore[attr-defined]


@pytest.fixture(params=sorted(ADAPTERS), scope="module")
def adapter(request: pytest.FixtureRequest) -> Adapter:
    return ADAPTERS[request.param]


@pytest.fixture(scope="module")
def seal(adapter: Adapter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seal]:
    opened = adapter.open(tmp_path_factory.mktemp("seal"))
    yield opened
    adapter.close(opened)


OWNERS = st.lists(st.sampled_from(["ada", "ben", "cora", ""]), min_size=1, max_size=3, unique=True).map(lambda owners: tuple(sorted(owners)))


@given(OWNERS, st.binary(max_size=500), st.binary(max_size=40))
def test_what_is_sealed_opens_with_its_key_in_its_place(seal: Seal, owners: tuple[str, ...], plain: bytes, context: bytes) -> None:
    key = seal.key_for(owners)
    assert seal.open(key, seal.seal(key, plain, context), context) == plain


@given(st.binary(min_size=1, max_size=100), st.binary(max_size=20), st.data())
def test_one_changed_bit_or_another_place_or_key_does_not_open(seal: Seal, plain: bytes, context: bytes, data: st.DataObject) -> None:
    key, other = seal.key_for(("ada",)), seal.key_for(("ben",))
    sealed = bytearray(seal.seal(key, plain, context))
    with pytest.raises(Fault):
        seal.open(key, bytes(sealed), context + b"x")
    with pytest.raises(Fault):
        seal.open(other, bytes(sealed), context)
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Fault):
        seal.open(key, bytes(sealed), context)


def test_the_same_owners_have_the_same_key_and_others_another(seal: Seal) -> None:
    keys = [seal.key_for(owners) for owners in (("ada",), ("ben",), ("ada", "ben"), ("",))]
    assert len(set(keys)) == 4
    assert keys == [seal.key_for(owners) for owners in (("ada",), ("ben",), ("ada", "ben"), ("",))]


def test_the_same_content_sealed_twice_does_not_look_the_same(seal: Seal) -> None:
    key = seal.key_for(("ada",))
    assert seal.seal(key, b"same", b"x") != seal.seal(key, b"same", b"x")


def test_a_key_that_does_not_exist_opens_nothing(seal: Seal) -> None:
    with pytest.raises(Fault):
        seal.open(999_999, bytes(40), b"x")


def test_keys_that_were_committed_open_after_a_restart(adapter: Adapter, tmp_path: Path) -> None:
    first = adapter.open(tmp_path)
    sealed = {owners: seal_one(first, owners) for owners in (("ada",), ("ada", "ben"), ("",))}
    first.commit()
    adapter.close(first)
    again = adapter.open(tmp_path)
    for owners, (key, content) in sealed.items():
        assert again.key_for(owners) == key
        assert again.open(key, content, b"x") == b"secret"
    adapter.close(again)


def seal_one(seal: Seal, owners: tuple[str, ...]) -> tuple[int, bytes]:
    key = seal.key_for(owners)
    return key, seal.seal(key, b"secret", b"x")
