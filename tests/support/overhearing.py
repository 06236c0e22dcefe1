"""Hears every line the house logs, so that a test can say: nothing about a patient was in it."""

import structlog
from structlog.typing import EventDict, WrappedLogger

_open: list[list[str]] = []
"""One list for each house that is open."""


def overhear() -> list[str]:
    """From now on every logged line is also added to the list that is returned, until `stop`."""
    if _keep not in structlog.get_config()["processors"]:
        structlog.configure(processors=[_keep, *structlog.get_config()["processors"]])
    _open.append([])
    return _open[-1]


def stop(said: list[str]) -> None:
    _open[:] = [each for each in _open if each is not said]


def _keep(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    for said in _open:
        said.append(repr(event))
    return event
