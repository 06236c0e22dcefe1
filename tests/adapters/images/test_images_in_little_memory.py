"""What is large, and what wants to become large, in a real process: its memory stays small."""

import re
import struct
import subprocess
import sys
from pathlib import Path

from support.dicom_door import CT, ROOT, SECRET, bytes_of, ct
from wardline.adapters.embedded.images.store import ImageStore
from wardline.formats.dicom.syntaxes import EXPLICIT_LITTLE

MIB = 1024 * 1024
LARGE = 96 * MIB
ITEMS = 80_000


def peak_mb() -> int:
    """The most this process has had in memory."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) // 1024


def large(folder: Path) -> None:
    """In a process of its own: one object of 96 MiB comes in and its pixels go out, a piece at a time."""
    images = ImageStore(folder, SECRET)
    head = bytes_of(ct(size=8))
    head = head[: head.index(struct.pack("<HH", 0x7FE0, 0x0010))] + struct.pack("<HH2sHL", 0x7FE0, 0x0010, b"OW", 0, LARGE)
    before, piece = peak_mb(), bytes(MIB)
    arriving = images.begin(sop_class=CT, sop_instance=f"{ROOT}.1.1.1", syntax=EXPLICIT_LITTLE, source="TEST")
    arriving.write(head)
    for _ in range(LARGE // MIB):
        arriving.write(piece)
    assert arriving.finish().outcome == "stored"
    assert sum(map(len, images.bulk(f"{ROOT}.1.1.1", "7FE00010"))) == LARGE
    print(peak_mb() - before)


def hostile(folder: Path) -> None:
    """In a process of its own: eighty thousand items of five names each in 2 MiB, and a million names behind them."""
    images = ImageStore(folder, SECRET)
    item = struct.pack("<HHL", 0xFFFE, 0xE000, 18) + struct.pack("<HH2sH", 0x0040, 0xA123, b"PN", 10) + b"a\\" * 5
    sequence = struct.pack("<HH2sHL", 0x0040, 0xA730, b"SQ", 0, ITEMS * len(item))
    tail = b"".join(struct.pack("<HH2sH", 0x0040, 0xA800 + number, b"PN", 60_000) + b"a\\" * 30_000 for number in range(40))
    head = bytes_of(ct(size=8))
    head = head[: head.index(struct.pack("<HH", 0x7FE0, 0x0010))]
    before = peak_mb()
    arriving = images.begin(sop_class=CT, sop_instance=f"{ROOT}.1.1.1", syntax=EXPLICIT_LITTLE, source="TEST")
    arriving.write(head + sequence + item * ITEMS + tail)
    assert arriving.finish().outcome == "stored"
    print(peak_mb() - before)


def alone(what: str, folder: Path) -> str:
    words = (sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}; import {__name__} as m; m.{what}(m.Path({str(folder)!r}))")
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def test_a_large_object_comes_in_and_goes_out_in_the_memory_of_a_few_pieces(tmp_path: Path) -> None:
    assert int(alone("large", tmp_path / "images")) < 40


def test_a_hostile_header_takes_no_more_memory_than_is_meant_for_it(tmp_path: Path) -> None:
    """Held as objects it was more than 350 MB."""
    assert int(alone("hostile", tmp_path / "images")) < 120
