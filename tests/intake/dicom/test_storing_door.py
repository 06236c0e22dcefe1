"""The DICOM door takes what real senders and odd ones send: success only for what is durable, and a reason for everything else."""

import errno
import os
import struct
from itertools import pairwise
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import FileMetaDataset
from pynetdicom import AE

from support.dcmtk import dcmtk, send
from support.dicom_door import CT, ROOT, Sender, as_file, association_request, bytes_of, ct, door, files
from wardline.adapters.embedded.images.sealed_files import SealedWriter
from wardline.core.errors import Refused
from wardline.formats.dicom.syntaxes import EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE
from wardline.intake.dicom import commands, pdus
from wardline.intake.dicom.agreement import open_agreement
from wardline.intake.dicom.storing import ANOTHER_OBJECT, ANOTHER_PATIENT, CANNOT_UNDERSTAND, DOES_NOT_MATCH, OUT_OF_RESOURCES

PRIVATE = "1.3.12.2.1107.5.9.1"
JPEG = "1.2.840.10008.1.2.4.50"


# --- real senders ---


@pytest.mark.parametrize("no_delay", [True, False])
def test_dcmtk_sends_a_study_and_every_instance_is_there(tmp_path: Path, no_delay: bool) -> None:
    sent = [as_file(ct(number), tmp_path / f"{number}.dcm") for number in range(1, 9)]

    with door(tmp_path / "images") as opened:
        dcmtk("echoscu", "-aec", "WARDLINE", "127.0.0.1", str(opened.port))
        send(sent, opened.port, no_delay=no_delay)

        assert opened.instances() == [ct(number).SOPInstanceUID for number in range(1, 9)]
        assert opened.images.instance(ct(3).SOPInstanceUID).endswith(bytes_of(ct(3)))


@pytest.mark.parametrize(("option", "syntax"), [("-xi", IMPLICIT_LITTLE), ("-xb", EXPLICIT_BIG), ("-xe", EXPLICIT_LITTLE)])
def test_dcmtks_storescu_is_understood_in_every_uncompressed_syntax(tmp_path: Path, option: str, syntax: str) -> None:
    sent = as_file(ct(), tmp_path / "1.dcm", syntax)

    with door(tmp_path / "images") as opened:
        dcmtk("storescu", option, "-aec", "WARDLINE", "127.0.0.1", str(opened.port), sent)

        assert opened.images.layout(ct().SOPInstanceUID).syntax == syntax


def test_pynetdicom_sends_and_is_answered(tmp_path: Path) -> None:
    entity = AE("PYNET")
    entity.add_requested_context(CT, EXPLICIT_LITTLE)

    with door(tmp_path / "images") as opened:
        association = entity.associate("127.0.0.1", opened.port, ae_title="WARDLINE")
        dataset = ct()
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = EXPLICIT_LITTLE
        status = association.send_c_store(dataset)
        association.release()

        assert status.Status == 0
        assert opened.instances() == [dataset.SOPInstanceUID]


# --- odd ways of saying it ---


def test_an_object_in_many_pieces_several_to_a_pdu_is_one_object(tmp_path: Path) -> None:
    content = bytes_of(ct())

    with door(tmp_path / "images") as opened:
        sender = Sender(opened.port)
        command = sender.store_command(ct())
        sender.send_values((1, command[:7]), (1, command[7:8]), (3, command[8:]), (0, content[:1]), (0, b""), (0, content[1:300]))
        sender.send_values((0, content[300:301]))
        sender.send_values((0, content[301:]), (2, b""))

        assert sender.response()["Status"] == commands.SUCCESS
        sender.release()
        assert opened.images.instance(ct().SOPInstanceUID).endswith(content)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, 2500), max_size=8), bursts=st.lists(st.integers(1, 4000), max_size=6))
