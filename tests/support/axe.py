"""What axe-core objects to on a page, by the rules of WCAG 2.2 AA and of good practice."""

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page

WCAG: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
GOOD_PRACTICE: Final = (*WCAG, "best-practice")
OF_COLOURS: Final = ("color-contrast", "link-in-text-block")
"""Every other rule is about the document, which is the same in light and in dark."""
FADED_MS: Final = 300
"""Until what has just changed has faded in: axe reads colours as they are this moment."""
_SCRIPT: Final = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def in_both_schemes(page: Page, rules: tuple[str, ...] = GOOD_PRACTICE) -> list[str]:
    """The page in light, and what depends on colours once more in dark, as the machine's setting changes: nothing is loaded again."""
    page.wait_for_timeout(FADED_MS)
    found = violations(page, rules)
    page.emulate_media(color_scheme="dark")
    page.locator("html[data-theme=dark]").wait_for()
    page.wait_for_timeout(FADED_MS)
    found += [f"dark: {each}" for each in _objections(page, "rule", OF_COLOURS)]
    page.emulate_media(color_scheme="light")
    page.locator("html[data-theme=light]").wait_for()
    return found


def violations(page: Page, rules: tuple[str, ...] = GOOD_PRACTICE) -> list[str]:
    """One line for each element, with the rule and what to do."""
    return _objections(page, "tag", rules)


def _objections(page: Page, kind: str, values: tuple[str, ...]) -> list[str]:
    if not _SCRIPT.exists():
        pytest.skip("axe-core is not installed: make setup")
    page.evaluate(_SCRIPT.read_text(encoding="utf-8"))
    found = page.evaluate("(only) => axe.run(document, {runOnly: only})", {"type": kind, "values": list(values)})["violations"]
    return [f"{each['id']}: {node['html'][:160]} {node['failureSummary']}" for each in found for node in each["nodes"]]
