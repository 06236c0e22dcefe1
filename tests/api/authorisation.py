"""Who may do what, as a plain table: written by hand beside the policies and not from them, so that a mistake in either shows.

To add an action: one line here. Each role that may do it has the relations in which it may: to a patient those below, "any" patient,
the "board" of a unit that is theirs, and the "house" for what is about no patient, or for asking for a list.
"""

from typing import Final

from wardline.core.people import Role

HOUSE: Final = frozenset({"house"})
ANY: Final = frozenset({"any"})
EMERGENCY: Final = frozenset({"emergency"})
OWN: Final = frozenset({"own record"})
BEDS: Final = frozenset({"whole house", "unit"})
CARE: Final = BEDS | {"lately", "assigned"}
LISTS: Final = frozenset({"house", "board"})
CARERS: Final = ("nurse", "doctor", "radiologist", "pharmacist")
Reach = dict[str, frozenset[str]]


def _for(*roles: str, reach: frozenset[str] = HOUSE) -> Reach:
    return dict.fromkeys(roles, reach)


TABLE: Final[dict[str, Reach]] = {
    "patient.read": _for(*CARERS, reach=CARE | EMERGENCY | LISTS) | {"manager": BEDS | LISTS, "patient": OWN},
    "patient.chart": _for(*CARERS, reach=CARE | EMERGENCY | HOUSE) | {"manager": HOUSE, "patient": OWN},
    "patient.assign": {"nurse": BEDS | {"assigned", "house"}, "manager": BEDS | {"assigned", "house"}, **_for("doctor", "radiologist", "pharmacist")},
    "alert.act": _for("nurse", "doctor", reach=CARE | EMERGENCY | HOUSE) | _for("radiologist", "pharmacist", "manager"),
    "emergency.open": _for(*CARERS, reach=ANY),
    "emergency.read": _for("privacy", "auditor", reach=ANY | LISTS),
    "emergency.review": _for("privacy", reach=ANY | LISTS),
    "label.read": {},  # by label, not by role alone: tests/security/consent
    "label.write": _for("nurse", "doctor", reach=CARE) | {"privacy": ANY},
    "consent.read": _for(*CARERS, reach=CARE) | {"privacy": ANY, "patient": OWN},
    "consent.write": _for("nurse", "doctor", reach=CARE | HOUSE) | {"privacy": ANY | HOUSE, "patient": OWN | HOUSE},
    "visit.read": {"privacy": ANY, "patient": OWN},
    "fhir.use": _for(*CARERS, "patient"),
    "fhir.read": _for(*CARERS, reach=CARE | EMERGENCY) | {"patient": OWN},
    "fhir.write": _for(*CARERS, reach=CARE | HOUSE),
    "fhir.export": {},  # for programs only: tests/api/fhir
    "imaging.read": _for(*CARERS, reach=CARE | EMERGENCY | HOUSE) | {"patient": OWN | HOUSE} | _for("engineer"),
    "imaging.write": _for("radiologist", reach=CARE | HOUSE),
    "imaging.draw": _for("radiologist", reach=CARE | HOUSE),
    "imaging.reconcile": _for("radiologist", "engineer"),
    "report.write": _for("doctor", "radiologist", reach=CARE | HOUSE),
    "report.sign": _for("doctor", "radiologist", reach=CARE | HOUSE),
    "retention.read": _for("privacy", "auditor", "admin"),
    "erasure.ask": _for("privacy"),
    "erasure.approve": _for("privacy"),
    "patient.erase": {"privacy": ANY | LISTS},
    "record.hold": {"privacy": ANY | LISTS},
    "patient.export": {"privacy": ANY, "patient": OWN},
    "incident.read": _for("doctor", "manager", reach=CARE | HOUSE) | {"auditor": ANY | HOUSE},
    "incident.conclude": {"manager": CARE | HOUSE, "auditor": ANY | HOUSE},
    "audit.read": _for("auditor", "privacy", reach=ANY | LISTS),
    "access.explain": _for("privacy", "auditor", "admin", reach=ANY | LISTS),
    "compliance.read": _for("auditor", "privacy", "admin"),
    "quality.read": _for("manager", "doctor", "auditor"),
    "policy.read": _for("nurse", "doctor", "manager", "engineer", "auditor"),
    "policy.change": _for("manager", "doctor"),
    "channel.test": _for("engineer", "admin"),
    "feed.read": _for("nurse", "doctor", "manager", "engineer", "admin"),
    "feed.map": _for("engineer", "admin"),
    "feed.repair": _for("engineer"),
    "system.read": _for(*(role.value for role in Role)),
    "data.deidentify": _for(*CARERS, "manager", "researcher", "engineer", "auditor", "privacy", "admin"),
    "user.manage": _for("admin"),
    "app.manage": _for("admin"),
    "app.use": _for(*CARERS, "manager"),
    "key.read": _for("admin", "privacy", "auditor"),
    "key.rotate": _for("admin"),
    "origin.read": _for("admin", "engineer", "auditor", "privacy"),
    "connection.read": _for("admin", "engineer", "auditor", "privacy"),
    "origin.manage": _for("admin"),
}
"""Action -> role -> where."""


def expected(role: str, action: str, kind: str, relation: str = "") -> bool:
    """What the table says. `kind`: "house", "board" or "patient"; `relation` of the person to the unit or the patient."""
    assert action in TABLE, f"the table of tests/api/authorisation.py has no line for {action!r}: write down who may, and in which relation"
    reach = TABLE[action].get(role, frozenset())
    if kind == "house":
        return "house" in reach
    if kind == "board":
        return "board" in reach and relation in BEDS
    return "any" in reach or relation in reach
