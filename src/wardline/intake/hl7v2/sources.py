"""What is agreed with each sender: its time zone, character set, whose patient numbers it uses, what its local codes mean."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from wardline.core.concepts import BY_ID
from wardline.core.errors import NotFound, Refused
from wardline.formats.hl7v2.charsets import codec_of

STRANGERS: Final = 1_000
"""Unknown senders that are remembered; a flood of made-up names beyond that is still read, each time anew."""
LONGEST_NAME: Final = 60


class LocalCode(NamedTuple):
    """What a sender's own code means. `unit` is used only where the message gives none."""

    concept: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One sender. Unknown senders get a profile with `confirmed=False` and the house's defaults."""

    name: str
    zone: ZoneInfo
    label: str = ""
    application: str = ""
    facility: str = ""
    codec: str = "utf-8"
    assigner: str = ""
    """Who assigned patient numbers that come without an assigning authority."""
    number_types: tuple[str, ...] = ("MR", "PI", "PT", "")
    """Which of several patient numbers is the record's, in order of preference (HL7 table 0203)."""
    decimal_comma: bool = False
    processing_ids: tuple[str, ...] = ("P", "T", "D", "")
    quarantined_answer: str = "AE"
    """Original mode: what a sender hears when its message is kept but not understood. "AA" for senders that block on AE."""
    ignored: tuple[str, ...] = ()
    """Message types to keep and acknowledge without reading."""
    codes: Mapping[str, LocalCode] = field(default_factory=dict)
    confirmed: bool = False


_KEYS: Final = {
    "source", "label", "sends", "zone", "charset", "assigner", "number_types", "decimal_comma", "processing_ids", "quarantined_answer",
    "ignored", "codes",
}  # fmt: skip


class Sources:
    """All senders, found by MSH-3 and MSH-4."""

    def __init__(self, zone: str, known: Iterable[Source] = (), folder: Path | None = None) -> None:
        """`folder` is where profiles are kept; without one, what is learnt lasts as long as the process."""
        self.zone = zone_named(zone)
        self.folder = folder
        self._known: dict[tuple[str, str], Source] = {}
        self._strangers: dict[tuple[str, str], Source] = {}
        for source in known:
            self._known[source.application, source.facility] = source

    @classmethod
    def from_folder(cls, folder: Path, zone: str) -> "Sources":
        """Read every `*.yaml` of a folder. Raises `Refused` naming file and key for anything that is not right."""
        files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
        return cls(zone, [_read(path, zone) for path in files], folder)

    def of(self, application: str, facility: str) -> Source:
        """The sender's profile: exact match, then the application at any facility, then a stranger's."""
        found = self._known.get((application, facility)) or self._known.get((application, ""))
        if found is not None:
            return found
        stranger = self._strangers.get((application, facility))
        if stranger is None:
            name = " ".join(part for part in (application, facility) if part)[:LONGEST_NAME] or "unnamed"
            stranger = Source(name, self.zone, label=name, application=application, facility=facility)
            if len(self._strangers) < STRANGERS and len(application) + len(facility) < LONGEST_NAME:
                self._strangers[application, facility] = stranger
        return stranger

    def learn(self, name: str, code: str, meaning: LocalCode) -> None:
        """Add a code to a source's profile, in memory and in its file. A stranger gets a profile by this."""
        before = next((source for source in self.all if source.name == name), None)
        if before is None:
            raise NotFound(f"there is no source {name!r}")
        after = replace(before, codes={**before.codes, code: meaning})
        for known in (self._known, self._strangers):
            if (before.application, before.facility) in known:
                known[before.application, before.facility] = after
        if self.folder is not None:
            _write(self.folder, after)

    @property
    def all(self) -> list[Source]:
        return [*self._known.values(), *self._strangers.values()]


def zone_named(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(f"{name!r} is not a time zone; write it like Europe/London or UTC", code="zone", where="zone") from None


def _write(folder: Path, source: Source) -> None:
    """Change the codes in the profile's file and nothing else in it; make the file for a stranger."""
    folder.mkdir(parents=True, exist_ok=True)
    path, content = _profile(folder, source)
    content["codes"] = {code: _written(meaning) for code, meaning in source.codes.items()}
    draft = path.with_suffix(".new")
    draft.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    draft.replace(path)


def _profile(folder: Path, source: Source) -> tuple[Path, dict[str, Any]]:
    """The source's file and what it holds; a free name and the sender's for one that has none."""
    for path in sorted(folder.glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if content["source"] == source.name:
            return path, content
    stem = "".join(letter if letter.isalnum() else "-" for letter in source.name.lower()).strip("-") or "source"
    free = (folder / f"{stem}{number}.yaml" for number in ("", *(f"-{count}" for count in range(2, STRANGERS))))
    path = next(path for path in free if not path.exists())
    return path, {"source": source.name, "sends": {"application": source.application, "facility": source.facility}}


def _written(meaning: LocalCode) -> dict[str, str]:
    return {"concept": meaning.concept, "unit": meaning.unit} if meaning.unit else {"concept": meaning.concept}


def _read(path: Path, default_zone: str) -> Source:
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Refused(f"{path.name} is not valid YAML: {error}", code="yaml", where=path.name) from None
    return source_from(content, path.name, default_zone)


def source_from(content: Any, where: str, default_zone: str) -> Source:
    """A profile from the content of its YAML file."""
    if not isinstance(content, dict) or not isinstance(content.get("source"), str):
        raise Refused(f"{where}: write `source: NAME` first", code="yaml", where=where)
    unknown = sorted(set(content) - _KEYS)
    if unknown:
        raise Refused(f"{where}: {unknown[0]!r} is not a key; there are {', '.join(sorted(_KEYS))}", code="yaml", where=where)
    sends, codes = content.get("sends") or {}, content.get("codes") or {}
    if not isinstance(sends, dict) or not isinstance(codes, dict):
        raise Refused(f"{where}: `sends` and `codes` are lists of `key: value` lines", code="yaml", where=where)
    return Source(
        name=content["source"], label=str(content.get("label") or content["source"]), zone=zone_named(str(content.get("zone") or default_zone)),
        application=str(sends.get("application", "")), facility=str(sends.get("facility", "")),
        codec=codec_of(str(content.get("charset") or "")), assigner=str(content.get("assigner") or ""),
        number_types=tuple(map(str, content.get("number_types") or ("MR", "PI", "PT", ""))),
        decimal_comma=bool(content.get("decimal_comma", False)),
        processing_ids=tuple(map(str, content.get("processing_ids") or ("P", "T", "D", ""))),
        quarantined_answer=_answer(content.get("quarantined_answer", "AE"), where), ignored=tuple(map(str, content.get("ignored") or ())),
        codes={str(code): _local_code(meaning, code, where) for code, meaning in codes.items()}, confirmed=True,
    )  # fmt: skip


def _answer(code: Any, where: str) -> str:
    if code not in ("AA", "AE"):
        raise Refused(f"{where}: quarantined_answer is AA or AE", code="yaml", where=where)
    return str(code)


def _local_code(meaning: Any, code: Any, where: str) -> LocalCode:
    written = meaning if isinstance(meaning, dict) else {"concept": meaning}
    concept, unit = str(written.get("concept", "")), str(written.get("unit", ""))
    if concept not in BY_ID:
        raise Refused(f"{where}: the code {code!r} is mapped to {concept!r}, which is not a concept", code="yaml", where=where)
    if unit and BY_ID[concept].conversion(unit) is None:
        raise Refused(f"{where}: {unit!r} is not a unit of {concept}", code="yaml", where=where)
    return LocalCode(concept, unit)
