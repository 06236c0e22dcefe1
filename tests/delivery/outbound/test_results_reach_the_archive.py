"""From a stored study to the archive: objects are written beside the images, wait in the outbox, survive a crash, and arrive once."""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from pydicom.sr.codedict import codes

from delivery.outbound.archives_at_work import let_go
from delivery.outbound.couriers_at_work import Sending, running
from delivery.outbound.receiving import eventually
from support.hospital import copy_of
from support.messages import ADA, adt
from support.orthanc import Orthanc
from support.studies import store, study
from wardline.adapters.embedded.images.opening import open_images
from wardline.adapters.embedded.workers import ProcessWorkers
from wardline.app.imaging.department import archived
from wardline.app.imaging.objects import Wanted, objects_of, rejecting, with_objects
from wardline.app.imaging.opening import images_in
from wardline.core.errors import NotFound, Refused
from wardline.core.events import Event, Found, ReportSigned, ReportWithdrawn
from wardline.core.imaging import Label, LabelMap
from wardline.core.statements import Statement
from wardline.delivery.outbound import sending
from wardline.delivery.outbound.archives import DicomArchive
from wardline.delivery.outbound.destinations import Destination
from wardline.delivery.outbound.dicom import Item, Rejection, items_of
from wardline.formats.dicom.derived import opened
from wardline.formats.dicom.measurement_reading import measurements_in
from wardline.formats.dicom.segmentations import label_maps
from wardline.formats.dicom.volumes import series_in, volume_of
from wardline.formats.labelmaps import MEDIA_TYPE, packed, unpacked

AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
BODY_WEIGHT = "{SUVbw}g/ml"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(sending, "LONGEST_WAIT", 0.1)


def filled(data: Path) -> tuple[str, Wanted]:
    """A folder with a PET/CT in its store and a mask kept beside it; the study, and what is to be written about it."""
    datasets = study()
    pet = next(each for each in series_in(datasets).values() if each[0].Modality == "PT")
    volume = volume_of(pet)
    array = np.zeros(volume.grid.shape, np.uint8)
    array[5:8, 9:12, 9:12] = 1
    images = open_images(data)
    try:
        assert {each.outcome for each in store(images, datasets)} == {"stored"}
        uid = str(datasets[0].StudyInstanceUID)
        mask = images.keep(uid, packed(LabelMap(array, volume.grid, (Label(1, "L1"),), series=volume.series, made_by="pet_lesions 1")))
    finally:
        images.close()
    values = [
        {"id": "suv_max", "name": "SUVmax", "value": 8.0, "unit": BODY_WEIGHT}, {"id": "suv_peak", "name": "SUVpeak", "value": None, "unit": ""},
        {"id": "hue", "name": "a number without a code", "value": 3.0, "unit": ""},
    ]  # fmt: skip
    lesion = {"key": "L1", "label": 1, "series": volume.series, "values": values}
    return uid, Wanted(uid, AT, "pet_lesions 1", "Okonkwo^Ada", True, mask, (lesion,), (str(pet[6].SOPInstanceUID),))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Wanted, tuple[tuple[str, str, str], ...]]:
    data = tmp_path_factory.mktemp("written") / "data"
    with_log(data)
    uid, wanted = filled(data)
    return data, uid, wanted, objects_of(data, wanted)


def with_log(data: Path) -> None:
    """A data folder as the first start leaves it."""
    asyncio.run(Sending(data).close())


def kept(data: Path, uid: str, digest: str) -> bytes:
    with images_in(data) as images:
        return images.kept(uid, digest)


def test_a_signed_result_is_written_as_segmentation_measurements_and_key_images(written: Any) -> None:
    data, uid, wanted, objects = written
    assert [(name, kind) for name, kind, _ in objects] == [(name, "application/dicom") for name in ("segmentation", "measurements", "key images")]
    segmentation, measurements, selection = (kept(data, uid, digest) for _, _, digest in objects)
    (found,) = label_maps(segmentation)
    assert int(found.array.sum()) == 27
    assert [(each.region, each.value, each.unit, each.segment) for each in measurements_in(measurements)] == [("L1", 8.0, BODY_WEIGHT, 1)]
    report = opened(measurements)
    assert (report.VerificationFlag, report.StudyInstanceUID) == ("VERIFIED", uid)
    assert opened(segmentation).SOPInstanceUID in str(report)
    assert wanted.key_images[0] in str(opened(selection))


def test_written_again_it_is_the_same(written: Any) -> None:
    data, _, wanted, objects = written
    assert objects_of(data, wanted) == objects


def test_a_withdrawn_report_s_objects_are_rejected_by_a_note_that_archives_know(written: Any, tmp_path: Path) -> None:
    """IHE Imaging Object Change Management: a key object selection (113037, DCM, "Rejected for Patient Safety Reasons")."""
    data, uid, _, objects = written
    rejection = Rejection(uid, tuple(digest for _, _, digest in objects), AT, "wrong patient", "Wardline")
    note = rejecting(data, rejection)
    assert note == rejecting(data, rejection), "sent twice, it is there once"
    read = opened(note)
    title = read.ConceptNameCodeSequence[0]
    assert (read.Modality, title.CodeValue, title.CodingSchemeDesignator) == ("KO", "113037", "DCM")
    assert title.CodeMeaning == codes.DCM.RejectedForPatientSafetyReasons.meaning
    named = {
        str(each.ReferencedSOPInstanceUID)
        for each_study in read.CurrentRequestedProcedureEvidenceSequence
        for series in each_study.ReferencedSeriesSequence
        for each in series.ReferencedSOPSequence
    }
    assert named == {str(opened(kept(data, uid, digest)).SOPInstanceUID) for _, _, digest in objects}
    assert "Report withdrawn by Wardline: wrong patient" in read.to_json()
    (tmp_path / "note.dcm").write_bytes(note)
    dumped = subprocess.run(["/usr/bin/dsrdump", tmp_path / "note.dcm"], capture_output=True, text=True, check=False)
    assert dumped.returncode == 0, dumped.stderr
    with pytest.raises(NotFound):
        rejecting(data, rejection._replace(digests=("0" * 64,)))


