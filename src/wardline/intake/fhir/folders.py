"""Files of FHIR resources: bundles as simulators and exports write them, single resources, and NDJSON; packed with gzip or bzip2 or not."""

import bz2
import gzip
from collections.abc import AsyncIterator, Container, Iterable
from pathlib import Path
from typing import Final

from wardline.core.errors import NotFound, Refused
from wardline.formats.fhir.resources import Resource, read
from wardline.intake.fhir.elsewhere import id_here
from wardline.intake.fhir.parts import Part, Told, key_of

ENDINGS: Final = (".json", ".ndjson")
_A_PATIENT: Final = b'"Patient"'


class Folder:
    """A `Source`. `name`: what ids are made of; files with the same name of source are about the same patients."""

    def __init__(self, path: Path, name: str, *, told: Told = lambda words: None) -> None:
        self.name = name
        self.failures: list[tuple[str, str]] = []
        self.until = ""
        self.files = _files(path)
        self._told = told

    async def parts(self, done: Container[str]) -> AsyncIterator[Part]:
        """Files without a patient first: hospitals and practitioners, whom the others point at by their numbers."""
        waiting = {file: key_of(file.name, str(file.stat().st_size)) for file in self.files}
        ordered = sorted((file for file, key in waiting.items() if key not in done), key=lambda file: (_A_PATIENT in _content(file), file.name))
        for number, file in enumerate(ordered, 1):
            self._told(f"file {number} of {len(ordered)}")
            resources, named = self._read(file)
            yield Part(waiting[file], tuple(resources), named)

    def _read(self, file: Path) -> tuple[list[Resource], dict[str, str]]:
        content = _content(file)
        lines = content.splitlines() if ".ndjson" in file.name else [content]
        found: list[Resource] = []
        named: dict[str, str] = {}
        for line in lines:
            if not line.strip():
                continue
            try:
                resource = read(line)
            except Refused as refused:
                self.failures.append((file.name, str(refused)))
                continue
            found += self._unpacked(resource, named) if resource["resourceType"] == "Bundle" else [resource]
        return found, named

    def _unpacked(self, bundle: Resource, named: dict[str, str]) -> Iterable[Resource]:
        """An entry without an id goes by the end of its fullUrl."""
        for entry in bundle.get("entry") or ():
            resource = entry.get("resource") if isinstance(entry, dict) else None
            if not isinstance(resource, dict) or "resourceType" not in resource:
                continue
            full_url = str(entry.get("fullUrl") or "")
            id = str(resource.get("id") or full_url.replace("/", ":").rpartition(":")[2])
            if full_url:
                named[full_url] = f"{resource['resourceType']}/{id_here(self.name, resource['resourceType'], id)}"
            yield {**resource, "id": id}


def _files(path: Path) -> tuple[Path, ...]:
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    found = tuple(each for each in files if each.is_file() and (each.name.removesuffix(".gz").removesuffix(".bz2").endswith(ENDINGS) or each == path))
    if not found:
        raise NotFound(f"there is no *.json or *.ndjson file in {path}")
    return found


def _content(file: Path) -> bytes:
    try:
        if file.suffix == ".bz2":
            return bz2.decompress(file.read_bytes())
        return gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    except (OSError, EOFError) as error:
        raise NotFound(f"{file} cannot be read: {error}") from None
