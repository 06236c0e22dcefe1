"""Cards for one call: what the capabilities found, once per moment in the EHR, and kept so that what becomes of each can be told."""

from typing import Any, Final, NamedTuple
from uuid import uuid4

from wardline.api.hooks.calling import Caller
from wardline.api.hooks.looking import Looked
from wardline.api.services import Services
from wardline.core.events import Advised, Event, Found, Ordered
from wardline.core.findings import Severity
from wardline.core.statements import Statement
from wardline.core.whatif import supposing
from wardline.delivery.hooks.asking import Answers, answers, changes
from wardline.delivery.hooks.services import Service
from wardline.formats.cds_hooks import cards
from wardline.formats.cds_hooks.request import HookRequest
from wardline.formats.fhir.elements import Element
from wardline.formats.fhir.facts import draft_events, is_nameless

MOST_CARDS: Final = 10
"""Of one answer; nobody reads more, and what is most severe comes first."""


class Said(NamedTuple):
    """Something worth a card, and the drafts it follows from."""

    found: Found
    because_of: tuple[Event, ...] = ()

    @property
    def what(self) -> tuple[str, str, int]:
        return self.found.capability, self.found.key, self.found.severity


async def answered(request: HookRequest, service: Service, looked: Looked, caller: Caller, house: Services) -> dict[str, Any]:
    """The response: cards, the most severe first; none where there is nothing to say."""
    said, failed = _changed(request, service, looked, house) if service.judges_orders else _found(service, looked, house)
    new = [each for each in said if house.hooks.once.is_first(caller.name, request.instance, request.patient, service.id, each.what)][:MOST_CARDS]
    given = [(str(uuid4()), each) for each in new]
    made = [_card(uuid, each, looked, house) for uuid, each in given]
    if given:
        kept = tuple((uuid, *each.what) for uuid, each in given)
        advised = Advised(service.hook.name, service.id, kept, caller.person.client)
        await house.engine.record(lambda folded, now: [Statement(advised, looked.about, now)], actor=caller.person.id)
    return {"cards": [*made, *_notices(service, looked, failed)]}


def _found(service: Service, looked: Looked, house: Services) -> tuple[list[Said], tuple[str, ...]]:
    """A single question is answered whatever it finds; of many only what stands out is said."""
    known: Answers = answers(service.runs, looked.timeline, looked.as_of, house.engine.assessments.site)
    findings = known.of(each.id for each in service.asks)
    if service.is_group:
        findings = [each for each in findings if each.severity >= Severity.MEDIUM]
    else:  # of a list (one answer per analyte, per pair of drugs) only what is not in order
        findings = [each for each in findings if not each.key or each.severity > Severity.NONE]
    return [Said(each) for each in findings], known.failed


def _changed(request: HookRequest, service: Service, looked: Looked, house: Services) -> tuple[list[Said], tuple[str, ...]]:
    """What the chosen drafts change; those chosen before, at order-select, are there already."""
    chosen, others = _split(request)
    about, as_of = looked.timeline.about, looked.as_of
    timeline = supposing(looked.timeline, draft_events(others, about=about, as_of=as_of)) if others else looked.timeline
    drafts = draft_events(chosen, about=about, as_of=as_of)
    ids = [each.id for each in service.asks]
    found, failed = changes(service.runs, ids, timeline, drafts, as_of, house.engine.assessments.site)
    return [Said(each.found, each.because_of) for each in found], failed


def _split(request: HookRequest) -> tuple[list[Element], list[Element]]:
    """What was just chosen, and the other drafts."""
    chosen: list[Element] = []
    others: list[Element] = []
    for each in request.proposals:
        is_chosen = not request.selected or f"{each.get('resourceType')}/{each.get('id')}" in request.selected
        (chosen if is_chosen else others).append(each)
    return chosen, others


def _card(uuid: str, said: Said, looked: Looked, house: Services) -> dict[str, Any]:
    orders = [event.value for event in said.because_of if isinstance(event.value, Ordered) and not is_nameless(event.value.order)]
    return cards.card(
        said.found, house.capabilities[said.found.capability], uuid=uuid, removals=[cards.Removal(each.order, each.what) for each in orders],
        reasons=[cards.Reason(each.code, each.label) for each in house.alerts.policy.override_reasons],
        link=f"{house.hooks.base()}/patients/{looked.about}" if looked.is_ours else "",
    )  # fmt: skip


def _notices(service: Service, looked: Looked, failed: tuple[str, ...]) -> list[dict[str, Any]]:
    """Where orders are judged, silence means that all was looked at: what was not is said."""
    if not service.judges_orders and not looked.notes:
        return []
    gaps = [*looked.notes]
    if looked.unread and service.judges_orders:
        gaps.append(f"Not looked at, because it was not sent and could not be read: {', '.join(looked.unread)}.")
    if failed and service.judges_orders:
        gaps.append(f"Could not be worked out: {', '.join(failed)}.")
    return [cards.notice("Not everything could be checked", "\n\n".join(gaps), uuid=str(uuid4()))] if gaps else []
