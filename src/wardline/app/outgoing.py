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

from wardline.adapters.outgoing.places import PORTS, Place
from wardline.delivery.documents import Section, read_document
from wardline.delivery.hooks.clients import EhrClient
from wardline.delivery.notifications.contacts import Contacts
from wardline.delivery.outbound.archives import DicomArchive
from wardline.delivery.outbound.destinations import Destination, Receiver

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


def named_by(contacts: Contacts, destinations: Iterable[Receiver]) -> tuple[Place, ...]:
    """Hosts of channels and destinations: whoever wrote them there meant them to be reached, inside the hospital or not."""
    hosts = (urlsplit(channel.url).hostname for channel in contacts.all())
    return (
        *(Place(host, ANY_PORT, private=True) for host in hosts if host),
        *(place for destination in destinations for place in _places_of(destination)),
    )


def _places_of(receiver: Receiver) -> tuple[Place, ...]:
    if isinstance(receiver, Destination | DicomArchive):
        return (Place(receiver.host, receiver.port, private=True, in_clear=True),)
    return tuple(place_of(address) for address in receiver.addresses)


def place_of(address: str) -> Place:
    """A server whose address somebody here has written down: inside the hospital or not, in clear where its address says http."""
    parts = urlsplit(address)
    in_clear = parts.scheme == "http"
    return Place(parts.hostname or "", parts.port or PORTS.get(parts.scheme, HTTPS), private=True, in_clear=in_clear)


def named_by_ehrs(ehrs: Iterable[EhrClient]) -> tuple[Place, ...]:
    """Hosts of the EHRs that may call: where their keys are, and the FHIR server they lend us a token for."""
    addresses = [urlsplit(each) for ehr in ehrs for each in (ehr.keys_url, ehr.fhir_server) if each]
    return tuple(Place(each.hostname or "", each.port or HTTPS, private=True, in_clear=each.scheme == "http") for each in addresses)


def _place(section: Section) -> Place:
    host, port = section.text("host"), section.count("port", HTTPS, least=1)
    if not host or any(each in host for each in "/@*: "):
        section.refuse("host", "must be the name of one host, without https:// before it and a port after it")
    place = Place(host, port, section.flag("private", False), section.flag("in_clear", False))
    section.finish()
    return place
