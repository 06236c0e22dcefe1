"""Radiomics of a region of a hundred thousand voxels beside other libraries, in the same run and on the same files.

The peers need an environment of their own: WARDLINE_PEER_PYTHON names one or more Python programs (separated as in PATH) in which mirp,
flash-radiomics or nyxus is installed. Each is measured in its own process by radiomics_peers.py when it measures a second time:
what is compiled or loaded once does not count for anybody.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
from scipy import ndimage

from bench.results import Bar
from wardline.core.imaging import Grid, Volume
from wardline.science.imaging.radiomics import Settings, features

SHAPE = (200, 256, 256)
RADIUS = 28.8
REPEATS = 7
PEERS = "WARDLINE_PEER_PYTHON"
AT_MOST_SECONDS, AT_MOST_GB, AT_LEAST = 0.2, 0.5, 9.0


def run() -> list[Bar]:
    image, mask = _made()
    volume = Volume(image, Grid(SHAPE, (1.0, 1.0, 1.0)))
    found = features(volume, mask, Settings()).values  # the kernels are loaded at the first question
    seconds = _median(volume, mask, Settings())
    every = _median(volume, mask, Settings(textures=("2D", "2.5D", "3D")))
    detail = {"voxels": int(mask.sum()), "features": len(found), "every aggregation, s": every}
    memory = _megabytes(image, mask) / 1000
    return [
        Bar("Radiomics of 1e5 voxels in 256x256x200, shape included", seconds, AT_MOST_SECONDS, False, detail, "s"),
        Bar("Memory of a process that does it, images included", memory, AT_MOST_GB, False, {}, "GB"),
        *_beside_peers(image, mask, seconds),
    ]


def _made() -> tuple[Any, Any]:
    """Noise with the grain of a CT, and a ball."""
    image = (ndimage.gaussian_filter(np.random.default_rng(7).standard_normal(SHAPE), 1.0) * 400).astype(np.float32)
    s, r, c = np.ogrid[: SHAPE[0], : SHAPE[1], : SHAPE[2]]
    return image, (s - SHAPE[0] / 2) ** 2 + (r - SHAPE[1] / 2) ** 2 + (c - SHAPE[2] / 2) ** 2 <= RADIUS**2


def _median(volume: Volume, mask: Any, settings: Settings) -> float:
    taken = []
    for _ in range(REPEATS):
        begun = time.thread_time()
        features(volume, mask, settings)
        taken.append(time.thread_time() - begun)
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


def _beside_peers(image: Any, mask: Any, ours: float) -> list[Bar]:
    programs = [each for each in os.environ.get(PEERS, "").split(os.pathsep) if each]
    peers = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, array in (("image", image), ("mask", mask.astype(np.uint8))):
            nibabel.save(nibabel.Nifti1Image(array.transpose(2, 1, 0), np.diag([-1.0, -1.0, 1.0, 1.0])), f"{folder}/{name}.nii")  # type: ignore[no-untyped-call]
        script = Path(__file__).with_name("radiomics_peers.py")
        for program in programs:
            ran = subprocess.run([program, str(script), folder], capture_output=True, text=True, timeout=600)
            peers |= json.loads(ran.stdout.splitlines()[-1]) if ran.stdout else {}
    if not peers:
        return [Bar("Radiomics beside a peer: peer not installed", float("nan"), None)]
    best = min(peers, key=lambda each: peers[each]["seconds"])
    return [
        Bar(f"Radiomics: times as fast as {name} {peer['version']}", peer["seconds"] / ours, AT_LEAST if name == best else None, True, peer)
        for name, peer in sorted(peers.items())
    ]
