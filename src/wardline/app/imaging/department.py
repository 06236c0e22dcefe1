"""The imaging department of a running house: the store, the workers, who files studies and who looks at them."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml

from wardline.adapters.embedded.workers import ProcessWorkers
from wardline.app.bootstrap import Wardline
from wardline.app.imaging.analysing import PATIENCE_SECONDS, Analysing
from wardline.app.imaging.filing import Filing
from wardline.app.imaging.opening import store_of
from wardline.app.imaging.performing import Performing
from wardline.app.imaging.workitem_codes import FILE, codes_in
from wardline.core.capability import Capability
from wardline.core.errors import Refused
from wardline.core.gathering import Site
from wardline.core.ports import Workers
from wardline.delivery.outbound.archives import Archive
from wardline.delivery.outbound.destinations import Receiver

ACTIVE: Final = "imaging.yaml"
NETWORK_SECONDS: Final = 4 * 3600.0
"""What a network may take for one study: without a graphics card, seconds for each of its windows, of which a trunk has hundreds."""


class Department:
    """Everything imaging that runs in the clinical process. The DICOM door itself is a process of its own."""

    def __init__(self, wardline: Wardline, issuer: str = "") -> None:
        self.wardline = wardline
        settings = wardline.settings
        self.images = store_of(wardline.folder, settings.zone)
        self.workers = ProcessWorkers(caches=settings.data / "cache" / "numba")
        self.active = activated(settings.config_folder / ACTIVE, {each.id for each in wardline.catalogue.capabilities if each.about == "study"})
        self.filing = Filing(wardline.engine, wardline.studies, self.images, wardline.folder.key_of, issuer)
        about_studies = [each for each in wardline.catalogue.capabilities if each.about == "study"]
        slow = [each for each in about_studies if _runs_models(each, wardline.engine.assessments.site)]
        self.network_workers = ProcessWorkers(most=1, caches=settings.data / "cache" / "numba")
        self.networks = self._analysing(self.network_workers, slow, NETWORK_SECONDS)
        self.analysing = self._analysing(self.workers, [each for each in about_studies if each not in slow], beside=self.networks)
        self.performing = self._performing({each.id for each in about_studies})
        for hears in (self.analysing.hear, self.networks.hear, self.performing.hear):
            wardline.engine.listen(hears)
        wardline.erasing.forgetting.elsewhere = self.images.names
        wardline.erasing.after.append(self.forget)
        self.forget()

    def _analysing(
        self, workers: Workers, capabilities: Iterable[Capability], seconds: float = PATIENCE_SECONDS, beside: Analysing | None = None
    ) -> Analysing:
        house, settings = self.wardline, self.wardline.settings
        return Analysing(
            house.engine, house.studies, house.drawings, workers, capabilities, settings.data, self.active,
            archived(house.destinations, self.active), ZoneInfo(settings.zone), seconds, beside,
        )  # fmt: skip

    def _performing(self, known: set[str]) -> Performing:
        house, settings = self.wardline, self.wardline.settings
        codes = codes_in(settings.config_folder / FILE, known)
        performing = Performing(house.engine, house.workitems, house.studies, self.analysing, self.workers, settings.data, self.active, codes)
        self.analysing.awaited = self.networks.awaited = performing.awaits
        return performing

    def lanes(self) -> list[tuple[str, Callable[[], Coroutine[Any, Any, None]]]]:
        """What must run beside the engine, by name."""
        return [
            ("filing of studies", self.filing.run), ("analysis of studies", self.analysing.run), ("networks on studies", self.networks.run),
            ("workitems", self.performing.run),
        ]  # fmt: skip

    def forget(self) -> None:
        """Images of whoever was erased go too: their keys, their files, what was made from them. Also when a restore has brought them back."""
        self.images.carry_out(self.wardline.erasing.forgetting.carried_out())

    async def close(self) -> None:
        self.workers.close()
        self.network_workers.close()
        await asyncio.to_thread(self.images.close)


def _runs_models(capability: Capability, site: Site) -> bool:
    """One whose tables the site has not written has nothing to run, and says so at once."""
    tables = [need.name for _, need in capability.needs if need.kind == "site"]
    return capability.asks_models and (not tables or any(each in site for each in tables))


def archived(destinations: Iterable[Receiver], active: Collection[str]) -> frozenset[str]:
    """Study capabilities whose answers go to an archive as DICOM objects: those one has asked for, once somebody has activated them."""
    wanted = (each for archive in destinations if isinstance(archive, Archive) for each in archive.findings)
    return frozenset(each for each in wanted if each in active)


def activated(file: Path, known: set[str]) -> dict[str, str]:
    """Study capabilities whose findings count beyond the readers of images: id -> who signed that. Raises `Refused` naming what is wrong.

    ```yaml
    active:
      image_quality: {by: Dr A. Physicist, on: 2026-11-21}
    ```
    """
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}
    except (OSError, yaml.YAMLError) as error:
        raise Refused(f"{file} cannot be read: {type(error).__name__}", code="imaging") from None
    active = content.get("active", {}) if isinstance(content, dict) else None
    if not isinstance(active, dict):
        raise Refused(f"{file}: `active` names study capabilities and who has activated each", code="imaging")
    for id, signed in active.items():
        if id not in known:
            raise Refused(f"{file}: there is no study capability {id!r}; there are {', '.join(sorted(known))}", code="imaging")
        if not isinstance(signed, dict) or not signed.get("by") or not signed.get("on", signed.get(True)):  # YAML 1.1 reads a bare "on" as true
            raise Refused(f"{file}: {id} needs `by` (who has activated it) and `on` (which day)", code="imaging")
    return {str(id): str(signed["by"]) for id, signed in active.items()}
