"""The hospital's own sign-in service, as the site has written it into identity-provider.yaml: where it may be asked, and by whom."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from wardline.adapters.outgoing.places import PORTS, Place
from wardline.app.settings import Settings
from wardline.core.errors import Refused
from wardline.core.outside import Outside
from wardline.security.provider.configuration import FILE, ProviderSettings, read_provider
from wardline.security.provider.service import Service
from wardline.security.provider.sign_in import ProviderSignIn
from wardline.security.sessions import Sessions

HTTPS: Final = "https"


def places_in(settings: Settings) -> Iterable[Place]:
    """Whoever named it there meant it to be asked, inside the hospital or not."""
    provider = read_provider(settings.config_folder / FILE)
    if provider is None:
        return
    issuer = urlsplit(provider.issuer)
    for host in (issuer.hostname or "", *provider.hosts):
        yield Place(host, issuer.port or PORTS[issuer.scheme], private=True, in_clear=issuer.scheme != HTTPS)


def sign_in_service(settings: Settings, sessions: Sessions, outside: Outside) -> ProviderSignIn | None:
    """None where the site has none. Raises `Refused` when it could not send anybody back."""
    provider: ProviderSettings | None = read_provider(settings.config_folder / FILE)
    if provider is None:
        return None
    if not settings.address:
        raise Refused(f"{FILE} needs the setting `address`: the sign-in service sends people back to it", code="provider")
    return ProviderSignIn(Service(provider, outside, sessions.now), sessions, settings.address)
