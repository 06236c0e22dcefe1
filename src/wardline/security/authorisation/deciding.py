"""May this person do this? Decided by the policies, from the facts, with the reason; and remembered, because lists ask thousands of times."""

from typing import Final

from cedarpy import AuthzResult, is_authorized

from wardline.core.errors import Fault
from wardline.core.people import Decision, Person
from wardline.security.api_keys import CLIENT
from wardline.security.authorisation.actions import ACTIONS
from wardline.security.authorisation.facts import Facts
from wardline.security.authorisation.policies import Policies
from wardline.security.authorisation.question import CARE, UNIT, Question, question_of
from wardline.security.smart.scopes import covers

NOT_ALLOWED: Final = "your role does not allow this; ask an administrator if it should"
OUTSIDE: Final = "this patient is outside your units; in an emergency, open the record with a reason"
NOT_YOURS: Final = "this patient is outside your units; ask the team that looks after them"
NOT_YOUR_UNIT: Final = "this unit is not one of yours"
BREAK_GLASS: Final = "break-glass"
REMEMBERED: Final = 50_000
"""Answers kept; a house has a few hundred different questions."""


class CedarAccess:
    """`Access` by Cedar policies. What nothing permits is refused; one that forbids goes before all that permit."""

    def __init__(self, policies: Policies, facts: Facts) -> None:
        self.policies = policies
        self.facts = facts
        self._by_cedar_id = {f"policy{number}": policy for number, policy in enumerate(policies.all)}
        self._answers: dict[Question, Decision] = {}

    def decide(self, who: Person, action: str, about: str = "", *, label: str = "") -> Decision:
        return self.answer(self.question(who, action, about, label=label))

    def may(self, who: Person, action: str, about: str = "", *, label: str = "") -> bool:
        return self.answer(self.question(who, action, about, label=label)).allowed

    def question(self, who: Person, action: str, about: str = "", *, label: str = "") -> Question:
        covered = "" if who.scopes is None else "covered" if self._covers(who, action, about) else "not covered"
        return question_of(who, action, about, label, self.facts, covered)

    def _covers(self, who: Person, action: str, about: str) -> bool:
        """Scopes name the record an app was launched for as it was then; a merge may have renamed it. Those of an API key are actions."""
        if who.client.startswith(CLIENT):
            return action in (who.scopes or ())
        bound = self.facts.record(who.patient) if who.patient else ""
        asked = self.facts.record(about) if about and not about.startswith(UNIT) else about
        return covers(who.scopes or (), action, bound, asked)

    def answer(self, question: Question) -> Decision:
        """The decision, remembered: all it depends on is in the question."""
        known = self._answers.get(question)
        if known is None:
            if len(self._answers) >= REMEMBERED:
                self._answers.clear()
            known = self._answers[question] = self._decided(question)
        return known

    def _decided(self, question: Question) -> Decision:
        if question.action not in ACTIONS:
            return Decision(False, NOT_ALLOWED)
        result = self._asked(question)
        named = tuple(sorted(self._by_cedar_id[id].id for id in result.diagnostics.reasons))
        policies = [self.policies.named(id) for id in named]
        if result.allowed:
            return Decision(True, policies=named, purpose=next((policy.purpose for policy in policies if policy.purpose), ""))
        if policies:
            remedy = next((policy.remedy for policy in policies if policy.remedy), "")
            return Decision(False, policies[0].refusal or NOT_ALLOWED, named, remedy if self._can_open(question) else "")
        return self._refused(question)

    def _asked(self, question: Question) -> AuthzResult:
        result = is_authorized(question.request(), self.policies.handle, question.entities(), self.policies.schema)
        if result.diagnostics.errors:
            raise Fault(f"access cannot be decided for {question.action!r}: {result.diagnostics.errors[0]}")
        return result

    def _refused(self, question: Question) -> Decision:
        """Nothing permits it. Whether somebody nearer to the patient could says which sentence helps."""
        if question.kind == "House" or not self._asked(question._replace(relations=question.relations | CARE)).allowed:
            return Decision(False, NOT_ALLOWED)
        if question.kind == "Unit":
            return Decision(False, NOT_YOUR_UNIT)
        opened = self._asked(question._replace(relations=question.relations | {"emergency"})).allowed
        if opened and self._can_open(question):
            return Decision(False, OUTSIDE, remedy=BREAK_GLASS)
        return Decision(False, NOT_YOURS)

    def _can_open(self, question: Question) -> bool:
        """Whether they could open the record in an emergency."""
        return self._asked(question._replace(action="emergency.open")).allowed
