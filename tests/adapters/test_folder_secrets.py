"""Secrets: made once, found where they are kept, renewed in versions, and nowhere else (SEC-12, TRAP-1)."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from wardline.adapters.embedded.folder import SECRETS, DataFolder
from wardline.adapters.embedded.folder_secrets import Secrets
from wardline.core.errors import Conflict, Fault, Refused
from wardline.core.events import Identifier

# The far side of a key service: seals with a key of its own that is not in the data folder.
SERVICE = """
import pathlib, sys
from cryptography.fernet import Fernet
box = Fernet(pathlib.Path(sys.argv[2]).read_bytes())
sys.stdout.buffer.write(getattr(box, sys.argv[1])(sys.stdin.buffer.read()))
"""


def outside() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def kept_by_a_service(tmp_path: Path) -> tuple[Path, Path]:
    """A folder whose secrets a key service opens, and that service's own key."""
    from cryptography.fernet import Fernet

    program, key, data = tmp_path / "service.py", tmp_path / "service.key", tmp_path / "data"
    program.write_text(SERVICE, encoding="utf-8")
    key.write_bytes(Fernet.generate_key())
    commands = {word: [sys.executable, str(program), verb, str(key)] for word, verb in (("seal", "encrypt"), ("open", "decrypt"))}
    (data / "config").mkdir(parents=True)
    (data / "config" / "keys.yaml").write_text(yaml.safe_dump({"key_service": commands}), encoding="utf-8")
    return data, key


def worked_in(folder: DataFolder) -> None:
    (folder.path / "log").mkdir(exist_ok=True)
    folder.release()


# --- the environment ---


def test_a_secret_in_the_environment_is_used_and_never_written(tmp_path: Path) -> None:
    given = outside()
    found = Secrets(tmp_path / "secrets", environment={"WARDLINE_SECRET_MASTER": given})
    found.make("master")
    assert found.newest("master") == base64.b64decode(given)
    assert found.origin("master") == "environment"
    assert not (tmp_path / "secrets").exists()


@pytest.mark.parametrize("text", ["", "changeme", "AAAA", base64.b64encode(bytes(32)).decode(), base64.b64encode(bytes(range(31))).decode(), "é"])
def test_a_weak_secret_in_the_environment_is_refused_with_how_to_make_one(tmp_path: Path, text: str) -> None:
    with pytest.raises(Fault, match="openssl rand"):
        Secrets(tmp_path, environment={"WARDLINE_SECRET_MASTER": text}).newest("master")


def test_a_secret_from_the_environment_is_renewed_where_it_is_kept(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="where it is kept"):
        Secrets(tmp_path, environment={"WARDLINE_SECRET_MASTER": outside()}).renew("master")


# --- versions ---


