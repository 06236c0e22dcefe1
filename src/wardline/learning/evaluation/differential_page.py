"""The page about the differential, in Markdown."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardline.learning.evaluation.reliability import calibration_error

INTRODUCTION: Final = """# The differential where the truth is known

Cases are drawn from published diagnostic networks. One half of them is learned from, as a site learns from a file of its own cases
(`wardline knowledge learn`); held-out cases of the other half are asked. A case is what can be observed; nothing else of the network is told.

**Exact** is the network's own inference on the very same answers: nobody who gets these answers can do better, apart from chance. Learned
figures take answers as independent given the diagnosis, which they are not; the weight of one answer was learned for that.
"""
LIMITS: Final = """## What this does not say

- These patients are made up. **The figures of the presentations that come with Wardline (`science/diagnosis/published`) have not been measured on
  patients**: no set of described patients with a licence for it was at hand. They stay provisional.
- DDXPlus: its vocabulary of conditions and evidences is read (`wardline knowledge learn` takes its files); its patients were not at hand.
- Triage by vignettes (Semigran) was not measured: the texts were not at hand, and nothing here reads free text.

```
wardline evaluate diagnosis
```
"""


class Task(NamedTuple):
    """A network and the variable that is the diagnosis."""

    name: str
    about: str
    diagnosis: str


class Row(NamedTuple):
    """One way of asking: how often the truth came first and among three, here and by exact inference on the same answers."""

    way: str
    first: float
    first_three: float
    exact_first: float
    stated: NDArray[np.float64]
    right: NDArray[np.bool_]


class Result(NamedTuple):
    task: Task
    questions: int
    learned_from: int
    asked: int
    weight: float
    rows: tuple[Row, ...]


def page(results: Sequence[Result]) -> str:
    """The whole page; its plots lie beside it."""
    return "\n".join((INTRODUCTION, *(line for result in results for line in _result(result)), LIMITS)).rstrip() + "\n"


def _result(result: Result) -> Iterator[str]:
    yield f"## {result.task.about}\n"
    yield f"{result.questions} questions, learned from {result.learned_from:,} cases, asked of {result.asked}."
    yield f"Weight of one answer: {result.weight:.2f}.\n"
    yield "| | first | first three | exact, first | distance of probability from truth |\n|---|--:|--:|--:|--:|"
    for row in result.rows:
        error = 100 * calibration_error(row.stated, row.right)
        yield f"| {row.way} | {100 * row.first:.1f} % | {100 * row.first_three:.1f} % | {100 * row.exact_first:.1f} % | {error:.1f} points |"
    yield f"\n![Reliability](diagnosis-{result.task.name}-reliability.svg)\n"
