"""What the process says while it runs: one line per event, with fields and never with patient content."""

import logging
import sys
from collections.abc import MutableMapping
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
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OthersLines("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def kind_of_error(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What kind of error a line is about. Its words and its variables may be about a patient."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
    return event


class OthersLines(logging.Formatter):
    """What libraries say, with the kind of an error instead of its words."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        return f"{ei[0].__name__}" if ei[0] is not None else ""
