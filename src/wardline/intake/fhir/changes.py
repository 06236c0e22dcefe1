"""Changing resources: what one request or transaction does, decided inside the engine's one writer so that no two can both be first.

What comes out are statements: each version as it is kept, and the facts that it states or takes back. Either all of a transaction
is stated, or nothing.
"""

import base64
import binascii
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Any, Final, NamedTuple

from wardline.core.errors import Conflict, NotFound, Refused
from wardline.core.events import Kept
from wardline.core.resources import ABOUT_NOBODY, Stored
from wardline.core.statements import Statement
from wardline.formats.fhir.bundles import Request, conditional, in_order
from wardline.formats.fhir.facts import changes, facts_of
from wardline.formats.fhir.parts import part, parts
from wardline.formats.fhir.patching import patched
from wardline.formats.fhir.resources import ID, Resource, patient_of, plainly, read, rewritten, stamped, written
from wardline.intake.fhir.register import FROM_A_FEED, Resources

Pairs = Sequence[tuple[str, str]]
_ETAG: Final = re.compile(r'(?:W/)?"([^"]+)"')
_NAMED: Final = re.compile(r"(?:https?://.+/)?[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}(?:/_history/.+)?")
ENTERED_IN_ERROR: Final = "entered-in-error"
VERIFICATION: Final = {
    "Condition": "http://terminology.hl7.org/CodeSystem/condition-ver-status",
    "AllergyIntolerance": "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
}  # fmt: skip
"""Types that say in `verificationStatus` that they are an error, and in which words."""


class Gone(NotFound):
    """It was here and has been deleted: 410."""


class NotTheSame(Conflict):
    """It is another version than whoever changes it thinks, or a condition meets several resources: 412."""


class NotUnderstood(Refused):
    """The resource is JSON, but not something that can be kept: 422."""


class Done(NamedTuple):
    """What became of one request."""

    place: int
    status: int
    type: str
    id: str
    version: int = 0
    about: str = ""
    body: str = ""
    at: datetime | None = None


class House(NamedTuple):
    """What deciding needs of the world: who is there, what whoever asks may change, and how conditions are searched."""

    is_patient: Callable[[str], bool]
    may_write: Callable[[str, str, str], None]
    """Type, letter of `cruds` and record; raises `NotAllowed`."""
    sees: Callable[[Stored, str], bool]
    """Whether a resource is there for whoever asks: what is hidden from them they do not change, and learn nothing of by trying."""
    find: Callable[[str, Pairs], list[tuple[str, str]]]
    """Type and id of everything that meets a search, of what whoever asks may see."""
    is_from_a_feed: Callable[[str, str], bool]
    """Whether this type and id names something that another system has said over its own feed."""
    zone: tzinfo


