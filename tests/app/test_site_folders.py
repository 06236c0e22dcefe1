"""Folders of published files that a site loads: value sets and the immunisation schedule, read whole before anything starts."""

import json
from pathlib import Path
from typing import Any

import pytest

from wardline.app.discovery import discover
from wardline.app.site_folders import folder_tables
from wardline.app.site_tables import site_tables
from wardline.core.errors import Refused
from wardline.science.quality.stays import INPATIENT

CATALOGUE = discover()
VALUE_SET = {
    "resourceType": "ValueSet",
    "url": f"http://cts.nlm.nih.gov/fhir/ValueSet/{INPATIENT.oid}",
    "expansion": {"contains": [{"system": "http://snomed.info/sct", "code": "32485007"}]},
}


def write(folder: Path, name: str, content: Any) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("inpatient.json", VALUE_SET),
        ("all.json", {"resourceType": "Bundle", "entry": [{"resource": VALUE_SET}]}),
        (f"{INPATIENT.oid}.csv", "system,code\nhttp://snomed.info/sct,32485007\n"),
        (f"{INPATIENT.oid}.csv", "system,code,word\nhttp://snomed.info/sct,32485007,\n"),
    ],
    ids=["ValueSet", "Bundle", "CSV", "CSV with words"],
)
def test_a_value_set_is_read_in_each_form_it_is_published_in(tmp_path: Path, name: str, content: Any) -> None:
    write(tmp_path, f"value_sets/{name}", content)

    tables = site_tables(tmp_path, CATALOGUE)

    (members,) = tables["value_sets"].values()
    assert list(tables["value_sets"]) == [INPATIENT.oid]
    assert members[0][:2] == ["http://snomed.info/sct", "32485007"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("value_sets/a.json", {"resourceType": "Patient"}, "a FHIR ValueSet is expected"),
        ("value_sets/a.json", {**VALUE_SET, "expansion": {}}, "lists no codes"),
        ("value_sets/a.json", "{", "cannot be read"),
        ("value_sets/a.json", [1], "not a JSON object"),
        ("value_sets/1.2.csv", "name\nx\n", "columns system, code"),
        ("value_sets/1.2.csv", "system,code\nsnomed,\n", "neither a code nor a word"),
        ("immunisation_schedule/a.json", {"antigenSupportingData": {}}, "one file of CDSi's schedule"),
        ("immunisation_schedule/a.json", {"scheduleSupportingData": {}}, "one file per antigen"),
    ],
)
def test_a_file_that_is_none_stops_the_start_with_a_sentence(tmp_path: Path, name: str, content: Any, words: str) -> None:
    write(tmp_path, name, content)

    with pytest.raises(Refused, match=words):
        site_tables(tmp_path, CATALOGUE)


def test_the_same_set_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "value_sets/a.json", VALUE_SET)
    write(tmp_path, "value_sets/b.json", VALUE_SET)

    with pytest.raises(Refused, match="already in another file"):
        site_tables(tmp_path, CATALOGUE)


def test_without_the_folders_there_is_no_table(tmp_path: Path) -> None:
    assert folder_tables(tmp_path) == {}
