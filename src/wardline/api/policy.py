"""The alert policy: what it says, what would happen under another one, and how two people put one in force."""

from datetime import datetime
from typing import Any

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.services import Services
from wardline.core.errors import Conflict, NotFound
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
    changes: dict[str, float | bool] = Field(default={}, description="Or: new values for sliders of the policy in force, by their path.")


class Wanted(Proposal):
    since: datetime | None = Field(None, description="Replay from here; the whole log when left out.")
    until: datetime | None = None


class ProposalIn(Proposal):
    note: str = Field("", max_length=1000, description="Why; shown to whoever approves.")


@doors.get("/api/v1/policy", who="policy.read")
async def policy(house: House) -> Response:
    """The policy in force: its rules in words, its text, the numbers that can be tried, and what waits for approval."""
    current = house.alerts.policy
    return json_response({
        "version": current.version,
        "title": current.title,
        "text": current.text,
        "rules": [_rule(rule) for rule in current.rules],
        "sliders": [_slider(slider) for slider in sliders(current)],
        "override_reasons": [{"code": each.code, "text": each.label} for each in current.override_reasons],
        "quiet_reasons": [{"code": each.code, "text": each.label} for each in current.quiet_reasons],
        "objections": _objections(current, house),
        "signatures": SIGNATURES,
        "proposals": [each.public(house.name_of) for each in house.proposals.waiting()],
    })  # fmt: skip


@doors.post("/api/v1/policy/check", who="policy.read")
async def check(proposal: Proposal, house: House) -> Response:
    """What speaks against a policy, with where and why; nothing is kept."""
    proposed = _proposed(proposal, house)
    return json_response({"version": proposed.version, "text": proposed.text, "objections": _objections(proposed, house)})


@doors.post("/api/v1/policy/simulate", who="policy.read")
async def simulate(wanted: Wanted, seen_by: SeenBy, house: House) -> Response:
    """Replay the stored past under the policy in force and the proposed one, in another process; compare them."""
    proposed = _proposed(wanted, house)
    await house.audit.record(seen_by.id, "policy simulated", detail=proposed.version)
    return json_response(await house.simulate(proposed.text, wanted.since, wanted.until))


@doors.post("/api/v1/policy/proposals", who="policy.change", status_code=201)
async def propose(proposal: ProposalIn, seen_by: SeenBy, house: House) -> Response:
    """Send a policy for approval. The author's is the first signature."""
    proposed = _proposed(proposal, house)
    objections = _objections(proposed, house)
    if objections:
        raise Conflict(f"{objections[0]['where']}: {objections[0]['sentence']}")
    kept = house.proposals.add(proposed.text, proposed.version, seen_by.id, proposal.note, house.engine.house.now)
    await house.audit.record(seen_by.id, "policy proposed", detail=kept.id)
    return json_response(kept.public(house.name_of), 201)


@doors.post("/api/v1/policy/proposals/{id}/approve", who="policy.change")
async def approve(id: str, seen_by: SeenBy, house: House) -> Response:
    """Sign a proposal. With the last signature it is in force."""
    kept = house.proposals.get(id)
    if kept is None:
        raise NotFound("there is no such proposal (any more)")
    if seen_by.id in kept.approved_by:
        raise Conflict("you have signed this already; it needs somebody else")
    signed = house.proposals.sign(id, seen_by.id)
    await house.audit.record(seen_by.id, "policy approved", detail=id)
    if len(signed.approved_by) >= SIGNATURES:
        standings = {each.id: each.standing for each in house.capabilities.values()}

        def decide(folded: Folded, now: datetime) -> list[Statement]:
            return house.alerts.acts.activate(signed.text, approved_by=signed.approved_by, now=now, standings=standings)

        await house.engine.record(decide, actor=seen_by.id)
        house.proposals.close(id)
    return json_response({**signed.public(house.name_of), "in_force": house.alerts.policy.version == signed.version})


@doors.delete("/api/v1/policy/proposals/{id}", who="policy.change", status_code=204)
async def withdraw(id: str, seen_by: SeenBy, house: House) -> None:
    """Take a proposal off the table."""
    if house.proposals.get(id) is None:
        raise NotFound("there is no such proposal (any more)")
    house.proposals.close(id)
    await house.audit.record(seen_by.id, "policy proposal withdrawn", detail=id)


def _proposed(proposal: Proposal, house: Services) -> Policy:
    """The policy that is meant. Raises `Refused` with the line or key that is not right."""
    if proposal.text is not None:
        return read_policy(proposal.text, "the proposal")
    return read_policy(adjusted(house.alerts.policy, proposal.changes), "the proposal")


def _objections(proposed: Policy, house: Services) -> list[dict[str, str]]:
    standings = {each.id: each.standing for each in house.capabilities.values()}
    return [{"where": each.where, "sentence": each.sentence} for each in problems(proposed, standings)]


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
