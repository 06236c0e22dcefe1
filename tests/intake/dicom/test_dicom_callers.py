"""Who may come in at the DICOM door and what for: others hear why not."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest

from support.certificates import Authority
from support.dcmtk import dcmtk
from support.dicom_door import CT, SECRET, Sender, door
from wardline.adapters.embedded.images.store import ImageStore
from wardline.app.settings import Tls
from wardline.app.tls import tls_context
from wardline.formats.dicom.syntaxes import EXPLICIT_LITTLE, IMPLICIT_LITTLE
from wardline.intake.dicom import pdus
from wardline.intake.dicom.agreement import Agreement, Peer, open_agreement
from wardline.intake.dicom.association import Serving
from wardline.intake.dicom.listener import DicomListener
from wardline.intake.dicom.sockets import bound_socket

PRIVATE = "1.3.12.2.1107.5.9.1"
JPEG = "1.2.840.10008.1.2.4.50"


@pytest.mark.parametrize(
    ("called", "calling", "answer"),
    [("ELSEWHERE", "CT1", b"\1\1\7"), ("WARDLINE", "NOBODY", b"\1\1\3"), ("WARDLINE", "CT1", b"")],
)
def test_a_stranger_is_rejected_with_the_reason(tmp_path: Path, called: str, calling: str, answer: bytes) -> None:
    """PS3.8 9.3.4: result permanent, source service-user, called or calling AE title not recognised."""
    listed = Agreement(peers={"CT1": Peer("CT1", frozenset({"store"}))})

    with door(tmp_path / "images", listed) as opened:
        sender = Sender(opened.port, called=called, calling=calling)

        assert sender.answer[0] == (pdus.ASSOCIATE_RJ if answer else pdus.ASSOCIATE_AC)
        assert not answer or sender.answer[-3:] == answer
        sender.sock.close()


def test_a_peer_may_do_only_what_was_agreed(tmp_path: Path) -> None:
    listed = Agreement(peers={"MWL": Peer("MWL", frozenset({"worklist"}))})
    wanted = {CT: [EXPLICIT_LITTLE], "1.2.840.10008.5.1.4.31": [IMPLICIT_LITTLE], "1.2.840.10008.1.1": [IMPLICIT_LITTLE]}

    with door(tmp_path / "images", listed) as opened:
        sender = Sender(opened.port, contexts=wanted, calling="MWL")

        assert results(sender.answer) == {1: 1, 3: 0, 5: 0}
        sender.release()


def results(answer: bytes) -> dict[int, int]:
    """Presentation context to result, from the items 21H of an A-ASSOCIATE-AC (PS3.8 9.3.3)."""
    found, position = {}, 74
    while position < len(answer):
        kind, length = answer[position], int.from_bytes(answer[position + 2 : position + 4], "big")
        if kind == 0x21:
            found[answer[position + 4]] = answer[position + 6]
        position += 4 + length
    return found


def test_every_kind_of_object_is_taken_also_makers_own_and_other_things_are_not(tmp_path: Path) -> None:
    wanted = {
        "1.2.840.10008.5.1.4.1.1.999.1": [JPEG], PRIVATE: ["1.2.3.4.5"], "1.2.840.10008.5.1.4.34.7": [IMPLICIT_LITTLE],
        "1.2.840.10008.5.1.1.1": [IMPLICIT_LITTLE], "1.2.840.10008.5.1.4.31": [JPEG],
    }  # fmt: skip

    with door(tmp_path / "images") as opened:
        sender = Sender(opened.port, contexts=wanted)

        assert results(sender.answer) == {1: 0, 3: 0, 5: 0, 7: 3, 9: 4}
        sender.release()


def test_beyond_the_limit_of_associations_a_caller_is_told_to_come_again(tmp_path: Path) -> None:
    """PS3.8 9.3.4: transient, presentation related, local limit exceeded."""
    with door(tmp_path / "images", most=1) as opened:
        first = Sender(opened.port)
        second = Sender(opened.port)

        assert second.answer[-3:] == b"\2\3\2"
        first.release()


def test_over_tls_only_those_come_in_whom_the_sites_authority_knows(tmp_path: Path) -> None:
    house = Authority(tmp_path, "house")
    own, modality = house.certificate_for("wardline.example"), house.certificate_for("ct1.example")
    stranger = Authority(tmp_path, "stranger").certificate_for("ct1.example")
    tls = tls_context(Tls(certificate=own, key=own, client_authority=house.file), "dicom_tls")

    with door(tmp_path / "images", tls=tls) as opened:
        words = ("-aec", "WARDLINE", "+cf", house.file, "127.0.0.1", str(opened.port))
        known = dcmtk("echoscu", "+tls", modality, modality, *words, check=False)
        unknown = dcmtk("echoscu", "+tls", stranger, stranger, *words, check=False)
        in_clear = dcmtk("echoscu", "-aec", "WARDLINE", "127.0.0.1", str(opened.port), check=False)

    assert (known.code, unknown.code != 0, in_clear.code != 0) == (0, True, True), known


@pytest.fixture
def sharing(tmp_path: Path) -> Iterator[tuple[int, list[DicomListener]]]:
    """Two listeners on one socket, as the processes of a house have it; and their port."""
    images = ImageStore(tmp_path / "images", SECRET)
    opened = bound_socket("127.0.0.1", 0)
    listeners = []
    for _ in range(2):
        listener = DicomListener(Serving(images, open_agreement, {}, lambda question, **fields: {}, lambda error: None))
        listener.share(socket.socket(fileno=os.dup(opened.fileno())))
        Thread(target=listener.run, daemon=True).start()
        listeners.append(listener)
    yield opened.getsockname()[1], listeners
    for listener in listeners:
        listener.close(2)
    opened.close()
    images.close()


def test_whoever_serves_fewer_takes_the_next(sharing: tuple[int, list[DicomListener]]) -> None:
    """Dealt out by chance, one call in eight has four scanners in one process while the other has none."""
    port, listeners = sharing

    senders = [Sender(port) for _ in range(12)]

    assert min(listener.open for listener in listeners) >= 3
    for sender in senders:
        sender.release()


def test_one_that_closes_leaves_the_port_to_the_other(sharing: tuple[int, list[DicomListener]]) -> None:
    port, (first, second) = sharing
    first.close(2)

    for _ in range(3):
        sender = Sender(port)
        assert sender.answer[0] == pdus.ASSOCIATE_AC
        assert second.open >= 1
        sender.release()


def test_a_door_that_closes_hangs_up_on_those_who_are_idle(tmp_path: Path) -> None:
    with door(tmp_path / "images") as opened:
        idle = [Sender(opened.port) for _ in range(3)]
        began = monotonic()

        opened.listener.close(patience_seconds=5)

        assert monotonic() - began < 3
        assert all(sender.pdu()[:1] in (b"", bytes((pdus.ABORT,))) for sender in idle)
