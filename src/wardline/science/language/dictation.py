"""Dictated text made readable: "five point four one" becomes 5.41, "comma" a comma, "new line" a new line, units as they are written.

Only what was said is rewritten; nothing is added. The result is a draft that a person reads.
"""

import re
from collections.abc import Iterator
from typing import Final

UNITS: Final = {
    "millimetres": "mm", "millimetre": "mm", "millimeters": "mm", "millimeter": "mm", "centimetres": "cm", "centimetre": "cm",
    "centimeters": "cm", "centimeter": "cm", "millilitres": "mL", "millilitre": "mL", "milliliters": "mL", "milliliter": "mL",
    "percent": "%", "hounsfield units": "HU", "hounsfield unit": "HU", "minutes": "minutes", "kilograms": "kg", "kilogrammes": "kg",
}  # fmt: skip
# Not "colon": it is an organ. Not "period": it is a time.
MARKS: Final = {
    "comma": ",", "full stop": ".", "semicolon": ";", "question mark": "?", "open bracket": "(", "close bracket": ")", "new line": "\n",
    "next line": "\n", "new paragraph": "\n\n", "next paragraph": "\n\n",
}  # fmt: skip
SPELLED: Final = {
    r"\bs\.?\s?u\.?\s?v\.?\s?(max|mean|peak)(?:imum)?\b": r"SUV\1", r"\bs\.?\s?u\.?\s?l\.?\s?(max|mean|peak)(?:imum)?\b": r"SUL\1",
    r"\bper cent\b": "percent", r"\brt\b\.?": "right", r"\blt\b\.?": "left", r"\bl (\d+)(?=[\s,.;:]|$)": r"L\1",
}  # fmt: skip
_ONES: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
    "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES: Final = {word: value for value, word in enumerate(_ONES)} | {word: 10 * place for place, word in enumerate(_TENS, 2)}
_WORD: Final = "|".join(sorted((*_VALUES, "hundred"), key=len, reverse=True))
_NUMBER: Final = rf"(?:{_WORD})(?:(?:[\s-]+|\s+and\s+)(?:{_WORD})){{0,8}}"
_DECIMAL: Final = re.compile(rf"\b({_NUMBER}|\d+)\s+point\s+((?:(?:{'|'.join(_ONES[:10])}|\d)\b\s*)+)", re.IGNORECASE)
_MEASURE: Final = "|".join(sorted((*map(re.escape, UNITS), "mm", "cm", "ml", "%", "by", "times"), key=len, reverse=True))
_WHOLE: Final = re.compile(rf"\b({_NUMBER})(?=\s+(?:{_MEASURE})(?:\b|\s|$))", re.IGNORECASE)
_LONG: Final = re.compile(
    rf"\b((?:{'|'.join(_TENS)})[\s-](?:{'|'.join(_ONES[1:10])})|(?:{'|'.join(_ONES[1:10])})\shundred(?:(?:\sand)?\s(?:{_WORD})){{0,6}})\b",
    re.IGNORECASE,
)


def edited(said: str) -> str:
    """The text as it would have been typed."""
    text = said.strip()
    for pattern, written in SPELLED.items():
        text = re.sub(pattern, written, text, flags=re.IGNORECASE)
    text = _DECIMAL.sub(_decimal, text)
    text = _WHOLE.sub(lambda found: _whole(found[1]), text)
    text = _LONG.sub(lambda found: _whole(found[1]), text)
    text = re.sub(r"(?<=\d)\s+(?:by|times)\s+(?=\d)", " \u00d7 ", text)
    text = re.sub(r"\bminus\s+(?=\d)", "\u2212", text, flags=re.IGNORECASE)
    for word, unit in UNITS.items():
        text = re.sub(rf"(?<=\d)\s+{word}\b", f" {unit}", text, flags=re.IGNORECASE)
    return _capitalised(_marked(text))


def _marked(text: str) -> str:
    for word, mark in MARKS.items():
        after = "" if mark == "(" or "\n" in mark else " "
        before = r"(?<![\s,.])[\s,.]*" if mark.strip() and mark != "(" else r"(?<![ \t])[ \t]*" if "\n" in mark else r"(?<!\s)\s*"
        swallowed = "" if mark in "()" else "[,.]?"
        text = re.sub(rf"{before}\b{word}\b{swallowed}\s*", f" {mark}" if mark == "(" else f"{mark}{after}", text, flags=re.IGNORECASE)
    return re.sub(r"[ \t]{2,}", " ", re.sub(r" +([\n.,;)])", r"\1", text)).strip()


def _capitalised(text: str) -> str:
    return re.sub(r"(^|[.?]\s+|\n)([a-z])", lambda found: found[1] + found[2].upper(), text)


def _decimal(found: re.Match[str]) -> str:
    whole = found[1] if found[1].isdigit() else _whole(found[1])
    digits = "".join(str(_VALUES.get(word.lower(), word)) for word in found[2].split())
    return f"{whole}.{digits}{' ' if found[0].endswith(' ') else ''}"


def _whole(words: str) -> str:
    """ "one hundred and twenty three" as 123; said digit by digit ("one two three") the digits stand side by side."""
    parts = [each for each in re.split(r"[\s-]+", words.lower()) if each != "and"]
    if len(parts) > 1 and all(_VALUES.get(each, 99) < 10 for each in parts):
        return "".join(str(_VALUES[each]) for each in parts)
    return str(sum(_summands(parts)))


def _summands(parts: list[str]) -> Iterator[int]:
    held = 0
    for part in parts:
        if part == "hundred":
            yield max(1, held) * 100
            held = 0
            continue
        yield_now, held = held, _VALUES[part]
        yield yield_now
    yield held
