"""An entry of the audit trail in the words of FHIR: AuditEvents as IHE asks for them (Basic Audit Log Patterns, BALP), one per patient.

Profiles: profiles.ihe.net/ITI/BALP 1.1.4, from the guide's own sources (IHE/ITI.BasicAudit, input/fsh). They cover what went well;
what was refused or failed is an AuditEvent of FHIR R4 without a profile, as the guide says.
"""

import base64
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from wardline.core.trail import FAILED, REFUSED, SUCCESS

BALP: Final = "https://profiles.ihe.net/ITI/BALP"
_CODES: Final = "http://terminology.hl7.org/CodeSystem"
_DCM: Final = "http://dicom.nema.org/resources/ontology/DCM"


class Pattern(NamedTuple):
    """One of the guide's patterns: who counts as client and server, and what the user is to the data."""

    name: str
    action: str
    subtype: str
    client: str
    server: tuple[str, str, str]
    user: str


_DESTINATION, _SOURCE = (_DCM, "110152", "Destination Role ID"), (_DCM, "110153", "Source Role ID")
_CUSTODIAN: Final = (f"{_CODES}/provenance-participant-type", "custodian", "Custodian")
PATTERNS: Final = {
    "R": Pattern("Read", "R", "read", "110152", _SOURCE, "IRCP"),  # PatientRead.fsh: the data flows from the server
    "E": Pattern("Query", "E", "search", "110153", _DESTINATION, "IRCP"),  # PatientQuery.fsh: the parameters flow to the server
    "C": Pattern("Create", "C", "create", "110153", _DESTINATION, "AUT"),
    "U": Pattern("Update", "U", "update", "110153", _DESTINATION, "AUT"),
    "D": Pattern("Delete", "D", "delete", "110150", _CUSTODIAN, "AUT"),
}
_CLIENT_WORDS: Final = {"110150": "Application", "110152": "Destination Role ID", "110153": "Source Role ID"}
_USER_WORDS: Final = {"IRCP": "information recipient", "AUT": "author (originator)"}
_METHODS: Final = {"POST": "C", "PUT": "U", "PATCH": "U", "DELETE": "D"}
# DICOM PS3.16 CID 400 and 401: 110114 is in the guide's IUA.71; the others are from memory.
LOGIN, LOGOUT = ("110122", "Login"), ("110123", "Logout")
AUTHENTICATION: Final = {
    "signed in": LOGIN, "sign-in refused": LOGIN, "second factor refused": LOGIN, "proved again": LOGIN, "proof refused": LOGIN,
    "signed out": LOGOUT, "session ended": LOGOUT, "sessions ended": LOGOUT,
}  # fmt: skip
OUTCOME: Final = {SUCCESS: "0", FAILED: "4", REFUSED: "8"}
"""audit-event-outcome. A refusal is 8 in the guide's own example (AuthZ.fsh, deny); 4, "minor failure", is from memory."""


class Server(NamedTuple):
    """Which house says it: the trail's name, the host's name, the machine's address."""

    log: str
    site: str
    address: str


def audit_events(entry: Mapping[str, Any], server: Server, names: Mapping[str, str] = {}) -> Iterator[dict[str, Any]]:
    """One for each patient shown (BALP, PatientQuery); one for an entry that is about nobody. `names`: of people who work here, by account."""
    records = entry["records"] or ("",)
    for number, record in enumerate(records):
        yield _event(entry, record, f"{server.log}-{entry['id']}{f'-{number}' if len(records) > 1 else ''}", server, names)


def pattern_of(entry: Mapping[str, Any]) -> Pattern | None:
    """Which pattern an entry follows; None for what is no request to the API: signing in, a command on the machine itself."""
    method, _, path = entry["door"].partition(" ")
    if not path or entry["action"] in AUTHENTICATION:
        return None
    if method != "GET":
        return PATTERNS[_METHODS.get(method, "E")]
    one = len(entry["records"]) == 1 and "{" in path and not entry["shown"]
    return PATTERNS["R" if one or (not entry["records"] and not entry["query"]) else "E"]


def _event(entry: Mapping[str, Any], record: str, id: str, server: Server, names: Mapping[str, str]) -> dict[str, Any]:
    pattern = pattern_of(entry)
    said = entry["detail"].get("said") or entry["action"]
    return {
        "resourceType": "AuditEvent",
        "id": id,
        **_meta(entry, pattern, record),
        **_kind(entry, pattern),
        "action": pattern.action if pattern is not None else "E",
        "recorded": entry["at"].isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "outcome": OUTCOME[entry["outcome"]],
        "outcomeDesc": said,
        **({"purposeOfEvent": [_purpose(entry)]} if entry["purpose"] else {}),
        "agent": _agents(entry, pattern, server, names),
        "source": {
            "site": server.site, "observer": {"identifier": {"value": server.log}, "display": "Wardline"},
            "type": [{"system": f"{_CODES}/security-source-type", "code": "4", "display": "Application Server"}],
        },
        "entity": _entities(entry, pattern, record),
    }  # fmt: skip


