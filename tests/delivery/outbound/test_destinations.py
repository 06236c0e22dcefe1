"""The site's list of receivers: read whole, or refused with file, line and reason."""

from pathlib import Path

import pytest

from wardline.core.errors import Refused
from wardline.delivery.outbound.destinations import destinations_in

KNOWN = {"news2", "kdigo_aki"}


def written(folder: Path, text: str) -> Path:
    file = folder / "outbound.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_no_file_is_nobody(tmp_path: Path) -> None:
    assert destinations_in(tmp_path / "outbound.yaml", KNOWN) == ()


def test_a_destination_is_read_with_all_it_says(tmp_path: Path) -> None:
    file = written(tmp_path, """destinations:
  - name: ehr
    address: "[::1]:2575"
    findings: [news2, kdigo_aki]
    movements: true
    application: EHR
    facility: HOSP
    timeout_seconds: 5
  - {name: bed-board, address: 10.1.2.3:7000, movements: true, in_clear: true}
""")  # fmt: skip
    ehr, board = destinations_in(file, KNOWN)
    assert (ehr.host, ehr.port, ehr.findings, ehr.movements, ehr.application, ehr.timeout_seconds) == ("::1", 2575, KNOWN, True, "EHR", 5)
    assert (board.host, board.findings, board.movements, board.encryption) == ("10.1.2.3", frozenset(), True, None)


@pytest.mark.parametrize(("text", "sentence"), [
    ("destinations: [{name: a, address: 127.0.0.1:1, findings: [news3]}]", "names 'news3', and no such capability runs here"),
    ("destinations: [{name: a, address: 127.0.0.1:1, finding: [news2]}]", "destinations[0].finding is not known here"),
    ("destinations: [{name: a, address: localhost}]", "must be HOST:PORT"),
    ("destinations: [{address: localhost:1}]", "destinations[0].name is missing"),
    ("destinations: [{name: a, address: ehr.example.org:2575, movements: true}]", "would send patient data to ehr.example.org in clear"),
    ("destinations: [{name: a, address: localhost:1}, {name: a, address: localhost:2}]", "another destination has this name"),
    ("destinations: {a: b}", "must be a list"),
    ("- a", "must be a mapping"),
    ("a: b: c", "this is not YAML"),
    ("destinations: [{name: a, address: ehr.example.org:1, tls: {authority: /nowhere/ca.pem}}]", "certificate files of a destination cannot be used"),
])  # fmt: skip
def test_a_mistake_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        destinations_in(written(tmp_path, text), KNOWN)
    assert sentence in str(refused.value)
