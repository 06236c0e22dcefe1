"""The examples of the guide, as they stand there, with a served Wardline that is killed (kill -9) between claiming a workitem and finishing it."""

import json
import subprocess
from pathlib import Path

from documents.pages import ROOT, fences
from support.clocks import MORNING
from support.messages import Patient, adt
from support.served import Served

GUIDE = ROOT / "docs" / "operating" / "imaging.md"
ANNA = Patient("7001", "EXAMPLE", "ANNA", "19610622", "F")


def told(ward: Served, script: str, *, token: str) -> str:
    """What the commands of an example print; every one of them must be answered with a success."""
    served = script.replace("https://wardline.example", ward.url)
    return subprocess.run(
        ["/bin/bash", "-ec", served], env={"TOKEN": token, "PATH": "/usr/bin:/bin"}, check=True, capture_output=True, text=True, timeout=60
    ).stdout


def test_the_guides_examples_work_and_a_claim_outlives_the_house(tmp_path: Path) -> None:
    claim, finish = (text for _, text in fences(GUIDE.read_text(encoding="utf-8")) if "curl" in text and "/workitems" in text)
    with Served(tmp_path / "data") as ward:
        ward.set_up()
        ward.add("rad", "Rosa Lind", "radiologist")
        ward.send(adt("A01", ANNA, at=MORNING, visit="V1", unit="7A", bed="12"))
        (found,) = json.loads(told(ward, claim, token=ward.sign_in("rad")))
        uid = found["00080018"]["Value"][0]
        ward.kill()

    with Served(tmp_path / "data") as ward:
        token = ward.sign_in("rad")
        assert ward.api("GET", f"/dicom-web/workitems/{uid}", token=token)[0]["00741000"]["Value"] == ["IN PROGRESS"]
        told(ward, finish, token=token)
        assert ward.api("GET", f"/dicom-web/workitems/{uid}", token=token)[0]["00741000"]["Value"] == ["COMPLETED"]
