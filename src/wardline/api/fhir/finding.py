"""Finding resources: conditions one after the other, each step holding only what whoever asks may see, so that no link gives away more."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from wardline.api.fhir.seeing import Hit, Seeing
from wardline.core.errors import NotFound, Refused
from wardline.core.resources import Criterion, Kind, Link, Search, Stored, Version, Wanted
from wardline.formats.fhir.outward.parts import record_of
from wardline.formats.fhir.outward.timeline import Shown
from wardline.formats.fhir.parts import part, parts
from wardline.formats.fhir.resources import others_in, plainly
from wardline.formats.fhir.search.asking import Asked, Chain, Condition, Has, InSet
from wardline.formats.fhir.search.indexing import entries_of, tail_of
from wardline.formats.fhir.search.parameters import parameters_of
from wardline.intake.fhir.changes import Gone
from wardline.intake.fhir.register import FROM_A_FEED, Resources

MOST_TARGETS: Final = 200_000
MOST_SORTED_BY: Final = 8
_NOTHING: Final = Criterion("_id", "token", (Wanted(""),))


class Finding:
    """One request's searches."""

    def __init__(self, register: Resources, seeing: Seeing, scratch: Callable[[], Search]) -> None:
        register.check_ready()
        self.register = register
        self.seeing = seeing
        self.is_partial = False
        """Whether something feeds have told was left out, because no patient was named."""
        self._scratch = scratch

    # --- one ---

    def one(self, type: str, id: str, letter: str = "r") -> Hit:
        """Raises `NotFound`, `Gone` or `NotAllowed`. What is hidden from somebody is not there for them."""
        house = self.seeing.house.engine.house
        if type == "Patient" and house.survivor(id) in house.directory:
            self.register.meet(id)
        stored = self.register.search.get(type, id)
        if stored is not None and stored.event != FROM_A_FEED:
            self.seeing.need_scope(type, letter, stored.about)
            self.seeing.need_reader(stored.about)
            if self.seeing.sees(stored, letter):
                return Hit(stored)
            raise _missing(type, id)
        record = id if type == "Patient" else record_of(id)
        if (record and record in self.seeing.house.engine.house.directory) or stored is not None:
            self.seeing.need_scope(type, letter, record)
            self.seeing.need_reader(record)
            if (hit := self._made(type, id, record, letter)) is not None:
                return hit
        versions = self.register.search.versions(type, id)
        if versions and versions[0].deleted:
            self.seeing.need_scope(type, letter, versions[0].about)
            self.seeing.need_reader(versions[0].about)
            if not self.seeing.sees(self.of_version(versions[0]), letter):
                raise _missing(type, id)
            raise Gone(f"{type}/{id} has been deleted")
        raise _missing(type, id)

    def _made(self, type: str, id: str, record: str, letter: str = "s") -> Hit | None:
        return self._patient(record, letter) if type == "Patient" else self.seeing.made(record, letter).get((type, id))

    def _patient(self, record: str, letter: str) -> Hit | None:
        """Who the patient is, as feeds have told: without the rest of the timeline, because lists hold many of them."""
        resource, stored = self.register.patient(record), self.register.search.get("Patient", record)
        if resource is None or stored is None or self.seeing.as_reader(record) is None or not self.seeing.scope("Patient", letter, record):
            return None
        newest = self.register.timeline(record).registered[-1]
        version = int(resource["meta"]["versionId"])
        return Hit(stored._replace(version=version), Shown(resource, newest))

    def of_version(self, version: Version) -> Stored:
        """A version as sensitive as its text is: labels follow what is said, not what stands now. A deletion is as what it took away."""
        older = self.register.search.versions(version.type, version.id) if version.deleted else [version]
        said = next((each for each in older if not each.deleted and each.version <= version.version), None)
        kept = self.register.kept(said.event) if said is not None else None
        labels, facts = self.register.sensitivity(kept) if kept is not None else ((), ((version.type, version.id),))
        others = others_in(plainly(kept.body), version.about) if kept is not None else ()
        return Stored(0, version.type, version.id, version.version, version.event, version.about, version.updated_at, labels, facts, others)

    def known(self, reference: str) -> Hit | None:
        """What a reference points at, where it is here and may be seen."""
        type, _, id = tail_of(reference).partition("/")
        stored = self.register.search.get(type, id)
        if stored is not None and stored.event != FROM_A_FEED:
            return Hit(stored) if self.seeing.sees(stored) else None
        record = id if type == "Patient" else record_of(id)
        return self._made(type, id, record) if record and self.seeing.as_reader(record) is not None else None

    def body(self, hit: Hit) -> dict[str, Any]:
        return hit.made.resource if hit.made is not None else self.register.resource(hit.stored)

    # --- many ---

    def find(self, asked: Asked) -> list[Hit]:
        """Everything that meets the conditions and may be seen, in the order in which it came."""
        return self._find(asked.type, asked.conditions)

    def _find(self, type: str, conditions: Iterable[Condition]) -> list[Hit]:
        criteria = [criterion for each in conditions for criterion in self._criteria(type, each)]
        if _NOTHING in criteria:
            return []
        if type == "Patient" or any(each.kind == "reference" for each in criteria):
            self.register.meet_all()
        found = [Hit(each) for each in self.register.search.find(type, criteria) if each.event != FROM_A_FEED and self.seeing.sees(each)]
        return found + self._find_made(type, criteria)

    def _find_made(self, type: str, criteria: list[Criterion]) -> list[Hit]:
        """The same among what is made from timelines: of the patients that the conditions name."""
        if type == "Patient":
            known = self.register.search.find(type, criteria)
            hits = (self._made(type, each.id, each.about) for each in known if each.event == FROM_A_FEED and self.seeing.sees(each))
            return [hit for hit in hits if hit is not None]
        records = self._records_in(criteria)
        if records is None:
            self.is_partial = True
            return []
        mine = [hit for record in records for (kind, _), hit in self.seeing.made(record).items() if kind == type]
        if not mine:
            return []
        scratch = self._in_scratch(mine)
        met = {each.id for each in scratch.find(type, criteria)}
        return [hit for hit in mine if hit.id in met]

    def _in_scratch(self, hits: Iterable[Hit]) -> Search:
        scratch = self._scratch()
        for hit in hits:
            assert hit.made is not None
            scratch.put(hit.stored, entries_of(hit.made.resource))
        return scratch

    def _records_in(self, criteria: Iterable[Criterion]) -> list[str] | None:
        """The patients that the conditions are about; None where they name none."""
        directory, named = self.seeing.house.engine.house.directory, False
        records: dict[str, None] = {}
        for criterion in criteria:
            ids = [wanted.text for wanted in criterion.values] if criterion.name == "_id" or criterion.kind == "reference" else []
            for text in ids:
                tail = text.rpartition("/")[2]
                record = self.seeing.house.engine.house.survivor(record_of(tail) or tail)
                named = True
                if record in directory:
                    records[record] = None
        return list(records) if named else None

    # --- conditions ---

    def _criteria(self, type: str, condition: Condition) -> Iterator[Criterion]:
        match condition:
            case Chain(name, branches):
                targets = [hit.reference for target, then in branches for hit in self._find(target, (then,))]
                yield self._links(name, targets)
            case Has(source, name, then):
                hits = self._find(source, (then,))
                ids = {link.target.removeprefix(f"{type}/") for link in self.links(hits, (f"{source}.{name}",)) if link.target.startswith(f"{type}/")}
                yield Criterion("_id", "token", tuple(Wanted(id) for id in sorted(ids))) if ids else _NOTHING
            case InSet(name, url, wanted):
                values = tuple(Wanted(code, system=system) for system, code in self._codes_in(url))
                yield Criterion(name, "token", values or (Wanted("", system="urn:wardline:none"),), "" if wanted else "not")
            case Criterion() if condition.kind == "reference" and condition.values:
                yield condition._replace(values=tuple(self._joined(condition.values)))
            case _:
                yield condition

    def _links(self, name: str, targets: list[str]) -> Criterion:
        if len(targets) > MOST_TARGETS:
            raise Refused(f"{name} leads to too many resources; make the search narrower", code="too-costly", where=name)
        return Criterion(name, "reference", tuple(Wanted(each) for each in targets)) if targets else _NOTHING

    def _joined(self, values: Iterable[Wanted]) -> Iterator[Wanted]:
        """Of a patient whose records were joined, what was said under any of them."""
        house = self.seeing.house.engine.house
        for wanted in values:
            type, _, id = wanted.text.rpartition("/")
            if type in ("Patient", "") and house.survivor(id) in house.directory:
                yield from (wanted._replace(text=f"{type}/{record}".lstrip("/")) for record in self.seeing.records(id))
            else:
                yield wanted

    def _codes_in(self, url: str) -> list[tuple[str, str]]:
        """The codes of a value set that is kept here."""
        known = self.register.search.find("ValueSet", (Criterion("url", "uri", (Wanted(url),)),))
        if not known:
            raise Refused(f"there is no value set {url[:200]} here", code="not-found", where="ValueSet")
        resource = self.register.resource(known[-1])
        expanded = [(str(each.get("system", "")), str(each["code"])) for each in parts(part(resource, "expansion"), "contains") if "code" in each]
        return expanded or [
            (str(included.get("system", "")), str(each["code"]))
            for included in parts(part(resource, "compose"), "include") for each in parts(included, "concept") if "code" in each
        ]  # fmt: skip

    # --- order and links ---

    def links(self, hits: Iterable[Hit], names: tuple[str, ...] | None = None) -> list[Link]:
        """Where these resources point."""
        listed = list(hits)
        made = [hit for hit in listed if hit.made is not None]
        found = self.register.search.links([hit.stored.number for hit in listed if hit.made is None], names)
        for hit in made:
            assert hit.made is not None
            entries = entries_of(hit.made.resource)
            found += [entry for entry in entries if isinstance(entry, Link) and (names is None or entry.name in names)]
        return list(dict.fromkeys(found))

    def ordered(self, hits: list[Hit], by: str) -> list[Hit]:
        """`by` is FHIR's _sort: "-date,code". What has no value goes last."""
        parts = [each.strip() for each in by.split(",") if each.strip()]
        if len(parts) > MOST_SORTED_BY:
            raise Refused(f"_sort names {MOST_SORTED_BY} parameters at most", code="too-costly", where="_sort")
        for key in reversed(parts):
            name, down = key.removeprefix("-"), key.startswith("-")
            keys = self._keys(hits, name, down)
            with_key = [hit for hit in hits if hit.reference in keys]
            with_key.sort(key=lambda hit: keys[hit.reference], reverse=down)
            hits = with_key + [hit for hit in hits if hit.reference not in keys]
        return hits

    def _keys(self, hits: list[Hit], name: str, down: bool) -> dict[str, Any]:
        if name == "_id":
            return {hit.reference: hit.id for hit in hits}
        if name == "_lastUpdated":
            return {hit.reference: hit.stored.updated_at for hit in hits}
        type = hits[0].type if hits else ""
        parameter = parameters_of(type).get(name)
        if parameter is None:
            raise Refused(f"{type or 'this type'} cannot be sorted by {name[:80]!r}", code="value", where="_sort")
        key: str = name if name.startswith("_") else f"{type}.{name}"
        return {**self._keys_kept(hits, key, parameter.kind, down), **self._keys_made(hits, key, parameter.kind, down)}

    def _keys_kept(self, hits: list[Hit], key: str, kind: Kind, down: bool) -> dict[str, Any]:
        numbers = {hit.stored.number: hit.reference for hit in hits if hit.made is None}
        return {numbers[number]: value for number, value in self.register.search.keys(numbers, key, kind, highest=down).items()}

    def _keys_made(self, hits: list[Hit], key: str, kind: Kind, down: bool) -> dict[str, Any]:
        made = [hit for hit in hits if hit.made is not None]
        if not made:
            return {}
        scratch = self._in_scratch(made)
        numbers = {each.number: f"{each.type}/{each.id}" for each in scratch.find(made[0].type)}
        return {numbers[number]: value for number, value in scratch.keys(numbers, key, kind, highest=down).items()}


def _missing(type: str, id: str) -> NotFound:
    return NotFound(f"there is no {type} {json.dumps(id[:64])} for you here")
