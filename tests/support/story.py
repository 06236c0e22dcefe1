"""What a journey's test does besides looking: tell the hospital what happens at which hour of a night, and wait for phones."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Any, TypeVar

from playwright.sync_api import Locator, Page

from delivery.receiver import Receiver

EVENING = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
"""A Monday."""
TWO = {"9279-1": 22, "59408-5": 97, "8480-6": 120, "8867-4": 80, "8310-5": 37.0}
"""RCP 2017, chart 1: respirations 21 to 24 score 2, everything else 0."""
SEVEN = {"9279-1": 25, "59408-5": 94, "8480-6": 105, "8867-4": 95, "8310-5": 38.5}
"""RCP 2017, chart 1: 3 + 1 + 1 + 1 + 1 = 7 on air and alert."""
PATIENCE_SECONDS = 10
Found = TypeVar("Found")


def at(clock: str) -> datetime:
    """The moment of this night when the clock says so: "23:40" is still Monday, "03:12" is Tuesday."""
    hour, minute = map(int, clock.split(":"))
    moment = EVENING.replace(hour=hour, minute=minute)
    return moment if moment >= EVENING else moment + timedelta(days=1)


def soon(look: Callable[[], Found | None]) -> Found:
    """What `look` gives once it gives something."""
    until = monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        assert monotonic() < until, "it did not happen"
        sleep(0.02)
    return found


def rung(phones: Receiver, path: str) -> list[dict[str, Any]]:
    """What this phone has shown, oldest first; repeats of one message are one."""
    return list({body["id"]: body for taken, body in list(phones.taken) if taken == path}.values())


def row(page: Page, family: str) -> Locator:
    return page.locator("[data-row]", has_text=family)


def board(screens: Any, unit: str = "Ward 7", **how: Any) -> Page:
    page: Page = screens(f"/board?unit={unit}", **how)
    page.locator("[data-row]").first.wait_for()
    page.mouse.move(5, 5)
    return page
