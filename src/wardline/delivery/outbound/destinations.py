"""Where answers go: other systems that want findings or movements, as the site lists them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from wardline.core.errors import Refused

TOPIC: Final = "hl7v2/"
_KEYS: Final = {"name", "address", "findings", "movements", "application", "facility"}


@dataclass(frozen=True, slots=True)
class Destination:
    """A receiver of HL7 v2. `findings` are ids of capabilities whose answers it gets; `movements` says whether it gets ADT."""

    name: str
    host: str
    port: int
    findings: frozenset[str] = frozenset()
    movements: bool = False
    application: str = ""
    facility: str = ""

    @property
    def topic(self) -> str:
        return TOPIC + self.name


def destinations_in(file: Path) -> tuple[Destination, ...]:
    """Read `destinations:` of a YAML file; none when there is no file. Raises `Refused` naming what is wrong."""
    if not file.exists():
        return ()
    try:
        content: Any = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise Refused(f"{file.name} is not valid YAML: {error}", code="yaml", where=file.name) from None
    found = tuple(_destination(each, file.name) for each in content.get("destinations", ()))
    if len({each.name for each in found}) != len(found):
        raise Refused(f"{file.name}: two destinations have the same name", code="yaml", where=file.name)
    return found


def _destination(content: Any, where: str) -> Destination:
    unknown = sorted(set(content) - _KEYS)
    if unknown:
        raise Refused(f"{where}: {unknown[0]!r} is not a key of a destination; there are {', '.join(sorted(_KEYS))}", code="yaml", where=where)
    host, _, port = str(content.get("address", "")).rpartition(":")
    if not content.get("name") or not host or not port.isdigit():
        raise Refused(f"{where}: a destination has a name and an address as HOST:PORT", code="yaml", where=where)
    return Destination(
        str(content["name"]), host, int(port), frozenset(map(str, content.get("findings", ()))), bool(content.get("movements", False)),
        str(content.get("application", "")), str(content.get("facility", "")),
    )  # fmt: skip
