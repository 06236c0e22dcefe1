"""SEC-17: each of the 18 kinds of the Safe Harbor list is found by its form or its context, and clinical text stays readable."""

import pytest

from wardline.core.deidentification import Known
from wardline.science.language.deidentification.finding import find, resolved
from wardline.science.language.deidentification.identifiers import Kind, Span
from wardline.science.language.deidentification.replacing import redacted


def kinds_in(text: str, known: Known | None = None) -> list[tuple[str, Kind]]:
    return [(text[span.start : span.end], span.kind) for span in find(text, known or Known())]


@pytest.mark.parametrize(("text", "value", "kind"), [
    ("Seen by Dr. Helena Vance today.", "Dr. Helena Vance", Kind.NAME),
    ("62-year-old man named Zbigniew with fever", "Zbigniew", Kind.NAME),
    ("Guidelines for Robert T., 70 years", "Robert T.", Kind.NAME),
    ("patient john smith was well", "john smith", Kind.NAME),
    ("OKAFOR, DANIEL: stable", "OKAFOR, DANIEL", Kind.NAME),
    ("Frau Müller-Lüdenscheidt klagt über Schmerzen", "Frau Müller-Lüdenscheidt", Kind.NAME),
    ("Mme Lefèvre va bien", "Mme Lefèvre", Kind.NAME),
    ("Lives at 14 Larch Avenue, Apt 3, Thornby.", "14 Larch Avenue, Apt 3, Thornby", Kind.PLACE),
    ("wohnt Hauptstraße 5, 10115 Berlin", "Hauptstraße 5, 10115 Berlin", Kind.PLACE),
    ("habite 12 rue des Lilas", "12 rue des Lilas", Kind.PLACE),
    ("moved from Denver, CO 80203 last year", "Denver, CO 80203", Kind.PLACE),
    ("seen at St. Mary's Hospital on Monday", "St. Mary's Hospital", Kind.PLACE),
    ("treated in Quarrybank since then", "Quarrybank", Kind.PLACE),
    ("zip code 90210", "90210", Kind.PLACE),
    ("on March 3rd, 2024 at noon", "March 3rd, 2024", Kind.DATE),
    ("am 3. März 2024", "3. März 2024", Kind.DATE),
    ("le 12 février 2024", "12 février 2024", Kind.DATE),
    ("20240303T101500 is none, 2024-03-03T10:15:00Z is", "2024-03-03T10:15:00Z", Kind.DATE),
    ("DOB 03/05/61", "03/05/61", Kind.DATE),
    ("born 1931", "1931", Kind.DATE),
    ("seen on 3/14 with fever", "3/14", Kind.DATE),
    ("a 93-year-old woman", "93", Kind.AGE),
    ("eine 97-jährige Patientin", "97", Kind.AGE),
    ("call her on (415) 555-0134", "(415) 555-0134", Kind.PHONE),
    ("Tel. +49 351 4582345", "+49 351 4582345", Kind.PHONE),
    ("tél. 06 12 34 56 78", "06 12 34 56 78", Kind.PHONE),
    ("Fax: 555-0199-22", "555-0199-22", Kind.FAX),
    ("write to ada.okafor@mail.example", "ada.okafor@mail.example", Kind.EMAIL),
    ("SSN 078-05-1120", "078-05-1120", Kind.SOCIAL_SECURITY),
    ("MRN: 40-123456", "40-123456", Kind.RECORD),
    ("Patientennummer 4012345", "4012345", Kind.RECORD),
    ("insurance ID HX-223344", "HX-223344", Kind.HEALTH_PLAN),
    ("account number 99-887", "99-887", Kind.ACCOUNT),
    ("DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00", Kind.ACCOUNT),
    ("DEA license AB1234563", "AB1234563", Kind.LICENCE),
    ("VIN 1M8GDM9AXKP042788", "1M8GDM9AXKP042788", Kind.VEHICLE),
    ("license plate 7ABC123", "7ABC123", Kind.VEHICLE),
    ("pacemaker serial PJN-882211", "PJN-882211", Kind.DEVICE),
    ("see https://portal.example/p?id=4", "https://portal.example/p?id=4", Kind.URL),
    ("from 10.20.30.40", "10.20.30.40", Kind.IP),
    ("from 2001:db8::8a2e:370:7334", "2001:db8::8a2e:370:7334", Kind.IP),
    ("fingerprint no. FP-99871", "FP-99871", Kind.BIOMETRIC),
    ("picture face_ada.jpg attached", "face_ada.jpg", Kind.PHOTO),
    ("ref. code: EM-2554", "EM-2554", Kind.OTHER),
    ("study 1.2.840.113619.2.55.3.604688119.868", "1.2.840.113619.2.55.3.604688119.868", Kind.OTHER),
])  # fmt: skip
def test_each_kind_is_found(text: str, value: str, kind: Kind) -> None:
    assert (value, kind) in kinds_in(text)


