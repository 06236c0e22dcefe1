"""Until when must this record be kept? A pure answer from the site's rules and a few facts about the person."""

from calendar import isleap
from datetime import date, datetime
from typing import Final, NamedTuple

from wardline.security.retention.rules import MAJORITY, Rule, Rules

_MONTHS: Final = 12


class Facts(NamedTuple):
    """What a decision about one person rests on. `born` is as precise as it is known, perhaps empty."""

    last_contact: datetime | None
    born: str = ""
    is_in: bool = False
    holds: int = 0
    records: int = 1
    shared_visits: int = 0
    """Visits filed under one of their records and read as another's, or the other way round."""


class Check(NamedTuple):
    """One thing that is looked at before anybody is erased."""

    name: str
    passed: bool
    sentence: str
    basis: str = ""
    """The law that binds, where one does."""


def checks(facts: Facts, rules: Rules, now: datetime) -> tuple[Check, ...]:
    """Everything that must be true before a person may be erased, in the order in which people look at it."""
    return (_records(facts), _care(facts), _hold(facts), _retention(facts, rules.of("patient"), now.date()))


def _records(facts: Facts) -> Check:
    if facts.shared_visits:
        return Check("records", False, "a visit of theirs is filed under somebody else's record, or the other way round: part them first (A45)")
    return Check("records", True, f"{facts.records} records are theirs and go together" if facts.records > 1 else "one record is theirs")


def _care(facts: Facts) -> Check:
    if facts.is_in:
        return Check("care", False, "they are in the hospital now: their care needs the record", "GDPR Art. 17(3)(c) with Art. 9(2)(h)")
    return Check("care", True, "they are not in the hospital")


def _hold(facts: Facts) -> Check:
    if facts.holds:
        return Check("hold", False, "a legal hold is on the record; end it first", "GDPR Art. 17(3)(e)")
    return Check("hold", True, "no legal hold")


def _retention(facts: Facts, rule: Rule | None, today: date) -> Check:
    if rule is None:
        return Check("retention", False, "the site has not said how long records are kept: config/retention.yaml has no rule for patients")
    until = kept_until(rule, facts)
    if until is not None and today < until:
        return Check("retention", False, f"the record must be kept until {until.isoformat()}", f"{rule.basis}; GDPR Art. 17(3)(b)")
    return Check(
        "retention", True, f"it had to be kept until {until.isoformat()}" if until is not None else "nothing was ever said about them", rule.basis
    )


def kept_until(rule: Rule, facts: Facts) -> date | None:
    """The first day on which the record need not be kept any more; None where nothing was ever recorded."""
    if facts.last_contact is None:
        return None
    last = facts.last_contact.date()
    until = years_after(last, rule.keep_years)
    if rule.minors_until_age is None:
        return until
    born = latest_birthday(facts.born)
    if born is None:  # they may have been born on that day
        return max(until, years_after(last, rule.minors_until_age))
    return max(until, years_after(born, rule.minors_until_age)) if last < years_after(born, MAJORITY) else until


def latest_birthday(born: str) -> date | None:
    """The last day on which somebody may have been born of whom only a year or a month is known."""
    try:
        match [int(part) for part in born.split("-")]:
            case [year]:
                return date(year, _MONTHS, 31)
            case [year, month]:
                following = date(year + month // _MONTHS, month % _MONTHS + 1, 1)
                return date.fromordinal(following.toordinal() - 1)
            case [year, month, day]:
                return date(year, month, day)
            case _:
                return None
    except ValueError:
        return None


def years_after(day: date, years: float) -> date:
    """The same day so many years later; half a year is six months. What falls on 29 February ends on 1 March."""
    months = day.month - 1 + round(years * _MONTHS)
    year, month = day.year + months // _MONTHS, months % _MONTHS + 1
    lengths = (31, 29 if isleap(year) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if day.day <= lengths[month - 1]:
        return date(year, month, day.day)
    return date(year + month // _MONTHS, month % _MONTHS + 1, 1)
