"""A served Wardline and programs that nobody of us wrote: dcmtk sends and asks, dicomweb-client and curl store and fetch."""

import io
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from dicomweb_client.api import DICOMwebClient
from dicomweb_client.session_utils import create_session
from pydicom import Dataset, dcmread
from requests import Session

from api.dicomweb.sending import SERIES, STUDY, ct
from support.dcmtk import dcmtk, send
from support.messages import ADA
from support.scans import file_of
from support.served import Served

WEB_STUDY = "1.2.3.40"


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Ada's CT came from a scanner."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "ct").mkdir()
    for number, image in enumerate(ct(ADA)):
        (folder / "ct" / f"{number}.dcm").write_bytes(file_of(image))
    with Served(folder / "data", dicom=0) as served:
        served.set_up()
        served.add("rad", "Rosa Lind", "radiologist")
        send([folder / "ct"], served.dicom)
        yield served


@pytest.fixture(scope="module")
def session(ward: Served) -> Session:
    made = create_session()
    made.headers["Authorization"] = f"Bearer {ward.sign_in('rad')}"
    return made


@pytest.fixture(scope="module")
def client(ward: Served, session: Session) -> DICOMwebClient:
    return DICOMwebClient(f"{ward.url}/dicom-web", session=session)


def test_dicomweb_client_finds_and_fetches_what_a_scanner_has_sent(client: DICOMwebClient) -> None:
    (study,) = client.search_for_studies(search_filters={"PatientID": ADA.number, "AccessionNumber": "A-77", "StudyInstanceUID": STUDY})
    assert study["0020000D"]["Value"] == [STUDY]
    assert [row["0020000E"]["Value"] for row in client.search_for_series(STUDY)] == [[SERIES]]
    assert len(client.search_for_instances(STUDY, SERIES, limit=3)) == 3
    assert len(client.retrieve_series_metadata(STUDY, SERIES)) == 4
    sent = {image.SOPInstanceUID: image for image in ct(ADA)}
    for image in client.retrieve_series(STUDY, SERIES):
        assert image.PixelData == sent[image.SOPInstanceUID].PixelData


def test_dicomweb_client_fetches_frames_bulk_data_and_pictures(client: DICOMwebClient) -> None:
    image = ct(ADA)[2]
    (frame,) = client.retrieve_instance_frames(STUDY, SERIES, image.SOPInstanceUID, [1])
    assert frame == image.PixelData
    where = client.retrieve_instance_metadata(STUDY, SERIES, image.SOPInstanceUID)["7FE00010"]["BulkDataURI"]
    # It names the host without its port in every request, so that this is what addresses are made from.
    assert client.retrieve_bulkdata(where.replace("http://127.0.0.1/dicom-web", client.base_url)) == [image.PixelData]
    picture = client.retrieve_instance_rendered(STUDY, SERIES, image.SOPInstanceUID, media_types=("image/png",))
    assert picture.startswith(b"\x89PNG")


def test_dicomweb_client_stores_and_hears_of_each(client: DICOMwebClient) -> None:
    images = [dcmread(io.BytesIO(file_of(image))) for image in ct(ADA, 3, study=WEB_STUDY, series=f"{WEB_STUDY}.1")]
    answer: Dataset = client.store_instances(images)
    assert [item.ReferencedSOPInstanceUID for item in answer.ReferencedSOPSequence] == [image.SOPInstanceUID for image in images]
    again = client.retrieve_instance(WEB_STUDY, f"{WEB_STUDY}.1", images[1].SOPInstanceUID)
    assert np.array_equal(again.pixel_array, images[1].pixel_array)


def test_curl_fetches_one_instance_as_a_file_that_dcmtk_reads(ward: Served, session: Session, tmp_path: Path) -> None:
    file, uid = tmp_path / "one.dcm", ct(ADA)[0].SOPInstanceUID
    where = f"{ward.url}/dicom-web/studies/{STUDY}/series/{SERIES}/instances/{uid}"
    asked = ("-H", f"Authorization: {session.headers['Authorization']}", "-H", "Accept: application/dicom")
    subprocess.run(["/usr/bin/curl", "-sSf", *asked, "-o", file, where], check=True, timeout=30)
    assert uid in dcmtk("dcmdump", "+P", "0008,0018", file)
    refused = subprocess.run(["/usr/bin/curl", "-sS", *asked[:2], "-H", "Accept: text/html", where], check=True, capture_output=True, timeout=30)
    assert json.loads(refused.stdout)["status"] == 406


def test_findscu_asks_the_same_archive_through_its_own_process(ward: Served) -> None:
    keys = ("-k", "QueryRetrieveLevel=STUDY", "-k", f"PatientID={ADA.number}", "-k", "StudyInstanceUID", "-k", "ModalitiesInStudy=CT")
    said = dcmtk("findscu", "-v", "-S", "-aec", "WARDLINE", "-aet", "PACS", *keys, "127.0.0.1", str(ward.dicom))
    assert STUDY in said.partition("Find Response: 1")[2]
    entries = ward.api("GET", "/api/v1/audit?action=imaging.read", token=_auditor(ward))
    assert "dicom:PACS" in json.dumps(entries)


def _auditor(ward: Served) -> str:
    ward.add("ruth", "Ruth Amsel", "auditor")
    return ward.sign_in("ruth")
