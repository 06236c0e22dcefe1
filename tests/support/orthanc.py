"""A real PACS in a process of its own: Orthanc with its DICOMweb plugin, on free ports of loopback, with a folder that is gone afterwards."""

import json
import shutil
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self

PROGRAM = Path("/usr/sbin/Orthanc")
PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
START_SECONDS = 20
STARTS = 3
"""A free port may be taken by another process between being found and being used."""


class Orthanc:
    """`with Orthanc() as pacs:` C-STORE to `pacs.dicom` as `pacs.title`, DICOMweb at `pacs.web`, its own REST through `pacs.ask`.

    `modalities` are those it knows by name, as it moves studies only to them: {"WARDLINE": ("WARDLINE", port)}. With `accepts_all`
    false only they may store. Stopped and started again it keeps its ports and what it holds.
    """

    title = "ORTHANC"

    def __init__(self, *, modalities: Mapping[str, tuple[str, int]] | None = None, accepts_all: bool = True, **settings: Any) -> None:
        self.modalities = dict(modalities or {})
        self.accepts_all = accepts_all
        self.settings = settings
        self.folder = Path(tempfile.mkdtemp(prefix="orthanc-"))
        self.dicom = self.http = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.http}/dicom-web"

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()  # what it holds goes away with it: no need to wait for it to tidy up
        self._remove()

    def start(self) -> None:
        for _ in range(STARTS):
            if self.dicom == 0:
                self.dicom, self.http = _free_ports()
            if self._starts():
                return
            self.dicom = 0
        raise AssertionError(f"Orthanc did not start:\n{self.log}")

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait(timeout=10)

    @property
    def log(self) -> str:
        file = self.folder / "orthanc.log"
        return file.read_text(encoding="utf-8", errors="replace")[-5000:] if file.exists() else ""

    # --- what it holds ---

    def ask(self, path: str, content: Any = None, *, method: str = "") -> Any:
        """Its own REST API, JSON both ways: `ask("/instances")`, `ask("/tools/find", {...})`, `ask("/studies/ID", method="DELETE")`."""
        return json.loads(self.raw(path, content, method=method) or b"null")

    def raw(self, path: str, content: Any = None, *, method: str = "") -> bytes:
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.http}{path}", body, method=method or ("POST" if body else "GET"))
        with urllib.request.urlopen(request, timeout=30) as answer:
            return bytes(answer.read())

    def instances(self) -> list[str]:
        """SOP Instance UIDs of all it holds."""
        found = self.ask("/tools/find", {"Level": "Instance", "Query": {}, "Expand": True})
        return sorted(each["MainDicomTags"]["SOPInstanceUID"] for each in found)

    def file(self, sop_uid: str) -> bytes:
        """One instance as it keeps it, a DICOM file."""
        (id,) = self.ask("/tools/find", {"Level": "Instance", "Query": {"SOPInstanceUID": sop_uid}})
        return self.raw(f"/instances/{id}/file")

    # --- starting ---

    def _starts(self) -> bool:
        config = self.folder / "orthanc.json"
        config.write_text(json.dumps(self._config()), encoding="utf-8")
        with (self.folder / "orthanc.log").open("ab") as log:
            self._process = subprocess.Popen([PROGRAM, config], stdout=log, stderr=subprocess.STDOUT, cwd=self.folder)
        until = monotonic() + START_SECONDS
        while monotonic() < until and self._process.poll() is None:
            try:
                self.ask("/system")
                return self._process.poll() is None  # and it is ours that answers
            except (urllib.error.URLError, OSError):
                sleep(0.05)
        self.stop()
        return False

    def _config(self) -> dict[str, Any]:
        return {
            "Name": "test", "StorageDirectory": str(self.folder / "storage"), "IndexDirectory": str(self.folder / "storage"),
            "Plugins": [str(PLUGIN)], "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
            "HttpPort": self.http, "HttpBindAddresses": ["127.0.0.1"], "RemoteAccessAllowed": True, "AuthenticationEnabled": False,
            "DicomAet": self.title, "DicomPort": self.dicom, "DicomCheckCalledAet": False, "DicomAlwaysAllowStore": self.accepts_all,
            "DicomAlwaysAllowEcho": True, "DicomAlwaysAllowFind": True, "DicomAlwaysAllowGet": True, "DicomAlwaysAllowMove": True,
            "DicomModalities": {name: [title, "127.0.0.1", port] for name, (title, port) in self.modalities.items()},
            "UnknownSopClassAccepted": True, "OverwriteInstances": False,
            **self.settings,
        }  # fmt: skip

    def _remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
