"""What became of advice given in EHRs: how often each capability's cards were shown, accepted and overridden, and why."""

from collections import Counter, OrderedDict
from datetime import datetime
from typing import Any, Final, NamedTuple

from wardline.core.events import AdviceAnswered, Advised, Erased, Event
from wardline.core.reactions import Memory

ELSEWHERE: Final = "advice/elsewhere"
"""Where cards about patients are kept whose record is not ours: they name nobody."""
CARDS_KEPT: Final = 50_000
"""Cards whose answer can still be told apart. An EHR answers within minutes."""


class Given(NamedTuple):
    """A card that was given."""

    about: str
    capability: str
    key: str
    severity: int
    hook: str
    at: datetime


class Tally(NamedTuple):
    """One capability's cards, in numbers."""

    capability: str
    hook: str
    shown: int
    accepted: int
    overridden: int
    reasons: tuple[tuple[str, int], ...]
    """(coded reason, how often), the most frequent first."""


class Advice(Memory):
    """A `Reaction` that remembers. A later answer to the same card replaces the earlier one."""

    name = "advice"

    def __init__(self) -> None:
        self._given: OrderedDict[str, Given] = OrderedDict()
        self._answers: dict[str, tuple[str, str]] = {}
        self._shown: Counter[tuple[str, str]] = Counter()
        self._answered: Counter[tuple[str, str, str, str]] = Counter()
        """(capability, hook, outcome, reason)"""

    def card(self, id: str) -> Given | None:
        return self._given.get(id)

    def tallies(self) -> list[Tally]:
        """Every capability that was ever shown, the most often overridden first."""
        found = []
        for (capability, hook), shown in self._shown.items():
            mine = {key[2:]: count for key, count in self._answered.items() if key[:2] == (capability, hook) and count}
            overridden = Counter({reason: count for (outcome, reason), count in mine.items() if outcome == "overridden"})
            accepted = sum(count for (outcome, _), count in mine.items() if outcome == "accepted")
            found.append(Tally(capability, hook, shown, accepted, overridden.total(), tuple(overridden.most_common())))
        return sorted(found, key=lambda each: (-each.overridden, -each.shown, each.capability, each.hook))

    # --- the reaction ---

    def apply(self, event: Event) -> None:
        match event.value:
            case Advised(hook=hook, cards=cards):
                for card, capability, key, severity in cards:
                    self._given[card] = Given(event.about, capability, key, severity, hook, event.recorded_at)
                    self._shown[capability, hook] += 1
                while len(self._given) > CARDS_KEPT:
                    self._answers.pop(self._given.popitem(last=False)[0], None)
            case AdviceAnswered(card=card, outcome=outcome, reason=reason):
                self._answer(card, outcome, reason)
            case Erased(records=records):
                for card in [card for card, given in self._given.items() if given.about in records]:
                    del self._given[card]
                    self._answers.pop(card, None)
            case _:
                pass

    def _answer(self, card: str, outcome: str, reason: str) -> None:
        given = self._given.get(card)
        if given is None:
            return
        before = self._answers.get(card)
        if before is not None:
            self._answered[given.capability, given.hook, *before] -= 1
        self._answers[card] = outcome, reason
        self._answered[given.capability, given.hook, outcome, reason] += 1

    def dump(self) -> Any:
        return {
            "given": [(card, *given) for card, given in self._given.items()],
            "answers": sorted((card, *each) for card, each in self._answers.items()),
            "shown": sorted((*key, count) for key, count in self._shown.items()),
            "answered": sorted((*key, count) for key, count in self._answered.items() if count),
        }  # fmt: skip

    def load(self, state: Any) -> None:
        self.__init__()  # type: ignore[misc]
        for card, *given in (state or {}).get("given", ()):
            self._given[card] = Given(*given)
        for card, outcome, reason in (state or {}).get("answers", ()):
            self._answers[card] = outcome, reason
        for capability, hook, count in (state or {}).get("shown", ()):
            self._shown[capability, hook] = count
        for capability, hook, outcome, reason, count in (state or {}).get("answered", ()):
            self._answered[capability, hook, outcome, reason] = count
