"""Who can be reached how: for each contact the channels to try, in order, from the site's own file (never from a policy: it has secrets)."""

from dataclasses import dataclass
from datetime import timedelta

from wardline.delivery.documents import Section, read_document


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach a contact. `url` is an Apprise URL; {id}, {alert} and {severity} in it are filled in for each message."""

    contact: str
    name: str
    url: str
    tries: int = 2
    timeout: timedelta = timedelta(seconds=5)
    confirm_within: timedelta | None = None
    """For channels whose device confirms: taken is not received, and without the confirmation the next channel is tried."""

    @property
    def id(self) -> str:
        return f"{self.contact}/{self.name}"


@dataclass(frozen=True)
class Contacts:
    """Channels by contact. A contact is a role's phone, a team, or a person by name."""

    channels: dict[str, tuple[Channel, ...]]

    def of(self, *contacts: str) -> tuple[Channel, ...]:
        """The channels of these contacts, in order, each once."""
        return tuple(dict.fromkeys(channel for contact in contacts if contact for channel in self.channels.get(contact, ())))

    def all(self) -> tuple[Channel, ...]:
        return tuple(channel for channels in self.channels.values() for channel in channels)


NOBODY = Contacts({})


def read_contacts(text: str, file: str = "contacts.yaml") -> Contacts:
    """Raises `Refused` naming file, line and key of the first mistake."""
    document = read_document(text, file)
    contacts = document.section("contacts")
    assert contacts is not None  # a required section that is missing has been refused
    channels = {name: tuple(_channel(name, section) for section in contacts.sections(name)) for name in contacts.keys}
    document.finish()
    return Contacts(channels)


def _channel(contact: str, section: Section) -> Channel:
    confirm = section.number("confirm_within_seconds", 0, least=0)
    channel = Channel(
        contact, section.text("name"), section.text("url"), section.count("tries", 2, least=1),
        timedelta(seconds=section.number("timeout_seconds", 5, least=0.1)), timedelta(seconds=confirm) if confirm else None,
    )  # fmt: skip
    section.finish()
    return channel
