"""What the record answers by itself: a known disease is a history, a measured value is a sign or a test."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from wardline.core.course import Condition, condition_naming
from wardline.core.errors import Refused
from wardline.science.diagnosis.presentations import YES_NO, Presentation

_FLAGS: Final = {True: "yes", False: "no"}


def charted(
    presentation: Presentation, conditions: Iterable[Condition], values: Mapping[str, float | None], as_of: datetime | None
) -> dict[str, str]:
    """Answers by question. A disease the record does not name is not answered "no"; a value that was measured answers either way."""
    known = tuple(conditions)
    found = {}
    for question in presentation.questions:
        if question.answers != YES_NO:
            continue
        value = values.get(question.measured[0].id) if question.measured is not None else None
        if question.measured is not None and value is not None:
            found[question.id] = _FLAGS[value >= question.measured[1]]
        elif question.diseases and as_of is not None and condition_naming(known, question.diseases, as_of) is not None:
            found[question.id] = "yes"
    return found


def said(given: Any) -> dict[str, str]:
    """What somebody answered: an object of findings, each true, false or one of the question's answers. Raises `Refused`."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise Refused('findings is an object such as {"orthopnoea": true, "fever": false}', where="findings")
    answers = {}
    for name, answer in given.items():
        if answer is None:
            continue
        if not isinstance(answer, bool | str):
            raise Refused(f"{name} is true, false, or one of its answers", where=str(name))
        answers[str(name)] = _FLAGS[answer] if isinstance(answer, bool) else answer
    return answers
