"""A real `wardline` that kills itself at a numbered place of its work: only for tests, and only as a program of its own.

    python -m support.dying serve --data ...       with DIES_AT="before commit:12"

The places are the ones `support.faults` knows, and the doors' and couriers' own. Nothing of this is in the product: there a place
costs nothing and cannot be reached.
"""

import os
import signal
import sys
from collections.abc import Callable
from inspect import getattr_static
from typing import Any

from wardline.adapters.embedded.head import Head
from wardline.adapters.embedded.log import SqliteLog
from wardline.adapters.embedded.logfile import LogFile
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.app import cli
from wardline.delivery.notifications.channels import AppriseNotifier
from wardline.delivery.notifications.courier import Courier
from wardline.engine import loop
from wardline.engine.loop import Engine
from wardline.engine.turn import Turn
from wardline.formats.hl7v2.framing import Deframer
from wardline.intake.hl7v2.listener import _Connection
from wardline.intake.hl7v2.reader import Hl7v2Reader

PLACES: dict[type, tuple[str, ...]] = {
    Deframer: ("feed",), _Connection: ("_write",), Hl7v2Reader: ("read",), Turn: ("take", "advance"), SqliteSeal: ("commit",),
    SqliteLog: ("append", "commit", "keep", "save", "done"), LogFile: ("begin", "commit"), Head: ("write",), Engine: ("_committed", "_tell"),
    Courier: ("deliver_waiting",), AppriseNotifier: ("send",),
}  # fmt: skip
"""From the first byte to the mark that a notification was sent."""
AWAITED = (AppriseNotifier,)
STEPS_PER_SNAPSHOT = 60
"""Often, so that a life is long enough to keep one."""


def names() -> list[str]:
    """Every place, by the name under which it is asked for."""
    functions = [f"{owner.__name__}.{function}" for owner, functions in PLACES.items() for function in functions]
    return [f"{when} {function}" for function in functions for when in ("before", "after")]


def main() -> None:
    place, _, number = os.environ["DIES_AT"].rpartition(":")
    assert place in names(), place
    passes = iter(range(1, int(number)))

    def reach(name: str) -> None:
        if name == place and next(passes, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    for owner, functions in PLACES.items():
        for function in functions:
            watched = (_awaited if owner in AWAITED else _called)(getattr(owner, function), f"{owner.__name__}.{function}", reach)
            setattr(owner, function, staticmethod(watched) if isinstance(getattr_static(owner, function), staticmethod) else watched)
    assert hasattr(loop, "STEPS_PER_SNAPSHOT")
    loop.STEPS_PER_SNAPSHOT = STEPS_PER_SNAPSHOT  # type: ignore[misc]
    cli.main()


def _called(original: Callable[..., Any], name: str, reach: Callable[[str], None]) -> Callable[..., Any]:
    def watched(*arguments: Any, **named: Any) -> Any:
        reach(f"before {name}")
        returned = original(*arguments, **named)
        reach(f"after {name}")
        return returned

    return watched


def _awaited(original: Callable[..., Any], name: str, reach: Callable[[str], None]) -> Callable[..., Any]:
    async def watched(*arguments: Any, **named: Any) -> Any:
        reach(f"before {name}")
        returned = await original(*arguments, **named)
        reach(f"after {name}")
        return returned

    return watched


if __name__ == "__main__":
    sys.argv[0] = "wardline"
    main()
