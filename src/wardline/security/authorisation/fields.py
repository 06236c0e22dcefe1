"""Parts of an answer that need more than the answer itself: what somebody may not read is left out, and the answer says so.

An empty list would say "no allergies". A part that is left out is not there at all, and is named in `left_out`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

# Action of the door -> part of its answer -> action that part needs. ASVS 5.0, 8.2.3: access to fields.
PARTS: Final[dict[str, dict[str, str]]] = {
    "patient.read": {
        "allergies": "patient.chart", "problems": "patient.chart", "answers": "patient.chart", "disputes": "patient.chart",
        "gaps": "patient.chart", "overdue": "patient.chart",
    },
}  # fmt: skip


def trimmed(content: Mapping[str, Any], action: str, may: Callable[[str], bool]) -> dict[str, Any]:
    """The answer without the parts that `may` refuses, and with the names of those."""
    parts = PARTS[action]
    allowed = {needed: may(needed) for needed in set(parts.values())}
    left_out = sorted(part for part, needed in parts.items() if not allowed[needed])
    return {**{name: value for name, value in content.items() if name not in left_out}, "left_out": left_out}
