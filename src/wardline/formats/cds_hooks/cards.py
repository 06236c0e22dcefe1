"""A finding as a card: one line, why, where it comes from, what could be done. Nothing in it is null or empty (CDS Hooks 2.0, "JSON")."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5

from wardline.core.capability import Capability
from wardline.core.events import Found
from wardline.core.findings import Severity, words
from wardline.core.quantities import plain

LONGEST_SUMMARY: Final = 140
"""CDS Hooks 2.0: a summary has fewer than 140 characters."""
INDICATORS: Final = {Severity.HIGH: "critical", Severity.MEDIUM: "warning", Severity.LOW: "info", Severity.NONE: "info"}
PROVISIONAL: Final = "Provisional: this table has not been confirmed at this site; it informs and never interrupts."
REASONS_SYSTEM: Final = "urn:wardline:override-reasons"
CAPABILITIES_SYSTEM: Final = "urn:wardline:capabilities"


class Removal(NamedTuple):
    """An order whose removal would settle the matter."""

    reference: str
    what: str


class Reason(NamedTuple):
    """A coded reason for not following a card."""

    code: str
    text: str


def card(
    found: Found, capability: Capability, *, uuid: str, removals: Iterable[Removal] = (), reasons: Iterable[Reason] = (), link: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The card of one finding. What is provisional is "info" whatever it says: it must not interrupt."""
    severity = Severity(found.severity)
    written = {
        "uuid": uuid,
        "summary": shortened(f"{capability.title}: {found.summary}" if not found.summary.startswith(capability.title) else found.summary),
        "detail": detail(found, capability),
        "indicator": INDICATORS[severity] if capability.standing == "verified" else "info",
        "source": {
            "label": capability.title, "topic": {"system": CAPABILITIES_SYSTEM, "code": capability.id, "display": capability.title},
        },
        "suggestions": [_removal(each, uuid, place) for place, each in enumerate(removals)],
        "overrideReasons": [{"code": each.code, "system": REASONS_SYSTEM, "display": each.text} for each in reasons] if severity else [],
        "links": [{"label": "Open in Wardline", "url": link, "type": "absolute"}] if link else [],
    }  # fmt: skip
    if written["suggestions"]:
        written["selectionBehavior"] = "at-most-one"
    return whole(written)


def notice(summary: str, text: str, *, uuid: str) -> dict[str, Any]:
    """A card that says something about the answer itself: what could not be looked at."""
    return whole({"uuid": uuid, "summary": shortened(summary), "detail": text, "indicator": "info", "source": {"label": "Wardline"}})


def shortened(text: str) -> str:
    """At most 139 characters, cut between words."""
    line = " ".join(text.split())
    if len(line) < LONGEST_SUMMARY:
        return line
    return line[: LONGEST_SUMMARY - 2].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def detail(found: Found, capability: Capability) -> str:
    """GitHub-flavoured Markdown: the reasons in the order of the chart, what to do, the source and its standing."""
    parts = [found.summary]
    if found.because:
        parts.append("\n".join(f"- {_line(line)}" for line in found.because))
    if found.missing:
        parts.append(f"Not known: {', '.join(words(name) for name in found.missing)}.")
    if found.suggestions:
        parts.append("**What to do**\n" + "\n".join(f"- {text}{_within(seconds)}" for text, seconds, _ in found.suggestions))
    if found.population:
        parts.append(f"For whom this holds was {found.population}.")
    parts.append(f"Source: {capability.reference}" + (f"\n\n{PROVISIONAL}" if capability.standing != "verified" else ""))
    return "\n\n".join(parts)


def _line(line: tuple[Any, ...]) -> str:
    name, value, points, band, *_ = line
    shown = plain(value) if isinstance(value, float) else "" if value is None else str(value)
    said = ", ".join(filter(None, (shown, band, f"{points} points" if points is not None else "")))
    return f"{words(str(name))}: {said}" if said else words(str(name))


def _within(seconds: float) -> str:
    if not seconds:
        return ""
    return f" (within {plain(seconds / 3600)} h)" if seconds >= 3600 else f" (within {plain(seconds / 60)} min)"


def _removal(removal: Removal, card: str, place: int) -> dict[str, Any]:
    label = f"Do not order {removal.what}"
    return {
        "label": shortened(label), "uuid": str(uuid5(UUID(card), str(place))),
        "actions": [{"type": "delete", "description": label, "resourceId": removal.reference}],
    }  # fmt: skip


def whole(content: dict[str, Any]) -> dict[str, Any]:
    """The same without nulls, empty texts, empty lists and empty objects."""
    kept = {name: _whole(value) for name, value in content.items()}
    return {name: value for name, value in kept.items() if value not in (None, "", [], {})}


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return whole(value)
    return [_whole(each) for each in value] if isinstance(value, list) else value
