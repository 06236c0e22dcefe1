"""`python -m bench [NAME ...]`: measure, print, write results.json."""

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
    load = os.getloadavg()[0]
    bars: list[Bar] = []
    for name in names or BENCHES:
        with console.status(f"Measuring: {name}"):
            for bar in _measured(name):
                bars.append(bar)
                table.add_row(bar.name, *bar.words, style="bold" if bar.met is False else "")
    console.print(table)
    if not names:
        machine = {"python": platform.python_version(), "processors": os.cpu_count(), "system": platform.system(), "load_before": round(load, 1)}
        content = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine, "bars": [bar.json() for bar in bars]}
        RESULTS.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        console.print(f"Written: {RESULTS}")
    return 1 if any(bar.failed for bar in bars) else 0


def _measured(name: str) -> list[Bar]:
    try:
        found: list[Bar] = import_module(f"bench.{name}").run()
    except Exception as error:  # whatever one of them meets, the hour that the others took is not lost
        traceback.print_exc()
        return [Bar(f"{name}: not measured, {type(error).__name__}: {error}", None, failed=True)]
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
