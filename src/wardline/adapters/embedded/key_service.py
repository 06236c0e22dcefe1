"""Where a folder's secrets are kept, if not beside its data: another folder, or a key service asked through a command.

config/keys.yaml in the data folder says it, so that every command on the folder finds them:

    secrets: /run/secrets/wardline          # another folder: a mounted secret, a removable key
    key_service:                            # and, or: whatever seals standard input to standard output, and opens it again
      seal: [kms-tool, encrypt, --key, wardline]
      open: [kms-tool, decrypt, --key, wardline]

A hardware module, a cloud's key management and an operator's smart card all come with such a command. It is asked when Wardline
starts and when a secret is renewed, never for a message: while the service is away, what runs goes on.
"""

import subprocess
from pathlib import Path
from typing import Any, Final

import yaml

from wardline.adapters.embedded.folder_secrets import Secrets
from wardline.core.errors import Fault, Refused

FILE: Final = "keys.yaml"
PATIENCE_SECONDS: Final = 30
_KNOWN: Final = {"secrets", "key_service"}


class CommandKeyService:
    """`KeyService` by two commands that read bytes and write bytes."""

    def __init__(self, seal: list[str], open_: list[str]) -> None:
        self._seal = seal
        self._open = open_

    def sealed(self, name: str, plain: bytes) -> bytes:
        return _answer(self._seal, name, plain)

    def opened(self, name: str, sealed: bytes) -> bytes:
        return _answer(self._open, name, sealed)


def _answer(command: list[str], name: str, given: bytes) -> bytes:
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=PATIENCE_SECONDS, check=False)  # noqa: S603 - the site's own command
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Fault(f"the key service did not answer for the secret {name} ({type(error).__name__}: {command[0]}); nothing was started") from None
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise Fault(f"the key service gave nothing for the secret {name}: {said[0][:200]}")
    return done.stdout


def secrets_of(path: Path) -> Secrets:
    """The secrets of the data folder at `path`. Raises `Refused` for a keys.yaml that is wrong."""
    file = path / "config" / FILE
    said = _read(file) if file.exists() else {}
    service = said.get("key_service")
    return Secrets(Path(said.get("secrets") or path / "secrets"), _service(service, file) if service is not None else None)


def _service(said: Any, file: Path) -> CommandKeyService:
    if not isinstance(said, dict) or set(said) != {"seal", "open"} or not all(_is_command(words) for words in said.values()):
        raise Refused(f"{file}: key_service needs seal and open, each a command as a list of words", code="keys", where=FILE)
    return CommandKeyService(said["seal"], said["open"])


def _is_command(words: Any) -> bool:
    return isinstance(words, list) and bool(words) and all(isinstance(word, str) for word in words)


def _read(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Refused(f"{file} cannot be read: {error}", code="keys", where=FILE) from None
    if not isinstance(content, dict) or not set(content) <= _KNOWN or not isinstance(content.get("secrets", ""), str):
        raise Refused(f"{file} says where secrets are kept: {' and '.join(sorted(_KNOWN))}", code="keys", where=FILE)
    return content
