"""A report as a page: the plain text that is signed, and the same as HTML with its key images. The PDF is made of the same parts."""

from collections.abc import Iterable
from html import escape
from typing import Any, Final, NamedTuple

from wardline.delivery.reports.measured import Measurements
from wardline.delivery.reports.sentences import Draft, rendered
from wardline.delivery.reports.templates import template

DRAFT: Final = "DRAFT, not signed"
ADDENDUM: Final = "Addendum"
WITHDRAWN: Final = "WITHDRAWN, not valid"
WAITING: Final = "NOT VALID FOR NOW"


class Picture(NamedTuple):
    """A key image as it is printed: JPEG, with what it shows in words."""

    jpeg: bytes
    caption: str


class Page(NamedTuple):
    """Everything that stands on a printed report. `lines` are (name, value) of its head."""

    hospital: str
    title: str
    author: str
    banner: str
    """What stands on every page of one that is not valid: that it is a draft, or who withdrew it, when and why. "" for one that is."""
    lines: tuple[tuple[str, str], ...]
    blocks: tuple[tuple[str, tuple[str, ...]], ...]
    """(heading, paragraphs)"""
    signatures: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


def text_of(draft: Draft, measured: Measurements) -> str:
    """What is signed: headings and sentences, line by line. Empty sections are left out."""
    headings, lines = template(draft.branch).sections, [draft.title]
    for section in draft.sections:
        said = [rendered(each.text, measured) for each in section.sentences if each.text.strip()]
        if said:
            lines += ["", headings[section.id].title.upper(), *said]
    return "\n".join(lines)


def with_addendum(text: str, number: int, said: str, by: str) -> str:
    """The whole that stands now: what was signed before, unchanged, and what was added below it."""
    return f"{text}\n\n{ADDENDUM.upper()} {number} ({by})\n{said}"


def blocks_of(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The text's parts: a heading and the lines below it."""
    _, *parts = text.split("\n\n")
    blocks = [tuple(part.split("\n")) for part in parts]
    return tuple((heading.capitalize() if heading.isupper() else heading, tuple(lines)) for heading, *lines in blocks)


def html(page: Page, pictures: Iterable[str] = ()) -> str:
    """One page on its own, with `pictures` as the addresses of its key images (data: addresses). Nothing in it is a program."""
    head = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in page.lines)
    body = "".join(
        f"<section><h2>{escape(heading)}</h2>{''.join(f'<p>{escape(line)}</p>' for line in lines)}</section>" for heading, lines in page.blocks
    )
    images = "".join(
        f'<figure><img src="{escape(source)}" alt="{escape(each.caption)}"><figcaption>{escape(each.caption)}</figcaption></figure>'
        for source, each in zip(pictures, page.pictures, strict=True)
    )
    signed = "".join(f"<p>{escape(line)}</p>" for line in page.signatures)
    banner = f'<p class="banner">{escape(page.banner)}</p>' if page.banner else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(page.title)}</title><style>{STYLE}</style></head><body><main>'
        f"{banner}<header><p>{escape(page.hospital)}</p><h1>{escape(page.title)}</h1><dl>{head}</dl></header>{body}"
        f"{f'<section><h2>Key images</h2>{images}</section>' if images else ''}<footer>{signed}</footer></main></body></html>"
    )


STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;color:#14191e;background:#fff;margin:0}main{max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.05rem;margin:1.4rem 0 .3rem}p{margin:.2rem 0}dl{display:grid;grid-template-columns:auto 1fr;"
    "gap:.1rem 1rem;margin:1rem 0}dt{color:#606a74}dd{margin:0}.banner{border:2px solid #14191e;padding:.3rem .6rem;font-weight:700;"
    "position:sticky;top:0;background:#fff}"
    "figure{margin:.6rem 0}img{max-width:100%}figcaption,footer{color:#606a74}"
)


def plain(page: Page) -> dict[str, Any]:
    """As JSON that a template reads; pictures are given beside it."""
    return page._replace(pictures=())._asdict() | {"captions": [each.caption for each in page.pictures]}
