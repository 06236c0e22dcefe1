"""The edge itself: what is asked of every request before it goes to its door, and what every answer carries back."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from wardline.api.edge.headers import Headers, SecurityHeaders
from wardline.api.edge.limits import Limits
from wardline.api.edge.rules import Origin, Rules
from wardline.api.edge.tickets import Tickets
from wardline.api.edge.visitors import SAFE, Visitor
from wardline.core.errors import WardlineError

METHODS: Final = b"GET, POST, PUT, DELETE"
REQUEST_HEADERS: Final = b"authorization, content-type, idempotency-key"
ANSWER_HEADERS: Final = b"retry-after, idempotency-replayed"
REMEMBERED_SECONDS: Final = b"60"
"""How long a browser may remember a yes: a withdrawn origin has no longer."""
FOREIGN: Final = "pages of another site may not act here"


class ForeignPage(WardlineError):
    """A browser says that a page of another site makes it act (ASVS 3.5.1)."""


class Edge:
    """One for the house. `temporary` are the origins that hold for a while."""

    def __init__(
        self, rules: Rules | None = None, *, temporary: Callable[[], list[Origin]] = list, now: Callable[[], datetime] = lambda: datetime.now(UTC),
        ticking: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.rules = rules or Rules()
        self.limits = Limits(self.rules, ticking)
        self.headers = SecurityHeaders(self.rules)
        self.tickets = Tickets(now)
        self.refused: Counter[str] = Counter()
        self.open_requests = 0
        self.open_sockets = 0
        self._temporary = temporary

    def lets_ask(self, visitor: Visitor, path: str) -> bool:
        """Whether a page of the origin may ask this path: our own, or one that is listed for it."""
        if visitor.is_our_page:
            return True
        return any(each.origin == visitor.origin and each.covers(path) for each in (*self.rules.origins, *self._temporary()))

    def check_page(self, scope: Mapping[str, Any], visitor: Visitor) -> None:
        """Raises `ForeignPage` for a page of another site that would change something."""
        if scope["method"] not in SAFE and not self.lets_ask(visitor, scope["path"]):
            raise ForeignPage(FOREIGN)

    def allowance(self, visitor: Visitor, path: str) -> Headers:
        """What tells the browser that a listed page may read the answer. Never with credentials: cookies stay at home."""
        if visitor.is_our_page or not self.lets_ask(visitor, path):
            return ((b"vary", b"Origin"),)
        said = visitor.origin.encode("latin-1")
        return ((b"access-control-allow-origin", said), (b"access-control-expose-headers", ANSWER_HEADERS), (b"vary", b"Origin"))

    def preflight(self, visitor: Visitor, path: str) -> Headers | None:
        """The answer to a browser that asks whether it may ask; None where it may not."""
        if visitor.is_our_page or not self.lets_ask(visitor, path):
            return None
        return (
            (b"access-control-allow-methods", METHODS), (b"access-control-allow-headers", REQUEST_HEADERS),
            (b"access-control-max-age", REMEMBERED_SECONDS),
        )  # fmt: skip
