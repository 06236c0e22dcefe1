"""`wardline deidentify`: files without what identifies people, what was measured about that, and how easily a table gives somebody away."""

import csv
import importlib.util
import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import track

from wardline.adapters.embedded.folder import DataFolder
from wardline.app.deidentifying import Export, Written
from wardline.app.settings import load
from wardline.core.errors import NotFound, Refused
from wardline.formats.dicom.deidentification.options import Option, checked, option_named
from wardline.formats.dicom.deidentification.pixels import Rectangle
from wardline.learning.evaluation.deidentification import measured, notes_in
from wardline.learning.evaluation.deidentification_page import draw, page
from wardline.science.statistics.disclosure import SMALLEST_CELL, Report, disclosure
from wardline.science.statistics.generalising import Suggestion, suggestions
from wardline.security.deidentification import Deidentification, Profile

REFERENCE: Final = "WARDLINE_REFERENCE_DATA"
DATES: Final = {Profile.SAFE_HARBOR: frozenset[Option](), Profile.PSEUDONYMISED: frozenset({Option.RETAIN_MODIFIED_DATES})}
SHOWN: Final = 20

app = App(name="deidentify")


@app.default
def deidentify(
    *paths: Annotated[Path, Parameter(help="Files or folders: HL7 v2, FHIR (JSON or NDJSON), DICOM, plain text (.txt).")],
    out: Annotated[Path, Parameter(help="An empty folder for the results, numbered: names of files may name people.")],
    profile: Annotated[
        Profile, Parameter(help="safe-harbor removes; pseudonymised keeps a usable record with stand-ins, and is not Safe Harbor.")
    ] = Profile.SAFE_HARBOR,
    data: Annotated[Path | None, Parameter(help="The data folder whose key makes stand-ins the same at every export (pseudonymised).")] = None,
    option: Annotated[tuple[str, ...], Parameter(help="For DICOM: an option of PS3.15 Annex E, as clean-descriptors. Repeat for more.")] = (),
    blank: Annotated[tuple[str, ...], Parameter(help="For DICOM: LEFT,TOP,RIGHT,BOTTOM in pixels to blank, with clean-pixel-data.")] = (),
    patient: Annotated[str, Parameter(help="For plain text: the number of the patient all files are about.")] = "",
    day_first: Annotated[bool, Parameter(help="3/4/2024 is 3 April.")] = False,
) -> int:
    """De-identify files. Exit code 1 when some were refused; nothing of those is written.

    For example:

        wardline deidentify messages/ --out clean

        wardline deidentify series/ --profile pseudonymised --data wardline-data --option clean-descriptors --out clean
    """
    console = Console(markup=False, highlight=False, soft_wrap=True)
    files = _files(paths)
    options = checked(DATES[profile] | {option_named(word) for word in option})
    key = _key(data) if profile is Profile.PSEUDONYMISED else None
    policy = Deidentification(profile, datetime.now(UTC).date(), key, month_first=not day_first)
    _make(out)
    export = Export(policy, options, tuple(rectangle(each) for each in blank), patient)
    export.look_through(files)
    results = [export.write(file, out, number) for number, file in enumerate(track(files, "De-identifying", console=console, transient=True), 1)]
    _say(results, policy, out, console)
    return 1 if any(each.refused for each in results) else 0


