"""What a signed report leaves as DICOM objects, written in a worker; and where the site's speech model is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from wardline.adapters.embedded.speech import absent
from wardline.app.imaging import objects
from wardline.app.settings import Settings
from wardline.core.ports import Workers
from wardline.formats.dicom.names import dicom_name


class Reporting:
    """`api.services.Reporting` of a running house."""

    def __init__(self, workers: Workers, settings: Settings) -> None:
        self._workers, self._data, self._zone = workers, settings.data, ZoneInfo(settings.zone)
        self.speech_model: Path | None = settings.dictation

    def why_no_dictation(self) -> str:
        return absent(self.speech_model)

    async def objects(
        self, study: str, *, at: datetime, author: str, made_by: str, mask: str, lesions: Sequence[Mapping[str, Any]], key_images: tuple[str, ...]
    ) -> tuple[tuple[str, str, str], ...]:
        wanted = objects.Wanted(
            study, at.astimezone(self._zone), made_by=made_by, author=dicom_name(author), signed=True, mask=mask, lesions=lesions,
            key_images=key_images,
        )  # fmt: skip
        written: tuple[tuple[str, str, str], ...] = await self._workers.run(objects.TASK, self._data, wanted)
        return written
