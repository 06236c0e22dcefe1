"""Archives in the site's list of receivers: read whole, or refused with file, line and reason."""

import re
from pathlib import Path

import pytest

from support.reference import REPOSITORY
from wardline.app.outgoing import named_by
from wardline.core.errors import Refused
from wardline.delivery.notifications.contacts import NOBODY
from wardline.delivery.outbound.archives import DicomArchive, WebArchive
from wardline.delivery.outbound.destinations import Destination, destinations_in
from wardline.delivery.outbound.fhir_servers import FhirServer

PAGE = REPOSITORY / "docs" / "operating" / "imaging-results.md"


def written(folder: Path, text: str) -> Path:
    file = folder / "outbound.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_list_in_the_guide_is_read_as_it_is(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "vna.token").write_text("secret", encoding="utf-8")
    example = example.replace("/etc/wardline/vna.token", str(tmp_path / "vna.token")).replace(
        "tls: {authority: /etc/wardline/hospital-ca.pem}", "tls: {}"
    )
    pacs, archive, ris, portal = destinations_in(written(tmp_path, example), {"pet_lesions"})
    assert isinstance(pacs, DicomArchive)
    assert (pacs.host, pacs.port, pacs.called, pacs.calling, pacs.reports) == ("pacs.hospital.example", 11112, "PACS", "WARDLINE", True)
    assert isinstance(archive, WebArchive)
    assert (archive.base, archive.findings, archive.reports) == ("https://vna.hospital.example/dicom-web", {"pet_lesions"}, False)
    assert isinstance(ris, Destination)
    assert ris.reports
    assert isinstance(portal, FhirServer)
    assert portal.resources == {"ImagingStudy", "DiagnosticReport"}


def test_archives_may_be_reached_because_they_are_listed(tmp_path: Path) -> None:
    text = """destinations:
  - {name: pacs, kind: dicom, address: 127.0.0.1:104, called: PACS, reports: true}
  - {name: vna, kind: dicomweb, address: "http://localhost:8042/dicom-web", reports: true}
"""
    places = named_by(NOBODY, destinations_in(written(tmp_path, text), set()))
    assert [(each.host, each.port) for each in places] == [("127.0.0.1", 104), ("localhost", 8042)]


@pytest.mark.parametrize(("said", "sentence"), [
    ("kind: dicom, address: pacs.example.org:104, called: PACS, reports: true", "would send patient data to pacs.example.org in clear"),
    ("kind: dicomweb, address: 'http://vna.example.org/web', reports: true", "would send patient data to vna.example.org in clear"),
    ("kind: dicom, address: localhost, called: PACS, reports: true", "must be HOST:PORT"),
    ("kind: dicom, address: 'localhost:104', reports: true", "called is missing"),
    ("kind: dicom, address: 'localhost:104', called: A TITLE THAT IS TOO LONG, reports: true", "application entity title"),
    ("kind: dicom, address: 'localhost:104', called: PACS", "nothing would ever be sent"),
    ("kind: dicom, address: 'localhost:104', called: PACS, findings: [glow]", "names 'glow', and no such capability runs here"),
    ("kind: dicom, address: 'localhost:104', called: PACS, reports: true, calld: X", "calld is not known here"),
    ("kind: fax, address: 'localhost:104'", "kind"),
])  # fmt: skip
def test_a_mistake_is_named(tmp_path: Path, said: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        destinations_in(written(tmp_path, f"destinations: [{{name: a, {said}}}]"), {"pet_lesions"})
    assert sentence in str(refused.value)
