"""Patterns that take for ever: every regular expression of ours, on long inputs made to make it look back (ASVS 1.3.12)."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

import pytest
from pydantic import BaseModel

import wardline
from api.house import ROUTES

LENGTH: Final = 1_500
GROWTH: Final = 6.5
"""Twice the input may take four times as long where a pattern looks for its beginning everywhere, and a little noise; eight times is a trap."""
NOTHING: Final = 0.001
"""Seconds below which nothing is measured but noise."""
LONGEST: Final = 0.5
LAST_PIECES: Final = ("", "!", "\0", "\n", " x")


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    """Every compiled pattern in a module of ours, and those in the shapes of the API."""
    for module in sorted(info.name for info in pkgutil.walk_packages(wardline.__path__, "wardline.")):
        if module.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module)).items():
            found = (
                [value]
                if isinstance(value, re.Pattern)
                else [each for each in value if isinstance(each, re.Pattern)]
                if isinstance(value, tuple | list)
                else []
            )
            yield from ((f"{module}.{name}", pattern) for pattern in found)
    for route in ROUTES:
        for schema in _texts(route):
            yield f"{route.path} {schema}", re.compile(schema)


def _texts(route: Any) -> Iterator[str]:
    for field in (*route.door.dependant.body_params, *route.door.dependant.query_params):
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from re.findall(r"'pattern': '(.*?)'[,}]", str(annotation.model_json_schema()))


def pieces(pattern: re.Pattern[Any]) -> set[str]:
    """Characters and short runs that the pattern itself speaks of: what makes it go on, repeated, and then stop short."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    found = {"a", "0", " ", "a ", "0.", "a.", "-", "/", "a-", "1,", "((", "^"}

    def walk(parsed: Any) -> None:
        for operation, argument in parsed:
            if operation is codes.LITERAL:
                found.add(chr(argument))
            elif operation is codes.IN:
                found.update(chr(value if kind is codes.LITERAL else value[0]) for kind, value in argument if kind in (codes.LITERAL, codes.RANGE))
            elif isinstance(argument, tuple | list):
                for each in argument:
                    if isinstance(each, parser.SubPattern):
                        walk(each)
                    elif isinstance(each, list):
                        for inner in each:
                            if isinstance(inner, parser.SubPattern):
                                walk(inner)

    walk(parser.parse(text, pattern.flags & ~re.DEBUG))
    words = re.findall(r"[A-Za-z]{2,12}", text)[:20]
    return {each for each in (*found, *words) if each.isascii()}


def uses(name: str) -> set[str]:
    """How our code asks this pattern: one that is only matched from the beginning need not be quick at looking everywhere."""
    asked = set(
        re.findall(rf"\b{re.escape(name.rpartition('.')[2])}(?:\[[^]]*\])?\.(fullmatch|match|search|sub|finditer|findall|split)\(", _source())
    )
    return {"search" if each not in ("fullmatch", "match") else each for each in asked} or {"search"}


@cache
def _source() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in Path(wardline.__path__[0]).rglob("*.py"))


def taken(pattern: re.Pattern[Any], text: str, asked: set[str]) -> float:
    """Of this thread alone: what others do on the machine meanwhile is not the pattern's fault."""
    given = text if isinstance(pattern.pattern, str) else text.encode("latin-1")
    began = time.thread_time()
    for use in asked:
        getattr(pattern, use)(given)
    return time.thread_time() - began


PATTERNS = dict(patterns())


def test_there_are_patterns_to_try() -> None:
    assert len(PATTERNS) > 40


@pytest.mark.parametrize("name", PATTERNS)
def test_regex_dos_twice_the_input_takes_no_eight_times_as_long(name: str) -> None:
    pattern, asked = PATTERNS[name], uses(name)
    for piece in sorted(pieces(pattern))[:60]:
        for last in LAST_PIECES:
            short, long = (piece * (length // len(piece)) + last for length in (LENGTH, 2 * LENGTH))
            if (first := taken(pattern, short, asked)) > NOTHING:
                best = min(taken(pattern, long, asked) for _ in range(3))
                assert best < GROWTH * first + NOTHING, (name, piece, last, first, best)
                assert best < LONGEST, (name, piece, last, best)
