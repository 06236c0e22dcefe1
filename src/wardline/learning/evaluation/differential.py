"""The differential where the truth is known: cases drawn from published diagnostic networks, learned from one half, asked of the other.

Real cases with a licence to use were not at hand, and with every answer given almost any method is right. So: how good with half of the
answers missing, and with only a few questions, chosen by what they are expected to tell or at random? The network's own exact inference
on the same answers is the best that anybody could do.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from wardline.learning.evaluation.bayes import read, sample
from wardline.learning.evaluation.differential_page import Result, Row, Task, page
from wardline.science.diagnosis.bayes.junction import JunctionTree
from wardline.science.diagnosis.bayes.network import Network
from wardline.science.diagnosis.differential import expected_bits, posterior
from wardline.science.diagnosis.learning import Case, learned
from wardline.science.diagnosis.presentations import Condition, Presentation, Question

SEED: Final = 20260102
CASES: Final = 3000
ASKED: Final = 300
"""Held-out cases that are asked; exact inference takes its time."""
FEW: Final = (3, 5, 8)


TASKS: Final = (
    Task("child", "CHILD: congenital heart disease of the newborn, 6 diagnoses (Spiegelhalter et al., Stat Sci 1993;8:219)", "Disease"),
    Task("pathfinder", "Pathfinder: lymph-node pathology, 63 diagnoses (Heckerman et al., Methods Inf Med 1992;31:90)", "Fault"),
)


Ask = Callable[[Presentation, Case, np.random.Generator], Mapping[str, str]]


def run(reference: Path, out: Path) -> str:
    """Measure and write the page with its plots."""
    results = [measure(task, read(reference, task.name)) for task in TASKS]
    # matplotlib is an extra: only here is it sure to be there.
    from wardline.learning.evaluation.reliability import draw

    for result in results:
        few = next(row for row in result.rows if row.way == f"{FEW[1]} questions, chosen")
        draw(few.stated, few.right, f"{result.task.name}: {FEW[1]} questions, held out", out / f"diagnosis-{result.task.name}-reliability.svg")
    (out / "diagnosis.md").write_text(page(results), encoding="utf-8")
    return "; ".join(f"{result.task.name}: all answers {100 * result.rows[0].first:.0f} % first" for result in results)


def measure(task: Task, network: Network, cases: int = CASES, asked: int = ASKED) -> Result:
    chance = np.random.default_rng(SEED)
    drawn = [_case(network, task, chance) for _ in range(cases)]
    training, held_out = drawn[: cases // 2], drawn[cases // 2 :][:asked]
    conditions = {state: Condition(state, state, "", 0.0) for state in network.states[task.diagnosis]}
    questions = [Question(name, name, "test", (), {}, network.states[name]) for name in _observable(network, task) if len(network.states[name]) > 1]
    presentation = learned(task.name, task.name, conditions, questions, training)
    tree = JunctionTree.of(network)
    rows = tuple(_row(way, ask, presentation, tree, task, held_out) for way, ask in _ways())
    return Result(task, len(questions), len(training), len(held_out), presentation.weight, rows)


def _observable(network: Network, task: Task) -> tuple[str, ...]:
    """What can be seen of a patient: variables nothing else depends on."""
    inner = {parent for table in network.tables.values() for parent in table.parents}
    return tuple(name for name in network.states if name not in inner and name != task.diagnosis)


def _case(network: Network, task: Task, chance: np.random.Generator) -> Case:
    drawn = sample(network, chance)
    return Case(drawn[task.diagnosis], {name: drawn[name] for name in _observable(network, task)})


def _ways() -> tuple[tuple[str, Ask], ...]:
    few = [(f"{count} questions, {how}", _few(count, how == "chosen")) for count in FEW for how in ("chosen", "at random")]
    return (("all answers", lambda presentation, case, chance: case.answers), ("half of the answers missing", _half), *few)


def _half(presentation: Presentation, case: Case, chance: np.random.Generator) -> Mapping[str, str]:
    return {name: answer for name, answer in case.answers.items() if chance.random() < 0.5}


def _few(count: int, chosen: bool) -> Ask:
    def ask(presentation: Presentation, case: Case, chance: np.random.Generator) -> Mapping[str, str]:
        answers: dict[str, str] = {}
        names = [question.id for question in presentation.questions]
        for _ in range(min(count, len(names))):
            open_ = [place for place, name in enumerate(names) if name not in answers]
            bits = expected_bits(presentation, posterior(presentation, answers)) if chosen else chance.random(len(names))
            name = names[max(open_, key=bits.__getitem__)]
            answers[name] = case.answers[name]
        return answers

    return ask


def _row(way: str, ask: Ask, presentation: Presentation, tree: JunctionTree, task: Task, cases: Sequence[Case]) -> Row:
    chance = np.random.default_rng(SEED + 1)
    names = [condition.id for condition in presentation.conditions]
    ranks, exact, stated = [], [], []
    for case in cases:
        answers = ask(presentation, case, chance)
        given = posterior(presentation, answers)[: len(names)]
        best = [names[place] for place in np.argsort(-given, kind="stable")]
        ranks.append(best.index(case.condition) if case.condition in best else len(names))
        stated.append(float(given.max()))
        truth = tree.marginals(answers)[task.diagnosis]
        exact.append(tree.network.states[task.diagnosis][int(truth.argmax())] == case.condition)
    rank = np.array(ranks)
    return Row(way, float((rank == 0).mean()), float((rank < 3).mean()), float(np.mean(exact)), np.array(stated), rank == 0)