@app.command
def evaluate(
    suite: Annotated[Literal["asq_phi"], Parameter(help="asq_phi: 511 labelled texts, among the reference data.")],
    *,
    out: Annotated[Path, Parameter(help="Where the page and its plot go.")] = Path("docs/evaluation"),
    file: Annotated[Path | None, Parameter(help="The set, where it is not among the reference data.")] = None,
) -> int:
    """Measure how much of what identifies people is found in text, and write a page with table and plot.

    For example:

        wardline deidentify evaluate asq_phi
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise Refused("the plot needs matplotlib: install Wardline with its extra, pip install 'wardline[evaluation]'", code="extra")
    notes = notes_in(file or Path(os.environ.get(REFERENCE, "../shared/data")) / f"knowledge/{suite}/{suite}.jsonl")
    held_out = measured(note for note in notes if note.is_held_out)
    developed = measured(note for note in notes if not note.is_held_out)
    out.mkdir(parents=True, exist_ok=True)
    draw(held_out, out)
    (out / "deidentification.md").write_text(page(developed, held_out, datetime.now(UTC).date()), encoding="utf-8")
    console = Console(markup=False, highlight=False, soft_wrap=True)
    for kind, score in held_out.kinds.items():
        counts = f"{score.found:4} of {score.entities:4}"
        console.print(f"{kind.value:25} {counts}  recall {score.recall.estimate:.4f}  precision {score.precision.estimate:.4f}")
    risk = held_out.residual_risk
    console.print(f"residual risk {risk.estimate:.4f} ({risk.low:.4f} to {risk.high:.4f}) of texts; written to {out / 'deidentification.md'}")
    return 0


@app.command
def risk(
    file: Annotated[Path, Parameter(help="A table: CSV with a first line of names, or JSON lines.")],
    *,
    quasi: Annotated[str, Parameter(help="Columns that others may know of a person, with commas: age,sex,zip3.")],
    sensitive: Annotated[str, Parameter(help="Columns that nobody must learn, with commas.")] = "",
    k: Annotated[int, Parameter(help="How many must share their features at least.")] = SMALLEST_CELL,
    register: Annotated[Path | None, Parameter(help="A table of people an attacker could hold, with the same columns: a voter list.")] = None,
    as_json: Annotated[bool, Parameter(name="--json", help="The whole report as one JSON object.")] = False,
) -> int:
    """Say how easily somebody in a table could be told. Exit code 1 when groups are smaller than k.

    For example:

        wardline deidentify risk cohort.csv --quasi age,sex,zip3 --sensitive diagnosis
    """
    if k < 2:
        raise Refused("k is 2 or more: with 1 everybody may be alone", code="k", where="k")
    rows, columns = _table(file), _listed(quasi)
    _check(rows, (*columns, *_listed(sensitive)), file)
    held = _table(register) if register else []
    _check(held, columns, register or file)
    report = disclosure(rows, columns, k=k, sensitive=_listed(sensitive), register=held)
    steps = suggestions(rows, columns, k) if report.breaking else []
    if as_json:
        print(json.dumps(in_words(report, steps)))
    else:
        _print(report, steps, Console(markup=False, highlight=False, soft_wrap=True))
    return 1 if report.breaking else 0


def in_words(report: Report, steps: list[Suggestion]) -> dict[str, Any]:
    """The report as JSON: named tuples would be lists."""
    named: dict[str, Any] = report._asdict()
    named |= {attacker: getattr(report, attacker)._asdict() for attacker in ("prosecutor", "journalist")}
    return named | {"sensitive": [each._asdict() for each in report.sensitive], "suggestions": [each._asdict() for each in steps]}


def rectangle(written: str) -> Rectangle:
    """Raises `Refused` unless it is four whole numbers that make one."""
    numbers = [int(part) for part in written.split(",") if part.strip().isdigit()]
    if len(numbers) != 4 or numbers[0] >= numbers[2] or numbers[1] >= numbers[3]:
        raise Refused(f"{written!r} is not LEFT,TOP,RIGHT,BOTTOM in pixels, as 0,0,640,40", code="blank", where="blank")
    return Rectangle(*numbers)


def _files(paths: tuple[Path, ...]) -> list[Path]:
    if not paths:
        raise Refused("name at least one file or folder", code="path")
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise NotFound(f"there is no {path}")
        files += sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    return files


def _make(out: Path) -> None:
    """Results must not lie among other files: somebody would hand on the wrong ones."""
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise Refused(f"{out} is not empty; name another folder with --out", code="out", where="out")


def _key(data: Path | None) -> bytes:
    return DataFolder(load(data=data).data, reading=True).pseudonym_key


def _say(results: list[Written], policy: Deidentification, out: Path, console: Console) -> None:
    for each in results:
        if each.refused:
            console.print(f"refused  {each.source}: {each.refused}")
    formats = Counter(each.format for each in results if not each.refused)
    dropped = sum((each.dropped for each in results), Counter[str]())
    report = {
        "profile": policy.profile.value, "notice": policy.profile.notice, "written": dict(formats),
        "refused": sum(bool(each.refused) for each in results), "left out": dict(dropped),
    }  # fmt: skip
    (out / "report.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    console.print(f"{formats.total()} written to {out}, {report['refused']} refused. {policy.profile.notice}")


def _table(file: Path) -> list[dict[str, str]]:
    """Rows of a CSV file, or of JSON lines. Raises `NotFound` and `Refused`."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            if file.suffix.lower() in (".jsonl", ".ndjson", ".json"):
                return [{name: "" if value is None else str(value) for name, value in json.loads(line).items()} for line in lines if line.strip()]
            return [{name: value or "" for name, value in row.items() if name is not None} for row in csv.DictReader(lines)]
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}") from None
    except (ValueError, AttributeError, csv.Error):
        raise Refused(f"{file} is neither CSV with a line of names nor one JSON object on each line", code="table") from None


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _check(rows: list[dict[str, str]], columns: tuple[str, ...] | list[str], file: Path) -> None:
    missing = [column for column in columns if rows and not any(column in row for row in rows)]
    if missing or not columns:
        raise Refused(f"{file} has no column {', '.join(missing) or 'to look at'}; it has {', '.join(rows[0] if rows else ())}", code="column")


def _print(report: Report, steps: list[Suggestion], console: Console) -> None:
    console.print(f"{report.records:,} records in {report.groups:,} groups; the smallest has {report.smallest} (wanted: {report.wanted})")
    console.print(f"{len(report.breaking):,} records are in smaller groups, {report.alone:,} share their features with nobody")
    for each in report.sensitive:
        console.print(f"{each.column}: at least {each.distinct} values in a group (entropy {each.entropy:.2f})")
        console.print(f"{each.column}: distance of a group from the whole up to {each.closeness:.3f}")
    register = f"{report.against:,} people of the register" if report.against else "the table itself, the worst case"
    console.print(f"risk from who knows they are in the table: highest {report.prosecutor.highest:.4f}, average {report.prosecutor.average:.4f}")
    console.print(f"who does not: highest {report.journalist.highest:.4f}, average {report.journalist.average:.4f} (against {register})")
    console.print(f"expected share named by somebody who tries everybody: {report.marketer:.4f}")
    for step in steps:
        console.print(f"suggested: {step.column}: {step.words}; then {step.breaking:,} records in too small a group")
    for place in _few(report.breaking):
        console.print(f"record {place + 1}")
    if len(report.breaking) > SHOWN:
        console.print(f"... and {len(report.breaking) - SHOWN:,} more; --json lists all")


def _few(places: tuple[int, ...]) -> Iterator[int]:
    yield from places[:SHOWN]
