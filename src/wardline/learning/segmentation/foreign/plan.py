"""What is known about somebody else's model after its files were read as plain data: which network to build, and the manifest to write."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from wardline.core.errors import Refused

NOT_SAID: Final = "not said by its maker"


class Plan(NamedTuple):
    """Enough to build the network and to describe it; nothing in it is code."""

    network: str
    """One name of the allow-list of the converter."""
    arguments: Mapping[str, Any]
    """Numbers, words, truth values, lists and tables of them."""
    channels: int
    patch: tuple[int, int, int]
    manifest: Mapping[str, Any]
    """Complete but for the file's name and digest."""


def plain(value: Any, where: str) -> Any:
    """The value, if it is data; raises `Refused` for an expression or a reference, which only mean something when they are run."""
    match value:
        case str() if value.startswith(("$", "@", "%")):
            raise Refused(f"{where} is written as code ({value[:40]!r}); it is never run here. Put the value itself.", code="bundle", where=where)
        case str() | bool() | int() | float() | None:
            return value
        case list():
            return [plain(each, where) for each in value]
        case dict():
            if any(str(key).startswith("_") for key in value):
                raise Refused(f"{where} names something to build inside its values; only numbers and words are taken.", code="bundle", where=where)
            return {str(key): plain(each, where) for key, each in value.items()}
    raise Refused(f"{where} is not plain data.", code="bundle", where=where)


def table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Refused(f"{where} is missing or is no table.", code="bundle", where=where)
    return value


def allowed(given: Mapping[str, Any], keys: frozenset[str], where: str) -> None:
    """Raises `Refused` for an argument that is not on the list: what it would do is not known here."""
    for key in given:
        if key not in keys:
            raise Refused(f"{where} has the argument {key}, which is not among those taken: {', '.join(sorted(keys))}.", code="bundle", where=where)


def three(value: Any, where: str) -> tuple[float, float, float]:
    if not (isinstance(value, list) and len(value) == 3 and all(isinstance(each, int | float) and each > 0 for each in value)):
        raise Refused(f"{where} is three numbers above 0.", code="bundle", where=where)
    a, b, c = (float(each) for each in value)
    return a, b, c