def test_however_it_is_cut_the_same_bytes_are_stored(tmp_path_factory: pytest.TempPathFactory, cuts: list[int], bursts: list[int]) -> None:
    content = bytes_of(ct())
    places = [0, *sorted(min(cut, len(content)) for cut in cuts), len(content)]
    values = [(0, content[begin:end]) for begin, end in pairwise(places)]
    values[-1] = (2, values[-1][1])

    with door(tmp_path_factory.mktemp("door") / "images") as opened:
        sender = Sender(opened.port)
        stream = b"".join(_pdu(value) for value in [(3, sender.store_command(ct())), *values])
        for burst in bursts:
            sender.sock.sendall(stream[:burst])
            stream = stream[burst:]
        sender.sock.sendall(stream)

        assert sender.response()["Status"] == commands.SUCCESS
        sender.release()
        assert opened.images.instance(ct().SOPInstanceUID).endswith(content)


def _pdu(value: tuple[int, bytes]) -> bytes:
    control, content = value
    return struct.pack(">BBLLBB", pdus.P_DATA, 0, len(content) + 6, len(content) + 2, 1, control) + content


@pytest.mark.parametrize(
    "nonsense",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        struct.pack(">BBL", pdus.P_DATA, 0, 0xFFFFFFFF),
        struct.pack(">BBLLBB", pdus.P_DATA, 0, 6, 400, 1, 3),
        struct.pack(">BBLLBB", pdus.P_DATA, 0, 6, 1, 1, 3),
        struct.pack(">BBLLBB", pdus.P_DATA, 0, 6, 2, 9, 3),
        struct.pack(">BBLLBB", pdus.P_DATA, 0, 6, 2, 1, 2),
        struct.pack(">BBLLBB", pdus.P_DATA, 0, 10, 6, 1, 3) + b"abcd",
        struct.pack(">BBL", 0x77, 0, 4) + b"abcd",
        struct.pack(">BBL", pdus.ASSOCIATE_RQ, 0, 4) + b"abcd",
    ],
)
def test_nonsense_is_answered_with_an_abort_and_the_next_sender_is_served(tmp_path: Path, nonsense: bytes) -> None:
    with door(tmp_path / "images") as opened:
        fresh = Sender(opened.port, request=nonsense + b"\0" * 80)
        assert fresh.answer[:1] in (b"", bytes((pdus.ABORT,)))
        late = Sender(opened.port)
        late.sock.sendall(nonsense)
        assert late.pdu()[:1] == bytes((pdus.ABORT,))

        sender = Sender(opened.port)
        assert sender.store(ct())["Status"] == commands.SUCCESS
        sender.release()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 250), value=st.integers(0, 255))
def test_a_request_with_any_byte_changed_is_answered_or_aborted(tmp_path_factory: pytest.TempPathFactory, place: int, value: int) -> None:
    request = bytearray(association_request({CT: [EXPLICIT_LITTLE]}, "WARDLINE", "SENDER"))
    if place < len(request) and not 2 <= place < 6:  # a longer length only waits for more
        request[place] = value
    with door(tmp_path_factory.mktemp("door") / "images") as opened:
        assert Sender(opened.port, request=bytes(request)).answer[0] in (pdus.ASSOCIATE_AC, pdus.ASSOCIATE_RJ, pdus.ABORT)


@pytest.mark.parametrize("content", [b"\0\0\0\x09\1\3abc", b"\0\0\0\1\1\3", b"\0\0\0\2\1"])
def test_values_that_do_not_fill_their_pdu_are_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        list(pdus.pieces(memoryview(content)))


def test_a_service_nobody_offers_is_answered_as_such(tmp_path: Path) -> None:
    with door(tmp_path / "images") as opened:
        sender = Sender(opened.port, contexts={"1.2.840.10008.5.1.4.31": [IMPLICIT_LITTLE]})
        asked = {"AffectedSOPClassUID": "1.2.840.10008.5.1.4.31", "CommandField": commands.C_FIND, "MessageID": 7, "CommandDataSetType": 1}
        sender.send_values((3, commands.encode(asked)), (2, b""))

        answer = sender.response()

        assert (answer["Status"], answer["MessageIDBeingRespondedTo"]) == (commands.NOT_RECOGNISED, 7)
        sender.release()


