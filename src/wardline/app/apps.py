"""Apps and the keys that tokens are signed with, put together on one data folder."""

import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import structlog

from wardline.adapters.embedded.apps import SqliteApps
from wardline.adapters.embedded.folder import DataFolder
from wardline.adapters.embedded.signing_keys import SqliteSigningKeys
from wardline.app.settings import Settings
from wardline.security.keys import KeyRing
from wardline.security.sessions import Sessions
from wardline.security.smart.server import SmartServer

log = structlog.get_logger()

APPS: Final = "apps.db"
SIGNING: Final = "signing.db"
PATHS: Final = ("/oauth", "/fhir", "/.well-known")
"""What pages of registered apps may ask from a browser."""


class Signing:
    """The ring of a folder, and the secret that seals it."""

    def __init__(self, folder: DataFolder, now: Callable[[], datetime]) -> None:
        self.folder = folder
        self.shelf = SqliteSigningKeys(folder.path / SIGNING, folder.secrets.versions("token"))
        self.ring = KeyRing(self.shelf, now)

    def renew(self) -> int:
        """Another token secret and other signing keys, with nobody signed out. Returns the version of the secret."""
        version = self.folder.secrets.renew("token")
        self.shelf.adopt(self.folder.secrets.versions("token"))
        self.ring.rotate()
        for older in [number for number in self.folder.secrets.versions("token") if number != version]:
            self.folder.secrets.drop("token", older)
        return version

    def close(self) -> None:
        self.shelf.close()


class Apps:
    """The authorization server on a folder, with the sessions that its people come from."""

    def __init__(self, folder: DataFolder, sessions: Sessions, signing: Signing, settings: Settings) -> None:
        self.register = SqliteApps(folder.path / APPS)
        self.server = SmartServer(self.register, sessions.identities, signing.ring, lambda: sessions.now(), sessions.is_over)
        self.server.stand_at(address_of(settings, settings.http))
        sessions.person_of_app, sessions.app_is_over = self.server.person_of_app, self.server.is_over
        sessions.end_apps_of = self.server.end_all

    def forget(self, records: Iterable[str]) -> None:
        """Drop what is kept about people who have been erased. Where it cannot be done it is said, and the next start does it."""
        try:
            self.register.forget_patients(records)
        except sqlite3.Error as error:
            log.error("apps_not_cleared", reason=type(error).__name__)

    def close(self) -> None:
        self.register.close()


def address_of(settings: Settings, port: int) -> str:
    """Where apps find us: what the site has said, else where this server listens. Never what a request claims."""
    if settings.address:
        return settings.address
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{'https' if settings.http_tls is not None else 'http'}://{host}:{port}"


def origins_of(server: SmartServer) -> list[str]:
    """The sites that registered apps run on: their pages ask for tokens and data by themselves."""
    addresses = [urlsplit(address) for app in server.register.apps() if app.closed_at is None for address in app.redirects]
    return list(dict.fromkeys(f"{each.scheme}://{each.netloc}" for each in addresses if each.scheme in ("https", "http")))
