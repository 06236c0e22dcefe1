"""A real Wardline in a process of its own: started, fed over a real MLLP socket, asked over HTTP, stopped, killed, started again."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from support.messages import Patient
from support.oracle import canaries
from wardline.adapters.embedded.folder import DataFolder
from wardline.formats.audit.heads import Signer
from wardline.formats.hl7v2.framing import CARRIAGE_RETURN, END, frame
from wardline.security.audit.verifying import verify

PASSWORD = "three unrelated cobblestones"
START_SECONDS = 30
FRESH_SECONDS = 200
WARDLINE = ("-m", "wardline")
MONITOR = """source: monitor
label: Bedside monitors
sends: {application: MONITOR, facility: HOSP}
codes: {"O2^L": supplemental_oxygen}
"""


class Account(NamedTuple):
    id: str
    login: str
    name: str


class DidNotStart(AssertionError):
    """It ended, or was not ready in time."""


class Served:
    """The server: where it listens, and what a test does to it from outside."""

    def __init__(
        self, data: Path, *, program: Sequence[str] = WARDLINE, environment: Mapping[str, str] | None = None, http: int = 0, mllp: int = 0,
        second_factor: Sequence[str] = (), dicom: int | None = None,
    ) -> None:  # fmt: skip
        """Unless a test is about second factors, this is a hospital that asks nobody for one."""
        words = [sys.executable, *program, "serve", "--data", str(data), "--http", str(http), "--mllp", str(mllp)]
        words += ["--dicom", str(dicom)] if dicom is not None else []
        self.data = data
        self.log = data.with_suffix(".log")
        before = self.log.stat().st_size if self.log.exists() else 0
        asked = {**(os.environ if environment is None else environment), "WARDLINE_SECOND_FACTOR": json.dumps(list(second_factor))}
        began = monotonic()
        with self.log.open("a") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, env=asked)
        printed = self._until_ready(before)
        self.start_seconds = monotonic() - began
        self.url = _found(r"Ready: (\S+)", printed)
        self.mllp = int(_found(r"HL7 v2\s+\S+?:(\d+)", printed))
        self.dicom = int(_found(r"DICOM\s+\S+?:(\d+)", printed)) if dicom is not None else 0
        self.dicom = int(next(iter(re.findall(r"DICOM\s+\S+?:(\d+)", printed)), 0))
        """0 where it is off."""
        self.setup_link = next(iter(re.findall(r"(http\S+/setup#\S+)", printed)), "")
        """Only as long as there is no administrator."""
        self._token, self._proven_at = "", monotonic()

    def _until_ready(self, since: int) -> str:
        until = monotonic() + START_SECONDS
        while monotonic() < until and self.process.poll() is None:
            if "\nReady:" in (printed := self.log.read_bytes()[since:].decode()):
                return printed
            sleep(0.02)
        raise DidNotStart(f"Wardline did not start, exit code {self.process.poll()}:\n{self.log.read_text(encoding='utf-8')}")

    # --- ending ---

    def __enter__(self) -> "Served":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Nothing that a test started outlives it."""
        if self.process.poll() is None:
            self.kill() if kind is not None else self.stop()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=START_SECONDS)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=START_SECONDS)

    # --- the feeds ---

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.mllp), timeout=10)

    def send(self, *messages: bytes) -> None:
        """Over MLLP, each acknowledged with AA before the next."""
        with self.connect() as connection:
            for message in messages:
                connection.sendall(frame(message))
                answer = b""
                while not answer.endswith(END + CARRIAGE_RETURN):
                    answer += connection.recv(65536)
                assert b"MSA|AA" in answer, answer

    # --- the API ---

    def api(self, method: str, path: str, content: Any = None, *, token: str = "") -> Any:
        """As the administrator, unless another token is given."""
        if not token and self._token and not path.startswith("/api/v1/auth/") and monotonic() - self._proven_at > FRESH_SECONDS:
            self._token, self._proven_at = self.sign_in("admin"), monotonic()  # some acts ask for a fresh proof
        body = None if content is None else json.dumps(content).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token or self._token}"}
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as response:
            answer = response.read()
        return json.loads(answer) if answer else None

    def text(self, path: str) -> str:
        """What a path says as the administrator, whether it is an answer or a refusal."""
        request = urllib.request.Request(self.url + path, headers={"Authorization": f"Bearer {self._token}"})
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return str(response.read().decode())
        except urllib.error.HTTPError as refused:
            return refused.read().decode()

    def set_up(self) -> Account:
        """Make the first administrator with the printed link."""
        token = urlsplit(self.setup_link).fragment
        made = self.api("POST", "/api/v1/auth/setup", {"token": token, "login": "admin", "name": "Ada Okonkwo", "password": PASSWORD})
        self._token, self._proven_at = made["access_token"], monotonic()
        return Account(made["person"]["id"], "admin", made["person"]["name"])

    def add(self, login: str, name: str, role: str) -> Account:
        made = self.api("POST", "/api/v1/users", {"login": login, "name": name, "password": PASSWORD, "roles": [role]})
        return Account(made["id"], login, name)

    def sign_in(self, login: str) -> str:
        """An access token for this account."""
        return str(self.api("POST", "/api/v1/auth/login", {"login": login, "password": PASSWORD})["access_token"])

    def key(self, number: str) -> str:
        """The record's key of a patient number."""
        found: list[dict[str, str]] = self.api("POST", "/api/v1/patients/search", {"q": number})["patients"]
        return found[0]["id"]


def agree(config: Path, *, units: str = "", **files: str) -> None:
    """What the site has said before the first message: what the monitors' own code means, its units, its other files by name."""
    (config / "sources").mkdir(parents=True)
    (config / "sources" / "monitor.yaml").write_text(MONITOR, encoding="utf-8")
    for name, text in {"units": units, **files}.items():
        if text:
            file = config / f"{name.replace('__', '/')}.yaml"
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, text
    return match[1]


# What the oracle says of a served Wardline ----------------------------------------------------------------------------------------


def check_reading_is_audited(ward: Served, who: str, patient: str) -> None:
    """I4: whoever looked at a patient is in the audit trail, and the trail is whole."""
    with sqlite3.connect(f"file:{ward.data / 'audit.db'}?mode=ro", uri=True) as audit:
        rows = audit.execute("SELECT count(*) FROM entries WHERE who = ? AND about = ?", (who, patient)).fetchone()
    assert rows[0] > 0, f"{who} read {patient} without a line in the audit trail"
    public = Signer(DataFolder(ward.data, reading=True).secrets.newest("audit")).public
    verdict = verify(ward.data / "audit.db", public, processes=1)
    assert verdict.problem is None, verdict.problem.sentence


def check_nothing_is_said(ward: Served, patients: Sequence[Patient], *places: str) -> None:
    """I5: neither what the process printed and logged, nor these texts (metrics, health, error bodies) say who anybody is."""
    for patient in patients:
        for canary in canaries(patient.pid().encode()):
            told = re.compile(rf"\b{re.escape(canary)}\b")
            for text in (ward.log.read_text(encoding="utf-8"), *places):
                assert not told.search(text), f"{canary} in {told.search(text)}: {text[-300:]}"
