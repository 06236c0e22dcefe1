"""The alert policy: what it says, what would happen under another one, and how two people put one in force."""

import asyncio
from datetime import datetime
from typing import Any

from fastapi import Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.services import Services
from wardline.api.shapes import policy as shapes
from wardline.api.sight import RESTRICTED, at_a_glance, closed
from wardline.api.waiting import while_waited_for
from wardline.core.errors import Conflict, NotFound
from wardline.core.people import Person
from wardline.core.statements import Statement
from wardline.delivery.alerts.acts import SIGNATURES
from wardline.delivery.policy import problems, read_policy
from wardline.delivery.policy.adjusting import Slider, adjusted, sliders
from wardline.delivery.policy.terms import Policy, Rule
from wardline.engine.house import House as Folded

doors = Doors("alert policy")


class Proposal(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(None, max_length=200_000, description="A whole policy as YAML.")
    changes: dict[str, float | bool] = Field(default={}, description="New values for sliders, by path, of the text or the policy in force.")


class Wanted(Proposal):
    since: AwareDatetime | None = Field(None, description="Replay from here; the whole log when left out.")
    until: AwareDatetime | None = None


class ProposalIn(Proposal):
    note: str = Field("", max_length=1000, description="Why; shown to whoever approves.")


@doors.get("/api/v1/policy", who="policy.read", answers=shapes.Policy)
async def policy(seen_by: SeenBy, house: House) -> Response:
    """The policy in force: its rules in words, its text, the numbers that can be tried, and what waits for approval."""
    current = house.alerts.policy
    return json_response({
        "as_of": house.engine.house.now,
        "version": current.version,
        "title": current.title,
        "text": current.text,
        "rules": [_rule(rule) for rule in current.rules],
        "sliders": [_slider(slider) for slider in sliders(current)],
        "override_reasons": [{"code": each.code, "text": each.label} for each in current.override_reasons],
        "quiet_reasons": [{"code": each.code, "text": each.label} for each in current.quiet_reasons],
        "objections": _objections(current, house),
        "signatures": SIGNATURES,
        "proposals": [
            {**each.public(house.name_of), "signed_by_you": seen_by.id in each.approved_by} for each in house.proposals.waiting()
        ],
    })  # fmt: skip


@doors.get("/api/v1/policy/advice", who="policy.read", answers=shapes.AdviceGiven)
async def advice(house: House) -> Response:
    """What became of cards that EHRs were given: how often each capability's were shown, accepted and overridden, and for which reason."""
    labels = {each.code: each.label for each in house.alerts.policy.override_reasons}
    return json_response({
        "as_of": house.engine.house.now,
        "advice": [
            {
                "capability": each.capability, "title": house.capabilities[each.capability].title, "hook": each.hook, "shown": each.shown,
                "accepted": each.accepted, "overridden": each.overridden,
                "reasons": [{"code": code, "text": labels.get(code, code) or "no reason given", "count": count} for code, count in each.reasons],
            }
            for each in house.hooks.advice.tallies() if each.capability in house.capabilities
        ],
    })  # fmt: skip


@doors.post("/api/v1/policy/check", who="policy.read", answers=shapes.Checked)
async def check(proposal: Proposal, house: House) -> Response:
    """What speaks against a policy, with where and why; nothing is kept."""
    proposed = _proposed(proposal, house)
    return json_response({
        "version": proposed.version, "text": proposed.text, "sliders": [_slider(slider) for slider in sliders(proposed)],
        "objections": _objections(proposed, house),
    })  # fmt: skip


@doors.post("/api/v1/policy/simulate", who="policy.read", answers=shapes.Simulated)
async def simulate(wanted: Wanted, seen_by: SeenBy, house: House, request: Request) -> Response:
    """Replay the stored past under the policy in force and the proposed one, in another process; compare them. Leaving ends it.

    Numbers count everybody; single patients are listed for those who may see them.
    """
    proposed = _proposed(wanted, house)
    await house.audit.record(seen_by.id, "policy simulated", detail=proposed.version)
    return await while_waited_for(request, _simulated(proposed.text, wanted, seen_by, house))


async def _simulated(proposed: str, wanted: Wanted, seen_by: Person, house: Services) -> dict[str, Any]:
    """The comparison, with single patients only where the person may see them, and what each is about only where they may know it."""
    compared = await house.simulate(proposed, wanted.since, wanted.until)
    for part in ("differences", "lost", "gained"):
        compared[part] = [each for each in compared[part] if house.access.may(seen_by, "patient.read", each["patient"])]
    for part in ("lost", "gained"):
        compared[part] = [each for each in compared[part] if closed(seen_by, each["patient"], house) is None]
    for each in compared["differences"]:
        if each["patient"] in house.engine.house.directory:
            shown = at_a_glance(seen_by, house.engine.house.timeline(each["patient"]), house)
            if shown.hides_question(each["capability"], each["key"]):
                each |= {"capability": RESTRICTED, "key": "", "outcome": None}
        await asyncio.sleep(0)  # hundreds of patients may be concerned; messages go first
    if named := sorted({each["patient"] for part in ("differences", "lost", "gained") for each in compared[part]}):
        await house.audit.record(seen_by, "simulation shown", named)
    return compared


@doors.post("/api/v1/policy/proposals", who="policy.change", answers=shapes.Proposal, status_code=201)
async def propose(proposal: ProposalIn, seen_by: SeenBy, house: House) -> Response:
    """Send a policy for approval. The author's is the first signature."""
    proposed = _proposed(proposal, house)
    objections = _objections(proposed, house)
    if objections:
        raise Conflict(f"{objections[0]['where']}: {objections[0]['sentence']}")
    await house.audit.record(seen_by.id, "policy proposed", detail=proposed.version)
    kept = house.proposals.add(proposed.text, proposed.version, seen_by.id, proposal.note, house.engine.house.now)
    return json_response(kept.public(house.name_of), 201)


@doors.post("/api/v1/policy/proposals/{id}/approve", who="policy.change", answers=shapes.Approval)
async def approve(id: str, seen_by: SeenBy, house: House) -> Response:
    """Sign a proposal. With the last signature it is in force."""
    _check_unsigned(id, seen_by, house)
    await house.audit.record(seen_by.id, "policy approved", detail=id)
    _check_unsigned(id, seen_by, house)  # while that was written, the same may have been asked twice
    signed = house.proposals.sign(id, seen_by.id)
    if len(signed.approved_by) >= SIGNATURES:
        standings = {each.id: each.standing for each in house.capabilities.values()}

        def decide(folded: Folded, now: datetime) -> list[Statement]:
            return house.alerts.acts.activate(signed.text, approved_by=signed.approved_by, now=now, standings=standings)

        await house.engine.record(decide, actor=seen_by.id)
        house.proposals.close(id)
    return json_response({**signed.public(house.name_of), "in_force": house.alerts.policy.version == signed.version})


def _check_unsigned(id: str, seen_by: Person, house: Services) -> None:
    kept = house.proposals.get(id)
    if kept is None:
        raise NotFound("there is no such proposal (any more)")
    if seen_by.id in kept.approved_by:
        raise Conflict("you have signed this already; it needs somebody else")


@doors.delete("/api/v1/policy/proposals/{id}", who="policy.change", status_code=204)
async def withdraw(id: str, seen_by: SeenBy, house: House) -> None:
    """Take a proposal off the table."""
    if house.proposals.get(id) is None:
        raise NotFound("there is no such proposal (any more)")
    await house.audit.record(seen_by.id, "policy proposal withdrawn", detail=id)
    house.proposals.close(id)


def _proposed(proposal: Proposal, house: Services) -> Policy:
    """The policy that is meant. Raises `Refused` with the line or key that is not right."""
    base = house.alerts.policy if proposal.text is None else read_policy(proposal.text, "the proposal")
    return read_policy(adjusted(base, proposal.changes), "the proposal")


def _objections(proposed: Policy, house: Services) -> list[dict[str, str]]:
    standings = {each.id: each.standing for each in house.capabilities.values()}
    found = [{"where": each.where, "sentence": each.sentence} for each in problems(proposed, standings)]
    current = house.alerts.policy
    if proposed.version == current.version and proposed.text != current.text:
        # The log tells policies apart by their version: two of one name could not be told apart in a review.
        found.append({"where": "version", "sentence": f"{current.version} is the policy in force; give another text another version"})
    return found


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id, "capability": rule.capability, "key": rule.key, "band": rule.band, "severity": rule.severity.word, "tier": rule.tier.value,
        "tell": list(rule.tell), "owner_role": rule.owner_role, "action": rule.action,
    }  # fmt: skip


def _slider(slider: Slider) -> dict[str, Any]:
    return {
        "path": slider.path, "label": slider.label, "detail": slider.detail, "severity": slider.severity, "kind": slider.kind, "value": slider.value,
        "low": slider.low, "high": slider.high, "step": slider.step, "unit": slider.unit,
    }  # fmt: skip
