"""What axe-core objects to on a page, by the rules of WCAG 2.2 AA and of good practice."""

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page

WCAG: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
GOOD_PRACTICE: Final = (*WCAG, "best-practice")
_SCRIPT: Final = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page, rules: tuple[str, ...] = GOOD_PRACTICE) -> list[str]:
    """One line for each element, with the rule and what to do."""
    if not _SCRIPT.exists():
        pytest.skip("axe-core is not installed: make setup")
    page.evaluate(_SCRIPT.read_text(encoding="utf-8"))
    found = page.evaluate("(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", list(rules))["violations"]
    return [f"{each['id']}: {node['html'][:160]} {node['failureSummary']}" for each in found for node in each["nodes"]]
