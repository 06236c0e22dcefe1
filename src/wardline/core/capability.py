"""The one shape: a capability is a pure function from what it needs on the timeline to a finding.

    @dataclass(frozen=True)
    class Vitals(Inputs):
        pulse: float = latest(c.PULSE, within=hours(12))

    @capability(id="...", version="...", about="encounter", reference="...")
    def answer(v: Vitals) -> Finding: ...

Freshness, unit, plausibility and provenance live in the need. The function sees plain values; where `additive=True` a missing
one is None and the answer becomes `AtLeast`, otherwise an unmet need is answered `Unknown` without calling the function.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from types import NoneType
from typing import Any, Final, Literal, NamedTuple, TypeAlias, TypeVar, get_args, get_type_hints

from wardline.core.concepts import Concept
from wardline.core.diseases import Disease
from wardline.core.events import EventId
from wardline.core.findings import Answer

About: TypeAlias = Literal["patient", "encounter", "study"]
Standing: TypeAlias = Literal["verified", "provisional"]
NeedKind: TypeAlias = Literal[
    "latest", "series", "readings", "age", "sex", "finding", "given", "site",
    "has", "conditions", "medications", "doses", "allergies", "procedures", "vaccinations", "resources", "moment", "born",
    "volume", "stacks", "earlier", "drawn", "model", "models",
]  # fmt: skip
STATED_BY: Final[dict[str, str]] = {
    "has": "@Diagnosed", "conditions": "@Diagnosed", "medications": "@Ordered", "doses": "@Administered", "allergies": "@Allergic",
    "procedures": "@Performed", "vaccinations": "@Immunised", "resources": "@Kept",
}  # fmt: skip
"""The kind of event that changes what such a need finds, as `Capability.concepts` names it: beside concepts, and with an @."""
OF_STUDIES: Final = frozenset({"volume", "stacks", "earlier", "drawn", "model", "models"})
"""Needs that only the worker can meet which reads the images of a study."""


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def days(count: float) -> timedelta:
    return timedelta(days=count)


class Reading(NamedTuple):
    """One measured value with its time, as a `series` need delivers it. Value in the unit of its concept."""

    at: datetime
    value: float
    comparator: str = ""
    event: EventId = 0


@dataclass(frozen=True, slots=True)
class Need:
    """What an input asks of the timeline. `kind` says how; the other fields are those that kind uses."""

    kind: NeedKind
    concepts: tuple[Concept, ...] = ()
    within: timedelta | None = None
    default: Any = None
    required: bool = True
    convert: Callable[..., Any] | None = None
    name: str = ""
    at_least: int = 1
    preliminary: bool = False
    bounded: bool = False
    together: timedelta | None = None
    newest: timedelta | None = None
    last: int = 0
    diseases: tuple[Disease, ...] = ()
    types: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()

    @property
    def is_measured(self) -> bool:
        return self.kind in ("latest", "series", "readings")


def latest(
    *concepts: Concept,
    within: timedelta,
    default: Any = None,
    required: bool = True,
    convert: Callable[[Any, Concept], Any] | None = None,
    preliminary: bool = False,
    together: timedelta | None = None,
) -> Any:
    """The freshest usable value of any of the concepts, not older than `within`.

    `convert(value, concept)` turns a stored value into what the function wants ("oxygen" -> True; None means unusable). `default` stands in
    for a missing value and is allowed only where the source prescribes it (say so beside it). `preliminary` also takes values
    nobody has verified yet, as monitors send them (OBX-11 P and R). A value with a comparator ("<0.02") is never taken.

    `together`: inputs that say so count only if taken within this time of the newest of them, as the parts of a ratio or a
    difference must be; an older one is missing.
    """
    return Need("latest", concepts, within, default, required, convert, preliminary=preliminary, together=together)


def series(
    concept: Concept,
    *,
    within: timedelta,
    at_least: int = 1,
    required: bool = True,
    preliminary: bool = False,
    newest: timedelta | None = None,
) -> Any:
    """All usable values of the last `within`, oldest first, as a tuple of `Reading`; at least `at_least` of them.

    `newest`: how old the last of them may be, where a long history is only worth something with a fresh value at its end.
    """
    return Need("series", (concept,), within, required=required, at_least=at_least, preliminary=preliminary, newest=newest)


def readings(*concepts: Concept, within: timedelta, preliminary: bool = False, last: int = 0) -> Any:
    """Values of several concepts of the last `within`, bounded ones ("<0.02") included: concept id -> tuple of `Reading`.

    `last`: only so many of each concept, the newest ones; 0 for all.
    """
    return Need("readings", concepts, within, required=False, preliminary=preliminary, bounded=True, last=last)


def has(*diseases: Disease, required: bool = True) -> Any:
    """True where the record names one of the diseases. Where it does not, that is missing, not "no": only who asks can say False."""
    return Need("has", diseases=diseases, required=required)


def conditions(*, required: bool = True) -> Any:
    """Diagnoses and problems as a tuple of `Condition`, resolved ones marked. Missing where none was ever stated."""
    return Need("conditions", required=required)


def medications(*, required: bool = True) -> Any:
    """Running drug orders as a tuple of `Medication`, drafts included; empty when all were stopped, missing when none was ever stated."""
    return Need("medications", required=required)


def doses(*, within: timedelta, required: bool = True) -> Any:
    """Doses given within this time as a tuple of `Given`, oldest first. Missing where none was."""
    return Need("doses", within=within, required=required)


def allergies(*, required: bool = True) -> Any:
    """Allergies and intolerances as a tuple of `Allergy`. Missing where nothing was ever stated."""
    return Need("allergies", required=required)


def procedures(*, within: timedelta, required: bool = True) -> Any:
    """Procedures done within this time as a tuple of `Procedure`. Missing where none was."""
    return Need("procedures", within=within, required=required)


def vaccinations(*, required: bool = True) -> Any:
    """Vaccine doses given as a tuple of `Vaccination`. Missing where none is known."""
    return Need("vaccinations", required=required)


def resources(*types: str, required: bool = True) -> Any:
    """FHIR resources of these types as received: type -> tuple of JSON objects. Only for capabilities with `live=False`."""
    return Need("resources", types=types, required=required)


def age_years(*, required: bool = True) -> Any:
    """The patient's age in completed years."""
    return Need("age", required=required)


