"""DCMTK's programs, as a modality and a reader of DICOM that nobody of us wrote. By full path: pynetdicom brings programs of the same names."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path("/usr/bin")
PLAIN = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}


class Said(str):
    """What a program printed, with how it ended."""

    code: int

    def __new__(cls, text: str, code: int) -> "Said":
        said = super().__new__(cls, text)
        said.code = code
        return said


def dcmtk(program: str, *words: str | Path, seconds: float = 60, no_delay: bool = True, check: bool = True) -> Said:
    """Run one to its end: standard output and errors together. With `check` a failure fails the test with what it printed.

    `no_delay` sets TCP_NODELAY=1, without which an ordinary sender waits some 45 ms for each image.
    """
    environment = {**PLAIN, "TMPDIR": os.environ.get("TMPDIR", "/tmp"), **({"TCP_NODELAY": "1"} if no_delay else {})}
    done = subprocess.run([FOLDER / program, *words], capture_output=True, timeout=seconds, env=environment, check=False)
    text = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert not check or done.returncode == 0, f"{program} ended with {done.returncode}:\n{text[-3000:]}"
    return Said(text, done.returncode)


def send(files: Sequence[Path], port: int, *, called: str = "WARDLINE", calling: str = "MODALITY", no_delay: bool = True, check: bool = True) -> Said:
    """C-STORE files or folders as they are: no transcoding, one association for all that fit into it."""
    words = ("-v", "-aec", called, "-aet", calling, "+sd", "+r", "--decompress-never", "127.0.0.1", str(port), *files)
    return dcmtk("dcmsend", *words, no_delay=no_delay, check=check)


def dump(file: Path, *tags: str) -> str:
    """`dcmdump` of a file, or of some of its tags ("0008,0018"), at whatever depth."""
    asked = [word for tag in tags for word in ("+P", tag)]
    return dcmtk("dcmdump", *asked, file)


def report(file: Path) -> str:
    """`dsrdump`: a structured report as text; fails where DCMTK holds it to be no valid one."""
    return dcmtk("dsrdump", "+Pc", file)
