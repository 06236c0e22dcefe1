"""The quality measures over everybody whose FHIR resources are kept: how many in each population, and who."""

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from wardline.core.assessment import Assessor, answer
from wardline.core.capability import Capability
from wardline.core.findings import Finding, Unknown
from wardline.core.gathering import Site
from wardline.core.ports import EventLog
from wardline.core.timeline import Timeline
from wardline.engine.past import links_of, timeline_as_of
from wardline.formats.assessment import completed
from wardline.science.quality.populations import DENOMINATOR, EXCEPTION, EXCLUSION, NUMERATOR, WORDS
from wardline.science.quality.reading import measurement_period
from wardline.science.statistics.proportions import interval

GROUP: Final = "quality"
LACKING: Final = {
    "value_sets": "the site has not loaded any value sets",
    "resources": "the record holds none of the FHIR resources it looks at",
}
"""What a need that is not met means here."""
Counts = Counter[str]
Progress = Callable[[int, int], None]


class Measure:
    """One measure while patients are gone through."""

    def __init__(self, capability: Capability, period: str) -> None:
        self.capability, self.period = capability, period
        self.assessor = Assessor.of(capability)
        self.months = list(_months(period))
        self.total: Counts = Counter()
        self.by_month: dict[str, Counts] = {month: Counter() for month, _ in self.months}
        self.members: dict[str, dict[str, int]] = {}
        self.kinds: list[str] = []
        self.unanswered: Counter[str] = Counter()

    def take_in(self, timeline: Timeline, now: datetime, site: Site) -> None:
        """One patient: the whole period, and where she is in it at all, month by month."""
        counts = self._asked(timeline, now, site, self.period)
        if not any(counts.values()):
            return
        self.members[timeline.about] = {name: count for name, count in counts.items() if count}
        self.total.update(counts)
        for month, within in self.months:
            self.by_month[month].update(self._asked(timeline, now, site, within))

    def _asked(self, timeline: Timeline, now: datetime, site: Site, period: str) -> Counts:
        gathered = completed(self.capability, self.assessor.gather(timeline, now, site), {"period": period})
        counts: Counts = Counter()
        for outcome in answer(self.capability, gathered):
            match outcome:
                case Finding() as found:
                    counts[found.key] = int(found.value or 0)
                    if found.key not in self.kinds:
                        self.kinds.append(found.key)
                case Unknown(missing, reason):
                    self.unanswered[reason or "; ".join(LACKING.get(name, f"{name} is missing") for name in missing)] += 1
        return counts

    def as_json(self) -> dict[str, Any]:
        capability = self.capability
        return {
            "id": capability.id, "title": capability.title, "question": capability.question, "reference": capability.reference,
            "standing": capability.standing,
            "populations": [{"name": name, "words": WORDS[name], "count": self.total[name]} for name in self.kinds],
            "rate": rate(self.total) if NUMERATOR in self.kinds else None,
            "months": [{"month": month, "rate": rate(counts)} for month, counts in self.by_month.items()] if NUMERATOR in self.kinds else [],
            "unanswered": [{"reason": reason, "patients": count} for reason, count in self.unanswered.most_common()],
            "members": self.members,
        }  # fmt: skip


def rate(counts: Counts) -> dict[str, Any]:
    """The numerator of those that count, with its 95 % interval; no share where nobody counts."""
    of = counts[DENOMINATOR] - counts[EXCLUSION] - counts[EXCEPTION]
    low, high = interval(counts[NUMERATOR], of)
    share = counts[NUMERATOR] / of if of > 0 else None
    return {"numerator": counts[NUMERATOR], "of": of, "share": share, "low": low if of > 0 else None, "high": high if of > 0 else None}


def measured(log: EventLog, capabilities: Iterable[Capability], site: Site, period: str, now: datetime, progress: Progress) -> dict[str, Any]:
    """Every measure for a period. Raises `Refused` for a period that is none."""
    measurement_period(period)
    measures = [Measure(each, period) for each in capabilities if each.group == GROUP]
    links = links_of(log)
    people = sorted({links.survivor(about) for about, entry in log.kept() if entry})
    with_resources = 0
    for place, about in enumerate(people, 1):
        timeline = timeline_as_of(log, about, None, links)
        if timeline.kept:
            with_resources += 1
            for each in measures:
                each.take_in(timeline, now, site)
        progress(place, len(people))
    return {"period": period, "as_of": now.isoformat(), "patients": with_resources, "measures": [each.as_json() for each in measures]}


def _months(period: str) -> Iterator[tuple[str, str]]:
    """The calendar months of a period, each as far as it lies in it."""
    whole = measurement_period(period)
    year, month, last = whole.start.year, whole.start.month, whole.end.date()
    while (year, month) <= (last.year, last.month):
        first_day = whole.start.day if (year, month) == (whole.start.year, whole.start.month) else 1
        last_day = last.day if (year, month) == (last.year, last.month) else monthrange(year, month)[1]
        yield f"{year}-{month:02}", f"{year}-{month:02}-{first_day:02}/{year}-{month:02}-{last_day:02}"
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