def test_an_answer_that_nobody_asked_for_is_let_pass(tmp_path: Path) -> None:
    with door(tmp_path / "images") as opened:
        sender = Sender(opened.port)
        said = {"CommandField": commands.C_STORE | commands.RESPONSE, "MessageIDBeingRespondedTo": 9, "CommandDataSetType": commands.NO_DATASET}
        sender.send_values((3, commands.encode({**said, "Status": 0})))

        assert sender.store(ct())["Status"] == commands.SUCCESS
        sender.release()


# --- what is stored and what is not ---


def test_an_aborted_association_keeps_every_acknowledged_instance_and_nothing_else(tmp_path: Path) -> None:
    """FT-38."""
    with door(tmp_path / "images") as opened:
        sender = Sender(opened.port)
        assert sender.store(ct(1))["Status"] == commands.SUCCESS
        half = bytes_of(ct(2, size=1100))[:2_000_000]
        sender.send_values((3, sender.store_command(ct(2))))
        for begin in range(0, len(half), 50_000):
            sender.send_values((0, half[begin : begin + 50_000]))
        sender.abort()
        again = Sender(opened.port)
        assert again.store(ct(3))["Status"] == commands.SUCCESS
        again.release()

        assert opened.instances() == [ct(1).SOPInstanceUID, ct(3).SOPInstanceUID]
    assert len(files(opened.images)) == 2


def test_the_same_instance_again_is_a_success_and_kept_once(tmp_path: Path) -> None:
    with door(tmp_path / "images") as opened:
        sender = Sender(opened.port)

        assert [sender.store(ct())["Status"] for _ in range(3)] == [commands.SUCCESS] * 3

        sender.release()
        assert len(opened.instances()) == len(files(opened.images)) == 1


def test_what_cannot_be_filed_is_refused_by_its_status_and_kept(tmp_path: Path) -> None:
    with door(tmp_path / "images") as opened:
        sender = Sender(opened.port)
        assert sender.store(ct(1))["Status"] == commands.SUCCESS

        answers = [
            sender.store(ct(1, StudyDescription="other")), sender.store(ct(2, patient="4712")), sender.store(ct(3), bytes_of(ct(4))),
            sender.store(ct(5), bytes_of(ct(5))[:-7]), sender.store(ct(6), b""),
        ]  # fmt: skip

        sender.release()
        assert [each["Status"] for each in answers] == [ANOTHER_OBJECT, ANOTHER_PATIENT, DOES_NOT_MATCH, CANNOT_UNDERSTAND, CANNOT_UNDERSTAND]
        assert all(each["ErrorComment"].startswith("kept aside: ") and "4711" not in each["ErrorComment"] for each in answers)
        assert len(opened.images.quarantined()) == 5
        assert opened.instances() == [ct(1).SOPInstanceUID]


def test_an_object_of_another_class_than_its_context_is_put_aside(tmp_path: Path) -> None:
    with door(tmp_path / "images") as opened:
        sender = Sender(opened.port, contexts={"1.2.840.10008.5.1.4.1.1.4": [EXPLICIT_LITTLE]})

        assert sender.store(ct())["Status"] == DOES_NOT_MATCH

        sender.release()
        assert len(opened.images.quarantined()) == 1


def test_more_bytes_than_agreed_are_refused_and_the_next_object_is_taken(tmp_path: Path) -> None:
    """As a multi-frame object of 40 GB would be."""
    small = open_agreement()._replace(largest_bytes=20_000)

    with door(tmp_path / "images", small) as opened:
        sender = Sender(opened.port)

        refused, taken = sender.store(ct(1, size=200)), sender.store(ct(2))

        sender.release()
        assert (refused["Status"], taken["Status"]) == (OUT_OF_RESOURCES, commands.SUCCESS)
        assert opened.instances() == [ct(2).SOPInstanceUID]
    assert len(files(opened.images)) == 1


