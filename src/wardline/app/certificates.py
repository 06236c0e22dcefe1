"""Certificates while Wardline runs: renewed files are taken up without a restart, and their end is said long before it comes."""

import asyncio
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

import structlog

from wardline.app.settings import Settings, Tls
from wardline.core.errors import Refused
from wardline.core.events import Incident
from wardline.core.statements import Statement
from wardline.delivery.outbound.destinations import Receiver
from wardline.engine.loop import Engine
from wardline.security.certificates import Certificate, belongs, read

log = structlog.get_logger()

LOOK_SECONDS: Final = 60.0
ABOUT: Final = "system/certificates"


class Place(NamedTuple):
    """Where a certificate is used. With a `context` it is a door of ours, which takes up a renewed file by itself."""

    name: str
    file: Path
    key: Path | None = None
    context: ssl.SSLContext | None = None


class Standing(NamedTuple):
    """How the certificate of a place stands."""

    place: str
    file: str
    state: str
    """ "ok", "expiring", "expired", "not valid yet", "unusable"."""
    certificate: Certificate | None
    problem: str = ""


def places_of(settings: Settings, http: ssl.SSLContext | None, mllp: ssl.SSLContext | None, destinations: Iterable[Receiver]) -> tuple[Place, ...]:
    """Every certificate in use here: of the doors, of the clients they trust, and those shown to receivers."""
    doors = (("HTTPS door", settings.http_tls, http), ("MLLP door", settings.mllp_tls, mllp), ("DICOM door", settings.dicom_tls, None))
    found = [place for name, files, context in doors for place in _door(name, files, context)]
    for destination in destinations:
        files = destination.encryption
        if files is not None and files.certificate is not None:
            found.append(Place(f"to {destination.name}", files.certificate, files.key))
        if files is not None and files.authority is not None:
            found.append(Place(f"authority of {destination.name}", files.authority))
    return tuple(found)


def _door(name: str, files: Tls | None, context: ssl.SSLContext | None) -> list[Place]:
    if files is None:
        return []
    authority = [Place(f"clients of the {name}", files.client_authority)] if files.client_authority is not None else []
    return [Place(name, files.certificate, files.key, context), *authority]


class CertificateWatch:
    """Looks once a minute. Each warning becomes one incident, which stays on the list until somebody says what came of it."""

    def __init__(self, engine: Engine, places: tuple[Place, ...]) -> None:
        self.engine = engine
        self.places = places
        self._seen = {place.file: _changed_at(place) for place in places}
        self._problems: dict[Path, str] = {}

    def standings(self) -> list[Standing]:
        """As the files are at this moment, the most urgent first."""
        now = datetime.now(UTC)
        found = [self._standing(place, now) for place in self.places]
        return sorted(found, key=lambda each: each.certificate.not_after if each.certificate is not None else now)

    def problems(self) -> list[str]:
        """One sentence for each that is not well."""
        now = datetime.now(UTC)
        return [f"the certificate of {each.place} {_words(each, now)}" for each in self.standings() if each.state != "ok"]

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            for place in self.places:
                self._take_up(place)
            await self._warn()
            await asyncio.sleep(LOOK_SECONDS)

    def _take_up(self, place: Place) -> None:
        """A file that has changed serves the next connection; one that cannot be used is said, and the former goes on serving."""
        changed_at = _changed_at(place)
        if place.context is None or changed_at == self._seen[place.file]:
            return
        self._seen[place.file] = changed_at
        try:
            if place.key is not None and not belongs(place.file.read_bytes(), place.key.read_bytes()):
                raise ValueError("the key is not this certificate's")
            place.context.load_cert_chain(place.file, place.key)
        except (OSError, ValueError, ssl.SSLError) as error:
            self._problems[place.file] = f"the renewed file is not used: {error}"
            log.error("certificate_not_taken", place=place.name, reason=type(error).__name__)
            return
        self._problems.pop(place.file, None)
        log.info("certificate_taken", place=place.name)

    async def _warn(self) -> None:
        due = {_incident(each): each for each in self.standings() if each.state != "ok"}
        if not due:
            return
        said = {event.value for event in self.engine.log.events_of([ABOUT]) if isinstance(event.value, Incident)}
        for incident in due.keys() - said:
            await self.engine.record(lambda house, now, incident=incident: [Statement(incident, ABOUT, now)], actor="certificates")  # type: ignore[misc]

    def _standing(self, place: Place, now: datetime) -> Standing:
        try:
            certificate = read(place.file)[0]
        except Refused as refused:
            return Standing(place.name, place.file.name, "unusable", None, str(refused))
        problem = self._problems.get(place.file, "")
        return Standing(place.name, place.file.name, "unusable" if problem else certificate.state(now), certificate, problem)


def _incident(each: Standing) -> Incident:
    """The same words for the same warning, so that it is given once."""
    certificate = each.certificate
    if certificate is None or each.problem:
        return Incident("certificate cannot be used", f"{each.place}: {each.problem}")
    warning = certificate.warning(datetime.now(UTC))
    what = {None: "certificate not valid yet", 0: "certificate has expired"}.get(warning, f"certificate ends within {warning} days")
    return Incident(what, f"{each.place}: {certificate.subject}, until {certificate.not_after:%Y-%m-%d %H:%M} UTC")


def _words(each: Standing, now: datetime) -> str:
    if each.certificate is None or each.problem:
        return "cannot be used"
    if each.state == "expiring":
        return f"ends in {max(1, (each.certificate.not_after - now).days)} days"
    return {"expired": "has expired"}.get(each.state, "is not valid yet")


def _changed_at(place: Place) -> tuple[int, int]:
    """When the certificate and its key were written last; zero for a file that is not there."""
    files = (place.file, place.key)
    return tuple(file.stat().st_mtime_ns if file is not None and file.exists() else 0 for file in files)  # type: ignore[return-value]
