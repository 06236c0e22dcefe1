"""FHIR servers in the site's list of receivers: read whole, or refused with file, line and reason; their hosts and no others are reached."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from wardline.app.outgoing import named_by
from wardline.core.errors import Refused
from wardline.delivery.notifications.contacts import NOBODY
from wardline.delivery.outbound.destinations import destinations_in
from wardline.delivery.outbound.fhir_servers import FhirServer
from wardline.formats.fhir.authorisation import BackendService, Bearer

KNOWN = {"news2"}


def written(folder: Path, text: str) -> Path:
    file = folder / "outbound.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def key_in(folder: Path, curve: ec.EllipticCurve) -> Path:
    file = folder / f"{curve.name}.pem"
    file.write_bytes(ec.generate_private_key(curve).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return file


def test_a_fhir_server_is_read_with_all_it_says(tmp_path: Path) -> None:
    file = written(tmp_path, f"""destinations:
  - name: ehr
    kind: fhir
    address: https://ehr.hospital.example/fhir/
    findings: [news2]
    resources: [Observation, Condition]
    systems: {{HOSP: "https://hospital.example/numbers"}}
    create_patients: true
    timeout_seconds: 5
    tls: {{}}
    authorisation: {{client_id: wardline, key: {key_in(tmp_path, ec.SECP384R1())}, scope: system/*.cud, token_url: "https://sso.hospital.example/token"}}
  - {{name: registry, kind: fhir, address: "http://127.0.0.1:8081/fhir", findings: [news2]}}
""")  # fmt: skip
    ehr, registry = destinations_in(file, KNOWN)
    assert isinstance(ehr, FhirServer)
    assert isinstance(ehr.proof, BackendService)
    assert (ehr.base, ehr.findings, ehr.resources) == ("https://ehr.hospital.example/fhir", KNOWN, {"Observation", "Condition"})
    assert (ehr.systems, ehr.creates_patients, ehr.timeout_seconds) == ((("HOSP", "https://hospital.example/numbers"),), True, 5)
    assert isinstance(registry, FhirServer)
    assert registry.proof is None
    places = [(place.host, place.port, place.in_clear) for place in named_by(NOBODY, (ehr, registry))]
    assert places == [("ehr.hospital.example", 443, False), ("sso.hospital.example", 443, False), ("127.0.0.1", 8081, True)]


def test_a_token_is_read_anew_each_time(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("first\n", encoding="utf-8")
    file = written(
        tmp_path,
        f"destinations: [{{name: a, kind: fhir, address: 'https://x/fhir', findings: [news2], authorisation: {{bearer: {tmp_path}/token}}}}]",
    )
    (server,) = destinations_in(file, KNOWN)
    assert isinstance(server, FhirServer)
    assert isinstance(server.proof, Bearer)
    (tmp_path / "token").write_text("second", encoding="utf-8")
    assert server.proof.secret() == "second"


@pytest.mark.parametrize(("said", "sentence"), [
    ("address: 'https://x/fhir', findings: [news3]", "names 'news3', and no such capability runs here"),
    ("address: 'https://x/fhir'", "nothing would ever be sent"),
    ("address: 'https://x/fhir', resources: [Practitioner]", "names 'Practitioner'; it can be AllergyIntolerance"),
    ("address: 'http://ehr.example/fhir', findings: [news2]", "would send patient data to ehr.example in clear"),
    ("address: 'ehr.example:443', findings: [news2]", "must be an https address"),
    ("address: 'https://who:what@x/fhir', findings: [news2]", "without a name, a password or a query in it"),
    ("address: 'https://x/fhir', findings: [news2], movements: true", "movements is not known here"),
    ("address: 'https://x/fhir', findings: [news2], authorisation: {bearer: /nowhere/token}", "/nowhere/token cannot be read"),
    ("address: 'https://x/fhir', findings: [news2], authorisation: {client_id: a, key: /nowhere/key, scope: s}", "/nowhere/key cannot be read"),
    ("address: 'https://x/fhir', findings: [news2], authorisation: {client_id: a, key: WEAK, scope: s}", "must be EC P-384 or RSA"),
    ("address: 'https://x/fhir', findings: [news2], authorisation: {client_id: a, key: WEAK, scope: s, token_url: 'http://y/token'}", "in clear"),
])  # fmt: skip
def test_a_mistake_in_a_fhir_server_is_named(tmp_path: Path, said: str, sentence: str) -> None:
    said = said.replace("WEAK", str(key_in(tmp_path, ec.SECP256R1())))
    with pytest.raises(Refused) as refused:
        destinations_in(written(tmp_path, f"destinations: [{{name: a, kind: fhir, {said}}}]"), KNOWN)
    assert sentence in str(refused.value)
