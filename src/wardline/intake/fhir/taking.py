"""Taking resources of another server in, and an account of it: what was taken, what was refused and why, and where to go on."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from wardline.core.errors import Refused
from wardline.formats.fhir.bundles import Request
from wardline.formats.fhir.resources import ID, Resource
from wardline.intake.fhir.elsewhere import brought_home, rank
from wardline.intake.fhir.parts import Source

AT_ONCE: Final = 100
"""Resources in one durable step."""


class Home(Protocol):
    """Where resources go: this house, or one that runs elsewhere."""

    async def take(self, requests: Sequence[Request]) -> list[str]:
        """For each in turn why it was refused, "" where it was taken."""
        ...


@dataclass(slots=True)
class Account:
    """What became of everything."""

    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    parts: int = 0


class Ledger:
    """What is done, in a file, so that an import that was interrupted goes on. It holds digests, and no word about a patient."""

    def __init__(self, file: Path, source: str) -> None:
        self._file = file
        content = _content(file)
        if content.get("source") not in (None, source):
            raise Refused(f"{file} is about another server; remove it if nothing of that import is wanted any more", code="ledger")
        self.source = source
        self.done: set[str] = set(content.get("done", ()))
        self.since: str = content.get("since", "")
        """Everything up to here is in the house: what a finished import has said."""
        self.status_url: str = content.get("status_url", "")
        self.began: str = content.get("began", "")

    def begin(self, at: str) -> None:
        if not self.began:
            self.began = at
            self.write()

    def note(self, key: str) -> None:
        self.done.add(key)
        self.write()

    def exports_at(self, url: str) -> None:
        self.status_url = url
        self.write()

    def finish(self, until: str, *, is_whole: bool) -> None:
        """The next import asks for what has changed since; where something could not be had, for all of it again."""
        self.done, self.status_url, self.since, self.began = set(), "", (until or self.began) if is_whole else self.since, ""
        self.write()

    def write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        said = {"source": self.source, "since": self.since, "began": self.began, "status_url": self.status_url, "done": sorted(self.done)}
        fresh = self._file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(said), encoding="utf-8")
        fresh.replace(self._file)


async def take_in(source: Source, home: Home, ledger: Ledger, told: Callable[[Account], None] = lambda account: None) -> Account:
    """Part by part; each is noted when it is in the house."""
    account = Account()
    async for part in source.parts(ledger.done):
        for chunk in _chunks(part.resources, source.name, part.named, account):
            for request, reason in zip(chunk, await home.take(chunk), strict=True):
                if reason:
                    account.refused[request.type, reason] += 1
                else:
                    account.taken[request.type] += 1
            told(account)
        account.parts += 1
        ledger.note(part.key)
    account.refused.update(source.failures)
    ledger.finish(source.until, is_whole=not source.failures)
    return account


def _chunks(resources: Iterable[Resource], source: str, named: Any, account: Account) -> Iterable[list[Request]]:
    """What others point at first; nothing that is pointed at by its own chunk's conditions."""
    requests: list[Request] = []
    last = 0
    for resource in sorted(resources, key=lambda each: rank(each["resourceType"])):
        type, place = resource["resourceType"], rank(resource["resourceType"])
        if not ID.fullmatch(str(resource.get("id", ""))):
            account.refused[type, "it has no id to know it by again"] += 1
            continue
        if len(requests) == AT_ONCE or (requests and place != last):
            yield requests
            requests = []
        last = place
        home = brought_home(resource, source, named)
        requests.append(Request(len(requests), "PUT", type, home["id"], home, url=f"{type}/{home['id']}"))
    if requests:
        yield requests


def _content(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise Refused(f"{file} cannot be read; remove it to begin the import anew", code="ledger") from None
    return content if isinstance(content, dict) else {}
