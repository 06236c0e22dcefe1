"""What each role may do. A table, behind the `Access` port that a full policy engine will answer."""

from typing import Final

from wardline.core.ports import Decision, Person, Role

NOT_ALLOWED: Final = "your role does not allow this; ask an administrator if it should"
CLINICAL: Final = frozenset({Role.NURSE.value, Role.DOCTOR.value, Role.MANAGER.value})

ALLOWED: Final[dict[str, frozenset[str]]] = {
    "patient.read": CLINICAL,
    "alert.act": frozenset({Role.NURSE.value, Role.DOCTOR.value}),
    "patient.assign": frozenset({Role.NURSE.value, Role.MANAGER.value}),
    "policy.read": frozenset({*CLINICAL, Role.ENGINEER.value, Role.AUDITOR.value}),
    "policy.change": frozenset({Role.MANAGER.value, Role.DOCTOR.value}),
    "incident.read": frozenset({Role.MANAGER.value, Role.DOCTOR.value, Role.AUDITOR.value}),
    "incident.conclude": frozenset({Role.MANAGER.value, Role.AUDITOR.value}),
    "channel.test": frozenset({Role.ENGINEER.value, Role.ADMIN.value}),
    "feed.read": frozenset({*CLINICAL, Role.ENGINEER.value, Role.ADMIN.value}),
    "feed.map": frozenset({Role.ENGINEER.value, Role.ADMIN.value}),
    "feed.repair": frozenset({Role.ENGINEER.value}),
    "system.read": frozenset({role.value for role in Role}),
    "user.manage": frozenset({Role.ADMIN.value}),
    "audit.read": frozenset({Role.AUDITOR.value}),
}


class RoleAccess:
    """`Access` by role alone."""

    def decide(self, who: Person, action: str, about: str = "", *, label: str = "") -> Decision:
        return Decision(True) if self.may(who, action, about, label=label) else Decision(False, NOT_ALLOWED)

    def may(self, who: Person, action: str, about: str = "", *, label: str = "") -> bool:
        return bool(who.roles & ALLOWED.get(action, frozenset()))
