"""The tree of RFC 6962: the published roots, and proofs that hold for what is so and for nothing else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.formats.audit.entries import leaf
from wardline.formats.audit.merkle import Frontier, consistency, inclusion, is_consistent, is_included, root_of

INPUTS = [bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
# The reference implementation of certificate transparency, merkletree tests: roots of the first 0, 1, 2 ... of these.
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
PATH_OF_SIXTH = (
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
)
"""Of the sixth leaf in the tree of eight, from the same tests."""
LEAVES = [leaf(each) for each in INPUTS]
SIZES = st.integers(1, 70)
LEAST = settings(deadline=None)


def leaves(size: int) -> list[bytes]:
    return [leaf(str(number).encode()) for number in range(size)]


def test_the_roots_are_the_published_ones() -> None:
    assert [root_of(LEAVES[:size]).hex() for size in range(9)] == list(ROOTS)


def test_the_growing_edge_has_the_published_roots() -> None:
    edge = Frontier()
    for each, root in zip([None, *LEAVES], ROOTS, strict=True):
        if each is not None:
            edge.add(each)
        assert edge.root.hex() == root


def test_a_path_is_the_published_one() -> None:
    assert [each.hex() for each in inclusion(5, LEAVES)] == list(PATH_OF_SIXTH)


@LEAST
@given(size=SIZES)
def test_an_edge_kept_and_taken_up_again_grows_as_before(size: int) -> None:
    edge = Frontier()
    for each in leaves(size):
        edge.add(each)
        edge = Frontier.unpacked(edge.size, edge.packed())
    assert edge.root == root_of(leaves(size))


@LEAST
@given(chunks=st.integers(1, 9), rest=st.integers(0, 7))
def test_whole_subtrees_may_be_added_at_once(chunks: int, rest: int) -> None:
    every = leaves(8 * chunks + rest)
    edge = Frontier()
    for start in range(0, 8 * chunks, 8):
        edge.add(root_of(every[start : start + 8]), 8)
    for each in every[8 * chunks :]:
        edge.add(each)
    assert edge.root == root_of(every)


@LEAST
@given(size=SIZES, data=st.data())
def test_sec10_that_an_entry_is_in_the_trail_is_shown_by_a_few_hashes(size: int, data: st.DataObject) -> None:
    every, place = leaves(size), data.draw(st.integers(0, size - 1))
    path, root = inclusion(place, every), root_of(every)

    assert is_included(every[place], place, size, path, root)
    assert not is_included(leaf(b"another"), place, size, path, root)
    other = data.draw(st.integers(0, size + 1))
    assert (other == place) == is_included(every[place], other, size, path, root)
    assert not is_included(every[place], place, size, [*path, root], root)


@LEAST
@given(size=SIZES, data=st.data())
def test_sec10_that_a_trail_only_grew_is_shown_by_a_few_hashes(size: int, data: st.DataObject) -> None:
    every, old = leaves(size), data.draw(st.integers(0, size))
    proof = consistency(old, every)
    old_root, root = root_of(every[:old]), root_of(every)

    assert is_consistent(old, old_root, size, root, proof)
    assert old in (0, size) or not is_consistent(old, leaf(b"another"), size, root, proof)
    assert old == 0 or not is_consistent(old, old_root, size, leaf(b"another"), proof)
    assert old in (0, size) or not proof or not is_consistent(old, old_root, size, root, proof[:-1])
