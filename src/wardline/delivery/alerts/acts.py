"""What people do to alerts: each act is checked against the alert as it is, and answered with what is to be recorded.

An act that is not possible raises `Conflict` with a sentence; an alert nobody knows raises `NotFound`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from wardline.core.errors import Conflict, NotFound
from wardline.core.events import (
    Acknowledged,
    Escalated,
    Event,
    HandedOver,
    Incident,
    Notified,
    Overridden,
    PolicyActivated,
    Quieted,
    Shown,
    StoodDown,
    Value,
)
from wardline.core.statements import Statement
from wardline.delivery.alerts.episode import PASSED_ON, Episode, Status, after
from wardline.delivery.alerts.register import Register
from wardline.delivery.alerts.timers import next_shift
from wardline.delivery.policy import problems, read_policy

ABOUT_POLICY: Final = "policy/alerts"
SIGNATURES: Final = 2
"""Nothing changes on a ward until two people have approved it."""


class Acts:
    """The acts on the alerts of one register. All of them are pure: they record nothing themselves."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def shown(self, alert: str, *, by: str, now: datetime) -> list[Statement]:
        """A person has opened it. Said once for each person."""
        episode = self._find(alert)
        if any(entry.kind == Shown.__name__ and entry.actor == by and entry.at >= episode.told_at for entry in episode.history):
            return []
        return [self._statement(episode, Shown(alert), now)]

    def acknowledge(self, alert: str, *, by: str, now: datetime, comment: str = "") -> list[Statement]:
        """A person takes it on, and with it every other alert that shares its page."""
        episode = self._find(alert)
        return [self._checked(each, Acknowledged(each.alert, comment), by, now) for each in (episode, *self._carried(episode))]

    def override(self, alert: str, reason: str, *, by: str, now: datetime, comment: str = "", until: datetime | None = None) -> list[Statement]:
        """A person decides that it needs no action, for one of the policy's reasons. AL-8."""
        episode, policy = self._find(alert), self._register.policy
        terms = policy.override_reason(reason)
        if terms is None:
            raise Conflict(f"{reason!r} is not a reason; give one of {', '.join(each.code for each in policy.override_reasons)}")
        if terms.needs_comment and not comment.strip():
            raise Conflict(f"{terms.label!r} needs a comment")
        if terms.needs_until:
            if until is None or until <= now:
                raise Conflict(f"{terms.label!r} needs the time at which you will look again")
            # AL-10: a promise to look again does not cross a shift without a word.
            until = min(until, next_shift(policy.shifts, now) or until)
        overridden = Overridden(alert, reason, comment, until if terms.needs_until else None)
        statements = [self._checked(episode, overridden, by, now)]
        if terms.opens_incident:
            detail = f"alert {alert}, {episode.capability} {episode.key}".strip()
            statements.append(self._statement(episode, Incident("data said to be wrong", detail, (by,)), now))
        return statements

    def escalate(self, alert: str, *, by: str, now: datetime, roles: tuple[str, ...] = (), comment: str = "") -> list[Statement]:
        """A person asks for more help, at once: the next step of the ladder, or the roles named."""
        episode, policy = self._find(alert), self._register.policy
        unknown = [role for role in roles if not policy.contact(role, episode.unit)]
        if unknown:
            raise Conflict(f"nobody can be reached as {' or '.join(unknown)} for this patient")
        ladder = policy.ladder_of(policy.rule(episode.rule))
        wanted = roles or ladder.step(episode.step + 1).tell
        reached = tuple(dict.fromkeys(role if policy.contact(role, episode.unit) else policy.unowned_role for role in wanted))
        return [self._checked(episode, Escalated(alert, episode.step + 1, reached, True, comment), by, now)]

    def undo(self, alert: str, *, by: str, now: datetime) -> list[Statement]:
        """A person takes back their last act, within seconds. Whoever was told because of it is told again."""
        episode, policy = self._find(alert), self._register.policy
        undo = episode.undo
        if undo is None or undo.actor != by:
            raise Conflict("there is nothing of yours left to undo on this alert")
        if now - undo.at > policy.undo:
            raise Conflict(f"undo is possible for {policy.undo.total_seconds():g} seconds; acknowledge, override or escalate instead")
        same = [each for each in self._carried(episode, answered=True) if each.undo is not None and each.undo[:3] == undo[:3]]
        return [self._checked(each, StoodDown(each.alert, undo.kind, _newly_told(each)), by, now) for each in (episode, *same)]

    def hand_over(self, alert: str, role: str, *, by: str, now: datetime, person: str = "") -> list[Statement]:
        """A person passes it on; whoever gets it must acknowledge it anew."""
        episode = self._find(alert)
        if not self._register.policy.contact(role, episode.unit):
            raise Conflict(f"nobody can be reached as {role} for this patient")
        return [self._checked(episode, HandedOver(alert, PASSED_ON, episode.unit, episode.bed, (role,), person), by, now)]

    def quiet(
        self, about: str, reason: str, until: datetime, *, now: datetime, capability: str = "", key: str = "", comment: str = ""
    ) -> list[Statement]:  # fmt: skip
        """A person says why this patient's alerts must not interrupt. AL-4: with an expiry; what is quiet stays visible and counted."""
        policy = self._register.policy
        terms = policy.quiet_reason(reason)
        if terms is None:
            raise Conflict(f"{reason!r} is not a reason; give one of {', '.join(each.code for each in policy.quiet_reasons)}")
        if not capability and not terms.whole_patient:
            raise Conflict(f"{terms.label!r} is said about one question, not about the whole patient")
        if until <= now:
            raise Conflict("a reason to be quiet needs a time at which it ends")
        ends = min(until, now + terms.longest)
        if not terms.crosses_shifts:
            ends = min(ends, next_shift(policy.shifts, now) or ends)
        return [Statement(Quieted(reason, ends, capability, key, comment), about, now)]

    def end_quiet(self, about: str, *, now: datetime, capability: str = "", key: str = "") -> list[Statement]:
        """A person takes it back."""
        marks = self._register.quieted.get(about, ())
        mark = next((mark for mark in marks if (mark.capability, mark.key) == (capability, key) and mark.until > now), None)
        if mark is None:
            raise Conflict("nothing is quiet for this patient and this question")
        return [Statement(Quieted(mark.reason, now, capability, key), about, now)]

    def notified(self, results: tuple[Notified, ...], *, now: datetime) -> list[Statement]:
        """What became of notifications. Results about an alert closed too long ago to be remembered change nothing."""
        known = ((self._register.find(result.alert), result) for result in results)
        return [self._statement(episode, result, now) for episode, result in known if episode is not None]

    def activate(self, text: str, *, approved_by: tuple[str, ...], now: datetime, standings: Mapping[str, str] | None = None) -> list[Statement]:
        """A policy that two people have approved and nothing speaks against. `standings` are those of the house's capabilities."""
        policy = read_policy(text)
        objections = problems(policy, standings)
        if objections:
            raise Conflict("; ".join(f"{each.where}: {each.sentence}" for each in objections))
        if len(set(approved_by)) < SIGNATURES:
            raise Conflict(f"a policy needs the approval of {SIGNATURES} people")
        return [Statement(PolicyActivated(policy.version, text, approved_by), ABOUT_POLICY, now)]

    # --- what acts are made of ---

    def _find(self, alert: str) -> Episode:
        episode = self._register.find(alert)
        if episode is None:
            raise NotFound("there is no such alert")
        return episode

    def _carried(self, leader: Episode, *, answered: bool = False) -> list[Episode]:
        """The alerts that share this one's page and wait, or have been answered with it."""
        others = self._register.carried_by(leader.alert)
        return [each for each in others if each.is_waiting or (answered and each.status is Status.ACKNOWLEDGED)]

    def _checked(self, episode: Episode, value: Value, by: str, now: datetime) -> Statement:
        """The statement, once the alert has shown that it is possible."""
        after(episode, Event(value, episode.about, now, now, actor=by))
        return self._statement(episode, value, now)

    @staticmethod
    def _statement(episode: Episode, value: Value, now: datetime) -> Statement:
        return Statement(value, episode.about, now, episode.encounter)


def _newly_told(episode: Episode) -> tuple[str, ...]:
    """The roles that were told only because of the act that is taken back."""
    if episode.undo is None:
        return ()
    before = set(episode.undo.before.told)
    return tuple(told.role for told in episode.told if told not in before)