class Changing:
    """The changes of one request, made ready outside the turn and decided inside it."""

    def __init__(self, register: Resources, requests: Iterable[Request], house: House) -> None:
        self.register = register
        self.house = house
        self.requests = [each for each in in_order(requests) if each.method in ("POST", "PUT", "PATCH", "DELETE")]
        self.done: list[Done] = []
        self._fresh = {request.place: secrets.token_hex(10) for request in self.requests}
        self._named: dict[str, str] = {}
        self._newcomers: set[str] = set()
        self._bodies: dict[str, Resource] = {}
        """What this request itself makes, by reference."""
        self._facts_due: list[Callable[[], Iterable[Statement]]] = []
        """Facts are read when all of it is known: a prescription may come before its drug."""

    def decide(self, now: datetime) -> list[Statement]:
        """Raises one of the four families, and then nothing happens."""
        self.register.check_ready()
        self.done, self._named, self._newcomers, self._bodies, self._facts_due = [], {}, set(), {}, []
        meant = {request.place: self._meant(request) for request in self.requests}
        for request in self.requests:
            if request.full_url and request.method in ("POST", "PUT"):
                self._named[request.full_url] = f"{request.type}/{meant[request.place][0]}"
            if request.type == "Patient" and request.method in ("POST", "PUT"):
                self._newcomers.add(meant[request.place][0])
        stated: list[Statement] = []
        touched: set[tuple[str, str]] = set()
        for request in self.requests:
            id, stored, is_there = meant[request.place]
            if (request.type, id) in touched and not is_there:
                raise Refused(f"Bundle.entry[{request.place}] changes {request.type}/{id} a second time", code="duplicate")
            touched.add((request.type, id))
            stated += self._change(request, id, stored, is_there, now)
        # What is about nobody goes first: how sensitive a prescription is depends on the drug that it refers to.
        stated.sort(key=lambda each: not each.about.startswith(ABOUT_NOBODY))
        return stated + [fact for facts in self._facts_due for fact in facts()]

    # --- which resource ---

    def _meant(self, request: Request) -> tuple[str, Stored | None, bool]:
        """The id, the version that stands, and whether a conditional create has found that it is there already."""
        search = self.register.search
        if request.method == "POST":
            if request.if_none_exist is None:
                return self._fresh[request.place], None, False
            found = self._only(request.type, request.if_none_exist)
            return (found, search.get(request.type, found), True) if found else (self._fresh[request.place], None, False)
        id = request.id
        if not id:
            id = self._only(request.type, request.query or ())
            said = str((request.resource or {}).get("id", "")) if request.method == "PUT" else ""
            id = id or (said if ID.fullmatch(said) else self._fresh[request.place] if request.method == "PUT" else "")
        return id, search.get(request.type, id), False

    def _only(self, type: str, query: Pairs) -> str:
        """The id of the one resource that meets the search; "" where none does. Raises `NotTheSame` where several do."""
        if not query:
            raise Refused("a condition needs at least one search parameter", code="required")
        found = self.house.find(type, query)
        if len(found) > 1:
            raise NotTheSame(f"more than one {type} meets this condition; make it narrower")
        return found[0][1] if found else ""

    # --- one change ---

    def _change(self, request: Request, id: str, stored: Stored | None, is_there: bool, now: datetime) -> list[Statement]:
        if is_there:
            type, version = request.type, stored.version if stored is not None else 0
            self.done.append(Done(request.place, 200, type, id, version, stored.about if stored is not None else "", at=now))
            return []
        if (stored is not None and stored.event == FROM_A_FEED) or (stored is None and self.house.is_from_a_feed(request.type, id)):
            raise Conflict(f"{request.type}/{id} comes from a feed of another system; it is changed there")
        if stored is not None:
            letter = "d" if request.method == "DELETE" else "u"
            self.house.may_write(request.type, letter, stored.about)
            # A patch is answered with what stands there, and its tests ask for it: that is reading, too.
            if not self.house.sees(stored, "r" if request.method == "PATCH" else letter):
                raise NotFound(f"there is no {request.type}/{id} for you here")
        self._check_version(request, stored)
        if request.method == "DELETE":
            return self._deleted(request, id, stored, now)
        return self._kept(request, id, stored, self._resource(request, id, stored), now)

    def _check_version(self, request: Request, stored: Stored | None) -> None:
        if not request.if_match:
            return
        match = _ETAG.fullmatch(request.if_match.strip())
        wanted = match.group(1) if match is not None else request.if_match
        if stored is None or str(stored.version) != wanted:
            raise NotTheSame("this is not the newest version any more; read it again and change that")

    def _resource(self, request: Request, id: str, stored: Stored | None) -> Resource:
        if request.method != "PATCH":
            created: Resource = request.resource
            return created
        if stored is None:
            raise NotFound(f"there is no {request.type}/{id}")
        before = read(self.register.kept(stored.event).body.encode())
        after: Resource = patched(before, operations_in(request.resource))
        if not isinstance(after, dict) or after.get("resourceType") != request.type or after.get("id") != id:
            raise NotUnderstood("a patch cannot change the type or the id", code="business-rule")
        return after

    def _kept(self, request: Request, id: str, stored: Stored | None, resource: Resource, now: datetime) -> list[Statement]:
        _check_obeyed(resource)
        resource = rewritten(resource, self._reference)
        is_new = request.method == "POST"  # under an id that nothing has had before
        version = 1 if is_new else self._newest(request.type, id) + 1
        body = written(stamped(resource, id=id, version=version, at=now)).decode()
        plain = plainly(body)
        about = self._about(plain, request.type, id)
        if stored is not None and stored.about != about:
            raise NotUnderstood(f"{request.type}/{id} cannot become another patient's; delete it and create it there", code="business-rule")
        self.house.may_write(request.type, "u" if stored is not None else "c", about)
        self.done.append(Done(request.place, 200 if stored is not None else 201, request.type, id, version, about, body, now))
        self._bodies[f"{request.type}/{id}"] = plain
        self._facts_due.append(lambda: self._first_facts(plain, body, about, now) if stored is None else self._facts(plain, stored, about, now))
        return [Statement(Kept(request.type, id, version, body), about, now)]

    def _first_facts(self, resource: Resource, body: str, about: str, now: datetime) -> tuple[Statement, ...]:
        if about.startswith(ABOUT_NOBODY):
            return ()
        facts = facts_of(resource, about=about, stated_at=now, resolve=self._resolve, zone=self.house.zone)
        self.register.announce(body, resource, (fact.value for fact in facts))
        return facts

    def _facts(self, resource: Resource, stored: Stored, about: str, now: datetime) -> tuple[Statement, ...]:
        if about.startswith(ABOUT_NOBODY):
            return ()
        said: dict[str, Any] = {"about": about, "stated_at": now, "resolve": self._resolve, "zone": self.house.zone}
        return changes(self.register.resource(stored), resource, **said)

    def _resolve(self, reference: str) -> Resource | None:
        return self._bodies.get(reference) or self.register.resolve(reference)

    def _deleted(self, request: Request, id: str, stored: Stored | None, now: datetime) -> list[Statement]:
        """What is not there stays so: deleting it again is no error."""
        if stored is None:
            self.done.append(Done(request.place, 204, request.type, id, self._newest(request.type, id), at=now))
            return []
        if request.type == "Patient":
            raise Conflict("a patient is not deleted: a record is erased by the privacy officer, with two signatures")
        self.house.may_write(request.type, "d", stored.about)
        version = stored.version + 1
        self.done.append(Done(request.place, 204, request.type, id, version, stored.about, at=now))
        before = self.register.resource(stored)
        facts = () if stored.about.startswith(ABOUT_NOBODY) else self._facts(withdrawn(before), stored, stored.about, now)
        return [Statement(Kept(request.type, id, version, "", True), stored.about, now), *facts]

    def _newest(self, type: str, id: str) -> int:
        versions = self.register.search.versions(type, id)
        return versions[0].version if versions else 0

    # --- references and whose it is ---

    def _reference(self, name: str, text: str) -> str:
        """References inside a transaction get the ids that were given in it; conditional ones that of what they found."""
        known = self._named.get(text)
        if known is not None:
            return known
        if name == "reference" and (asked := conditional(text)) is not None:
            type, query = asked
            id = self._only(type, query)
            if not id:
                raise NotTheSame(f"nothing here meets the conditional reference to a {type}")
            return f"{type}/{id}"
        return text

    def _about(self, resource: Resource, type: str, id: str) -> str:
        """The record it belongs to: its patient's, or its own."""
        patient = patient_of(resource)
        if not patient:
            _check_named(resource)
            return f"{ABOUT_NOBODY}{type}/{id}"
        if type != "Patient" and patient not in self._newcomers and not self.house.is_patient(patient):
            raise NotUnderstood(f"there is no Patient/{patient} here; create the patient first", code="not-found")
        return patient


