"""Stand-ins: the same for the same, others for others, in the same form; dates moved by one number of days, written as they were."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.identities import MONTHS
from wardline.core.deidentification import Known
from wardline.science.language.deidentification.dates import shifted
from wardline.science.language.deidentification.finding import find
from wardline.science.language.deidentification.replacing import pseudonymised, redacted
from wardline.science.language.deidentification.surrogates import Surrogates

KEY = b"a key of these tests, 32 bytes.."
ADA = Surrogates(KEY, "40123456")
DAYS = st.dates(date(1901, 2, 1), date(2090, 1, 1))
FORMS = ("{d:%Y-%m-%d}", "{d:%Y%m%d}", "{m} {d.day}, {d.year}", "{d.day} {m} {d.year}", "{d:%d.%m.%Y}", "{d:%m/%d/%Y}")


@given(DAYS, st.integers(-365, -1), st.sampled_from(FORMS))
def test_a_moved_date_is_the_right_day_written_as_before(day: date, days: int, form: str) -> None:
    def written(at: date) -> str:
        return form.format(d=at, m=MONTHS["en"][at.month - 1])

    moved = day + timedelta(days=days)
    assert shifted(written(day), days) == written(moved)


@pytest.mark.parametrize(("written", "days", "moved"), [
    ("March 3rd, 2024", -2, "March 1st, 2024"), ("Jan 1, 2024", -1, "Dec 31, 2023"), ("1. März 2024", -1, "29. Februar 2024"),
    ("12 février 2024", -12, "31 janvier 2024"), ("3-MAR-2024", -3, "29-FEB-2024"), ("02/14/23", -14, "01/31/23"), ("14/02/2023", -14, "31/01/2023"),
    ("Feb 14th '23", -14, "Jan 31st '23"), ("2024-03-01T08:15:00Z", -1, "2024-02-29T08:15:00Z"), ("3.4.2024", -3, "31.3.2024"),
    ("10/1/2000", -1, "9/30/2000"),
])  # fmt: skip
def test_in_every_language_and_length(written: str, days: int, moved: str) -> None:
    assert shifted(written, days) == moved


@pytest.mark.parametrize("written", ["March 2024", "Jan 5th", "30/02/2024", "last week", "3/14"])
def test_what_names_no_single_day_is_not_moved(written: str) -> None:
    assert shifted(written, -10) is None


def test_intervals_between_dates_stay() -> None:
    text = "Admitted 2024-02-27, discharged 5 March 2024."
    left = pseudonymised(text, find(text), ADA).text
    first, second = (date(2024, 2, 27) + timedelta(days=ADA.days), date(2024, 3, 5) + timedelta(days=ADA.days))
    assert left == f"Admitted {first.isoformat()}, discharged {second.day} {MONTHS['en'][second.month - 1]} {second.year}."


def test_every_patient_has_days_of_their_own_within_a_year() -> None:
    shifts = [Surrogates(KEY, str(number)).days for number in range(2_000)]
    assert set(shifts) <= set(range(-365, 0))
    assert len(set(shifts)) > 300


def test_a_person_stays_the_same_person_through_a_note() -> None:
    text = "Mrs Ngozi Okafor was seen. Mrs Okafor is well. OKAFOR, NGOZI: MRN 40-123456, then 40123456."
    known = Known(("Ngozi Okafor",), ("40123456",))
    left = pseudonymised(text, find(text, known), ADA).text
    given_name, family = ADA.name("Ngozi"), ADA.name("Okafor")
    number = ADA.code("40123456")
    assert left == (
        f"Mrs {given_name} {family} was seen. Mrs {family} is well. {family.upper()}, {given_name.upper()}: "
        f"MRN {number[:2]}-{number[2:]}, then {number}."
    )


def test_another_key_or_patient_gives_other_stand_ins() -> None:
    others = (Surrogates(b"another key", "40123456"), Surrogates(KEY, "40123457"))
    assert all(other.code("40123456") != ADA.code("40123456") for other in others)
    assert all(other.token("id", "x") != ADA.token("id", "x") for other in others)


@given(st.text("ABCabc0123456789-./ ", min_size=1, max_size=40))
def test_a_number_keeps_its_form(value: str) -> None:
    made = ADA.code(value)
    assert [(c.isdigit(), c.isalpha(), c.isupper()) for c in made] == [(c.isdigit(), c.isalpha(), c.isupper()) for c in value]


def test_redaction_names_kinds_and_says_where_they_stand_now() -> None:
    text = "Dr. Vance saw a 93-year-old on 3/3/2024."
    result = redacted(text, find(text))
    assert result.text == "[NAME] saw a 90 or older-year-old on [DATE]."
    assert [result.text[each.start : each.end] for each in result.replaced] == ["[NAME]", "90 or older", "[DATE]"]
