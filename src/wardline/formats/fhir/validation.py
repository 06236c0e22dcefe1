"""Whether a resource is as the definitions of FHIR R4 say: its elements, their types, their cardinalities and their fixed codes.

The definitions are those of the library fhir.resources (R4B, which for these types is R4). They are loaded when they are first asked
for, which takes seconds, so this runs in a process of its own.
"""

from typing import Any, Final

MOST: Final = 50
_CODES: Final = {"missing": "required", "extra_forbidden": "structure", "value_error": "invariant"}


def problems_in(resource: dict[str, Any]) -> list[dict[str, Any]]:
    """What is wrong with it, none where nothing is."""
    from fhir.resources.R4B import get_fhir_model_class  # fhir.resources: 15,000 models that only validation needs
    from pydantic import ValidationError

    type = str(resource.get("resourceType", ""))
    try:
        model = get_fhir_model_class(type)
    except (KeyError, ValueError):
        return [_problem("not-supported", f"the definitions hold no resource type {type[:64]!r}", "resourceType", "error")]
    try:
        model.model_validate(resource)
    except ValidationError as error:
        return [_read(type, each) for each in error.errors(include_url=False, include_input=False)[:MOST]]
    except RecursionError:
        return [_problem("too-costly", "this is nested too deeply to be validated", type, "error")]
    return []


def _read(type: str, error: Any) -> dict[str, Any]:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"])
    return _problem(_CODES.get(error["type"], "value"), str(error["msg"])[:500], f"{type}{path}", "error")


def _problem(code: str, words: str, where: str, severity: str) -> dict[str, Any]:
    return {"severity": severity, "code": code, "words": words, "where": where}
