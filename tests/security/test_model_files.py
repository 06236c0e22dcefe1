"""Model files: data that somebody trusted has signed, and never code (SEC-23)."""

import contextlib
import json
import os
import pickle
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.security.model_files import check_signature, checked, signature_of


class RunsWhenOpened:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("echo taken over",)


def varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def onnx(*, domain: bytes = b"", tensor: bytes = field(1, 2), graph: bool = True) -> bytes:
    """A ModelProto with one weight: ir_version 8, opset 17."""
    whole = field(1, 8) + field(8, (field(1, domain) if domain else b"") + field(2, 17))
    return whole + field(7, field(5, tensor)) if graph else whole


def safetensors(header: object, data: bytes) -> bytes:
    said = json.dumps(header).encode()
    return len(said).to_bytes(8, "little") + said + data


WHOLE = {
    "m.onnx": onnx(domain=b"ai.onnx.ml"),
    "m.safetensors": safetensors({"__metadata__": {"made": "here"}, "w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}, bytes(24)),
    "m.json": b'{"weights": [1, 2]}',
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_file_is_what_its_name_says(name: str) -> None:
    assert checked(name, WHOLE[name]).format == name.partition(".")[2]


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("name", ["model.pkl", "model.onnx", "model.safetensors", "model.json"])
def test_a_pickle_is_refused_whatever_it_is_called(name: str, protocol: int) -> None:
    with pytest.raises(Refused, match="runs code when it is opened"):
        checked(name, pickle.dumps(RunsWhenOpened(), protocol))


@pytest.mark.parametrize("protocol", [0, 1])
@pytest.mark.parametrize("name", ["model.onnx", "model.safetensors", "model.json"])
def test_a_pickle_in_an_old_protocol_is_no_whole_file_either(name: str, protocol: int) -> None:
    with pytest.raises(Refused):
        checked(name, pickle.dumps(RunsWhenOpened(), protocol))


def test_an_archive_of_pytorch_is_refused() -> None:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as inside:
        inside.writestr("archive/data.pkl", pickle.dumps(RunsWhenOpened()))
    with pytest.raises(Refused, match="an archive"):
        checked("model.onnx", archive.getvalue())


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (onnx(domain=b"com.example.ops"), "custom operators"),
        (onnx(tensor=field(13, field(1, b"location") + field(2, b"../../etc/passwd"))), "another file"),
        (onnx(graph=False), "no graph"),
        (onnx()[:-1], "middle of a field"),
        (b"", "no graph"),
        (b"\xff" * 20, "longer than numbers"),
    ],
)
def test_an_onnx_file_that_is_not_whole_or_brings_code_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        checked("m.onnx", content)


@pytest.mark.parametrize(
    "content",
    [
        safetensors({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}, bytes(4)),
        safetensors({"w": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}, bytes(8)),
        safetensors({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, bytes(8)),
        safetensors({"w": {"dtype": "EVIL", "shape": [1], "data_offsets": [0, 4]}}, bytes(4)),
        safetensors({"w": {"dtype": "F32", "shape": [-1], "data_offsets": [0, -4]}}, b""),
        (2**60).to_bytes(8, "little") + b"{}",
        b"",
    ],
)
def test_a_safetensors_file_whose_tensors_do_not_fit_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="not a whole"):
        checked("m.safetensors", content)


@pytest.mark.parametrize("name", ["model", "model.pt", "model.h5", "model.onnx.exe", "model.bin", "model.joblib"])
def test_other_forms_are_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(Refused, match=r"\.onnx, \.safetensors, \.json"):
        checked(name, b"anything")


@given(st.sampled_from(sorted(WHOLE)), st.binary(max_size=200))
def test_no_content_does_more_than_be_taken_or_refused(name: str, content: bytes) -> None:
    with contextlib.suppress(Refused):
        checked(name, content)


# --- signed ---


def test_only_who_is_trusted_signs_and_only_these_bytes() -> None:
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    content = WHOLE["m.onnx"]
    signature = signature_of(content, key)
    check_signature("m.onnx", content, signature, [other.public_key(), key.public_key()])
    for bad in ((content + b"\x00", signature, key), (content, signature, other), (content, b"", key), (content, key.sign(content), key)):
        with pytest.raises(Refused, match="not signed by anybody this site trusts"):
            check_signature("m.onnx", bad[0], bad[1], [bad[2].public_key()])


def test_what_was_signed_on_the_command_line_is_checked_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    from wardline.app.cli import models

    key, file, trusted = Ed25519PrivateKey.generate(), tmp_path / "m.onnx", tmp_path / "data" / "config" / "models"
    file.write_bytes(WHOLE["m.onnx"])
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    models.sign(file, key=tmp_path / "key.pem")
    with pytest.raises(Refused, match="nobody is trusted"):
        models.check(file, data=tmp_path / "data")
    trusted.mkdir(parents=True)
    (trusted / "registry.pem").write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    models.check(file, data=tmp_path / "data")
    assert "signed and whole" in capsys.readouterr().out
    file.write_bytes(WHOLE["m.onnx"] + field(2, b"changed"))
    with pytest.raises(Refused, match="changed since"):
        models.check(file, data=tmp_path / "data")
