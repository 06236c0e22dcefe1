"""What happens when time passes and nothing else does: answers lapse, measurements become overdue, reactions look again."""

import structlog

from wardline.core.events import Lapsed
from wardline.engine.schedule import Due, is_overdue
from wardline.engine.writing import Writing

log = structlog.get_logger()


def fall_due(writing: Writing, due: Due) -> None:
    """Look whether what was due at this moment has come to pass. Nobody is watched after their stay."""
    timeline = writing.house.timeline(due.about)
    if timeline.movements and not timeline.place.is_in:
        return
    if due.kind == "lapse":
        _lapse(writing, due)
    elif due.asked_at is not None and is_overdue(timeline, due.what, due.asked_at):
        writing.note_overdue(timeline, due)


def _lapse(writing: Writing, due: Due) -> None:
    """An input of the answer has become too old: the capability is asked again, and with it those that use its answer."""
    timeline, now = writing.house.timeline(due.about), writing.house.now
    answer = timeline.answers.get((due.what, due.key))
    if answer is None or due.what not in writing.assessments.assessors:
        return
    valid_until = answer.value.valid_until
    if valid_until is None or valid_until >= due.at:
        return
    encounter = timeline.place.encounter
    lapsed = writing.conclude(Lapsed(due.what), timeline.about, now, (answer.id,), encounter)
    for assessor in writing.assessments.fed_by(due.what):
        for found in writing.assessments.answers(assessor, timeline, now):
            writing.conclude(found, timeline.about, now, (lapsed.id,), encounter)
