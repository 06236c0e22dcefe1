"""Radiomics of a region of a hundred thousand voxels beside other libraries, in the same run and on the same files.

The peers need an environment of their own: WARDLINE_PEER_PYTHON names one or more Python programs (separated as in PATH) in which mirp,
flash-radiomics or nyxus is installed. Each is measured in its own process by radiomics_peers.py from the second time on:
what is compiled or loaded once does not count for anybody.

With one thread on both sides the processor's time is compared, which a busy machine disturbs least; with as many threads as there are processors,
where a peer can use them, the time a person waits. A peer that lacks families is also compared with ours without them.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
from scipy import ndimage

from bench.results import Bar
from wardline.core.imaging import Grid, Volume
from wardline.science.imaging.radiomics import Settings, features
from wardline.science.imaging.radiomics.region import Drawn, region
from wardline.science.imaging.radiomics.settings import FAMILIES
from wardline.science.imaging.radiomics.spatial import spatial

SHAPE = (200, 256, 256)
RADIUS = 28.8
REPEATS = 7
PEERS = "WARDLINE_PEER_PYTHON"
LACKING = frozenset({"flash-radiomics"})
"""No local intensity, no Moran, no Geary."""
AT_MOST_SECONDS, AT_MOST_GB, AT_LEAST = 0.2, 0.5, 9.0


def run() -> list[Bar]:
    image, mask = _made()
    volume = Volume(image, Grid(SHAPE, (1.0, 1.0, 1.0)))
    found = features(volume, mask).values  # the kernels are loaded at the first question
    waited = _median(lambda: features(volume, mask, workers=os.cpu_count() or 1), time.perf_counter)
    detail = {
        "voxels": int(mask.sum()), "features": len(found), "all processors, s to wait": waited,
        "every aggregation, s": _median(lambda: features(volume, mask, Settings(textures=("2D", "2.5D", "3D")))),
    }  # fmt: skip
    return [
        Bar("Radiomics of 1e5 voxels in 256x256x200, shape included, one thread", _alone(volume, mask), AT_MOST_SECONDS, False, detail, "s"),
        Bar("Memory of a process that does it, images included", _megabytes(image, mask) / 1000, AT_MOST_GB, False, {}, "GB"),
        *_beside_peers(volume, mask),
    ]


def _alone(volume: Volume, mask: Any) -> float:
    return _median(lambda: features(volume, mask))


def _without_what_it_lacks(volume: Volume, mask: Any) -> float:
    """Local intensity and the sums over all pairs of voxels: Moran's I and Geary's C."""
    settings = Settings(families=tuple(family for family in FAMILIES if family != "local_intensity"))
    prepared = region(volume.array, Drawn(mask), volume.grid.spacing, settings)
    return _median(lambda: features(volume, mask, settings)) - _median(lambda: spatial(prepared))


def _made() -> tuple[Any, Any]:
    """Noise with the grain of a CT, and a ball."""
    image = (ndimage.gaussian_filter(np.random.default_rng(7).standard_normal(SHAPE), 1.0) * 400).astype(np.float32)
    s, r, c = np.ogrid[: SHAPE[0], : SHAPE[1], : SHAPE[2]]
    return image, (s - SHAPE[0] / 2) ** 2 + (r - SHAPE[1] / 2) ** 2 + (c - SHAPE[2] / 2) ** 2 <= RADIUS**2


def _median(measured: Callable[[], object], clock: Callable[[], float] = time.thread_time) -> float:
    taken = []
    for _ in range(REPEATS):
        begun = clock()
        measured()
        taken.append(clock() - begun)
    return statistics.median(taken)


def _megabytes(image: Any, mask: Any) -> float:
    """Of a fresh process, at its highest."""
    with tempfile.TemporaryDirectory() as folder:
        np.save(f"{folder}/image.npy", image)
        np.save(f"{folder}/mask.npy", mask)
        program = [sys.executable, "-c", "import sys; from bench.radiomics import measured_once; measured_once(sys.argv[1])", folder]
        return float(subprocess.run(program, check=True, capture_output=True, text=True, timeout=300).stdout.split()[-1])


def measured_once(folder: str) -> None:
    image, mask = np.load(f"{folder}/image.npy"), np.load(f"{folder}/mask.npy")
    features(Volume(image, Grid(image.shape, (1.0, 1.0, 1.0))), mask, Settings())
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)


def _beside_peers(volume: Volume, mask: Any) -> list[Bar]:
    programs = [each for each in os.environ.get(PEERS, "").split(os.pathsep) if each]
    peers: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, array in (("image", volume.array), ("mask", mask.astype(np.uint8))):
            nibabel.save(nibabel.Nifti1Image(array.transpose(2, 1, 0), np.diag([-1.0, -1.0, 1.0, 1.0])), f"{folder}/{name}.nii")  # type: ignore[no-untyped-call]
        script = Path(__file__).with_name("radiomics_peers.py")
        for program in programs:
            ran = subprocess.run([program, str(script), folder, str(os.cpu_count() or 1)], capture_output=True, text=True, timeout=600)
            peers |= json.loads(ran.stdout.splitlines()[-1]) if ran.stdout else {}
    if not peers:
        return [Bar("Radiomics beside a peer: peer not installed", None)]
    best = min(peers, key=lambda each: peers[each]["seconds"])
    return [bar for name, peer in sorted(peers.items()) for bar in _beside(name, peer, volume, mask, AT_LEAST if name == best else None)]


def _beside(name: str, peer: dict[str, Any], volume: Volume, mask: Any, aim: float | None) -> Iterator[Bar]:
    """Ours is measured right after the peer, on the machine as it is then."""
    yield Bar(f"Radiomics: times as fast as {name} {peer['version']}, one thread", peer["seconds"] / _alone(volume, mask), aim, True, peer)
    if name in LACKING:
        ours = _without_what_it_lacks(volume, mask)
        yield Bar(f"Radiomics: times as fast as {name}, the families it has, one thread", peer["seconds"] / ours, aim, True, {"ours, s": ours})
    if peer["waited"] is not None:
        ours = _median(lambda: features(volume, mask, workers=os.cpu_count() or 1), time.perf_counter)
        yield Bar(f"Radiomics: times as fast as {name}, all processors, to wait", peer["waited"] / ours, None, True, {"ours, s": ours})