def moment() -> Any:
    """The moment the question is asked about, for "since more than four weeks". Only with `live=False`: nothing runs when time alone passes."""
    return Need("moment", required=False)


def birth_date(*, required: bool = True) -> Any:
    """The day of birth as a date, for what counts in weeks and months. Missing unless it is known to the day."""
    return Need("born", required=required)


def sex(*, required: bool = True) -> Any:
    """ "F" or "M"; anything else counts as missing."""
    return Need("sex", required=required)


def finding(capability_id: str, *, required: bool = True) -> Any:
    """The current answer of another capability; the engine runs that one first. About a study: that of the same study, as a `core.imaging.Result`."""
    return Need("finding", name=capability_id, required=required)


def given(*, default: Any = None, required: bool = True) -> Any:
    """What only the caller knows: a measurement period, a what-if. Recorded with the answer."""
    return Need("given", default=default, required=required)


def volume(*modalities: str, required: bool = True) -> Any:
    """The study's best series of the first of these modalities it has ("PT"), as a `core.imaging.Volume`. Only for `about="study"`.

    Best: original before derived, corrected for attenuation before not, then the most slices.
    """
    return Need("volume", modalities=modalities, required=required)


def stacks(*modalities: str, required: bool = True) -> Any:
    """Every series of images of the study as a tuple of `core.imaging.Stack`, of these modalities or of all. Only for `about="study"`."""
    return Need("stacks", modalities=modalities, required=required)


def earlier(capability_id: str, *, required: bool = True) -> Any:
    """What another study capability (or this one) answered about the patient's study before this one, as a `core.imaging.Result`."""
    return Need("earlier", name=capability_id, required=required)


def model(id: str) -> Any:
    """A trained model of this house as a `core.models.Model`: its manifest and a `Predictor` pinned by digest. Only for `about="study"`.

    Without it, or where its file is not the one its manifest names, the answer is `Unknown` and says so. Which file answered is recorded.
    """
    return Need("model", name=id)


def models() -> Any:
    """The trained models of this house as a `core.models.Opening`, where a table of the site says which. Only for `about="study"`."""
    return Need("models")


def drawn() -> Any:
    """What a person has made of what this capability had outlined, as a `core.imaging.Drawing`; mostly missing. Only for `about="study"`."""
    return Need("drawn", required=False)


def site(table: str, *, read: Callable[[Any], Any] | None = None, default: Any = None) -> Any:
    """What the site decides (its critical limits, which of two formulas counts): loaded at start-up, by name.

    `read(content)` turns the file's content into what the function wants and raises `Refused` when it is not that. Without a
    `default` the need is unmet until the site has decided.
    """
    return Need("site", name=table, convert=read, default=default)


class Inputs:
    """Base of a capability's inputs: a frozen dataclass whose defaults are needs, without slots or a `__post_init__`."""