def test_a_full_disk_is_said_and_nothing_half_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operating system says that there is no space left."""
    real = os.pwrite

    def full(file: int, content: bytes, offset: int) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with door(tmp_path / "images") as opened:
        sender = Sender(opened.port)
        monkeypatch.setattr(os, "pwrite", full)
        refused = sender.store(ct(1))
        monkeypatch.setattr(os, "pwrite", real)
        taken = sender.store(ct(1))

        sender.release()
        assert (refused["Status"], refused["ErrorComment"]) == (OUT_OF_RESOURCES, "the disk is full")
        assert taken["Status"] == commands.SUCCESS
        assert not opened.broken
    assert len(files(opened.images)) == 1


def test_a_disk_that_refuses_a_flush_stops_the_process_and_nothing_is_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed fsync is never tried again: what was in memory may be lost, and the next one would say that all is well."""

    def refuses(file: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with door(tmp_path / "images") as opened:
        sender = Sender(opened.port)
        assert sender.store(ct(1))["Status"] == commands.SUCCESS
        monkeypatch.setattr(os, "fsync", refuses)
        answer = sender.store(ct(2))
        monkeypatch.undo()

        sender.release()
        assert answer["Status"] == OUT_OF_RESOURCES
        assert len(opened.broken) == 1
        assert opened.instances() == [ct(1).SOPInstanceUID]


def test_success_is_said_after_the_flush_not_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []
    close = SealedWriter.close

    def noting(self: SealedWriter, number: int, key: bytes) -> None:
        close(self, number, key)
        flushed.append(self.path.name)

    monkeypatch.setattr(SealedWriter, "close", noting)
    with door(tmp_path / "images") as opened:
        sender = Sender(opened.port)

        assert sender.store(ct())["Status"] == commands.SUCCESS
        assert len(flushed) == 1

        sender.release()


def test_four_senders_at_once_lose_nothing(tmp_path: Path) -> None:
    studies = [f"{ROOT}.{number}" for number in range(1, 5)]
    answers: list[int] = []

    def scan(study: str) -> None:
        sender = Sender(port)
        answers.extend(sender.store(ct(number, study=study))["Status"] for number in range(1, 11))
        sender.release()

    with door(tmp_path / "images") as opened:
        port = opened.port
        senders = [Thread(target=scan, args=(study,)) for study in studies]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()

        assert answers == [commands.SUCCESS] * 40
        assert len(opened.instances()) == 40
        assert [row.study for row in opened.images.find("study")] == studies[::-1] or len(list(opened.images.find("study"))) == 4


def test_a_handler_answers_asks_back_and_hears_of_a_cancel(tmp_path: Path) -> None:
    """What the other services stand on: several answers, a request of ours in between, and C-CANCEL."""
    seen: list[object] = []

    def find(association: object, context: int, command: commands.Command, dataset: bytes):  # type: ignore[no-untyped-def]
        seen.append((association.calling_ae, dataset, association.ask("who", number=1)))  # type: ignore[attr-defined]
        yield {"Status": 0xFF00}, b"first"
        while not association.is_cancelled(command["MessageID"]):  # type: ignore[attr-defined]
            pass
        yield {"Status": 0xFE00}, None

    with door(tmp_path / "images", handlers={commands.C_FIND: find}) as opened:
        sender = Sender(opened.port, contexts={"1.2.840.10008.5.1.4.1.2.2.1": [IMPLICIT_LITTLE]})
        asked = {"AffectedSOPClassUID": "1.2.3", "CommandField": commands.C_FIND, "MessageID": 3, "CommandDataSetType": 1}
        sender.send_values((3, commands.encode(asked)), (2, b"query"))
        pending, identifier = sender.response(), sender.pdu()
        cancel = {"CommandField": commands.C_CANCEL, "MessageIDBeingRespondedTo": 3, "CommandDataSetType": commands.NO_DATASET}
        sender.send_values((3, commands.encode(cancel)))
        last = sender.response()
        sender.release()

    assert (pending["Status"], identifier[12:], last["Status"]) == (0xFF00, b"first", 0xFE00)
    assert seen == [("SENDER", b"query", {})]
    assert opened.asked == [("who", {"number": 1})]
