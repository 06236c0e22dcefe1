"""Escape sequences, HL7 v2.8 chapter 2.7: what a person reads, and what goes on the wire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.formats.hl7v2.escapes import STANDARD, Separators, escape, separators_of, unescape

OTHER = Separators("#", ":", "*", "!", "%")


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (r"10\S\3/uL", "10^3/uL"),
        (r"a\F\b\R\c\T\d\E\e", "a|b~c&d\\e"),
        (r"first\.br\second", "first\nsecond"),
        (r"first\.sp\second", "first\nsecond"),
        (r"\.in+4\indented", "indented"),
        (r"\H\bold\N\ plain", "bold plain"),
        (r"\X0D0A\x", "\r\nx"),
        (r"\X41\\X42\\X43\x", "ABCx"),
        (r"\XC3A9\t\XC3A9\x", "étéx"),
    ],
)  # fmt: skip
def test_an_escape_sequence_reads_as_what_it_stands_for(sent: str, read: str) -> None:
    assert unescape(sent) == read


def test_a_byte_that_is_no_utf8_is_read_as_latin_1() -> None:
    assert unescape(r"caf\XE9\x") == "caféx"


@pytest.mark.parametrize("kept", [r"\Z12\text", r"C:\temp\new", r"50\60", r"\Cxx\yy", r"\X0\odd", r"\Xzz\no", "\\", r"\\", r"\F", r"F\x"])
def test_an_unknown_sequence_or_a_stray_mark_stays_as_it_is(kept: str) -> None:
    assert unescape(kept) == kept


def test_an_unknown_sequence_does_not_swallow_the_known_one_that_follows() -> None:
    assert unescape(r"50\60\T\70") == r"50\60&70"


@given(st.text())
def test_any_text_comes_back_from_the_wire_as_it_was(text: str) -> None:
    unbroken = text.replace("\r\n", "\n").replace("\r", "\n")
    assert unescape(escape(text)) == unbroken


@given(st.text())
def test_any_text_comes_back_under_other_delimiters_too(text: str) -> None:
    unbroken = text.replace("\r\n", "\n").replace("\r", "\n")
    assert unescape(escape(text, OTHER), OTHER) == unbroken


@given(st.text(), st.sampled_from([STANDARD, OTHER]))
def test_escaped_text_holds_nothing_that_ends_a_field_a_segment_or_a_frame(text: str, separators: Separators) -> None:
    sent = escape(text, separators)
    forbidden = {separators.field, separators.component, separators.repetition, separators.subcomponent, "\r", "\n", "\x0b", "\x1c", "\x00"}
    assert not forbidden & set(sent)


@given(st.text(alphabet="\\FSTREXHN.0Dbrsp+4 a", max_size=60))
def test_unescaping_never_makes_a_text_longer(text: str) -> None:
    assert len(unescape(text)) <= len(text)


def test_a_bomb_of_escapes_is_read_to_its_end() -> None:
    assert unescape("\\E\\" * 300_000) == "\\" * 300_000
    assert unescape("\\X" + "41" * 500_000 + "\\") == "A" * 500_000


@pytest.mark.parametrize(
    ("header", "separators"),
    [
        ("MSH|^~\\&", STANDARD),
        ("MSH|^~\\&#", STANDARD),
        ("MSH#:*!%#", OTHER),
        ("MSH|^~|AB", STANDARD),
        ("MSH|^|APP", STANDARD),
        ("MSH||APP", STANDARD),
        ("MSH|", STANDARD),
        ("MSH$%*@!$", Separators("$", "%", "*", "@", "!")),
    ],
)
def test_the_header_declares_the_delimiters_and_those_left_out_are_the_usual_ones(header: str, separators: Separators) -> None:
    assert separators_of(header[:8]) == separators


@pytest.mark.parametrize(
    "header", ["MSH", "MSHA^~\\&", "MSH ^~\\&", "MSH^^~\\&", "MSH|^^\\&", "MSH|AB~&", "MSH|^~\\\x00", "MSH|^~é&", "MSH|\x0b~\\&"]
)
def test_a_header_without_five_different_delimiters_is_refused(header: str) -> None:
    with pytest.raises(Refused, match="five different delimiters") as refusal:
        separators_of(header[:8])
    assert refusal.value.code == "delimiters"
    assert refusal.value.rejected
