"""SEC-17: whatever identifies a patient and is planted anywhere in a text never survives, however it is written."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from support.identities import PEOPLE, SENTENCES, identifiers, known, plain
from wardline.science.language.deidentification.finding import find
from wardline.science.language.deidentification.replacing import pseudonymised, redacted
from wardline.science.language.deidentification.surrogates import Surrogates

KEY = b"a key of these tests, 32 bytes.."


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_no_identifier_of_a_known_patient_is_left_in_a_redacted_text(data: st.DataObject) -> None:
    person = data.draw(PEOPLE)
    planted = data.draw(identifiers(person))
    text = data.draw(SENTENCES).format(planted.written)
    left = redacted(text, find(text, known(person))).text
    assert [trace for trace in planted.traces if trace in plain(left)] == [], (text, left)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_no_identifier_of_a_known_patient_is_left_among_stand_ins(data: st.DataObject) -> None:
    person = data.draw(PEOPLE)
    planted = data.draw(identifiers(person))
    text = data.draw(SENTENCES).format(planted.written)
    left = pseudonymised(text, find(text, known(person)), Surrogates(KEY, person.number)).text
    assert [trace for trace in planted.traces if trace in plain(left)] == [], (text, left)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_several_in_one_note_do_not_hide_each_other(data: st.DataObject) -> None:
    person = data.draw(PEOPLE)
    planted = data.draw(st.lists(identifiers(person), min_size=2, max_size=6))
    text = "\n".join(data.draw(SENTENCES).format(each.written) for each in planted)
    left = plain(redacted(text, find(text, known(person))).text)
    assert [trace for each in planted for trace in each.traces if trace in left] == [], text


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_what_is_found_lies_in_it_without_overlap(text: str) -> None:
    spans = find(text)
    assert all(0 <= each.start < each.end <= len(text) for each in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    result = redacted(text, spans)
    assert all(result.text[each.start : each.end] for each in result.replaced)
