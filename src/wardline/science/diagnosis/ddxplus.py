"""The vocabulary and cases of DDXPlus (Fansi Tchango et al., NeurIPS 2022): how a hospital may write down its own, too.

`release_conditions.json` and `release_evidences.json` name conditions and what is asked; a table of patients has the columns AGE, SEX,
PATHOLOGY and EVIDENCES, the last a list such as ['E_91', 'E_55_@_V_29', 'E_56_@_4']. What is not in the list has its default: in this
format everything was asked.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from wardline.core.errors import Refused
from wardline.science.diagnosis.learning import Case
from wardline.science.diagnosis.presentations import YES_NO, Condition, Question, Urgency

_VALUE: Final = "_@_"
_URGENCY: Final[dict[int, Urgency]] = {1: "emergency", 2: "emergency", 3: "urgent"}
"""Their severity, 1 the most severe of 5; that 1 and 2 are emergencies is our reading."""
_NO_ID: Final = re.compile(r"[^a-z0-9]+")


class Vocabulary(NamedTuple):
    """Conditions by the name patients have them under, questions by id, and the default answer of each question."""

    conditions: Mapping[str, Condition]
    questions: tuple[Question, ...]
    defaults: Mapping[str, str]


def vocabulary_of(conditions: Any, evidences: Any) -> Vocabulary:
    """Read both files. Raises `Refused`."""
    try:
        known = {name: _condition(name, each) for name, each in conditions.items()}
        asked = [pair for each in evidences.values() for pair in _questions(each)]
    except (KeyError, TypeError, AttributeError, ValueError):
        raise Refused("these are not the conditions and evidences of DDXPlus", code="ddxplus") from None
    return Vocabulary(known, tuple(question for question, _ in asked), {question.id: default for question, default in asked})


def cases_of(rows: Iterable[Mapping[str, str]], vocabulary: Vocabulary) -> Iterator[Case]:
    """Read patients. Raises `Refused`, naming the row."""
    questions = {question.id: question for question in vocabulary.questions}
    for number, row in enumerate(rows, 2):
        try:
            tokens, pathology = ast.literal_eval(row["EVIDENCES"]), row["PATHOLOGY"]
            answers = dict(vocabulary.defaults)
            answers.update(_answer(str(token), questions) for token in tokens)
            yield Case(vocabulary.conditions[pathology].id, answers)
        except (KeyError, ValueError, SyntaxError, TypeError):
            raise Refused(
                f"row {number} is no patient of this vocabulary: PATHOLOGY and EVIDENCES are needed, by their names", code="ddxplus"
            ) from None


def _condition(name: str, said: Mapping[str, Any]) -> Condition:
    code = str(said["icd10-id"]).split(",")[0].strip().upper()
    return Condition(
        _NO_ID.sub("_", name.lower()).strip("_"), str(said.get("cond-name-eng", name)), code, 0.0, _URGENCY.get(int(said["severity"]), "routine")
    )


def _questions(said: Mapping[str, Any]) -> Iterator[tuple[Question, str]]:
    """One question for a yes or no and for one of several values; one for each value where several may be true."""
    name, ask = said["name"], said["question_en"]
    kind: Any = "history" if said["is_antecedent"] else "symptom"
    values = [str(value) for value in said["possible-values"]]
    if said["data_type"] == "M":
        for value in values:
            words = said["value_meaning"][value]["en"]
            yield Question(f"{name}{_VALUE}{value}", f"{ask} {words}", kind, (), {}, ddxplus=name), YES_NO[str(said["default_value"]) != value]
    elif said["data_type"] == "C" and len(values) > 1:
        yield Question(name, ask, kind, (), {}, tuple(values), ddxplus=name), str(said["default_value"])
    else:
        yield Question(name, ask, kind, (), {}, ddxplus=name), YES_NO[1]


def _answer(token: str, questions: Mapping[str, Question]) -> tuple[str, str]:
    """ "E_91" is a yes, "E_56_@_4" a value, "E_55_@_V_29" one of several that may be true."""
    if token in questions:
        return token, YES_NO[0]
    name, _, value = token.partition(_VALUE)
    if name in questions and value in questions[name].answers:
        return name, value
    raise KeyError(token)
