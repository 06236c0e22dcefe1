"""Which disease has which features and how often: the rows of phenotype.hpoa, as the Human Phenotype Ontology publishes them."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from wardline.core.errors import Refused

_COLUMNS: Final = 12
_FREQUENCY_TERMS: Final = {
    # The middle of each range as the ontology's own terms define it: obligate 100 %, very frequent 80-99 %, frequent 30-79 %,
    # occasional 5-29 %, very rare 1-4 %, excluded 0 %.
    "HP:0040280": 1.0, "HP:0040281": 0.895, "HP:0040282": 0.545, "HP:0040283": 0.17, "HP:0040284": 0.025, "HP:0040285": 0.0,
}  # fmt: skip


class Annotation(NamedTuple):
    """One disease, one feature. `seen` of `of` patients, or a frequency; neither where the source does not say."""

    disease: str
    name: str
    term: str
    is_absent: bool = False
    frequency: float | None = None
    of: int = 0
    """How many patients the frequency was counted in; 0 where it was not counted."""
    reference: str = ""


def annotations_of(lines: Iterable[str], source: str = "OMIM") -> Iterator[Annotation]:
    """The features of diseases of one source. Raises `Refused` for a file that is not of this kind."""
    for line in lines:
        if line.startswith(("#", "DatabaseID", "database_id")):
            continue
        fields = line.rstrip("\n").split("\t")
        if len(fields) != _COLUMNS:
            raise Refused(f"this is not phenotype.hpoa: a line has {len(fields)} columns, {_COLUMNS} are expected", code="hpo")
        if fields[0].startswith(source) and fields[10] == "P":
            frequency, of = _frequency(fields[7])
            yield Annotation(fields[0], fields[1], fields[3], fields[2] == "NOT", frequency, of, fields[4])


def _frequency(written: str) -> tuple[float | None, int]:
    """ "3/7" is counted, "45%" and a term are not."""
    if "/" in written:
        seen, _, of = written.partition("/")
        return (int(seen) / int(of), int(of)) if int(of) else (None, 0)
    if written.endswith("%"):
        return float(written.removesuffix("%")) / 100, 0
    return _FREQUENCY_TERMS.get(written), 0