def test_a_lesion_that_the_mask_does_not_have_stops_it(written: Any) -> None:
    data, _, wanted, _ = written
    lesion = {**wanted.lesions[0], "label": 2}
    with pytest.raises(Refused, match="L1 is structure 2 of a segmentation that has no such voxels"):
        objects_of(data, Wanted(wanted.study, AT, mask=wanted.mask, lesions=(lesion,)))


def test_a_study_that_is_gone_is_said(written: Any) -> None:
    data, _, wanted, _ = written
    with pytest.raises(NotFound):
        objects_of(data, Wanted("2.25.1", AT, lesions=wanted.lesions))


def answered(data: Path, wanted: Wanted, mask: str) -> Found:
    """What `pet_lesions` has answered, with the DICOM objects of it."""
    with images_in(data) as images:
        lesions = images.keep(wanted.study, json.dumps(wanted.lesions).encode())
        artefacts = (("lesions", "application/json", lesions), ("mask", MEDIA_TYPE, mask))
        return with_objects(images, Found("pet_lesions", "1", "", "finding", wanted.study, artefacts=artefacts), wanted.study, AT)


def test_an_answer_that_archives_want_gets_its_objects_unsigned(written: Any) -> None:
    data, uid, wanted, _ = written
    said = answered(data, wanted, wanted.mask)
    assert [name for name, kind, _ in said.artefacts if kind == "application/dicom"] == ["segmentation", "measurements"]
    assert items_of(Event(said, "p1", AT, AT)) == tuple(Item(uid, digest) for _, _, digest in said.artefacts[2:])
    report = opened(kept(data, uid, said.artefacts[3][2]))
    assert (report.VerificationFlag, "pet_lesions 1" in str(report)) == ("UNVERIFIED", True)


def test_an_answer_is_not_lost_because_no_true_object_can_be_made_of_it(written: Any) -> None:
    data, _, wanted, _ = written
    with images_in(data) as images:
        nameless = images.keep(wanted.study, packed(replace(unpacked(images.kept(wanted.study, wanted.mask)), labels=())))
    said = answered(data, wanted, nameless)
    assert [name for name, _, _ in said.artefacts] == ["lesions", "mask"]


def test_answers_go_to_archives_only_once_somebody_has_activated_them() -> None:
    research = DicomArchive("research", findings=frozenset({"pet_lesions", "lungs"}))
    assert archived([research], {}) == frozenset()
    assert archived([research, Destination("ehr", "127.0.0.1", 1, frozenset({"percist"}))], {"lungs": "Dr A", "percist": "Dr A"}) == {"lungs"}


@pytest.fixture
def pacs() -> Iterator[Orthanc]:
    with Orthanc() as running_pacs:
        yield running_pacs
    let_go()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_what_was_signed_before_a_crash_arrives_after_it_and_is_there_once(pacs: Orthanc, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "config").mkdir(parents=True)
    archives = [
        {"name": "pacs", "kind": "dicom", "address": f"127.0.0.1:{pacs.dicom}", "called": "ORTHANC", "reports": True},
        {"name": "vna", "kind": "dicomweb", "address": pacs.web, "reports": True},
    ]
    (data / "config" / "outbound.yaml").write_text(yaml.safe_dump({"destinations": archives}), encoding="utf-8")

    async def sign(house: Sending) -> list[str]:
        await house.take_in([adt("A01", ADA, at=datetime.now(UTC))])
        uid, wanted = await asyncio.to_thread(filled, data)
        objects = await asyncio.to_thread(objects_of, data, wanted)
        (record,) = (event.about for step in house.wardline.log.steps() for _, row in step.rows for event in row if event.kind == "Registered")
        signed = ReportSigned("R-1", "C-1", uid, 1, "PET/CT", "One lesion.", "ab", "Ada Okonkwo", artefacts=objects)
        await house.wardline.engine.record(lambda _, now: [Statement(signed, record, now)], actor="")
        return sorted(str(opened(kept(data, uid, digest)).SOPInstanceUID) for _, _, digest in objects)

    async def withdraw(house: Sending) -> None:
        """The note is made by a worker when it is sent."""
        (event,) = (event for step in house.wardline.log.steps() for _, row in step.rows for event in row if event.kind == "ReportSigned")
        signed: ReportSigned = event.value
        taken = ReportWithdrawn("R-1", "C-1", signed.study, 2, signed.title, signed.text, "wrong", "Ada Okonkwo", artefacts=signed.artefacts)
        house.couriers.workers = workers = ProcessWorkers(caches=tmp_path / "caches")
        try:
            await house.wardline.engine.record(lambda _, now: [Statement(taken, event.about, now)], actor="")
            await house.idle()
        finally:
            workers.close()

    async def story() -> None:
        pacs.kill()
        house = Sending(data)
        house.start()
        uids = await sign(house)
        await eventually(lambda: all(sender.trouble for sender in house.couriers.senders))
        crashed = copy_of(data, tmp_path / "crashed")
        await house.close()
        pacs.start()
        async with running(crashed) as again:
            await again.idle()
            assert again.incidents() == []
        assert pacs.instances() == uids
        async with running(crashed) as again:
            assert [sender.sent for sender in again.couriers.senders] == [0, 0]
            await withdraw(again)
        assert len(pacs.instances()) == len(uids) + 1, "the note that rejects them, once"

    asyncio.run(story())
