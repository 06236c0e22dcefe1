"""A capability of a hospital's own package that needs one trained model: answered by a worker, or unknown with the reason."""

import asyncio
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from delivery.outbound.couriers_at_work import Sending
from support.studies import ELENA, store, study
from wardline.adapters.embedded.images.opening import open_images
from wardline.adapters.embedded.models.folder import SHIPPED
from wardline.app.imaging.analysis import Task, analyse
from wardline.core.assessment import Gathered
from wardline.core.events import Found
from wardline.security.model_files import signature_of

CODE = '''"""Air in the chest: does the site's own model see lung?"""

from dataclasses import dataclass

import numpy as np

from wardline.core.capability import Inputs, capability, model, volume
from wardline.core.findings import Finding
from wardline.core.imaging import Volume
from wardline.core.models import Model


@dataclass(frozen=True)
class Chest(Inputs):
    ct: Volume = volume("CT")
    network: Model = model("ours")


@capability(id="site_air", version="1", about="study", live=False, standing="provisional", reference="made for this test")
def site_air(v: Chest) -> Finding:
    seen = np.zeros((1, 2, 48, 48, 48), np.float32)
    (likely,) = v.network.predictor([seen])
    return Finding(round(float(likely[0, 0].mean()), 3), f"seen by {v.network.manifest['id']}")
'''
CASES = "cases:\n  - {name: no CT, given: {}, expect: {outcome: unknown}}\n"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house with a study, a signed model, and a package of the site beside Wardline."""
    site, data = tmp_path / "packages", tmp_path / "data"
    _write(site / "site_imaging" / "__init__.py", b'"""Capabilities of this site."""\n')
    _write(site / "site_imaging" / "site_air.py", CODE.encode())
    _write(site / "site_imaging" / "site_air.cases.yaml", CASES.encode())
    _write(site / "site_imaging-1.dist-info" / "METADATA", b"Metadata-Version: 2.1\nName: site-imaging\nVersion: 1\n")
    _write(site / "site_imaging-1.dist-info" / "entry_points.txt", b"[wardline.capabilities]\nsite_imaging = site_imaging\n")
    monkeypatch.syspath_prepend(str(site))
    asyncio.run(Sending(data).close())
    images = open_images(data)
    try:
        store(images, study())
    finally:
        images.close()
    secret = Ed25519PrivateKey.generate()
    manifest = json.dumps(json.loads((SHIPPED / "phantom-chest.json").read_text()) | {"id": "ours"}).encode()
    for name, content in (("ours.json", manifest), ("phantom-chest.onnx", (SHIPPED / "phantom-chest.onnx").read_bytes())):
        _write(data / "models" / name, content)
        _write(data / "models" / f"{name}.sig", signature_of(content, secret))
    _write(data / "config" / "models" / "physicist.pem", secret.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return data


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def asked(data: Path) -> Found:
    nothing = Gathered({"ct": None, "network": None}, {}, (), None)
    (said,) = analyse(data, Task(ELENA.study, "site_air", nothing, ""))
    return said


def test_it_is_given_the_model_it_names_and_the_answer_names_it(data: Path) -> None:
    said = asked(data)

    assert (said.outcome, said.summary) == ("finding", "seen by ours")
    assert said.models == (("ours", json.loads((SHIPPED / "phantom-chest.json").read_text())["sha256"]),)


def test_without_a_model_that_is_whole_signed_and_there_it_says_why_it_does_not_know(data: Path) -> None:
    manifest, key = data / "models" / "ours.json", data / "config" / "models" / "physicist.pem"
    reasons = []
    for break_it in (
        lambda: (data / "models" / "phantom-chest.onnx").write_bytes(b"other"),
        lambda: manifest.write_text(manifest.read_text().replace("0.5", "0.4")),
        lambda: key.write_text("no key"),
        lambda: manifest.unlink(),
    ):
        break_it()
        said = asked(data)
        assert (said.outcome, said.models) == ("unknown", ())
        reasons.append(said.reason.partition(": its")[0].partition("; there")[0])

    assert reasons == [
        "phantom-chest.onnx is not the file its manifest names",
        "the model file ours.json is not signed by anybody this site trusts, or was changed since",
        f"{key} is no Ed25519 public key in PEM",
        "There is no model ours here",
    ]
