"""DICOM reception, in a process of its own: it listens, stores what comes, and answers queries from the index.

`python -m wardline.app.imaging.reception TASK` is started by the clinical process, several times on one socket. It ends when that
process does, holds nothing then, and never writes the clinical log: what it has to tell lies in the image store's journal.
"""

import contextlib
import gc
import os
import signal
import socket
import ssl
import sys
import threading
import time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
import structlog

from wardline.adapters.embedded.images.opening import open_images
from wardline.adapters.embedded.images.store import ImageStore
from wardline.adapters.embedded.workers import EXPENDABLE
from wardline.app import logs
from wardline.app.imaging.agreed import FILE, AgreementFile
from wardline.app.imaging.talking import Task, Upwards
from wardline.app.settings import Tls
from wardline.app.tls import tls_context
from wardline.core.errors import StorageBroken
from wardline.intake.dicom.association import Serving
from wardline.intake.dicom.listener import DicomListener
from wardline.intake.dicom.services.handlers import HANDLERS

log = structlog.get_logger()

BROKEN: Final = 70
"""Exit code when the disk refused a durable write, as of the clinical process."""
POLITENESS: Final = 5
"""Of the process (nice): the ward's screens come first."""
NUDGE_SECONDS: Final = 0.2
RENEWAL_SECONDS: Final = 60.0


def receive(task: Task) -> None:
    """Until the clinical process is gone, or says so."""
    os.nice(POLITENESS)
    if EXPENDABLE.exists():
        EXPENDABLE.write_text("500", encoding="ascii")  # before the ward's process; a sender sends again what was not acknowledged
    upwards = Upwards()
    images = open_images(Path(task.data), zone=ZoneInfo(task.zone))
    agreement = AgreementFile(Path(task.config) / FILE, is_loopback=task.is_loopback)
    tls = _context(task)
    listener = DicomListener(Serving(images, agreement, HANDLERS, upwards.ask, _die), tls=tls)
    listener.share(socket.socket(fileno=task.socket))
    signal.signal(signal.SIGTERM, lambda *_: _leave(listener))
    work = {"accepting": listener.run, "nudging": lambda: _nudge(images, upwards), "certificate": lambda: _renew(tls, task)}
    for name, run in work.items():
        threading.Thread(target=run, name=name, daemon=True).start()
    gc.freeze()  # what is there now stays: it is not looked through again with every thousand images
    upwards.say(ready=True)
    upwards.listen()
    _leave(listener)


def _nudge(images: ImageStore, upwards: Upwards) -> None:
    """Say that the journal has grown, soon after it has: by whichever of us."""
    told = images.journal_end()
    while True:
        time.sleep(NUDGE_SECONDS)
        end = images.journal_end()
        if end != told:
            told = end
            with contextlib.suppress(OSError, ValueError):  # the clinical process has gone; the other thread ends us
                upwards.say(nudge=end)


def _renew(context: ssl.SSLContext | None, task: Task) -> None:
    """A renewed certificate serves the next connection; whether it is any good is watched by the clinical process."""
    files = Tls(**task.tls) if task.tls is not None else None
    if context is None or files is None:
        return
    taken = files.certificate.stat().st_mtime_ns
    while True:
        time.sleep(RENEWAL_SECONDS)
        with contextlib.suppress(OSError, ssl.SSLError):  # not there, or half written: the former goes on serving
            if files.certificate.stat().st_mtime_ns != taken:
                context.load_cert_chain(files.certificate, files.key)
                taken = files.certificate.stat().st_mtime_ns


def _leave(listener: DicomListener) -> None:
    """What is being received has a moment to become durable; whatever is not was never acknowledged."""
    listener.close(patience_seconds=3.0)
    os._exit(0)


def _die(error: StorageBroken) -> None:
    """Nothing more may be acknowledged or written."""
    log.critical("stopping_now", reason=str(error))
    os._exit(BROKEN)


def _context(task: Task) -> ssl.SSLContext | None:
    return tls_context(Tls(**task.tls), "dicom_tls") if task.tls is not None else None


def main(arguments: list[str]) -> int:
    task = msgspec.json.decode(arguments[0], type=Task)
    logs.configure(task.log_level)
    receive(task)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
