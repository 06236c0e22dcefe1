"""Associations that we open over TLS: to DCMTK's own receiver, and to a scanner that waits for its report. Never to somebody else."""

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.dicomweb.sending import ct
from support.certificates import Authority, server
from support.dcmtk import FOLDER, PLAIN, dcmtk
from support.messages import ADA
from wardline.app.imaging.promises import notify
from wardline.core.errors import Fault, Refused
from wardline.intake.dicom.agreement import Peer, read_agreement
from wardline.intake.dicom.encryption import Encryption, encryption_in
from wardline.intake.dicom.pdus import Gone
from wardline.intake.dicom.services.calling import Address, Call, Proposal
from wardline.intake.dicom.services.committing import COMMITMENT

if TYPE_CHECKING:
    from tests.intake.dicom.services.conftest import Door

VERIFICATION = Proposal("1.2.840.10008.1.1", ("1.2.840.10008.1.2",))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"), "house")


@contextlib.contextmanager
def receiver(folder: Path, authority: Authority) -> Iterator[int]:
    """DCMTK's `storescp` as pacs.example; it takes calls of those only whom this authority knows."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    own = authority.certificate_for("pacs.example")
    words = ("+tls", str(own), str(own), "+cf", str(authority.file), "-rc", "-aet", "PACS", "-od", str(folder), str(port))
    with subprocess.Popen([str(FOLDER / "storescp"), *words], env=PLAIN, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _until_open(port)
            yield port
        finally:
            process.kill()


def _until_open(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise AssertionError("the receiver did not open its port")


def ours(authority: Authority, name: str = "pacs.example") -> Encryption:
    own = str(authority.certificate_for("wardline.example"))
    return Encryption(str(authority.file), own, own, name)


def test_a_study_is_moved_over_tls_to_a_receiver_that_asks_for_our_certificate(door: "Door", house: Authority, tmp_path: Path) -> None:
    study = ct(ADA)[0].StudyInstanceUID
    with receiver(tmp_path, house) as port:
        door.peers["PACS"] = Peer("PACS", frozenset(), "127.0.0.1", port, encryption=ours(house))
        words = ("-S", "-aec", "WARDLINE", "-aet", "CALLER", "-aem", "PACS", "-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={study}")
        dcmtk("movescu", *words, "127.0.0.1", str(door.port))

    assert sorted(path.name.partition(".")[2] for path in tmp_path.iterdir()) == sorted(each.SOPInstanceUID for each in ct(ADA))


def test_a_report_of_commitment_is_told_over_tls(house: Authority) -> None:
    from pynetdicom import AE, evt

    told: list[str] = []

    def taken(event: evt.Event) -> tuple[int, None]:
        told.append(event.event_information.TransactionUID)
        return 0, None

    scanner = AE("CT1")
    scanner.add_supported_context(COMMITMENT, scu_role=True, scp_role=True)
    opened = scanner.start_server(
        ("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_N_EVENT_REPORT, taken)], ssl_context=server(house, clients=house)
    )
    assert opened is not None
    try:
        report = ["1.7.1", [["1.2", "1.3"]], []]
        notify("127.0.0.1", opened.server_address[1], "CT1", "WARDLINE", report, ours(house, "localhost"))
        with pytest.raises(Fault, match=r"broken|hung up"):
            notify("127.0.0.1", opened.server_address[1], "CT1", "WARDLINE", report, None)
    finally:
        opened.shutdown()

    assert told == ["1.7.1"], "and nothing in clear"


def test_who_is_not_who_it_should_be_hears_nothing(door: "Door", house: Authority, tmp_path: Path) -> None:
    """Another name than in the certificate, an unknown authority, a peer that asks for our certificate, one without TLS, one that wants it."""
    stranger = Authority(tmp_path, "stranger")
    with receiver(tmp_path, house) as port:
        cases = (
            (port, ours(house, "archive.example"), "PACS is not who it should be.*archive.example"),
            (port, ours(house, "")._replace(authority=str(stranger.file)), "PACS is not who it should be"),
            (port, Encryption(str(house.file), name="pacs.example"), "PACS hung up after the TLS handshake"),
            (door.port, ours(house), "PACS does not speak TLS with us"),
            (port, None, "hung up|broken|ended|abort"),
        )
        for where, encryption, said in cases:
            with pytest.raises(Gone, match=said), Call(Address("127.0.0.1", where, "PACS", "WARDLINE", encryption), [VERIFICATION]):
                raise AssertionError("the call was taken")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5", "each a text"),
        ("{autority: a.pem}", "authority, certificate, key, name"),
        ("{authority: /nowhere/ca.pem}", "missing: /nowhere/ca.pem"),
        ("{key: /nowhere/own.key}", "a key and no certificate"),
        ('{authority: "a\\0b"}', "cannot be used"),
    ],
)
def test_files_for_tls_that_cannot_be_used_are_said_when_the_agreement_is_read(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        read_agreement(f"peers: [{{title: PACS, host: pacs.example, tls: {text}}}]", "dicom.yaml")
    assert str(refused.value).startswith("dicom.yaml: PACS: ")


def test_tls_without_a_host_calls_nobody_and_is_refused() -> None:
    with pytest.raises(Refused, match="no host"):
        read_agreement("peers: [{title: PACS, tls: {}}]", "dicom.yaml")


def test_a_file_that_is_no_certificate_is_said(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing", encoding="utf-8")
    with pytest.raises(Refused, match="cannot be used"):
        encryption_in({"authority": str(tmp_path / "ca.pem")})
    assert encryption_in({}) == Encryption(), "the system's authorities count"
