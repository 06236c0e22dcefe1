"""Pages made from the code are those in docs/: when this fails, `make docs` writes them anew."""

import json
import re
import shlex
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from documents.pages import ROOT
from wardline.app.discovery import discover
from wardline.app.documents import pages
from wardline.app.settings import Settings
from wardline.core.capability import Capability
from wardline.core.scoring import Bands, Chart
from wardline.formats.assessment import assess

PAGES = dict(pages())
CATALOGUE = discover()
CAPABILITIES = [each for each in CATALOGUE.capabilities if f"capabilities/{each.id}.md" in PAGES]


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_what_the_code_says(name: str) -> None:
    file = ROOT / "docs" / name
    assert file.exists(), f"docs/{name} is missing: run `make docs`"
    assert file.read_text(encoding="utf-8") == PAGES[name], f"docs/{name} differs: run `make docs`"


def test_there_is_no_page_of_something_that_is_gone() -> None:
    there = {f"capabilities/{file.name}" for file in (ROOT / "docs" / "capabilities").iterdir()}
    assert there == {name for name in PAGES if name.startswith("capabilities/")}


def test_every_setting_has_a_sentence() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"| `{name}` |" in PAGES["operating/settings.md"]


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda each: each.id)
def test_a_page_says_what_a_doctor_and_an_engineer_look_for(capability: Capability) -> None:
    page = PAGES[f"capabilities/{capability.id}.md"]
    assert capability.reference in page
    assert capability.caution in page
    assert capability.not_for in page
    for name, need in capability.needs:
        assert f"| `{name}` |" in page
        for concept in need.concepts:
            assert concept.name in page
            assert all(code in page for code in concept.loinc)
    for case in CATALOGUE.cases[capability.id]:
        assert case.name in page


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda each: each.id)
def test_the_example_on_a_page_is_answered(capability: Capability) -> None:
    page = PAGES[f"capabilities/{capability.id}.md"]
    (line,) = re.findall(r"^echo .* \| wardline assess .*$", page, re.MULTILINE)
    echo, question, pipe, *command = shlex.split(line)
    assert (echo, pipe, command) == ("echo", "|", ["wardline", "assess", capability.id])
    assert assess(capability, json.loads(question))["outcome"] != "refused"


@pytest.mark.parametrize("capability", [each for each in CAPABILITIES if isinstance(each.chart, Chart)], ids=lambda each: each.id)
def test_a_picture_shows_every_band_with_its_points(capability: Capability) -> None:
    picture = ET.fromstring(PAGES[f"capabilities/{capability.id}.svg"])
    texts = [each.text for each in picture.iter("{http://www.w3.org/2000/svg}text")]
    for _, table in capability.chart.tables:
        if isinstance(table, Bands):
            shown = list(pairwise(texts))
            for label, points in zip(table.labels, table.scores, strict=True):
                assert (label, str(points)) in shown
    assert picture.find("{http://www.w3.org/2000/svg}title") is not None
