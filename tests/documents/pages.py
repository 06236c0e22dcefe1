"""Reading our own Markdown: fenced blocks, links, headings."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_FENCE: Final = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def fences(text: str) -> list[tuple[str, str]]:
    """(language, content) of every fenced block, without the indent of the list it stands in."""
    return [(language, re.sub(rf"^{indent}", "", content, flags=re.MULTILINE)) for indent, language, content in _FENCE.findall(text)]


def links(text: str) -> list[str]:
    """Where it links to, pictures included; code is no link."""
    prose = re.sub(r"`[^`]*`", "", _FENCE.sub("", text))
    return [*_LINK.findall(prose), *re.findall(r'src="([^"]+)"', prose)]


def anchors(text: str) -> set[str]:
    """The fragment of every heading, as hosting sites make them."""
    headings = re.findall(r"^#+ (.*)$", _FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def written() -> list[Path]:
    """Every Markdown file of ours."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
