"""What findscu prints, as values."""

import re


def values(said: str, tag: str) -> list[str]:
    """Of every answer, in their order; the request is printed before them."""
    answers = said.partition("Find Response: 1")[2]
    return [value.rstrip(" \0") for value in re.findall(rf"\({tag}\) \w\w \[([^\]]*)\]", answers, re.IGNORECASE)]
