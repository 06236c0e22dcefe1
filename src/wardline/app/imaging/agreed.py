"""config/dicom.yaml as it is at the moment: a scanner that is added may call at once, without a restart."""

from pathlib import Path
from typing import Final

import structlog

from wardline.app.settings import Settings
from wardline.core.errors import Refused
from wardline.intake.dicom.agreement import Agreement, open_agreement, read_agreement

log = structlog.get_logger()

FILE: Final = "dicom.yaml"


class AgreementFile:
    """Read again when it has changed; one that is wrong is said, and the former goes on counting."""

    def __init__(self, path: Path, *, is_loopback: bool) -> None:
        """Raises `Refused` naming what is wrong."""
        self._path = path
        self._without = open_agreement() if is_loopback else Agreement()
        self._changed_at = self._stamp()
        self._agreement = self._read()

    def __call__(self) -> Agreement:
        stamp = self._stamp()
        if stamp != self._changed_at:
            self._changed_at = stamp
            try:
                self._agreement = self._read()
            except Refused as refused:
                log.error("agreement_not_taken", reason=str(refused))
        return self._agreement

    def _read(self) -> Agreement:
        try:
            return read_agreement(self._path.read_text(encoding="utf-8"), str(self._path))
        except FileNotFoundError:
            return self._without
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(f"{self._path} cannot be read: {type(error).__name__}", code="dicom", where=FILE) from None

    def _stamp(self) -> tuple[int, int]:
        try:
            state = self._path.stat()
        except OSError:
            return 0, 0
        return state.st_mtime_ns, state.st_size


def agreement_of(settings: Settings) -> AgreementFile:
    """What these settings' configuration folder says. Raises `Refused` naming what is wrong."""
    return AgreementFile(settings.config_folder / FILE, is_loopback=settings.is_loopback)
