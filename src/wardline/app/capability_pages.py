"""The page of one capability, made from its code and its cases: for the clinician who must trust it, for the engineer who feeds it."""

import inspect
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from wardline.app.chart_pictures import capitalized, lines, words
from wardline.app.discovery import Case
from wardline.core.capability import Capability, Need
from wardline.core.concepts import LOINC_NOTICE, Concept
from wardline.core.quantities import plain
from wardline.core.scoring import Chart

MADE: Final = "<!-- Made from the code by `make docs`; change the code instead. -->\n"
STANDING: Final = """**Standing.** *Verified*: the table was checked against its source, or two independent implementations agree on every boundary.
*Provisional*: recalled, or from one source; marked on screen, never interrupts anybody, waits for the site's named clinician.
"""
ROOT: Final = Path(__file__).resolve().parents[3]
_ABOUT: Final = {
    "encounter": "one stay of a patient",
    "patient": "a patient, over all stays",
    "study": "one study from a scanner, looked at by a worker",
}


def index_page(capabilities: tuple[Capability, ...], cases: dict[str, tuple[Case, ...]]) -> str:
    """All of them by clinical area."""
    out = [MADE, "# Capabilities\n", "Each answers one clinical question and is one file with its reference cases beside it."]
    out.append("`wardline verify` runs every case on your machine; `wardline assess ID` asks one.\n")
    for area in sorted({each.group for each in capabilities}):
        out += [f"## {capitalized(words(area))}\n", *_head("capability", "question", "standing", "cases")]
        in_area = (each for each in capabilities if each.group == area)
        out += [_row(f"[{each.title}]({each.id}.md)", capitalized(each.question), each.standing, len(cases[each.id])) for each in in_area]
        out.append("")
    return "\n".join([*out, STANDING, f"**LOINC.** {LOINC_NOTICE}\n"])


def capability_page(capability: Capability, cases: tuple[Case, ...], source: Path) -> str:
    out = [MADE, f"# {capability.title}\n", f"**{capitalized(capability.question)}**\n"]
    if capability.caution:
        out.append(f"> **Caution.** {capability.caution}\n")
    out += [f"- {name}: {value}" for name, value in _facts(capability) if value]
    out += ["\n## Grounds\n", _grounds(capability), "\n## What it needs\n", *_needs(capability)]
    if isinstance(capability.chart, Chart):
        out += ["\n## Its table\n", f"![Points by band]({capability.id}.svg)\n", *_points(capability.chart)]
    out += ["\n## Ask it\n", "```", _example(capability, cases), "```"]
    out += [f"\n## Reference cases ({len(cases)})\n", "`wardline verify` runs them.\n", *_cases(cases)]
    code = source.relative_to(ROOT).as_posix()
    beside = source.with_name(f"{capability.id}.cases.yaml").relative_to(ROOT).as_posix()
    return "\n".join([*out, f"\nCode: [{source.name}](../../{code}), cases: [{Path(beside).name}](../../{beside}).\n"])


def _facts(capability: Capability) -> Iterator[tuple[str, str]]:
    yield "Id", f"`{capability.id}`, version {capability.version}"
    yield "About", _ABOUT[capability.about]
    yield "Answer in", f"`{capability.unit}` (UCUM)" if capability.unit else ""
    yield "Reference", capability.reference
    yield "Standing", capability.standing
    yield "Not for", capability.not_for
    missing = "the answer says at least how much, and what is missing" if capability.additive else "what is not optional makes the answer unknown"
    yield "Missing inputs", f"{missing}; nothing is ever guessed"


def _grounds(capability: Capability) -> str:
    """What the file says about its source, after its first sentence."""
    doc = inspect.cleandoc(capability.function.__globals__["__doc__"])
    return doc.partition("\n")[2].strip()


# --- inputs -------------------------------------------------------------------------------------------------------------------


def _needs(capability: Capability) -> Iterable[str]:
    """One line for each concept, so that names, units and codes stand beside each other; what holds for all stands in the first."""
    yield from _head("input", "what", "unit", "LOINC", "plausible", "not older than", "notes")
    for name, need in capability.needs:
        first, last = f"`{name}`", (_age(need), "; ".join(_notes(need)) or "–")
        for concept in need.concepts:
            yield _row(first, concept.name, f"`{concept.unit}`" if concept.unit else "–", ", ".join(concept.loinc) or "–", _plausible(concept), *last)
            first, last = "″", ("″", "″")
        if not need.concepts:
            yield _row(first, _what(need), "–", "–", "–", *last)