def _meta(entry: Mapping[str, Any], pattern: Pattern | None, record: str) -> dict[str, Any]:
    if pattern is None or entry["outcome"] != SUCCESS:
        return {}
    return {"meta": {"profile": [f"{BALP}/StructureDefinition/IHE.BasicAudit.{'Patient' if record else ''}{pattern.name}"]}}


def _kind(entry: Mapping[str, Any], pattern: Pattern | None) -> dict[str, Any]:
    if pattern is not None:
        return {
            "type": {"system": f"{_CODES}/audit-event-type", "code": "rest", "display": "Restful Operation"},
            "subtype": [{"system": "http://hl7.org/fhir/restful-interaction", "code": pattern.subtype, "display": pattern.subtype}],
        }
    if entry["action"] in AUTHENTICATION:
        code, words = AUTHENTICATION[entry["action"]]
        return {
            "type": {"system": _DCM, "code": "110114", "display": "User Authentication"},
            "subtype": [{"system": _DCM, "code": code, "display": words}],
        }
    return {"type": {"system": _DCM, "code": "110100", "display": "Application Activity"}}  # CID 400, from memory


def _purpose(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"coding": [{"system": f"{_CODES}/v3-ActReason", "code": entry["purpose"]}]}


def _agents(entry: Mapping[str, Any], pattern: Pattern | None, server: Server, names: Mapping[str, str]) -> list[dict[str, Any]]:
    client, (system, code, words) = (pattern.client, pattern.server) if pattern is not None else ("110153", _DESTINATION)
    agents = [
        {
            "type": _concept(_DCM, client, _CLIENT_WORDS[client]), "who": {"identifier": {"value": entry["client"] or "browser"}}, "requestor": False,
            "network": _network(entry["address"]),
        },
        {
            "type": _concept(system, code, words), "who": {"identifier": {"value": server.site}}, "requestor": False,
            "network": _network(server.address),
        },
    ]  # fmt: skip
    if entry["who"]:
        agents.append(_user(entry, pattern, names))
    return agents


def _user(entry: Mapping[str, Any], pattern: Pattern | None, names: Mapping[str, str]) -> dict[str, Any]:
    user = pattern.user if pattern is not None else "IRCP"
    return {
        "type": _concept(f"{_CODES}/v3-ParticipationType", user, _USER_WORDS[user]),
        **({"role": [{"text": role} for role in entry["roles"]]} if entry["roles"] else {}),
        "who": {"identifier": {"value": entry["who"]}},
        **({"name": names[entry["who"]]} if entry["who"] in names else {}),
        "requestor": True,
        **({"purposeOfUse": [_purpose(entry)]} if entry["purpose"] else {}),
    }


def _network(address: str) -> dict[str, Any]:
    """network-type 2 is an IP address, 1 a machine's name (FHIR R4; 1 from memory)."""
    is_ip = bool(address) and all(each in "0123456789abcdefABCDEF.:%" for each in address) and not address.isalpha()
    return {"address": address or "unknown", "type": "2" if is_ip else "1"}


def _entities(entry: Mapping[str, Any], pattern: Pattern | None, record: str) -> list[dict[str, Any]]:
    system_object = {"system": f"{_CODES}/audit-entity-type", "code": "2", "display": "System Object"}
    asked = f"{entry['door']}{'?' + entry['query'] if entry['query'] else ''}"
    found: list[dict[str, Any]] = []
    if pattern is not None and pattern.name == "Query":
        query = base64.b64encode(asked.encode()).decode()
        found.append({"type": system_object, "role": _role("24", "Query"), "description": entry["action"], "query": query})
    else:
        what = {"identifier": {"value": asked or entry["action"]}, "display": entry["action"]}
        found.append({"what": what, "type": system_object, "role": _role("4", "Domain Resource")})
    if record:
        person = {"system": f"{_CODES}/audit-entity-type", "code": "1", "display": "Person"}
        found.append({"what": {"reference": f"Patient/{record}"}, "type": person, "role": _role("1", "Patient")})
    if entry["request"]:
        kind = {"system": f"{BALP}/CodeSystem/BasicAuditEntityType", "code": "XrequestId"}
        found.append({"what": {"identifier": {"value": entry["request"]}}, "type": kind})
    if entry["session"]:
        # As the guide says a token in AuthZ.fsh. Ours is the session it belongs to: all its tokens have that in common.
        kind = {"system": f"{BALP}/CodeSystem/UserAgentTypes", "code": "UserOauthAgent"}
        found.append({"what": {"identifier": {"system": "urn:wardline:session", "value": entry["session"]}}, "type": kind})
    return found


def _role(code: str, words: str) -> dict[str, str]:
    return {"system": f"{_CODES}/object-role", "code": code, "display": words}


def _concept(system: str, code: str, words: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": words}]}
