"""JSON Patch (RFC 6902): changes to a resource, one after the other; all of them, or none."""

import copy
from collections.abc import Mapping
from typing import Any, Final

from wardline.core.errors import Refused
from wardline.formats.fhir.resources import check_depth

MOST: Final = 500
MOST_COPIED: Final = 20_000
"""Elements that the copies of one patch may make: what copies itself into itself doubles each time."""
_OPERATIONS: Final = ("add", "remove", "replace", "move", "copy", "test")


class TestFailed(Refused):
    """A `test` operation found something else: the resource is not what whoever patches thinks."""

    __test__ = False


def patched(resource: Any, operations: Any) -> Any:
    """The resource after these operations; the one given stays as it is. Raises `Refused`."""
    if not isinstance(operations, list) or not 0 < len(operations) <= MOST:
        raise Refused(f"a JSON Patch is a list of 1 to {MOST} operations", code="structure")
    document, left = copy.deepcopy(resource), MOST_COPIED
    for place, operation in enumerate(operations):
        if not isinstance(operation, Mapping) or operation.get("op") not in _OPERATIONS or not isinstance(operation.get("path"), str):
            raise Refused(f"operation {place} needs an op of {', '.join(_OPERATIONS)} and a path", code="structure")
        if operation["op"] in ("copy", "move"):
            source = _at(document, _steps(operation.get("from"), place), place)
            check_depth(source)
            left -= _size(source)
            if left < 0:
                raise Refused(f"operation {place}: the patch copies more than {MOST_COPIED} elements", code="too-costly")
        document = _applied(document, operation, place)
    check_depth(document)
    return document


def _applied(document: Any, operation: Mapping[str, Any], place: int) -> Any:
    kind, path = operation["op"], _steps(operation["path"], place)
    match kind:
        case "test":
            if _at(document, path, place) != _given(operation, place):
                raise TestFailed(f"operation {place}: something else stands at {operation['path']}", code="conflict")
            return document
        case "remove":
            return _without(document, path, place)
        case "replace":
            _at(document, path, place)
            return _with(_without(document, path, place) if path else document, path, _given(operation, place), place)
        case "add":
            return _with(document, path, _given(operation, place), place)
        case _:
            source = _steps(operation.get("from"), place)
            value = copy.deepcopy(_at(document, source, place))
            if kind == "move":
                if path[: len(source)] == source and path != source:
                    raise Refused(f"operation {place} moves something into itself", code="value")
                document = _without(document, source, place)
            return _with(document, path, value, place)


def _size(element: Any) -> int:
    """How many elements there are in it."""
    count, waiting = 0, [element]
    while waiting:
        each = waiting.pop()
        count += 1
        waiting.extend(each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())
    return count


def _given(operation: Mapping[str, Any], place: int) -> Any:
    if "value" not in operation:
        raise Refused(f"operation {place} needs a value", code="required")
    return operation["value"]


def _steps(path: Any, place: int) -> list[str]:
    """RFC 6901: "/a~1b/0" names element 0 of "a/b"."""
    if not isinstance(path, str) or (path and not path.startswith("/")):
        raise Refused(f"operation {place}: a path begins with /", code="structure")
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]


def _at(document: Any, steps: list[str], place: int) -> Any:
    for step in steps:
        if isinstance(document, dict) and step in document:
            document = document[step]
        elif isinstance(document, list):
            document = document[_number(step, len(document) - 1, place)]
        else:
            raise Refused(f"operation {place}: there is nothing at this path", code="not-found")
    return document


def _without(document: Any, steps: list[str], place: int) -> Any:
    if not steps:
        raise Refused(f"operation {place}: the whole resource cannot be taken away", code="business-rule")
    _at(document, steps, place)
    parent, last = _at(document, steps[:-1], place), steps[-1]
    del parent[last if isinstance(parent, dict) else int(last)]
    return document


def _with(document: Any, steps: list[str], value: Any, place: int) -> Any:
    if not steps:
        return value
    parent, last = _at(document, steps[:-1], place), steps[-1]
    if isinstance(parent, dict):
        parent[last] = value
    elif isinstance(parent, list):
        parent.insert(len(parent) if last == "-" else _number(last, len(parent), place), value)
    else:
        raise Refused(f"operation {place}: nothing can be added here", code="value")
    return document


def _number(step: str, largest: int, place: int) -> int:
    if not (step.isascii() and step.isdigit() and (step == "0" or not step.startswith("0")) and int(step) <= largest):
        raise Refused(f"operation {place}: there is no element {step[:20]!r} here", code="not-found")
    return int(step)
