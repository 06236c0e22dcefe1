"""A hospital's own network on its own studies: named in a table, run by a worker, silent until somebody signs, in the archive when it is wanted."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import yaml
from anyio.from_thread import BlockingPortal
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.house import OpenHouse
from delivery.outbound.archives_at_work import let_go
from support.clocks import MORNING
from support.messages import Patient, adt
from support.orthanc import Orthanc
from support.studies import ELENA, store
from wardline.adapters.embedded.models.folder import SHIPPED
from wardline.core.events import SILENT, Found
from wardline.core.imaging import Volume
from wardline.formats.dicom.segmentations import label_maps
from wardline.formats.labelmaps import unpacked
from wardline.science.imaging import phantoms
from wardline.security.model_files import signature_of
from wardline.simulator.scanner import pet_ct

MARCHETTI = Patient("4015", "MARCHETTI", "ELENA", "19610622", "F")
ID = "network_segmentation"
SHIPPED_MODEL = "phantom-chest"
DIGEST = json.loads((SHIPPED / f"{SHIPPED_MODEL}.json").read_text())["sha256"]
BOTH = [
    {"name": "everything", "model": SHIPPED_MODEL, "modality": "CT", "body_part": "chest"},
    {"name": "lungs", "model": "ours", "modality": "CT", "description": "low-dose*", "labels": ["lung"]},
    {"name": "heads", "model": "ours", "modality": "CT", "body_part": "head"},
]
LONG = 60.0


def chosen(data: Path, *networks: dict[str, Any]) -> None:
    _write(data / "config" / "site" / "networks.yaml", yaml.safe_dump({"networks": list(networks)}).encode())


def taught(data: Path) -> Path:
    """The site's own model, signed by somebody it trusts: the shipped one under another name."""
    secret, content = Ed25519PrivateKey.generate(), (SHIPPED / f"{SHIPPED_MODEL}.onnx").read_bytes()
    manifest = json.dumps(json.loads((SHIPPED / f"{SHIPPED_MODEL}.json").read_text()) | {"id": "ours", "file": "ours.onnx"}).encode()
    _write(data / "config" / "models" / "physicist.pem", secret.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    _write(data / "models" / "ours.json", manifest)
    _write(data / "models" / "ours.json.sig", signature_of(manifest, secret))
    _write(data / "models" / "ours.onnx.sig", signature_of(content, secret))
    return _write(data / "models" / "ours.onnx", content)


def _middle(volume: Volume) -> Volume:
    """As much of the chest as the network sees at once."""
    grid, shape = volume.grid, (volume.grid.shape[0], 23, 23)
    return replace(volume, array=volume.array[:, 13:36, 13:36], grid=replace(grid, shape=shape, origin=grid.position((0.0, 13.0, 13.0))))


def _write(file: Path, content: bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


@pytest.fixture(scope="module")
def scanned() -> list[Any]:
    phantom = phantoms.pet_ct(np.random.default_rng(2), spacing=(8, 8, 8), extent=(40, 120))
    return list(pet_ct(ELENA, _middle(phantom.ct), _middle(phantom.pet_suv)))


@pytest.fixture(scope="module")
def department(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal, scanned: list[Any]) -> Iterator[OpenHouse]:
    data = tmp_path_factory.mktemp("networks") / "data"
    taught(data)
    chosen(data, *BOTH)
    with OpenHouse(data, portal) as opened:
        yield arrived(opened, scanned)


class First(NamedTuple):
    """What was said at the first look, and what a doctor saw after it."""

    said: dict[str, Found]
    masks: list[dict[str, Any]]
    lung: Any
    study: dict[str, Any]
    chart: str


@pytest.fixture(scope="module")
def first(department: OpenHouse) -> First:
    doctor, uid, patient = department.as_("doctor"), ELENA.study, department.key(MARCHETTI)
    said = looked_at(department)
    masks = doctor.get(f"/api/v1/imaging/studies/{uid}/segmentations")["masks"]
    lung = unpacked(department.do(department.running.imaging.images.kept, uid, masks[-1]["id"]))
    return First(said, masks, lung, doctor.get(f"/api/v1/imaging/studies/{uid}"), str(doctor.get(f"/api/v1/patients/{patient}/findings")))


def arrived(house: OpenHouse, images: list[Any]) -> OpenHouse:
    house.send(adt("A01", MARCHETTI, at=MORNING, visit="V9", unit="7A", bed="12"))
    assert {each.outcome for each in store(house.running.imaging.images, images)} == {"stored"}
    house.running.imaging.images.complete(datetime.now(UTC) + timedelta(seconds=1))
    while house.do(house.running.imaging.filing.file_some):
        pass
    return house


def looked_at(house: OpenHouse) -> dict[str, Found]:
    """What the networks have said about the study, by their names within it; anew, if they had spoken."""
    before = [event.id for event in _found(house)]

    async def look() -> None:
        networks = house.running.imaging.networks
        house.running.imaging.analysing.ask(ELENA.study)
        running = asyncio.create_task(networks.run())
        try:
            async with asyncio.timeout(LONG):
                while len(_found(house)) == len(before):  # noqa: ASYNC110 - the log has no bell for this
                    await asyncio.sleep(0.05)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    house.do(look)
    return {event.value.key.partition("/")[2]: event.value for event in _found(house) if event.id not in before}


def _found(house: OpenHouse) -> list[Any]:
    events = house.wardline.engine.log.events_of([house.key(MARCHETTI)])
    return [event for event in events if isinstance(event.value, Found) and event.value.capability == ID]


def test_each_network_answers_under_its_own_name_with_its_card_and_its_digest(first: First) -> None:
    said = first.said
    assert {name: each.outcome for name, each in said.items()} == {"": "finding", "everything": "finding", "lungs": "finding"}
    assert said["lungs"].models == (("ours", DIGEST),)
    assert said[""].models == (("ours", DIGEST), (SHIPPED_MODEL, DIGEST))
    ((name, ml, _, unit, _), network) = said["lungs"].because
    assert (name, unit) == ("lung", "mL")
    assert network[1] == f"ours 1 (sha256 {DIGEST[:12]})"
    assert "not for: Patients" in network[3]
    structures = {line[0]: line[1] for line in said["everything"].because}
    assert structures["lung"] == ml
    assert 500 < ml < 10_000


def test_its_masks_are_shown_with_the_study_and_stand_on_no_chart(first: First) -> None:
    assert [(each["capability"], [label["name"] for label in each["labels"]]) for each in first.masks] == [
        (ID, ["lung", "PET lesion candidate", "lung nodule candidate"]), (ID, ["lung"]),
    ]  # fmt: skip
    assert [each["made_by"] for each in first.masks] == [
        f"{id} 1 (sha256 {DIGEST[:12]}), {name}" for id, name in ((SHIPPED_MODEL, "everything"), ("ours", "lungs"))
    ]
    assert np.unique(first.lung.array).tolist() == [0, 1]
    assert {(each.standing, each.severity) for each in first.said.values()} == {(SILENT, 0)}
    assert ELENA.study not in first.chart
    (answer,) = [each for each in first.study["answers"] if each["capability"] == ID]
    assert answer["active"] is False


@pytest.mark.usefixtures("first")
def test_a_model_that_was_altered_is_not_run_and_the_others_are(department: OpenHouse) -> None:
    model = department.data / "models" / "ours.onnx"
    whole = model.read_bytes()
    model.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    try:
        said = looked_at(department)
    finally:
        model.write_bytes(whole)

    assert said["lungs"].outcome == "unknown"
    assert said["lungs"].reason.startswith("ours.onnx is not the file its manifest names: its SHA-256 is")
    assert said["lungs"].models == ()
    assert said["everything"].outcome == "finding"
    masks = department.as_("doctor").get(f"/api/v1/imaging/studies/{ELENA.study}/segmentations")["masks"]
    assert len(masks) == 1, "the mask of an earlier run is not shown as if it had been made anew"


@pytest.mark.usefixtures("first")
def test_a_network_that_was_taken_off_the_table_leaves_no_mask_behind(department: OpenHouse) -> None:
    if department.wardline.studies.answers(ELENA.study)[ID, "lungs"].outcome != "finding":  # another test was here before
        looked_at(department)
    site: Any = department.wardline.engine.assessments.site
    before, site["networks"] = site["networks"], {"networks": [BOTH[0]]}
    try:
        said = looked_at(department)
    finally:
        site["networks"] = before

    assert {name: each.outcome for name, each in said.items()} == {"": "finding", "everything": "finding", "lungs": "unknown"}
    assert said["lungs"].reason == "the last look at this study did not answer this any more"


def test_an_activated_network_reaches_the_archive_that_asks_for_it(open_house: Callable[..., OpenHouse], tmp_path: Path, scanned: list[Any]) -> None:
    with Orthanc() as pacs:
        archive = {"name": "pacs", "kind": "dicom", "address": f"127.0.0.1:{pacs.dicom}", "called": "ORTHANC", "findings": [ID]}
        config = tmp_path / "data" / "config"
        _write(config / "outbound.yaml", yaml.safe_dump({"destinations": [archive]}).encode())
        _write(config / "imaging.yaml", yaml.safe_dump({"active": {ID: {"by": "Dr A. Physicist", "on": "2026-11-21"}}}).encode())
        chosen(tmp_path / "data", BOTH[0])
        house = arrived(open_house(), scanned)
        said = looked_at(house)
        assert said["everything"].standing == "provisional"
        house.do(_sent, house, pacs)
        (segmentation,) = [found for uid in pacs.instances() for found in label_maps(pacs.file(uid))]
    let_go()
    assert segmentation.labels[0].name == "lung"
    assert segmentation.array.any()


async def _sent(house: OpenHouse, pacs: Orthanc) -> None:
    lanes = [asyncio.create_task(lane()) for lane in house.running.couriers.lanes()]
    try:
        async with asyncio.timeout(LONG):
            while not await asyncio.to_thread(pacs.instances):
                house.running.couriers.wake()
                await asyncio.sleep(0.1)
    finally:
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)
