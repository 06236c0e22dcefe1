"""A data folder: made once, held by one process, never without its secrets."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.adapters.embedded.folder import SECRETS, DataFolder
from wardline.core.errors import Conflict, Fault, NotFound
from wardline.core.events import Identifier


def made(path: Path, clock: str = "wall") -> DataFolder:
    """A folder that has been worked in."""
    folder = DataFolder(path, clock=clock)  # type: ignore[arg-type]
    (path / "log").mkdir(exist_ok=True)
    folder.release()
    return folder


def test_a_new_folder_gets_its_secrets_and_keeps_them_to_itself(tmp_path: Path) -> None:
    path = tmp_path / "new"
    folder = made(path)
    assert folder.is_new
    assert path.stat().st_mode & 0o777 == 0o700
    assert sorted(file.name for file in (path / "secrets").iterdir()) == sorted(SECRETS)
    assert {file.stat().st_mode & 0o777 for file in (path / "secrets").iterdir()} == {0o600}
    assert len({folder.master_key, folder.token_key}) == 2


def test_the_same_secrets_are_found_again(tmp_path: Path) -> None:
    first, again = made(tmp_path / "a"), made(tmp_path / "a")
    assert not again.is_new
    assert (first.master_key, first.token_key) == (again.master_key, again.token_key)


@pytest.mark.parametrize("name", SECRETS)
def test_an_existing_folder_without_a_secret_refuses_to_start(tmp_path: Path, name: str) -> None:
    made(tmp_path)
    (tmp_path / "secrets" / name).unlink()
    with pytest.raises(Fault, match="is missing"):
        DataFolder(tmp_path)


@pytest.mark.parametrize("content", [b"", b"short", bytes(32), bytes(40), bytes(41)])
def test_a_damaged_secret_refuses_to_start(tmp_path: Path, content: bytes) -> None:
    made(tmp_path)
    (tmp_path / "secrets" / "master").write_bytes(content)
    with pytest.raises(Fault, match="is damaged"):
        DataFolder(tmp_path)


def test_only_one_process_works_on_a_folder_at_a_time(tmp_path: Path) -> None:
    first = DataFolder(tmp_path)
    with pytest.raises(Conflict, match="another Wardline works on"):
        DataFolder(tmp_path)
    first.release()
    first.release()
    DataFolder(tmp_path).release()


def test_a_folder_can_be_read_beside_the_process_that_works_on_it(tmp_path: Path) -> None:
    first = made(tmp_path)
    working = DataFolder(tmp_path)
    beside = DataFolder(tmp_path, reading=True)
    assert beside.master_key == first.master_key
    working.release()


def test_reading_makes_no_folder(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        DataFolder(tmp_path / "nothing", reading=True)
    assert not (tmp_path / "nothing").exists()


def test_a_folder_never_changes_its_clock(tmp_path: Path) -> None:
    assert made(tmp_path, "feed").clock == "feed"
    assert made(tmp_path, "wall").clock == "feed"


@pytest.mark.parametrize("content", [None, b"", b"sundial", b"\xff\xfe"])
def test_a_folder_that_lost_its_clock_refuses_to_start(tmp_path: Path, content: bytes | None) -> None:
    made(tmp_path, "feed")
    (tmp_path / "clock").unlink()
    if content is not None:
        (tmp_path / "clock").write_bytes(content)
    with pytest.raises(Fault):
        DataFolder(tmp_path)


def test_the_key_of_a_number_says_nothing_about_it_and_differs_by_folder(tmp_path: Path) -> None:
    one, other = made(tmp_path / "one"), made(tmp_path / "other")
    ada = Identifier("1001", "HOSP")
    assert one.key_of(ada) == one.key_of(Identifier("1001", "HOSP", "MR"))
    assert one.key_of(ada) != other.key_of(ada)
    assert "1001" not in one.key_of(ada)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    return made(tmp_path_factory.mktemp("keys"))


IDENTIFIERS = st.builds(Identifier, st.text("/\x1f19ab", max_size=4), st.text("/\x1f19ab", max_size=4), st.just("MR"))


@given(IDENTIFIERS, IDENTIFIERS)
def test_two_numbers_share_a_key_only_if_number_and_assigner_are_the_same(folder: DataFolder, first: Identifier, second: Identifier) -> None:
    assert (folder.key_of(first) == folder.key_of(second)) is (first == second)
