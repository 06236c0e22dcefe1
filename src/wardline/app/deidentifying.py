"""One export: each file told by its content, de-identified as its format needs, written under a number."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from wardline.core.errors import Refused
from wardline.formats.dicom.deidentification import files as dicom
from wardline.formats.dicom.deidentification.options import Option
from wardline.formats.dicom.deidentification.pixels import Rectangle
from wardline.formats.fhir import deidentification as fhir
from wardline.formats.hl7v2 import deidentification as hl7v2
from wardline.formats.hl7v2.message import split_batch
from wardline.security.deidentification import Deidentification

_ENDINGS: Final = {"hl7v2": "hl7", "fhir": "json", "fhir lines": "ndjson", "dicom": "dcm", "text": "txt"}
UNKNOWN: Final = "this is neither HL7 v2, FHIR, DICOM nor a .txt file, so nothing of it is passed on"


class Written(NamedTuple):
    """What became of one file."""

    source: Path
    format: str = ""
    refused: str = ""
    dropped: Counter[str] = Counter()  # noqa: RUF012 - never changed


class Export:
    """The files of one run, under one policy."""

    def __init__(self, policy: Deidentification, options: frozenset[Option], blanked: tuple[Rectangle, ...] = (), patient: str = "") -> None:
        self._policy = policy
        self._blanked = blanked
        self._options = options
        self._patient = patient
        self._people: dict[str, fhir.Patient] = {}

    def look_through(self, files: Sequence[Path]) -> None:
        """Who the patients of all FHIR files are, before the first is written: results and patients often stand in different files."""
        for file in files:
            raw = file.read_bytes()
            if format_of(raw, file) in ("fhir", "fhir lines"):
                for resource in _resources(raw):
                    self._people |= fhir.people_in(resource)

    def write(self, file: Path, out: Path, number: int) -> Written:
        """The result is written whole or not at all."""
        raw = file.read_bytes()
        format, dropped = format_of(raw, file), Counter[str]()
        try:
            clean = self._clean(format, raw, dropped)
        except Refused as refusal:
            return Written(file, format, str(refusal))
        (out / f"{number:06d}.{_ENDINGS[format]}").write_bytes(clean)
        return Written(file, format, dropped=dropped)

    def _clean(self, format: str, raw: bytes, dropped: Counter[str]) -> bytes:
        match format:
            case "dicom":
                return dicom.deidentified(raw, self._policy.of, self._options, self._blanked)
            case "hl7v2":
                messages = split_batch(raw)
                return b"".join(hl7v2.deidentified(each, self._policy.of) for each in (messages if messages is not None else [raw]))
            case "fhir" | "fhir lines":
                return b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in self._fhir(raw, dropped))
            case "text":
                # Without a number each file is about somebody else.
                return self._policy.of(self._patient or hashlib.sha256(raw).hexdigest()).text(_decoded(raw)).encode()
        raise Refused(UNKNOWN, code="format")

    def _fhir(self, raw: bytes, dropped: Counter[str]) -> Iterator[dict[str, Any]]:
        for resource in _resources(raw):
            result = fhir.deidentified(resource, self._policy.of, self._people)
            dropped.update(result.dropped)
            yield result.resource


def format_of(raw: bytes, file: Path) -> str:
    """By its content; "" for what is not known, and plain text only where the name says so."""
    start = raw[:2000].lstrip(b"\xef\xbb\xbf\r\n\t ")
    if raw[128:132] == b"DICM":
        return "dicom"
    if start[:3] in (b"MSH", b"FHS", b"BHS") and start[3:4] not in (b"", b" "):
        return "hl7v2"
    if start.startswith(b"{"):
        return _json_format(raw)
    return "text" if file.suffix.lower() == ".txt" else ""


def _json_format(raw: bytes) -> str:
    try:
        whole = json.loads(raw)
    except ValueError:
        lines = [line for line in raw.splitlines() if line.strip()]
        return "fhir lines" if all(b'"resourceType"' in line for line in lines) else ""
    return "fhir" if isinstance(whole, dict) and "resourceType" in whole else ""


def _resources(raw: bytes) -> list[dict[str, Any]]:
    try:
        return [json.loads(raw)]
    except ValueError:
        pass
    try:
        return [json.loads(line) for line in raw.splitlines() if line.strip()]
    except ValueError:
        raise Refused("a line of this file is not JSON, so nothing of it is passed on", code="fhir") from None


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("iso8859-1")