@dataclass(frozen=True, slots=True)
class Capability:
    """A clinical question and the function that answers it."""

    id: str
    version: str
    title: str
    question: str
    about: About
    reference: str
    function: Callable[[Any], Answer]
    inputs: type[Inputs]
    needs: tuple[tuple[str, Need], ...]
    types: tuple[tuple[str, Any], ...]
    additive: bool = False
    not_for: str = ""
    ages: tuple[int | None, int | None] = (None, None)
    pregnancy: bool = True
    standing: Standing = "provisional"
    group: str = ""
    chart: Any = None
    unit: str = ""
    caution: str = ""
    live: bool = True
    """Whether it answers whenever its inputs change. What needs a person's judgement, or a long look back, answers only when asked."""
    digest: str = ""
    """Content digest of its source, filled in by discovery."""

    @property
    def concepts(self) -> frozenset[str]:
        """Ids of the concepts whose new values make this capability run, and kinds of events that do ("@Ordered")."""
        measured = {concept.id for _, need in self.needs for concept in need.concepts}
        return frozenset(measured | {STATED_BY[need.kind] for _, need in self.needs if need.kind in STATED_BY})

    @property
    def asks_models(self) -> bool:
        """Whether it runs trained models, which may take long."""
        return any(need.kind in ("model", "models") for _, need in self.needs)

    @property
    def window(self) -> timedelta:
        """How far back it looks."""
        return max((need.within for _, need in self.needs if need.within), default=timedelta())

    def need(self, name: str) -> Need:
        return dict(self.needs)[name]


F = TypeVar("F", bound=Callable[[Any], Answer])
ATTRIBUTE: Final = "wardline_capability"


def capability(
    *,
    id: str,
    version: str,
    about: About,
    reference: str,
    standing: Standing,
    additive: bool = False,
    not_for: str = "",
    ages: tuple[int | None, int | None] = (None, None),
    pregnancy: bool = True,
    group: str = "",
    chart: Any = None,
    unit: str = "",
    caution: str = "",
    live: bool = True,
) -> Callable[[F], F]:
    """Make a capability of a function of one `Inputs` argument. Its module's docstring starts with "Title: question?".

    `ages` are completed years, inclusive, None for open; `pregnancy=False` where the source excludes it. `not_for` says the
    same in words. `standing` has no default: whoever writes a table says whether it was checked. `additive` promises that a
    missing input can only lower the value. `live=False`: it answers only when somebody asks (a person, a hook, a report), because
    it rests on what only they can say, or looks too far back for the moment a message arrives.
    """

    def declare(function: F) -> F:
        hints = get_type_hints(function)
        hints.pop("return", None)
        (inputs,) = hints.values()
        title, _, question = _first_sentence(function).partition(": ")
        declared = Capability(
            id=id, version=version, title=title, question=question, about=about, reference=reference, function=function, inputs=inputs,
            needs=_needs(id, about, inputs), types=tuple((name, _present(hint)) for name, hint in get_type_hints(inputs).items()),
            additive=additive, not_for=not_for, ages=ages, pregnancy=pregnancy, standing=standing,
            group=group or function.__module__.split(".")[-2], chart=chart, unit=unit, caution=caution, live=live,
        )  # fmt: skip
        if about == "study" and live:
            raise TypeError(f"{id}: what is about a study never runs on the hot path; say live=False")
        setattr(function, ATTRIBUTE, declared)
        return function

    return declare


def _needs(id: str, about: About, inputs: type[Inputs]) -> tuple[tuple[str, Need], ...]:
    if "__slots__" in vars(inputs) or hasattr(inputs, "__post_init__"):
        raise TypeError(f"{id}: the inputs must be a plain frozen dataclass, without slots or __post_init__")
    needs = tuple((field.name, field.default) for field in fields(inputs))  # type: ignore[arg-type]
    for name, need in needs:
        if not isinstance(need, Need):
            raise TypeError(f"{id}: the input {name!r} must declare what it needs, for example latest(...)")
        if need.kind not in get_args(NeedKind):
            raise TypeError(f"{id}: the input {name!r} needs a {need.kind!r}, which this house cannot bring; it can {', '.join(get_args(NeedKind))}")
        if need.kind in OF_STUDIES and about != "study":
            raise TypeError(f'{id}: the input {name!r} needs a {need.kind!r}, which only a capability about a study is given; say about="study"')
        if need.kind == "model" and not need.name:
            raise TypeError(f"{id}: the input {name!r} must name its model; use models() where the site chooses")
    return needs  # type: ignore[return-value]


def _present(hint: Any) -> Any:
    """The type of an input that is there: float for `float | None`."""
    present = [option for option in get_args(hint) if option is not NoneType]
    return present[0] if NoneType in get_args(hint) and len(present) == 1 else hint


def _first_sentence(function: Callable[..., Any]) -> str:
    doc = function.__globals__.get("__doc__") or ""
    return str(doc).strip().split("\n", 1)[0]
