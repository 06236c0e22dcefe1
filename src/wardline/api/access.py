"""The policy explorer: why was this refused? Which policies are there, who was refused lately, and what would be decided."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.services import Services
from wardline.api.shapes import access as shapes
from wardline.core.errors import NotFound, Refused
from wardline.core.people import Person, Role
from wardline.core.trail import REFUSED
from wardline.security.authorisation.actions import ACTIONS
from wardline.security.authorisation.explaining import facts_of
from wardline.security.authorisation.policies import Policy
from wardline.security.authorisation.question import UNIT

doors = Doors("access policies")
DAYS: Final = 7
SHOWN: Final = 200
_SAID: Final = ("id", "says", "because", "effect", "file", "line", "text", "is_ours")


@doors.get("/api/v1/access/policies", who="access.explain", answers=shapes.Policies)
async def policies(house: House) -> Response:
    """Every access policy in force, ours and the site's, with its reason and its text; and every action there is."""
    known = house.explorer.policies.all
    named = {action: [policy.id for policy in known if policy.names(action)] for action in ACTIONS}
    actions = [{"name": action, "words": words, "policies": named[action]} for action, words in ACTIONS.items()]
    return json_response({"policies": [_policy_json(policy) for policy in known], "actions": actions})


@doors.get("/api/v1/access/explain", who="access.explain", answers=shapes.Explained)
async def explain(
    seen_by: SeenBy, house: House,
    action: Annotated[str, Query(max_length=100, examples=["patient.chart"])],
    person: Annotated[str, Query(max_length=100, description="An account, by its id or sign-in name; or give roles and units.")] = "",
    role: Annotated[list[Role] | None, Query(description="Roles of somebody made up.")] = None,
    unit: Annotated[list[str] | None, Query(description="Units of somebody made up; none for the whole house.")] = None,
    patient: Annotated[str, Query(max_length=100, description="A patient number or record key.")] = "",
    board: Annotated[str, Query(max_length=100, description="A unit, where it is about its board.")] = "",
) -> Response:  # fmt: skip
    """What would be decided at this moment, by which policies and from which facts. Fresh proof and a second factor are taken as given."""
    if action not in ACTIONS:
        raise Refused(f"{action!r} is no action; GET /api/v1/access/policies lists them", where="action")
    asking = _person(person, role or [], unit or [], house)
    about = UNIT + board if board else _record(patient, house) if patient else ""
    await house.audit.record(seen_by, "access explained", about if patient else "", wanted=action, **({"person": asking.id} if asking.id else {}))
    question = house.explorer.question(asking, action, about)
    decision = house.explorer.answer(question)
    return json_response({
        "as_of": house.sessions.now(), "allowed": decision.allowed, "reason": decision.reason, "remedy": decision.remedy,
        "purpose": decision.purpose, "who": asking.name, "action": action, "about": about,
        "policies": [_policy_json(house.explorer.policies.named(id)) for id in decision.policies], "facts": facts_of(question),
    })  # fmt: skip


@doors.get("/api/v1/access/refusals", who="access.explain", answers=shapes.Refusals)
async def refusals(request: Request, seen_by: SeenBy, house: House) -> Response:
    """Who was refused at a door in the last days, newest first: each can be asked about above."""
    await house.audit.record(seen_by, "refusals opened")
    now = house.sessions.now()
    found = house.audit.entries(outcome=REFUSED, since=now - timedelta(days=DAYS), limit=SHOWN)
    inventory = request.app.openapi()["paths"].items()
    asked = {f"{method.upper()} {path}": str(said.get("x-who", "")) for path, methods in inventory for method, said in methods.items()}
    return json_response({"as_of": now, "items": [_refusal(entry, asked, house) for entry in found if entry["who"]]})


def _person(person: str, roles: list[Role], units: list[str], house: Services) -> Person:
    """An account as if it were signed in with everything proven, or somebody made up."""
    now = house.sessions.now()
    if not person:
        if not roles:
            raise Refused("say who: a person, or at least one role", where="person")
        return Person("", "Somebody", frozenset(role.value for role in roles), tuple(units), factors=2, proven_at=now)
    identities = house.sessions.identities
    user = identities.user(person) or identities.user_named(person)
    if user is None:
        raise NotFound("there is no such account")
    return Person(user.id, user.name, user.roles if user.active else frozenset(), user.units, factors=2, proven_at=now)


def _record(patient: str, house: Services) -> str:
    folded = house.engine.house
    if folded.survivor(patient) in folded.directory:
        return folded.survivor(patient)
    numbered = [entry.about for entry in folded.directory.search(patient) if entry.number == patient]
    if len(numbered) != 1:
        raise NotFound("there is no such patient" if not numbered else "several patients have this number; give the record's key")
    return numbered[0]


def _policy_json(policy: Policy) -> dict[str, Any]:
    return {name: getattr(policy, name) for name in _SAID}


def _refusal(entry: Mapping[str, Any], asked: Mapping[str, str], house: Services) -> dict[str, Any]:
    patient = house.engine.house.directory.get(entry["about"]) if entry["about"] else None
    action, user = asked.get(entry["door"], ""), house.sessions.identities.user(entry["who"])
    return {
        "at": entry["at"], "who": entry["who"], "login": user.login if user is not None else "",
        "name": house.name_of(entry["who"]),
        "action": action if action in ACTIONS and (entry["about"] or "{" not in entry["door"]) else "",
        "door": entry["door"], "patient": entry["about"], "number": patient.number if patient is not None else "",
        "said": str(entry["detail"].get("said", "")),
    }  # fmt: skip
