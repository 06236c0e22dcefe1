"""`python -m bench [NAME ...]`: measure, print, and renew in results.json what was measured."""

import json
import os
import platform
import sys
import traceback
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.results import Bar

BENCHES = (
    "parsing", "scoring", "durable", "screens", "routes", "audit", "fanout", "history", "starting", "fhir", "hooks", "medication", "suv", "radiomics",
    "segmentation_objects", "dicomweb", "dicom",
)  # fmt: skip
RESULTS = Path(__file__).parent / "results.json"


def main(names: list[str]) -> int:
    console = Console(highlight=False)
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        console.print(f"There is no bench {unknown[0]!r}; there are {', '.join(BENCHES)}.")
        return 2
    table = Table(box=None, pad_edge=False)
    for name, justify in (("what", "left"), ("aim", "right"), ("measured", "right"), ("", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    failed = False
    for name in names or BENCHES:
        load = os.getloadavg()[0]
        with console.status(f"Measuring: {name}"):
            bars = _measured(name)
        for bar in bars:
            table.add_row(bar.name, *bar.words, style="bold" if bar.met is False else "")
        failed |= any(bar.failed for bar in bars)
        _keep(name, bars, load)
    console.print(table)
    console.print(f"Written: {RESULTS}")
    return int(failed)


def _keep(name: str, bars: list[Bar], load: float) -> None:
    """Each bench stands with when and where it was measured: they take an hour together, and nobody runs all for one."""
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    machine = {"python": platform.python_version(), "processors": os.cpu_count(), "system": platform.system(), "load_before": round(load, 1)}
    kept[name] = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine, "bars": [bar.json() for bar in bars]}
    content = {each: kept[each] for each in BENCHES if each in kept}
    RESULTS.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _measured(name: str) -> list[Bar]:
    try:
        found: list[Bar] = import_module(f"bench.{name}").run()
    except Exception as error:  # whatever one of them meets, the hour that the others took is not lost
        traceback.print_exc()
        return [Bar(f"{name}: not measured, {type(error).__name__}: {error}", None, failed=True)]
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
