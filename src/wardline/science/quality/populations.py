"""The populations of a quality measure, and the reason for each member of each.

A measure looks at stays (or scans). Those it is about are the initial population; of these the denominator, less the exclusions; of what
remains the numerator; and of what is not in the numerator the exceptions. A member of a later population is always one of the earlier.
"""

from dataclasses import dataclass, field
from typing import Final

from wardline.core.findings import Evidence, Finding

INITIAL: Final = "initial-population"
DENOMINATOR: Final = "denominator"
EXCLUSION: Final = "denominator-exclusion"
NUMERATOR: Final = "numerator"
EXCEPTION: Final = "denominator-exception"
COHORT: Final = (INITIAL,)
PROPORTION: Final = (INITIAL, DENOMINATOR, EXCLUSION, NUMERATOR)
WORDS: Final = {
    INITIAL: "Initial population",
    DENOMINATOR: "Denominator",
    EXCLUSION: "Excluded",
    NUMERATOR: "Numerator",
    EXCEPTION: "Exceptions",
}


@dataclass(slots=True)
class Populations:
    """Members of the populations a measure has, with the reason for each."""

    kinds: tuple[str, ...]
    members: dict[str, list[Evidence]] = field(default_factory=dict)

    def add(self, population: str, member: str, why: str) -> None:
        self.members.setdefault(population, []).append(Evidence("resources", member, band=why))

    def findings(self) -> tuple[Finding, ...]:
        """One answer per population: how many, and why each."""
        return tuple(self._finding(kind, self.members.get(kind, [])) for kind in self.kinds)

    def _finding(self, kind: str, members: list[Evidence]) -> Finding:
        lines = tuple(sorted(members, key=lambda line: str(line.value)))
        return Finding(len(members), f"{WORDS[kind]}: {len(members)}", key=kind, because=lines)
