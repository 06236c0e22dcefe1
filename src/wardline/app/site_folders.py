"""Tables of the site that are folders of files made elsewhere, not one file of its own: value sets, the immunisation schedule, a trained model.

    config/site/value_sets/2.16.840.1.113883.3.666.5.307.csv      system,code,word
    config/site/value_sets/anything.json                          a FHIR ValueSet with its codes listed
    config/site/immunisation_schedule/*.json                      the files of CDC's CDSi supporting data, as published
    config/site/prognosis_model/model.json                        a survival model, as `wardline train survival` wrote it

All are read whole before Wardline starts, as the other tables are.
"""

import csv
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from wardline.core.errors import Refused


def folder_tables(folder: Path) -> dict[str, tuple[Path, Any]]:
    """Name -> its folder and content, for each of these folders that is there and not empty."""
    return {name: (folder / name, read(folder / name)) for name, read in READERS.items() if _files(folder / name)}


def value_sets(folder: Path) -> dict[str, list[list[str]]]:
    """Members by object identifier. Raises `Refused` for a file that is no value set."""
    found: dict[str, list[list[str]]] = {}
    for file in _files(folder):
        for oid, members in _of_csv(file) if file.suffix == ".csv" else _of_json(file):
            if oid in found:
                raise Refused(f"{file}: the value set {oid} is already in another file", code="value-set", where=file.name)
            found[oid] = members
    return found


def immunisation_schedule(folder: Path) -> dict[str, Any]:
    """The schedule's file and those of the antigens, told apart by what is in them."""
    contents = [_json(file) for file in _files(folder)]
    schedules = [each for each in contents if "scheduleSupportingData" in each]
    if len(schedules) != 1:
        raise Refused(f"{folder}: one file of CDSi's schedule supporting data is needed, there are {len(schedules)}", code="schedule")
    return {"schedule": schedules[0], "antigens": [each for each in contents if "antigenSupportingData" in each]}


def prognosis_model(folder: Path) -> dict[str, Any]:
    """The one model there is."""
    files = _files(folder)
    if len(files) != 1:
        raise Refused(f"{folder}: one model at a time answers, there are {len(files)} files; take the others away", code="survival")
    return _json(files[0])


READERS: Final[dict[str, Callable[[Path], Any]]] = {
    "value_sets": value_sets, "immunisation_schedule": immunisation_schedule, "prognosis_model": prognosis_model,
}  # fmt: skip


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*") if file.name.endswith((".json", ".json.gz", ".csv"))) if folder.is_dir() else []


def _of_csv(file: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """The file's name is the identifier; a row is a system with a code, or with a word that names contain."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if not rows or not {"system", "code"} <= set(rows[0]):
        raise Refused(f"{file}: a value set as CSV has the columns system, code and, if wanted, word", code="value-set", where=file.name)
    yield file.stem, [[row["system"] or "", row["code"] or "", row.get("word") or ""] for row in rows]


def _of_json(file: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """A FHIR ValueSet, or a Bundle of them."""
    content = _json(file)
    listed = [each.get("resource", {}) for each in content.get("entry", ())] if content.get("resourceType") == "Bundle" else [content]
    for each in listed:
        if each.get("resourceType") != "ValueSet":
            raise Refused(f"{file}: a FHIR ValueSet is expected, or a Bundle of them", code="value-set", where=file.name)
        members = [list(member) for member in _members(each)]
        if not members:
            raise Refused(f"{file}: {each.get('url')} lists no codes; load it with its expansion", code="value-set", where=file.name)
        yield str(each.get("url") or each.get("id") or "").rpartition("/")[2].removeprefix("urn:oid:"), members


def _members(value_set: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for contained in value_set.get("expansion", {}).get("contains", ()):
        yield str(contained.get("system", "")), str(contained.get("code", ""))
    for included in value_set.get("compose", {}).get("include", ()):
        for concept in included.get("concept", ()):
            yield str(included.get("system", "")), str(concept.get("code", ""))


def _json(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes())
    except (OSError, ValueError) as error:
        raise Refused(f"{file} cannot be read: {error}", code="site-table", where=file.name) from None
    if not isinstance(content, dict):
        raise Refused(f"{file} is not a JSON object", code="site-table", where=file.name)
    return content
