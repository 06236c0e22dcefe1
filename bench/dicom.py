"""Receiving DICOM: how many CT images a second are stored, durably and indexed, against pynetdicom, DCMTK and Orthanc in the same run.

Real senders (DCMTK's dcmsend), as they ship and with TCP_NODELAY=1, one and four at a time; every receiver on an empty folder.
"""

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bench.results import Bar
from bench.screens import _signed_in, latency, on_screen
from bench.servers import wardline

CT = "1.2.840.10008.5.1.4.1.1.2"
ROOT = "1.2.826.0.1.3680043.8.498.78"
SENDERS = 4
IMAGES = 400
UNMODIFIED = 60
ROUNDS = 3
MANY = 10_000
WARD_IMAGES = 1000
WARD_RATE = 200
POLITENESS = 10
RECEIVERS = ("wardline", "orthanc", "storescp", "pynetdicom")
ORTHANC, STORESCP, DCMSEND = Path("/usr/sbin/Orthanc"), Path("/usr/bin/storescp"), Path("/usr/bin/dcmsend")


def run() -> list[Bar]:
    if not DCMSEND.exists():
        return [Bar("DICOM: dcmsend is not installed", 0)]
    folder = Path(tempfile.mkdtemp(prefix="wardline-bench-"))
    try:
        studies = [images(folder / f"study{number}", f"{ROOT}.{number}", IMAGES // SENDERS, 512) for number in range(SENDERS)]
        rates = {case: _rates(folder, studies, **options) for case, options in CASES.items()}
        return [*_bars(rates), _memory(folder), _ward(folder)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


CASES: dict[str, dict[str, Any]] = {
    "1 sender": {"senders": 1, "no_delay": True},
    "4 senders": {"senders": SENDERS, "no_delay": True},
    "an unmodified sender": {"senders": 1, "no_delay": False},
}


def _bars(rates: dict[str, dict[str, float]]) -> list[Bar]:
    four, plain = rates["4 senders"], rates["an unmodified sender"]
    found = [
        Bar("DICOM images/s, durable and indexed, 4 senders, against Orthanc", _ratio(four, "orthanc"), 1.0, True, four),
        Bar("DICOM images/s with an unmodified DCMTK sender, against Orthanc", _ratio(plain, "orthanc"), 10.0, True, plain),
        Bar("DICOM images/s, 4 senders, against pynetdicom's SCP", _ratio(four, "pynetdicom"), detail=four),
        Bar("DICOM images/s, 1 sender, against Orthanc", _ratio(rates["1 sender"], "orthanc"), detail=rates["1 sender"]),
        Bar("DICOM images/s, 4 senders, against storescp (no index, no flush)", _ratio(four, "storescp"), detail=four),
    ]
    return [bar for bar in found if bar.value]


def _ratio(rates: dict[str, float], peer: str) -> float:
    """0 where the peer is not installed."""
    return rates["wardline"] / rates[peer] if peer in rates else 0.0


def _rates(folder: Path, studies: Sequence[Path], *, senders: int, no_delay: bool) -> dict[str, float]:
    """Images a second of each receiver: the median of rounds in which all take their turn."""
    found: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name in RECEIVERS:
            with receiver(name, folder / "store", no_delay=no_delay) as port:
                if port:
                    found.setdefault(name, []).append(_rate(port, studies[:senders], no_delay=no_delay))
    return {name: statistics.median(rates) for name, rates in found.items()}


def _rate(port: int, studies: Sequence[Path], *, no_delay: bool) -> float:
    files = [sorted(study.glob("*.dcm"))[: None if no_delay else UNMODIFIED] for study in studies]
    begun = time.perf_counter()
    with contextlib.ExitStack() as senders:
        for sender in [senders.enter_context(sending(port, each, no_delay=no_delay)) for each in files]:
            if sender.wait(600):
                raise RuntimeError(f"dcmsend ended with {sender.returncode}")
    return sum(map(len, files)) / (time.perf_counter() - begun)


def sending(port: int, files: Sequence[Path], *, no_delay: bool = True) -> "subprocess.Popen[bytes]":
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **({"TCP_NODELAY": "1"} if no_delay else {})}
    words = [str(DCMSEND), "--decompress-never", "-aec", "WARDLINE", "-aet", "BENCH", "127.0.0.1", str(port), *map(str, files)]
    return subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)


# --- receivers ---


@contextlib.contextmanager
def receiver(name: str, folder: Path, *, no_delay: bool = True) -> Iterator[int]:
    """A receiver on an empty folder; gives its port, 0 where it is not installed. Those made of DCMTK listen to TCP_NODELAY as well."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    port = _free()
    words = {"wardline": _wardline, "orthanc": _orthanc, "storescp": _storescp, "pynetdicom": _pynetdicom}[name](folder, port)
    if not words:
        yield 0
        return
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **({"TCP_NODELAY": "1"} if no_delay else {})}
    with subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, start_new_session=True, env=environment
    ) as process:
        try:
            _until_open(port, process)
            yield port
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            shutil.rmtree(folder, ignore_errors=True)


def _wardline(folder: Path, port: int) -> list[str]:
    return [sys.executable, "-m", "wardline", "serve", "--data", str(folder / "data"), "--http", "0", "--mllp", "0", "--dicom", str(port)]


def _orthanc(folder: Path, port: int) -> list[str]:
    """As it ships: it flushes every file."""
    settings = {
        "Name": "BENCH", "DicomAet": "WARDLINE", "DicomPort": port, "HttpServerEnabled": False, "StorageDirectory": str(folder),
        "IndexDirectory": str(folder), "DicomAlwaysAllowStore": True, "DicomCheckCalledAet": False, "Plugins": [],
    }  # fmt: skip
    (folder / "orthanc.json").write_text(json.dumps(settings), encoding="utf-8")
    return [str(ORTHANC), str(folder / "orthanc.json")] if ORTHANC.exists() else []


def _storescp(folder: Path, port: int) -> list[str]:
    return [str(STORESCP), "--fork", "+B", "--max-pdu", "131072", "-od", str(folder), str(port)] if STORESCP.exists() else []


def _pynetdicom(folder: Path, port: int) -> list[str]:
    return [sys.executable, "-m", "bench.dicom", str(folder), str(port)]


def _serve_pynetdicom(folder: Path, port: int) -> None:
    """As its documentation shows it: decode, save."""
    from pynetdicom import AE, AllStoragePresentationContexts, evt

    def store(event: Any) -> int:
        dataset = event.dataset
        dataset.file_meta = event.file_meta
        dataset.save_as(folder / f"{dataset.SOPInstanceUID}.dcm", enforce_file_format=True)
        return 0x0000

    entity = AE("WARDLINE")
    entity.supported_contexts = AllStoragePresentationContexts
    entity.start_server(("127.0.0.1", port), evt_handlers=[(evt.EVT_C_STORE, store)])


def _free() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _until_open(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            time.sleep(1)  # the first moments are not what is measured
            return
        time.sleep(0.05)
    raise RuntimeError("a receiver did not open its port")


# --- memory ---


def _memory(folder: Path) -> Bar:
    """Growth of the receiving processes between the first tenth and the whole of many small instances."""
    small = images(folder / "many", f"{ROOT}.99", MANY, 32)
    files = sorted(small.glob("*.dcm"))
    with receiver("wardline", folder / "store") as port:
        sizes = []
        for begin, end in ((0, MANY // 10), (MANY // 10, MANY)):
            parts = [files[begin:end][number::SENDERS] for number in range(SENDERS)]
            for sender in [sending(port, part) for part in parts]:
                sender.wait(900)
            sizes.append(_resident_mb(folder / "store"))
    detail = {"first_mb": sizes[0], "last_mb": sizes[1], "instances": MANY}
    return Bar("Memory of DICOM reception after 10,000 instances, against after 1,000", sizes[1] / sizes[0], 1.1, False, detail)


def _resident_mb(folder: Path) -> float:
    """Of the reception processes that work in this folder."""
    total = 0.0
    for state in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = state.read_bytes()
            if b"wardline.app.imaging.reception" in words and str(folder).encode() in words:
                found = re.search(r"VmRSS:\s+(\d+)", (state.parent / "status").read_text(encoding="ascii"))
                total += int(found[1]) / 1024 if found else 0
    return round(total, 1)


# --- the ward ---


def _ward(folder: Path) -> Bar:
    """The ward's screens while four scanners send and a radiomics batch runs, against the same house with nothing else to do."""
    studies = [images(folder / f"ward{number}", f"{ROOT}.{number + 50}", WARD_IMAGES, 256) for number in range(SENDERS)]
    idle, busy = asyncio.run(_screens(studies))
    ratio = busy["screen_p99_ms"] / idle["screen_p99_ms"]
    return Bar("Vital signs to screen p99 while 4 senders store and radiomics runs, against idle", ratio, 1.5, False, {"idle": idle, "busy": busy})


async def _screens(studies: Sequence[Path]) -> tuple[dict[str, float], dict[str, float]]:
    port = _free()
    with wardline(WARDLINE_DICOM=str(port)) as server:
        ward = await on_screen(server, await _signed_in(server.http, server.setup))
        idle = await latency(server, ward, WARD_RATE)
        with contextlib.ExitStack() as background:
            batch = background.enter_context(_batch())
            senders = [background.enter_context(sending(port, sorted(study.glob("*.dcm")))) for study in studies]
            try:
                busy = await latency(server, ward, WARD_RATE, turn=1)
                busy["still_sending"] = sum(sender.poll() is None for sender in senders)
            finally:
                for process in (batch, *senders):
                    process.kill()
    return idle, busy


def _batch() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "bench.dicom", "radiomics"], stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[1])


