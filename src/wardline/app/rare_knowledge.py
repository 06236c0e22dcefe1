"""The site's files of the Human Phenotype Ontology, read when Wardline starts. None of them comes with it.

    knowledge/hpo/hp.json          the ontology
    knowledge/hpo/phenotype.hpoa   which disease has which features
    knowledge/hpo/cases.jsonl      described patients to learn from, where the site has some

Each may be packed with gzip and then ends in ".gz".
"""

from pathlib import Path

from wardline.core.errors import Refused
from wardline.science.diagnosis.rare.knowledge import RareDiseases
from wardline.science.diagnosis.rare.reading import ANNOTATIONS, ONTOLOGY, PATIENTS, knowledge_from


def rare_diseases_in(folder: Path) -> RareDiseases | None:
    """None where there is no such folder. Raises `Refused` for one that is not complete or cannot be read."""
    if not folder.is_dir():
        return None
    contents = {name: _content(folder, name) for name in (ONTOLOGY, ANNOTATIONS, PATIENTS)}
    missing = [name for name in (ONTOLOGY, ANNOTATIONS) if contents[name] is None]
    if missing:
        raise Refused(
            f"{folder} has no {missing[0]}: put the ontology's published files there, or take the folder away", code="hpo", where=missing[0]
        )
    try:
        return knowledge_from(contents[ONTOLOGY] or b"", contents[ANNOTATIONS] or b"", contents[PATIENTS] or b"")
    except (OSError, EOFError, UnicodeDecodeError):
        raise Refused(f"{folder}: a file is damaged; copy it again", code="hpo", where=folder.name) from None


def _content(folder: Path, name: str) -> bytes | None:
    files = (folder / name, folder / f"{name}.gz")
    found = next((file for file in files if file.is_file()), None)
    return found.read_bytes() if found is not None else None
