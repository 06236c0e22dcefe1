"""`wardline evaluate medcalc`: every case of MedCalc-Bench asked of our capabilities, and the page about it."""

from datetime import UTC, datetime
from pathlib import Path

from wardline.app.discovery import discover
from wardline.learning.evaluation.medcalc.measuring import compared
from wardline.learning.evaluation.medcalc.page import page, summary
from wardline.learning.evaluation.medcalc.patient import patients


def run(reference: Path, out: Path) -> str:
    """Write the page and say what came out."""
    capabilities = {capability.id: capability for capability in discover().capabilities}
    cases = compared(patients(reference), capabilities)
    (out / "medcalc.md").write_text(page(cases, capabilities, datetime.now(UTC).date()), encoding="utf-8")
    return summary(cases)