def test_the_newest_version_is_used_and_the_older_one_stays_until_it_is_dropped(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, environment={})
    secrets.make("master")
    first = secrets.newest("master")
    assert secrets.renew("master") == 2
    again = Secrets(tmp_path, environment={})
    assert again.newest("master") != first
    assert again.versions("master")[1] == first
    again.drop("master", 1)
    assert list(Secrets(tmp_path, environment={}).versions("master")) == [2]
    assert {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {"master.2": 0o600}


def test_the_version_in_use_cannot_be_dropped(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, environment={})
    secrets.make("master")
    with pytest.raises(Conflict, match="in use"):
        secrets.drop("master", 1)


def test_a_dropped_secret_is_overwritten_before_its_file_goes(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, environment={})
    secrets.make("master")
    first = secrets.newest("master")
    other_name = tmp_path / "linked"
    os.link(tmp_path / "master", other_name)
    secrets.renew("master")
    secrets.drop("master", 1)
    assert first not in other_name.read_bytes()


def test_a_secret_whose_name_begins_like_another_is_not_a_version_of_it(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, environment={})
    secrets.make("token")
    (tmp_path / "token.old").write_bytes(b"x")
    (tmp_path / "token-ring").write_bytes(b"x")
    assert list(secrets.versions("token")) == [1]


# --- a key service ---


def test_with_a_key_service_the_disk_alone_opens_nothing(tmp_path: Path) -> None:
    data, key = kept_by_a_service(tmp_path)
    folder = DataFolder(data)
    master = folder.master_key
    worked_in(folder)
    assert sorted(file.name for file in (data / "secrets").iterdir()) == sorted(f"{name}.sealed" for name in SECRETS)
    assert all(master not in file.read_bytes() for file in data.rglob("*") if file.is_file())
    again = DataFolder(data)
    assert again.master_key == master
    assert again.secrets.origin("master") == "key service"
    again.release()
    key.unlink()
    with pytest.raises(Fault, match="key service gave nothing for the secret master"):
        DataFolder(data)


def test_ft34_what_runs_goes_on_while_the_key_service_is_away(tmp_path: Path) -> None:
    data, key = kept_by_a_service(tmp_path)
    folder = DataFolder(data)
    key.rename(tmp_path / "away")
    assert len(folder.master_key) == 32
    assert folder.key_of(Identifier("1001", "HOSP"))
    folder.release()


def test_a_key_service_that_does_not_exist_is_named(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    said = {"key_service": {"seal": ["no-such-tool"], "open": ["no-such-tool"]}}
    (tmp_path / "config" / "keys.yaml").write_text(yaml.safe_dump(said), encoding="utf-8")
    with pytest.raises(Fault, match="no-such-tool"):
        DataFolder(tmp_path)


def test_secrets_sealed_by_a_service_are_not_opened_without_it(tmp_path: Path) -> None:
    data, _ = kept_by_a_service(tmp_path)
    worked_in(DataFolder(data))
    (data / "config" / "keys.yaml").unlink()
    with pytest.raises(Fault, match="set key_service as it was"):
        DataFolder(data)


@pytest.mark.parametrize(
    "text", ["[]", "key_service: yes", "key_service: {seal: [a]}", "key_service: {seal: a, open: b}", "kms: x", "secrets: [1]", "{", "secrets: 3"]
)
def test_a_keys_file_that_is_wrong_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "keys.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=r"keys\.yaml"):
        DataFolder(tmp_path)


def test_secrets_can_be_kept_in_another_folder(tmp_path: Path) -> None:
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    (data / "config").mkdir(parents=True)
    (data / "config" / "keys.yaml").write_text(f"secrets: {elsewhere}\n", encoding="utf-8")
    DataFolder(data).release()
    assert sorted(file.name for file in elsewhere.iterdir()) == sorted(SECRETS)
    assert not (data / "secrets").exists()


# --- the index secret ---


def test_after_the_index_secret_is_renewed_old_records_keep_their_keys_and_new_ones_get_others(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    ada, new = Identifier("1001", "HOSP"), Identifier("1002", "HOSP")
    before, not_made = folder.key_of(ada), folder.key_of(new)
    folder.renew_index()
    folder.is_known = lambda record: record == before
    assert folder.key_of(ada) == before
    assert folder.key_of(new) != not_made
    worked_in(folder)
    again = DataFolder(tmp_path)
    again.is_known = lambda record: record == before
    assert (again.key_of(ada), again.key_of(new)) == (folder.key_of(ada), folder.key_of(new))


# --- no start without them ---


@pytest.mark.parametrize("name", SECRETS)
def test_trap1_a_server_whose_secret_is_unset_exits_with_a_sentence(tmp_path: Path, name: str) -> None:
    worked_in(DataFolder(tmp_path))
    (tmp_path / "secrets" / name).unlink()
    words = [sys.executable, "-m", "wardline", "serve", "--data", str(tmp_path), "--http", "0", "--mllp", "0"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "is missing" in done.stderr.replace("\n", " ")
