"""What the process says while it runs: one line per event, with fields and never with patient content."""

import logging
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

import structlog


def configure(level: str) -> None:
    """Structured lines on standard error: readable on a terminal, JSON elsewhere."""
    shared: list[Any] = [
        structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True), kind_of_error,
    ]  # fmt: skip
    renderer = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=Lines,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OthersLines("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


class Lines:
    """Standard error as it is at the moment of writing. A reader that is gone costs the line, never the work that was to be logged."""

    def __init__(self, *names: Any) -> None:
        """Loggers have names; lines do not."""

    def msg(self, message: str) -> None:
        with suppress(OSError, ValueError):  # a pipe that broke, a stream that was closed
            sys.stderr.write(f"{message}\n")
            sys.stderr.flush()

    debug = info = warning = error = critical = msg


def kind_of_error(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What kind of error a line is about. Its words and its variables may be about a patient."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
    return event


class OthersLines(logging.Formatter):
    """What libraries say, on one line, with the kind of an error instead of its words."""

    def format(self, record: logging.LogRecord) -> str:
        """Strangers get into such lines; what could begin a line of its own or move a cursor is shown as its number."""
        return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in super().format(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        return f"{ei[0].__name__}" if ei[0] is not None else ""
