"""DICOM objects to an archive, over DIMSE and DICOMweb: a real Orthanc takes them, is away, turns us away, and gets nothing twice."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic

import numpy as np
import pytest

from delivery.outbound.archives_at_work import Shelf, Strict, dimse, emptied, let_go, measurements, run, segmentation, sender, web
from delivery.outbound.receiving import eventually
from support.certificates import Authority, server
from support.dcmtk import report
from support.orthanc import Orthanc
from support.scans import STUDY, file_of, grid, series
from wardline.core.errors import Fault
from wardline.delivery.outbound import sending
from wardline.delivery.outbound.dicom import Item, payload_of
from wardline.delivery.outbound.encryption import Encryption
from wardline.delivery.outbound.sending import Verdict
from wardline.formats.dicom.derived import opened
from wardline.formats.dicom.measurement_reading import measurements_in
from wardline.formats.dicom.segmentations import label_maps


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once: how long to wait between them is not what is tested here."""
    monkeypatch.setattr(sending, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(sending, "LONGEST_WAIT", 0.1)


@pytest.fixture
def _collected() -> Iterator[None]:
    yield
    let_go()


def unconnected(test: Callable[..., None]) -> Callable[..., None]:
    """For tests in which an association does not come about."""
    return pytest.mark.filterwarnings("ignore::ResourceWarning")(pytest.mark.usefixtures("_collected")(test))


@pytest.fixture(scope="module")
def pacs() -> Iterator[Orthanc]:
    with Orthanc() as running:
        yield running


@pytest.fixture
def empty(pacs: Orthanc) -> Orthanc:
    for study in pacs.ask("/studies"):
        pacs.ask(f"/studies/{study}", method="DELETE")
    return pacs


# --- taken -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["dimse", "web"])
def test_what_is_sent_opens_in_the_archive_as_it_was_made(way: str, empty: Orthanc, tmp_path: Path) -> None:
    shelf = Shelf(segmentation(), segmentation("labelmap"), measurements())
    uids = [str(opened(content).SOPInstanceUID) for content in shelf.objects.values()]
    made = list(shelf.objects.values())
    run(emptied(shelf, sender(shelf, dimse(shelf, empty.dicom) if way == "dimse" else web(shelf, empty.http))))
    assert shelf.incidents == []
    assert empty.instances() == sorted(uids)
    for uid, content in zip(uids[:2], made[:2], strict=True):
        assert np.array_equal(label_maps(empty.file(uid), grid())[0].array, label_maps(content, grid())[0].array)
    (tmp_path / "sr.dcm").write_bytes(empty.file(uids[2]))
    assert '(121191,DCM,"Referenced Segment")=(SG image,,1)' in report(tmp_path / "sr.dcm")
    assert measurements_in(empty.file(uids[2])) == measurements_in(made[2])


@pytest.mark.parametrize("way", ["dimse", "web"])
def test_an_object_that_the_archive_has_already_is_taken_and_there_once(way: str, empty: Orthanc) -> None:
    for _ in range(2):
        shelf = Shelf(segmentation())
        run(emptied(shelf, sender(shelf, dimse(shelf, empty.dicom) if way == "dimse" else web(shelf, empty.http))))
        assert shelf.incidents == []
    assert len(empty.instances()) == 1


def test_results_lie_in_the_study_of_their_images(empty: Orthanc) -> None:
    shelf = Shelf(*(file_of(each) for each in series()), segmentation(), measurements())
    run(emptied(shelf, sender(shelf, dimse(shelf, empty.dicom))))
    (study,) = empty.ask("/studies")
    found = empty.ask(f"/studies/{study}/series")
    assert sorted(each["MainDicomTags"]["Modality"] for each in found) == ["CT", "SEG", "SR"]


@unconnected
def test_while_the_archive_is_away_everything_waits_in_its_order_and_goes_when_it_is_back() -> None:
    async def story(away: Orthanc) -> None:
        shelf = Shelf(segmentation(), measurements())
        lane = sender(shelf, dimse(shelf, away.dicom))
        away.kill()

        async def back() -> None:
            await eventually(lambda: lane.trouble)
            assert f"pacs cannot be reached at 127.0.0.1:{away.dicom}" in (lane.trouble or "")
            assert len(shelf.rows) == 2
            away.start()
            await eventually(lambda: not shelf.rows)

        await emptied(shelf, lane, back())
        assert lane.trouble is None
        assert len(away.instances()) == 2

    with Orthanc() as away:
        run(story(away))


# --- turned away, refused, erased ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def listening() -> Iterator[Strict]:
    with closing(Strict()) as strict:
        yield strict


@pytest.fixture
def strict(listening: Strict) -> Strict:
    listening.status, listening.came = 0, []
    listening.answers.set()
    return listening


@unconnected
def test_an_archive_that_turns_us_away_is_asked_again_with_pauses_and_nothing_is_put_aside(strict: Strict) -> None:
    """It may be told our title in a minute: the results of a day must not be lost over it, and it must not be stormed."""

    async def story() -> None:
        shelf = Shelf(segmentation())
        lane = sender(shelf, dimse(shelf, strict.port, called="PACS", calling="STRANGER"))
        began = monotonic()

        async def for_a_while() -> None:
            await eventually(lambda: lane.trouble)
            assert lane.trouble == "pacs turns us away: calling ae title not recognised; it must know STRANGER and be called PACS"
            await asyncio.sleep(0.5)

        await emptied(shelf, lane, for_a_while())
        assert len(shelf.rows) == 1
        assert (strict.came, shelf.incidents) == ([], [])
        assert lane._pool.calls <= (monotonic() - began) / sending.FIRST_WAIT + 1  # type: ignore[attr-defined]

    run(story())


@unconnected
@pytest.mark.parametrize(("status", "code"), [(0xA900, "A900"), (0xC123, "C123"), (0x0122, "0122")])
def test_an_object_that_will_never_be_taken_is_put_aside_with_an_incident(status: int, code: str, strict: Strict) -> None:
    strict.status = status
    shelf = Shelf(segmentation())
    run(emptied(shelf, sender(shelf, dimse(shelf, strict.port, called="PACS"))))
    (incident,) = shelf.incidents
    assert incident.what == "message refused by its receiver"
    assert code in incident.detail
    assert len(strict.came) == sending.REJECTIONS


@unconnected
def test_an_archive_that_knows_no_such_objects_is_not_asked_for_ever_and_the_next_goes_on(strict: Strict) -> None:
    shelf = Shelf(segmentation("labelmap"), segmentation())
    run(emptied(shelf, sender(shelf, dimse(shelf, strict.port, called="PACS"))))
    assert ["no objects of this kind" in each.detail for each in shelf.incidents] == [True]
    assert strict.came == [str(opened(segmentation()).SOPInstanceUID)]


@unconnected
def test_every_answer_of_an_archive_is_understood(strict: Strict) -> None:
    """PS3.4 table B.2-1: stored with a remark, and there already, count as stored; trouble of the archive is no refusal of the object."""

    async def said(status: int) -> Verdict:
        strict.status = status
        return await dimse(Shelf(segmentation()), strict.port, called="PACS").send(payload_of(Item(STUDY, "0")))

    for status in (0xB000, 0xB006, 0xB007, 0x0111):
        assert run(said(status)) == Verdict(True, False, f"{status:04X}")
    for status in (0xA700, 0x0110):
        assert run(said(status)) == Verdict(False, False, f"{status:04X}")


@unconnected
def test_an_archive_that_accepts_and_then_says_nothing_is_left_when_its_time_is_up() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        began = monotonic()
        with pytest.raises(Fault, match="cannot be reached"):
            run(dimse(Shelf(segmentation()), silent.getsockname()[1], timeout_seconds=0.5).send(payload_of(Item(STUDY, "0"))))
        assert monotonic() - began < 3


@unconnected
def test_stopping_waits_for_no_archive() -> None:
    async def story(port: int) -> None:
        shelf = Shelf(segmentation())
        lane = asyncio.create_task(sender(shelf, dimse(shelf, port)).run())
        await asyncio.sleep(0.2)
        began = monotonic()
        lane.cancel()
        await asyncio.gather(lane, return_exceptions=True)
        assert monotonic() - began < 1

    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        run(story(silent.getsockname()[1]))


@unconnected
def test_stopping_waits_for_no_answer(strict: Strict) -> None:
    async def story() -> None:
        strict.answers.clear()
        shelf = Shelf(segmentation())
        lane = asyncio.create_task(sender(shelf, dimse(shelf, strict.port, called="PACS", timeout_seconds=1)).run())
        await eventually(lambda: strict.came)
        began = monotonic()
        lane.cancel()
        await asyncio.gather(lane, return_exceptions=True)
        assert monotonic() - began < 0.5
        strict.answers.set()

    run(story())


@unconnected
def test_an_archive_is_spoken_to_over_tls_and_only_if_it_is_who_it_should_be(tmp_path: Path) -> None:
    hospital, stranger = Authority(tmp_path, "hospital"), Authority(tmp_path, "stranger")
    encryption = Encryption(authority=hospital.file)
    for whose, is_theirs in ((hospital, True), (stranger, False)):
        with closing(Strict(server(whose))) as strict:
            shelf = Shelf(segmentation())
            wire = dimse(shelf, strict.port, called="PACS", host="localhost", encryption=encryption)
            strict.answers.set()
            if is_theirs:
                assert run(wire.send(payload_of(Item(STUDY, "0")))).taken
            else:
                with pytest.raises(Fault, match="cannot be reached"):
                    run(wire.send(payload_of(Item(STUDY, "0"))))
            assert len(strict.came) == is_theirs
