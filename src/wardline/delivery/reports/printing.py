"""A report as PDF, set by typst in a worker: tagged for screen readers (PDF/UA-1), the same bytes for the same report.

The report goes into the template as data, never as markup: what people typed cannot become a command.
"""

import json
from typing import Any, Final

from wardline.core.errors import Fault
from wardline.delivery.reports.pages import Page, plain

TASK: Final = "wardline.delivery.reports.printing:pdf"
STANDARD: Final = "ua-1"

TEMPLATE: Final = b"""
#let it = json(bytes(sys.inputs.page))
#let pictures = json(bytes(sys.inputs.pictures))
#set document(title: it.title, author: it.author, date: none)
#set text(lang: "en", font: "Libertinus Serif", size: 10.5pt)
#set par(leading: 0.6em, spacing: 0.75em)
#set page(
  paper: "a4", margin: (x: 22mm, bottom: 22mm, top: if it.banner.len() > 60 { 48mm } else { 22mm }),
  header: if it.banner != "" { align(right, strong(it.banner)) },
  footer: context align(center, text(size: 8.5pt)[#it.title, page #counter(page).display() of #counter(page).final().first()]),
)
#show heading.where(level: 2): set text(size: 11pt)
#text(size: 9.5pt, it.hospital)
= #it.title
#for line in it.lines [#text(fill: luma(35%), line.at(0)): #line.at(1) #linebreak()]
#for block in it.blocks [
  == #block.at(0)
  #for line in block.at(1) [#par(line)]
]
#if pictures.len() > 0 [
  == Key images
  #grid(columns: 2, gutter: 6mm, ..pictures.enumerate().map(((place, picture)) => figure(
    image(bytes(picture), alt: it.captions.at(place), width: 100%), caption: it.captions.at(place), numbering: none,
  )))
]
#v(1em)
#for line in it.signatures [#text(size: 9pt, line) #linebreak()]
"""


def pdf(page: Page) -> bytes:
    """Raises `Fault` when the page cannot be set."""
    import typst  # it maps its fonts when it is imported; only workers need them

    inputs: dict[str, Any] = {"page": json.dumps(plain(page)), "pictures": json.dumps([list(each.jpeg) for each in page.pictures])}
    try:
        made: bytes = typst.compile(TEMPLATE, sys_inputs=inputs, pdf_standards=[STANDARD], ignore_system_fonts=True, timestamp=0)
    except typst.TypstError as error:
        raise Fault(f"the report could not be set as PDF: {error}") from None
    return made
