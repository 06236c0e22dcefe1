"""What is put out for archives, and what the answers of a DICOMweb service mean."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any, ClassVar

from delivery.outbound.archives_at_work import AT, Shelf, archive, dimse, run, segmentation, web
from support.scans import STUDY
from wardline.core.events import Event, Found, ReportSigned, ReportWithdrawn
from wardline.core.timeline import Timeline
from wardline.delivery.outbound.dicom import DicomOutbound, Item, Rejection, item_in, payload_of
from wardline.delivery.outbound.sending import Verdict

DICOM = ("segmentation", "application/dicom", "aa"), ("lesions", "application/json", "bb"), ("measurements", "application/dicom", "cc")
SIGNED = ReportSigned("R-5", "C-9", STUDY, 1, "PET/CT", "Partial response.", "ab", "Ada Okonkwo", artefacts=DICOM)
ANSWER = Found("pet_lesions", "1", "", "finding", key=f"{STUDY}/L1", artefacts=DICOM)
REPORTS, ANSWERS = archive(1), archive(1, name="research", reports=False, findings=frozenset({"pet_lesions"}))


def put_out(value: Any, **more: Any) -> list[tuple[str, Item | Rejection]]:
    """What a reaction puts into the outbox when this happens."""
    outbound = DicomOutbound((REPORTS, ANSWERS), **more)
    patients: Any = SimpleNamespace(timeline=Timeline)
    assert list(outbound.react(Event(value, "p1", AT, AT, id=4096), patients, AT)) == []
    return [(each.topic, item_in(each.payload)) for each in outbound.outgoing()]


def test_the_objects_of_a_signed_report_go_to_archives_that_take_reports_in_their_order() -> None:
    assert put_out(SIGNED) == [("dicom/pacs", Item(STUDY, "aa")), ("dicom/pacs", Item(STUDY, "cc"))]


def test_the_objects_of_an_answer_go_only_where_the_site_asked_for_that_answer() -> None:
    assert put_out(ANSWER) == [("dicom/research", Item(STUDY, "aa")), ("dicom/research", Item(STUDY, "cc"))]
    assert put_out(ANSWER._replace(capability="lungs")) == []
    assert put_out(SIGNED._replace(artefacts=())) == []


def test_when_a_report_is_withdrawn_archives_that_take_reports_get_one_note_about_all_its_objects() -> None:
    withdrawn = ReportWithdrawn("r1", "c1", STUDY, 2, "PET/CT", "Text", "wrong lung", "Dr B", artefacts=SIGNED.artefacts)
    assert put_out(withdrawn) == [("dicom/pacs", Rejection(STUDY, ("aa", "cc"), AT, "wrong lung", "Dr B"))]
    assert put_out(withdrawn._replace(artefacts=())) == []


def test_what_is_withheld_goes_nowhere() -> None:
    assert put_out(SIGNED, withheld=lambda event, timeline: True) == []


# --- DICOMweb ---


class Answering(BaseHTTPRequestHandler):
    """A DICOMweb service that answers each request with the next of `answers`, and keeps what came."""

    answers: ClassVar[list[tuple[int, bytes]]] = []
    came: ClassVar[list[tuple[str, bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        type(self).came.append((f"{self.path} {self.headers['content-type']}", body))
        status, content = type(self).answers.pop(0)
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


def failed(reason: int) -> bytes:
    return json.dumps({"00081198": {"vr": "SQ", "Value": [{"00081197": {"vr": "US", "Value": [reason]}}]}}).encode()


# PS3.18 10.5.3: the status, and for an object that failed all the same its reason.
SAID_OF_STOW = {
    (200, b"{}"): Verdict(True, False, "200"), (202, b""): Verdict(True, False, "202"), (200, failed(0x0111)): Verdict(True, False, "200 0111"),
    (202, failed(0xA700)): Verdict(False, False, "202 A700"), (409, failed(0x0122)): Verdict(False, True, "409 0122"),
    (409, failed(0xC000)): Verdict(False, True, "409 C000"), (409, b"what?"): Verdict(False, True, "409"), (503, b""): Verdict(False, False, "503"),
    (401, b""): Verdict(False, False, "401"), (415, b""): Verdict(False, True, "415"), (200, b'{"00081198": 7}'): Verdict(True, False, "200"),
}  # fmt: skip


def test_every_answer_of_a_dicomweb_service_is_understood() -> None:
    Answering.answers, Answering.came = list(SAID_OF_STOW), []
    shelf = Shelf(segmentation())

    async def story(port: int) -> list[Verdict]:
        wire = web(shelf, port)
        said = [await wire.send(payload_of(Item(STUDY, "0"))) for _ in SAID_OF_STOW]
        await shelf.opened[0].close()
        return said

    with HTTPServer(("127.0.0.1", 0), Answering) as service:
        threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        assert run(story(service.server_port)) == list(SAID_OF_STOW.values())
        service.shutdown()
    head, body = Answering.came[0]
    assert head.startswith('/dicom-web/studies multipart/related; type="application/dicom"; boundary=')
    assert body.count(segmentation()) == 1


def test_what_has_been_erased_meanwhile_is_not_sent() -> None:
    async def story() -> None:
        nobody = 9  # nothing listens there, and nothing is asked
        for wire in (dimse(Shelf(), nobody), web(Shelf(), nobody)):
            assert await wire.send(payload_of(Item(STUDY, "gone"))) == Verdict(True, False, "erased")

    run(story())
