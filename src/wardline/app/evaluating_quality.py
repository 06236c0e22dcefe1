"""`wardline evaluate ecqm`: the quality measures of this house against CMS's test patients."""

from pathlib import Path

from wardline.app.discovery import discover
from wardline.learning.evaluation.ecqm_page import written


def run(reference: Path, out: Path) -> str:
    return written({capability.id: capability for capability in discover().capabilities}, reference, out)
