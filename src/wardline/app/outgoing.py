"""The site's list of places outside: what it has written into outgoing.yaml, and what its other files name anyway.

allowed:
  - host: sso.hospital.example
    private: true          # its address is inside the hospital
  - host: hooks.pager.example
    port: 8443
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from wardline.adapters.outgoing.places import Place
from wardline.delivery.documents import Section, read_document
from wardline.delivery.notifications.contacts import Contacts
from wardline.delivery.outbound.destinations import Destination

HTTPS: Final = 443
ANY_PORT: Final = 0


def listed_in(file: Path) -> tuple[Place, ...]:
    """What the site allows besides; nothing when there is no file. Raises `Refused` naming file, line and key of a mistake."""
    if not file.exists():
        return ()
    document = read_document(file.read_text(encoding="utf-8"), file.name)
    found = tuple(_place(section) for section in document.sections("allowed"))
    document.finish()
    return found


def named_by(contacts: Contacts, destinations: Iterable[Destination]) -> tuple[Place, ...]:
    """Hosts of channels and destinations: whoever wrote them there meant them to be reached, inside the hospital or not."""
    hosts = (urlsplit(channel.url).hostname for channel in contacts.all())
    return (
        *(Place(host, ANY_PORT, private=True) for host in hosts if host),
        *(Place(destination.host, destination.port, private=True, in_clear=True) for destination in destinations),
    )


def _place(section: Section) -> Place:
    host, port = section.text("host"), section.count("port", HTTPS, least=1)
    if not host or any(each in host for each in "/@*: "):
        section.refuse("host", "must be the name of one host, without https:// before it and a port after it")
    place = Place(host, port, section.flag("private", False), section.flag("in_clear", False))
    section.finish()
    return place
