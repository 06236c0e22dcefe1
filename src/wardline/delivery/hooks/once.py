"""One moment in the EHR, many services: what one of them has said at this hook, another does not say again."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeAlias

Said: TypeAlias = tuple[str, str, int]
"""(capability, key, severity)"""
KEPT: Final = timedelta(minutes=5)
MOST: Final = 10_000


class OncePerHook:
    """Which service was the first to say what, by client and hook instance. The same service asked again says it again."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._said: OrderedDict[tuple[str, str, str], tuple[datetime, dict[Said, str]]] = OrderedDict()

    def is_first(self, client: str, instance: str, patient: str, service: str, said: Said) -> bool:
        now, question = self._now(), (client, instance, patient)
        while self._said and (len(self._said) > MOST or now - next(iter(self._said.values()))[0] > KEPT):
            self._said.popitem(last=False)
        _, known = self._said.setdefault(question, (now, {}))
        return known.setdefault(said, service) == service
