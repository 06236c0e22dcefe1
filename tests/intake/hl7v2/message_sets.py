"""The public HL7 v2 message sets with what other systems make of them, read from the reference data, never copied into the repository."""

import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

REPOSITORY = Path(__file__).parents[3]
CLINICAL = Path(os.environ.get("WARDLINE_REFERENCE_DATA", REPOSITORY / "../shared/data")).resolve() / "clinical"
MICROSOFT = CLINICAL / "hl7v2_ms_fhir_converter" / "messages_dev.tar.gz"
REPORTSTREAM = CLINICAL / "hl7v2_reportstream" / "pairs_dev.tar.gz"

NUMBER = b"made-up-number"

needs_message_sets = pytest.mark.skipif(
    not (MICROSOFT.exists() and REPORTSTREAM.exists()), reason="the HL7 v2 message sets are not in WARDLINE_REFERENCE_DATA"
)  # fmt: skip


class Sample(NamedTuple):
    """One message of a set, and the FHIR bundle its publisher expects of it, where there is one."""

    set: str
    name: str
    raw: bytes
    bundle: dict[str, Any] | None = None


def samples() -> Iterator[Sample]:
    """Every message of every set, in the order of their names."""
    yield from microsoft()
    yield from reportstream()


def microsoft() -> Iterator[Sample]:
    """FHIR Converter: input/NAME.hl7 with expected/NAME-expected.json."""
    files = _files(MICROSOFT)
    for name in sorted(name for name in files if name.endswith(".hl7")):
        expected = files.get(f"expected/{Path(name).stem}-expected.json")
        yield Sample("microsoft", Path(name).name, files[name], json.loads(expected) if expected else None)


def reportstream() -> Iterator[Sample]:
    """ReportStream: FOLDER/NAME.hl7 with FOLDER/NAME.fhir, where that is what the message means."""
    files = _files(REPORTSTREAM)
    for name in sorted(name for name in files if name.endswith(".hl7")):
        expected = files.get(f"{name.removesuffix('.hl7')}.fhir") if name.startswith("mappinginventory/") else None
        yield Sample("reportstream", name, files[name], json.loads(expected) if expected else None)


def _files(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        members = ((member.name.removeprefix("./"), tar.extractfile(member)) for member in tar if member.isfile())
        return {name: content.read() for name, content in members if content is not None}


def numbered(raw: bytes) -> bytes:
    """The message with a patient number where it has none, so that the rest of what it says can be compared."""
    lines = raw.replace(b"\r\n", b"\r").replace(b"\n", b"\r").strip(b"\r").split(b"\r")
    place = next((place for place, line in enumerate(lines) if line.startswith(b"PID")), None)
    if place is None:
        return b"\r".join([lines[0], b"PID|||" + NUMBER, *lines[1:]]) + b"\r"
    fields = lines[place].split(b"|")
    fields += [b""] * (4 - len(fields))
    fields[3] = fields[3] if fields[3].split(b"^", 1)[0] else NUMBER + fields[3].replace(b"~", b"")
    return b"\r".join([*lines[:place], b"|".join(fields), *lines[place + 1 :]]) + b"\r"