def _what(need: Need) -> str:
    return {
        "age": "Age in completed years", "sex": "Sex, F or M", "given": "Said by who asks", "site": f"The site's signed table `{need.name}`",
        "finding": f"The answer of [`{need.name}`]({need.name}.md)", "has": f"Diagnosed: {', '.join(each.name for each in need.diseases)}",
        "conditions": "Diagnoses and problems", "medications": "Running drug orders", "doses": "Doses given", "allergies": "Allergies",
        "procedures": "Procedures done", "vaccinations": "Vaccine doses given", "resources": f"FHIR resources: {', '.join(need.types)}",
        "moment": "The moment it is asked about", "born": "Date of birth", "volume": f"The study's best series of {' or '.join(need.modalities)}",
        "stacks": f"Every series{' of ' + ', '.join(need.modalities) if need.modalities else ''}",
        "earlier": f"The answer of [`{need.name}`]({need.name}.md) about the patient's study before",
        "drawn": "What a person has made of the outlines",
        "model": f"The trained model `{need.name}`, as its file is signed", "models": "The house's trained models, of which the site chooses",
    }[need.kind]  # fmt: skip


def _plausible(concept: Concept) -> str:
    return "–".join(plain(limit) for limit in concept.plausible) if concept.plausible else "–"


def _age(need: Need) -> str:
    if need.within is None:
        return "–"
    hours = need.within.total_seconds() / 3600
    return f"{hours:g} h" if hours < 48 else f"{hours / 24:g} days"


def _notes(need: Need) -> Iterator[str]:
    if need.kind in ("series", "readings"):
        yield "the newest of each" if need.last == 1 else f"the newest {need.last} of each" if need.last else "all values of that time"
    if need.newest is not None:
        yield f"the newest not older than {need.newest.total_seconds() / 3600:g} h"
    if need.together is not None:
        yield f"all taken within {need.together.total_seconds() / 60:g} min"
    if need.preliminary:
        yield "unverified values count"
    if need.default == ():
        yield "optional"
    elif need.default is not None:
        yield f"{need.default} where nothing is recorded"
    elif not need.required and need.kind != "readings":
        yield "optional"


# --- table, example, cases --------------------------------------------------------------------------------------------------------


def _points(chart: Chart) -> Iterable[str]:
    """As ward charts are folded up: what gives 0 points, what 1, ..."""
    drawn = list(lines(chart))
    columns = sorted({points for line in drawn for points in line.points})
    yield from _head("input", *(f"{points} point{'' if points == 1 else 's'}" for points in columns))
    for line in drawn:
        bands = (", ".join(label for label, given in zip(line.labels, line.points, strict=True) if given == points) for points in columns)
        yield _row(capitalized(line.input) + (f" ({line.when})" if line.when else ""), *(each or " " for each in bands))


def _example(capability: Capability, cases: tuple[Case, ...]) -> str:
    question = json.dumps(cases[0].given, ensure_ascii=False).replace("'", "'\\''")
    return f"echo '{question}' | wardline assess {capability.id}"


def _cases(cases: tuple[Case, ...]) -> Iterable[str]:
    yield from _head("case", "given", "answer")
    for case in cases:
        source = f"<br><sub>{case.source}</sub>" if case.source else ""
        yield _row(case.name + source, _given(case.given), _answer(case.expect))


def _given(given: dict[str, Any]) -> str:
    return ", ".join(f"{words(name)} {_value(value)}" for name, value in given.items()) or "nothing"


def _value(value: Any) -> str:
    """A reading with its hour as "0.9 at 0 h"; a site's table by its name alone, and a model by its title."""
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "not known"
        case {"value": number, "hours": hours, **rest}:
            return f"{rest.get('comparator', '')}{number} at {hours} h"
        case {"manifest": {"card": {"title": title}}}:
            return f"the model “{title}”"
        case {"signed_by": signature}:
            return f"version {value.get('version', '')}, {'signed' if signature else 'not signed'}"
        case dict():
            return ", ".join(f"{words(name)} {_value(inner)}" for name, inner in value.items())
        case list():
            return ", ".join(_value(inner) for inner in value)
        case _:
            return str(value)


def _answer(expect: dict[str, Any]) -> str:
    answers = expect.get("answers")
    if answers is not None:
        listed = answers.items() if isinstance(answers, dict) else ((each.get("key", ""), each) for each in answers)
        return "<br>".join(f"{words(str(key))}: {_answer(each)}" for key, each in listed)
    unit = str(expect.get("unit", "")).strip("{}")
    parts = [f"{_number(expect['value'])} {unit}".strip()] if "value" in expect else []
    parts += [f"severity {expect['severity']}"] if "severity" in expect else []
    outcome = expect.get("outcome", "finding")  # of several answers a case may expect only the value
    said = {"finding": ", ".join(parts), "at_least": f"at least {', '.join(parts)}"}.get(outcome, words(outcome))
    if "missing" in expect:
        said += f"; missing: {', '.join(words(name) for name in expect['missing']) or 'nothing'}"
    told = expect.get("summary") or expect.get("reason")
    return f"{said}<br>“{told}”" if told and said else str(told) if told else said or "an answer"


def _number(value: Any) -> str:
    """What is expected within a tolerance as "540 ± 5"."""
    return f"{value['near']} ± {value['within']}" if isinstance(value, dict) else str(value)


def _head(*names: str) -> list[str]:
    return [_row(*names), f"|{'---|' * len(names)}"]


def _row(*cells: Any) -> str:
    escaped = (str(cell).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"