def _radiomics() -> None:
    """Until it is killed: every feature of one region after the other, as politely as the imaging workers do."""
    import numpy as np

    from wardline.core.imaging import Grid, Volume
    from wardline.science.imaging.radiomics import features

    os.nice(POLITENESS)
    noise = np.random.default_rng(5).normal(40, 20, (64, 64, 64)).astype(np.float32)
    volume = Volume(noise, Grid((64, 64, 64), (2.0, 2.0, 2.0)), "CT", "[hnsf'U]")
    mask = np.zeros((64, 64, 64), np.uint8)
    mask[12:52, 12:52, 12:52] = 1
    while True:
        features(volume, mask)


# --- images ---


def images(folder: Path, study: str, count: int, size: int, header: Mapping[str, Any] = MappingProxyType({})) -> Path:
    """CT slices of one series, 16 bits, explicit VR little endian. `header`: what each says besides, by keyword."""
    from pydicom.dataset import Dataset, FileMetaDataset

    folder.mkdir(parents=True)
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    dataset.SOPClassUID, dataset.StudyInstanceUID, dataset.SeriesInstanceUID = CT, study, f"{study}.1"
    for keyword, value in header.items():
        setattr(dataset, keyword, value)
    dataset.PatientID, dataset.PatientName, dataset.PatientBirthDate, dataset.PatientSex = f"B{study[-2:]}", "Bench^Patient", "19500101", "F"
    dataset.StudyDate, dataset.StudyTime, dataset.Modality, dataset.StudyDescription = "20260301", "101500", "CT", "Bench"
    dataset.Rows = dataset.Columns = size
    dataset.SamplesPerPixel, dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 1, 16, 12, 11, 0
    dataset.PhotometricInterpretation, dataset.PixelSpacing, dataset.SliceThickness = "MONOCHROME2", [0.7, 0.7], 1
    pixels = struct.pack("<64H", *range(64)) * (size * size // 64)
    for number in range(1, count + 1):
        dataset.SOPInstanceUID, dataset.InstanceNumber = f"{study}.1.{number}", number
        dataset.ImagePositionPatient, dataset.PixelData = [0, 0, number], pixels
        dataset.save_as(folder / f"{number:05}.dcm", enforce_file_format=True)
    return folder


if __name__ == "__main__":
    if sys.argv[1] == "radiomics":
        _radiomics()
    _serve_pynetdicom(Path(sys.argv[1]), int(sys.argv[2]))