def _check_named(resource: Resource) -> None:
    """What is about somebody without saying who by an id would be about nobody, and everybody's to read."""
    for name in ("subject", "patient", "beneficiary"):
        element = resource.get(name)
        if isinstance(element, dict) and element and not _NAMED.fullmatch(str(element.get("reference", ""))):
            raise NotUnderstood(f"{name} does not say whom it is about; refer to Patient/id, or Patient?identifier=...", code="value", where=name)


def _check_obeyed(resource: Resource) -> None:
    """A rule that is kept and not obeyed would be worse than one that was never taken: such consents have a door of their own."""
    scope = part(resource, "scope") if resource["resourceType"] == "Consent" else {}
    if any(each.get("code") == "patient-privacy" for each in parts(scope, "coding")):
        raise NotUnderstood("a privacy consent is recorded at POST /api/v1/consents, where it is checked and obeyed", code="business-rule")


def operations_in(resource: Any) -> Any:
    """The JSON Patch of a PATCH: the list itself, or a Binary that holds it (as a transaction must)."""
    if isinstance(resource, dict) and resource.get("resourceType") == "Binary":
        try:
            return plainly(base64.b64decode(str(resource.get("data", "")), validate=True))
        except (binascii.Error, ValueError):
            raise Refused("the patch in the Binary cannot be read", code="structure") from None
    return resource


def withdrawn(resource: Resource) -> Resource:
    """The same resource, said to be an error: what deleting it means for the facts it stated."""
    type = resource["resourceType"]
    if type in VERIFICATION:
        return {**resource, "verificationStatus": {"coding": [{"system": VERIFICATION[type], "code": ENTERED_IN_ERROR}]}}
    return {**resource, "status": ENTERED_IN_ERROR}
