"""What a FHIR resource says, as far as labels care: every code and every word in it, wherever they stand."""

import json
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from wardline.core.events import Kept

Code: TypeAlias = tuple[str, str]
"""(code, system as received)"""
_WORDS: Final = frozenset({
    "text", "display", "title", "description", "div", "valueString", "valueMarkdown", "contentString", "conclusion", "comment", "note",
})  # fmt: skip
"""Elements in which people write."""


def said_in(kept: Kept) -> tuple[tuple[Code, ...], tuple[str, ...]]:
    """Codes and words of one version; nothing of one that says it was deleted. Whatever has a blank in it, somebody wrote."""
    if not kept.body:
        return (), ()
    codes: dict[Code, None] = {}
    words: dict[str, None] = {}
    for name, value in _elements(json.loads(kept.body)):
        if isinstance(value, dict) and isinstance(value.get("code"), str):
            codes[value["code"], str(value.get("system", ""))] = None
        elif isinstance(value, str) and (name in _WORDS or " " in value):
            words[value] = None
    return tuple(codes), tuple(words)


def _elements(content: Any) -> Iterator[tuple[str, Any]]:
    waiting = [content]
    while waiting:
        element = waiting.pop()
        for name, value in element.items() if isinstance(element, dict) else (("", each) for each in element):
            yield name, value
            if isinstance(value, dict | list):
                waiting.append(value)
