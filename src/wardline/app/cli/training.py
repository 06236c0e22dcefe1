"""`wardline train`: teaching a model on this machine; what comes out is a file that is only read, never executed, with its card."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter
from rich.console import Console

app = App(name="train", help="Teach a model on this machine.")


@app.command
def segmentation(
    out: Annotated[Path, Parameter(help="The ONNX file to write; the manifest goes beside it.")],
    *,
    people: Annotated[int, Parameter(help="How many people to invent.")] = 90,
    steps: Annotated[int, Parameter(help="How many steps to learn; a thousand take about ten minutes on two cores.")] = 1100,
    seed: Annotated[int, Parameter(help="The same number gives the same people.")] = 20260101,
    threads: Annotated[int, Parameter(help="How many cores to use.")] = 2,
) -> None:
    """Teach the small network that finds lungs, lung nodules and hot spots in PET/CT, on invented people alone.

    Needs torch, which Wardline does not bring. For example:

        wardline train segmentation phantom-chest.onnx
    """
    from wardline.learning.segmentation import card
    from wardline.learning.segmentation.training import export, size_of, train

    console = Console(markup=False, highlight=False, soft_wrap=True)
    network = train(seed=seed, people=people, steps=steps, say=console.print, threads=threads)
    export(network, out)
    written = card.write(out, seed=seed, people=people, steps=steps, weights=size_of(network))
    console.print(f"{out} and {written} are written; measure before you use it: wardline evaluate segmentation")


@app.command
def survival(
    table: Annotated[Path, Parameter(help="CSV with a line for each person: a time, whether it happened, and numbers known at the start.")],
    *,
    time: Annotated[str, Parameter(help="Column of the time under observation.")],
    event: Annotated[str, Parameter(help="Column that says whether it happened (1) or the watching ended before (0).")],
    horizon: Annotated[float, Parameter(help="Months ahead the model shall answer for.")],
    out: Annotated[Path, Parameter(help="The folder to write model.json and card.md into.")],
    kind: Annotated[Literal["cox", "boosted"], Parameter(help='Regression, or trees (needs the extra "learning").')] = "cox",
    features: Annotated[str, Parameter(help="Columns to learn from, with commas; without it every other column.")] = "",
    patient: Annotated[str, Parameter(help="Column that names the person, where one has several lines.")] = "",
    unit: Annotated[Literal["days", "months", "years"], Parameter(help="What the time is counted in.")] = "months",
    title: Annotated[str, Parameter(help="What the model is called on screen.")] = "Survival",
    outcome: Annotated[str, Parameter(help="What it is that happens, in words.")] = "death",
    population: Annotated[str, Parameter(help="Who is in the table, in words.")] = "",
    processing: Annotated[Path | None, Parameter(help="JSON: the settings lesion radiomics declares, if its features are in the table.")] = None,
    resamples: Annotated[int, Parameter(help="How many resampled models make the uncertainty.")] = 50,
    seed: Annotated[int, Parameter(help="The same number gives the same model.")] = 1,
) -> None:
    """Teach a survival model on your own table, and measure it on people it has not seen.

    For example:

        wardline train survival patients.csv --time days --unit days --event died --horizon 24 --out two-years
    """
    from wardline.core.errors import Refused
    from wardline.learning.survival.card import card
    from wardline.learning.survival.table import Columns, read
    from wardline.learning.survival.training import Wish, read_back, train

    console = Console(markup=False, highlight=False, soft_wrap=True)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Refused(f"{out} is not an empty folder; name a new one, so that no model is written over another", code="survival")
    chosen = tuple(name.strip() for name in features.split(",") if name.strip())
    lines = read(table, Columns(time, event, patient, chosen, unit))
    digest = hashlib.sha256(table.read_bytes()).hexdigest()
    origin = {"trained": f"{datetime.now(UTC):%Y-%m-%d}", "SHA-256 of the table": digest, "time": f"{time} in {unit}", "event": event}
    wish = Wish(kind, horizon, title, outcome, population, seed, resamples, _declared(processing), origin)
    content = train(lines, wish)
    model = read_back(content)
    out.mkdir(parents=True, exist_ok=True)
    (out / "model.json").write_text(json.dumps(content, allow_nan=False), encoding="utf-8")
    (out / "card.md").write_text(card(model), encoding="utf-8")
    worth: dict[str, Any] = content["card"]["measured"]
    console.print("C-index {:.3f} ({:.3f} to {:.3f}) on people it has not seen".format(*worth["c_harrell"]))
    for warning in content["card"]["warnings"]:
        console.print(f"careful: {warning}")
    console.print(f"{out / 'model.json'} and {out / 'card.md'} are written; the house reads the model from config/site/prognosis_model/")


def _declared(file: Path | None) -> dict[str, Any] | None:
    """Raises `Refused` for what is no JSON object."""
    from wardline.core.errors import Refused

    if file is None:
        return None
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(f"{file} cannot be read as JSON: {error}", code="survival") from None
    if not isinstance(content, dict):
        raise Refused(f"{file} is not a JSON object", code="survival")
    return content