@pytest.mark.parametrize("text", [
    "What are the treatment options for Alzheimer's disease at stage 3?",
    "Positive Babinski sign, Glasgow coma scale 14, Wells score 4.5.",
    "Potassium 5.6 mmol/L, sodium 138 mmol/L, pH 7.35, lactate 2.1.",
    "BP 120/80 mmHg, HR 88, RR 16, SpO2 94 % on 2 L/min, temp 38.2 °C.",
    "Metoprolol 47.5 mg 1-0-1, insulin 12 IU, paracetamol 1 g every 6 h.",
    "A 78-year-old woman with COPD, CHF and type 2 diabetes, HbA1c 8.1 %.",
    "Diagnosed in 2021, relapse in 2023, last month stable.",
    "CHA2DS2-VASc 4, HAS-BLED 3, PHQ-9 12, COVID-19 negative, CA 19-9 normal.",
    "Pain 2 of 10 at rest, 4 when moving. Skin intact, heels free.",
    "Grade 2 may progress; dose may be doubled.",
    "FEV1 62 %, FEV1/FVC 0.58, T1 and L5 tender.",
    "Slept well, ate half of the meal. Drank 800 mL since the morning.",
    "Patient mit Herzinsuffizienz NYHA III, Belastungsdyspnoe seit zwei Wochen.",
])  # fmt: skip
def test_clinical_text_stays(text: str) -> None:
    assert redacted(text, find(text)).text == text


@pytest.mark.parametrize("written", ["Lin", "LIN", "lin", "Lin's", "Li-\nn", "(Lin)", "Dr.Lin"])
def test_a_short_name_is_found_when_it_is_known(written: str) -> None:
    left = redacted(f"{written} slept well", find(f"{written} slept well", Known(("Mei Lin",)))).text
    assert "lin" not in left.lower().replace("-\n", "")


@pytest.mark.parametrize(("known", "written"), [
    ("Müller", "Mueller"), ("Mueller", "Müller"), ("Mueller", "MULLER"), ("Sørensen", "Sorensen"), ("Al-Amin", "al amin"), ("O'Rourke", "ORourke"),
    ("Van-Acker", "vanacker"), ("Yıldız", "Yildiz"), ("Weiß", "WEISS"), ("Schäfer", "Scha-\nefer"),
])  # fmt: skip
def test_a_known_name_is_found_in_the_spelling_of_others(known: str, written: str) -> None:
    text = f"so {written.lower()} and {written} came"
    assert redacted(text, find(text, Known((known,)))).text == "so [NAME] and [NAME] came"


def test_a_known_name_inside_another_word_is_none() -> None:
    text = "Inclined to lie; linear course of the line."
    assert redacted(text, find(text, Known(("Mei Lin",)))).text == text


def test_what_a_label_names_goes_before_what_it_looks_like() -> None:
    assert kinds_in("MRN 123-45-6789") == [("123-45-6789", Kind.RECORD)]
    assert kinds_in("123-45-6789") == [("123-45-6789", Kind.SOCIAL_SECURITY)]


def test_where_two_overlap_nothing_that_either_covers_is_left() -> None:
    text = "abcdefghij"
    spans = resolved([Span(0, 6, Kind.NAME, 5), Span(4, 8, Kind.PLACE, 1)], text)
    assert [(span.start, span.end, span.kind) for span in spans] == [(0, 4, Kind.NAME), (4, 8, Kind.PLACE)]


def test_invisible_characters_and_other_dashes_hide_nothing() -> None:
    text = "Oka\u00adfor, tel. 555\u20110112, \u200bNgo\u200bzi"
    left = redacted(text, find(text, Known(("Ngozi Okafor",), ("555-0112",)))).text
    assert "for" not in left
    assert "0112" not in left


@pytest.mark.parametrize("piece", ["1", "1.", "1-", "a.", "A", "x@", "a:"])
def test_what_no_person_wrote_is_taken_out_whole_and_soon(piece: str) -> None:
    """Some recognisers take a time that grows with the square of a word; a word of twenty thousand characters is none."""
    text = f"Picture {piece * 20_000} attached"
    assert redacted(text, find(text)).text == "Picture [OTHER UNIQUE CODE] attached"
