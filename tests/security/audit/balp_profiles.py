"""The profiles of IHE's Basic Audit Log Patterns as data, and AuditEvent of FHIR R4 as far as an event of ours can break it.

From the guide's sources (github.com/IHE/ITI.BasicAudit, input/fsh: PatientRead, PatientQuery, PatientCreate, PatientUpdate,
PatientDelete), each line a line of a profile. R4's own cardinalities and sev-1 are hl7.org/fhir/R4/auditevent.html, from memory.
"""

import base64
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

DCM: Final = "http://dicom.nema.org/resources/ontology/DCM"
CODES: Final = "http://terminology.hl7.org/CodeSystem"
PREFIX: Final = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
DATA_SOURCES: Final = ("AUT", "INF", "CST")
REST_OBJECT_ROLES: Final = ("4", "3", "20")
NOT_IN_A_DELETE: Final = ("role", "altId", "name", "location", "policy", "media", "purposeOfUse")


class Profile(NamedTuple):
    """`subtypes`: one of them stands in it. `client`, `server`: pattern of the agent's type. `user`: codes its type may have."""

    action: str
    subtypes: tuple[str, ...]
    client: tuple[str, str]
    server: tuple[str, str]
    user: tuple[str, ...]
    main: str
    """The slice that every such event has once: "data" or "query"."""


PROFILES: Final = {
    "Read": Profile("R", ("read", "vread"), (DCM, "110152"), (DCM, "110153"), ("IRCP",), "data"),
    "Query": Profile("E", ("search", "search-type", "search-system"), (DCM, "110153"), (DCM, "110152"), ("IRCP",), "query"),
    "Create": Profile("C", ("create",), (DCM, "110153"), (DCM, "110152"), DATA_SOURCES, "data"),
    "Update": Profile("U", ("update", "patch"), (DCM, "110153"), (DCM, "110152"), DATA_SOURCES, "data"),
    "Delete": Profile("D", ("delete",), (DCM, "110150"), (f"{CODES}/provenance-participant-type", "custodian"), DATA_SOURCES, "data"),
}


def violations(event: dict[str, Any]) -> list[str]:
    """What is wrong with an AuditEvent, by R4 and by the profile it says it follows."""
    found = list(_of_r4(event))
    for url in event.get("meta", {}).get("profile", []):
        if not url.startswith(PREFIX):
            found.append(f"no such profile: {url}")
            continue
        name = url.removeprefix(PREFIX)
        found += _of_profile(event, PROFILES[name.removeprefix("Patient")], patient=name.startswith("Patient"))
    return found


def _of_r4(event: dict[str, Any]) -> Iterator[str]:
    for name in ("type", "recorded", "agent", "source"):
        if not event.get(name):
            yield f"{name} is missing"
    if event.get("action") not in ("C", "R", "U", "D", "E") or event.get("outcome") not in ("0", "4", "8", "12"):
        yield "action or outcome is not of the value set"
    if not event["source"].get("observer"):
        yield "source.observer is missing"
    for agent in event["agent"]:
        if not isinstance(agent.get("requestor"), bool):
            yield "agent.requestor is missing"
        if "network" in agent and agent["network"].get("type") not in ("1", "2", "3", "4", "5"):
            yield "network.type is not of the value set"
    for entity in event.get("entity", []):
        if "name" in entity and "query" in entity:
            yield "sev-1: an entity has a name or a query, not both"


def _of_profile(event: dict[str, Any], profile: Profile, *, patient: bool) -> Iterator[str]:
    if (event["type"]["system"], event["type"]["code"]) != (f"{CODES}/audit-event-type", "rest"):
        yield "type is not rest"
    if not {each["code"] for each in event.get("subtype", []) if each["system"] == "http://hl7.org/fhir/restful-interaction"} & {*profile.subtypes}:
        yield "subtype is not of the profile"
    if event["action"] != profile.action or event["outcome"] != "0":
        yield "action or outcome is not that of the profile"
    yield from _of_agents(event["agent"], profile)
    yield from _of_entities(event["entity"], profile, patient=patient)


def _of_agents(agents: list[dict[str, Any]], profile: Profile) -> Iterator[str]:
    if len(agents) < 2:
        yield "fewer than two agents"
    for slice_, pattern in (("client", profile.client), ("server", profile.server)):
        of_type = [agent for agent in agents if _coding(agent) == pattern]
        if len(of_type) != 1:
            yield f"agent:{slice_} is there {len(of_type)} times"
            continue
        (agent,) = of_type
        if "who" not in agent or "network" not in agent or "media" in agent:
            yield f"agent:{slice_} needs who and network, and no media"
        if profile.action == "D" and {*NOT_IN_A_DELETE} & {*agent}:
            yield f"agent:{slice_} of a Delete says too much"
    users = [agent for agent in agents if _coding(agent) in {(f"{CODES}/v3-ParticipationType", code) for code in profile.user}]
    if len(users) > 1 or len(users) != sum(agent["requestor"] for agent in agents):
        yield "agent:user is not the one who asked"
    for user in users:
        if "who" not in user or "network" in user or "media" in user or not user["requestor"]:
            yield "agent:user needs who, and no network or media"


def _of_entities(entities: list[dict[str, Any]], profile: Profile, *, patient: bool) -> Iterator[str]:
    of_system = [each for each in entities if _typed(each) == (f"{CODES}/audit-entity-type", "2")]
    persons = [each for each in entities if _typed(each) == (f"{CODES}/audit-entity-type", "1")]
    if len(of_system) != 1:
        yield f"entity:{profile.main} is there {len(of_system)} times"
        return
    (main,) = of_system
    if profile.main == "query":
        if main["role"]["code"] != "24" or {"what", "lifecycle", "detail"} & {*main} or not base64.b64decode(main["query"], validate=True):
            yield "entity:query is not as the profile says"
    elif main["role"]["code"] not in REST_OBJECT_ROLES or "what" not in main:
        yield "entity:data is not as the profile says"
    if len(persons) != patient:
        yield f"entity:patient is there {len(persons)} times"
    for person in persons:
        if person["role"] | {"display": ""} != {"system": f"{CODES}/object-role", "code": "1", "display": ""}:
            yield "entity:patient has another role"
        if not person["what"]["reference"].startswith("Patient/"):
            yield "entity:patient refers to something else"
    requests = [each for each in entities if _typed(each)[1] == "XrequestId"]
    if len(requests) > 1 or any(not each["what"]["identifier"]["value"] for each in requests):
        yield "entity:transaction is not as the profile says"


def _coding(agent: dict[str, Any]) -> tuple[str, str]:
    (coding,) = agent["type"]["coding"]
    return coding["system"], coding["code"]


def _typed(entity: dict[str, Any]) -> tuple[str, str]:
    return entity["type"]["system"], entity["type"]["code"]
