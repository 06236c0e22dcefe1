"""What the process says while it runs: one line per event, with fields and never with patient content."""

import logging
import sys
from typing import Any

import structlog


def configure(level: str) -> None:
    """Structured lines on standard error: readable on a terminal, JSON elsewhere."""
    shared: list[Any] = [
        structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True), structlog.processors.format_exc_info,
    ]  # fmt: skip
    renderer = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
