"""`wardline knowledge`: what a hospital teaches Wardline about its own patients."""

import csv
import json
from pathlib import Path
from typing import Annotated, Any, Final

import yaml
from cyclopts import App, Parameter
from rich.console import Console

from wardline.core.errors import NotFound, Refused
from wardline.science.diagnosis.ddxplus import cases_of, vocabulary_of
from wardline.science.diagnosis.differential import posterior
from wardline.science.diagnosis.learning import Case, asked_of, asked_often, learned
from wardline.science.diagnosis.presentations import Presentation
from wardline.science.diagnosis.site_presentations import presentations_of, written

app = App(name="knowledge", help="Teach the differential from the hospital's own cases.")
TESTED: Final = 2
"""Every second case is kept out while it is tested."""


@app.command
def learn(
    cases: Annotated[Path, Parameter(help="A CSV file with the columns PATHOLOGY and EVIDENCES.")],
    *,
    conditions: Annotated[Path, Parameter(help="release_conditions.json, or one written like it.")],
    evidences: Annotated[Path, Parameter(help="release_evidences.json, or one written like it.")],
    name: Annotated[str, Parameter(help="The id of the presentation.")],
    title: Annotated[str, Parameter(help="What people read.")],
    out: Annotated[Path, Parameter(help="Where it is written: site/presentations.yaml in the configuration folder.")],
) -> None:
    """Learn how often findings go with conditions from cases in the format of DDXPlus, and write them as a table of the site.

    Half of the cases is learned from first and the other half asked, so that the numbers printed are of cases it has not seen; then all
    are learned from. Other presentations in the file are kept. The file holds counts, no patient.

    For example:

        wardline knowledge learn cases.csv --conditions release_conditions.json --evidences release_evidences.json --name clinic --title "Walk-in
        clinic" --out data/config/site/presentations.yaml
    """
    vocabulary = vocabulary_of(_json(conditions), _json(evidences))
    known = {condition.id: condition for condition in vocabulary.conditions.values()}
    with _there(cases).open(encoding="utf-8", newline="") as rows:
        told = list(cases_of(csv.DictReader(rows), vocabulary))
    questions = asked_often(vocabulary.questions, told)
    console = Console(markup=False, highlight=False, soft_wrap=True)
    half = learned(name, title, known, questions, told[::TESTED])
    console.print(_tested(half, told[1::TESTED]))
    whole = learned(name, title, known, questions, told)
    others = [each for each in presentations_of(yaml.safe_load(out.read_text(encoding="utf-8"))) if each.id != name] if out.exists() else []
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(yaml.safe_dump(written([*others, whole]), sort_keys=False, allow_unicode=True), encoding="utf-8")
    console.print(f"{len(told)} cases, {len(whole.conditions)} conditions, {len(whole.questions)} questions; written to {out}")


def _tested(presentation: Presentation, cases: list[Case]) -> str:
    """How often the truth comes first and among three, all answers given."""
    names = [condition.id for condition in presentation.conditions]
    first = three = 0
    for case in cases:
        best = [names[place] for place in posterior(presentation, asked_of(presentation, case))[: len(names)].argsort()[::-1][:3]]
        first, three = first + (case.condition == best[0]), three + (case.condition in best)
    return f"of {len(cases)} held-out cases the truth came first in {100 * first / len(cases):.1f} %, among three in {100 * three / len(cases):.1f} %"


def _json(path: Path) -> Any:
    try:
        return json.loads(_there(path).read_text(encoding="utf-8"))
    except ValueError:
        raise Refused(f"{path} is not JSON", code="json") from None


def _there(path: Path) -> Path:
    if not path.is_file():
        raise NotFound(f"{path} is not there")
    return path
