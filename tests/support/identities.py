"""Invented patients with everything that identifies them, and the many ways a hospital writes it: what de-identification is tried on."""

import unicodedata
from datetime import date
from random import Random
from typing import NamedTuple

from hypothesis import strategies as st

from wardline.core.deidentification import Known
from wardline.simulator.people import Person, Registry

TODAY = date(2024, 5, 1)


class Planted(NamedTuple):
    """One identifier as it was written into a text, and its letters alone, which must not be found afterwards."""

    written: str
    traces: tuple[str, ...]


def known(person: Person) -> Known:
    return Known((f"{person.given} {person.family}",), (person.number, person.phone), person.address)


PEOPLE = st.integers(0, 10_000).map(lambda seed: Registry(Random(seed)).somebody(TODAY, (20, 95)))
SENTENCES = st.sampled_from([
    "Slept well, {0} ate half of the meal.", "Potassium 5.6 mmol/L, {0} informed.", "{0}", "Pt stable. {0}\nOxygen 2 L/min, saturation 94 %.",
    "Zustand nach Sturz, {0}, RR 120/80 mmHg.", "Douleur 2/10, {0} va bien.", "({0})", "- {0};", "BP 130/85, HR 88, temp 38.2 °C; {0}.",
])  # fmt: skip


def plain(text: str) -> str:
    """Letters and digits alone, accents and case gone: a trace that hides behind spelling is found as well."""
    apart = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o").replace("ı", "i")).casefold()
    return "".join(letter for letter in apart if letter.isalnum())


@st.composite
def names(draw: st.DrawFn, person: Person) -> Planted:
    """First, last, both, backwards; in any case; hyphens and umlauts as typists write them; broken at the end of a line."""
    form = draw(st.sampled_from(["{g} {f}", "{f}, {g}", "{f}", "Mrs. {f}", "Hr. {f}", "Mme {f}", "{g}", "{f}^{g}", "{g}\n{f}", "{f}'s"]))
    case = draw(st.sampled_from([str, str.upper, str.lower, str.title]))
    spelling = draw(st.sampled_from([_as_is, _without_accents, _german, _spaced, _decomposed, _curly]))
    given_name, family = (spelling(case(name)) for name in (person.given, person.family))
    traces = tuple(trace for name, field in ((given_name, "{g}"), (family, "{f}")) if field in form and len(trace := plain(name)) > 4)
    if draw(st.booleans()) and len(family) > 5:
        family = f"{family[: len(family) // 2]}-\n{family[len(family) // 2 :]}"
    return Planted(form.format(g=given_name, f=family), traces)


def _as_is(text: str) -> str:
    return text


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _german(text: str) -> str:
    for letter, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue")):
        text = text.replace(letter, written)
    return text


def _spaced(text: str) -> str:
    return text.replace("-", " ")


def _curly(text: str) -> str:
    return text.replace("'", "’").replace("-", "‑")


MONTHS = {
    language: names.split()
    for language, names in (
        ("en", "January February March April May June July August September October November December"),
        ("de", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        ("fr", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    )
}


@st.composite
def dates(draw: st.DrawFn, day: date) -> Planted:
    """A birthday as English, German and French charts write one."""
    months = {language: names[day.month - 1] for language, names in MONTHS.items()}
    written = draw(st.sampled_from([
        f"{day:%m/%d/%Y}", f"{day.month}/{day.day}/{day:%y}", f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day:%Y}", f"{day.isoformat()}",
        f"{day:%Y%m%d}", f"{months['en']} {day.day}, {day.year}", f"{day.day} {months['en']} {day.year}", f"{day:%d-%m-%Y}",
        f"{months['en'][:3]} {day.day} {day.year}", f"{day.day}. {months['de']} {day.year}", f"{day.day} {months['fr']} {day.year}",
        f"{day.day}-{months['en'][:3].upper()}-{day.year}", f"{day:%d/%m/%Y}", f"{day.isoformat()}T08:15:00Z",
    ]))  # fmt: skip
    return Planted(written, (plain(written),))


@st.composite
def numbers(draw: st.DrawFn, person: Person) -> Planted:
    number = person.number
    written = draw(st.sampled_from([
        number, f"MRN {number}", f"MRN: {number[:3]}-{number[3:]}", f"#{number}", f"{number[:2]} {number[2:5]} {number[5:]}", f"Pat.-Nr. {number}",
        f"{number[:4]}.{number[4:]}",
    ]))  # fmt: skip
    return Planted(written, (number,))


@st.composite
def contacts(draw: st.DrawFn, person: Person) -> Planted:
    street, town, code = person.address
    name = f"{_without_accents(person.given)}.{_without_accents(person.family)}".replace("'", "").lower()
    written, trace = draw(st.sampled_from([
        (person.phone, person.phone), (f"Tel. {person.phone}", person.phone), ("+49 351 4582345", "3514582345"), ("06 12 34 56 78", "0612345678"),
        ("(415) 555-0134", "5550134"), (street, street), (f"{street}, {town} {code}", street), (town, town), ("192.168.4.17", "192168417"),
        (f"{name}@mail.example", f"{name}@mail.example"), ("https://portal.example/p/40123", "portalexample"), ("078-05-1120", "078051120"),
        ("Musterstraße 12", "Musterstraße 12"), ("12 rue de la Paix", "rue de la Paix"), ("1M8GDM9AXKP042788", "1M8GDM9AXKP042788"),
    ]))  # fmt: skip
    return Planted(written, (plain(trace),))


@st.composite
def identifiers(draw: st.DrawFn, person: Person) -> Planted:
    return draw(st.one_of(names(person), dates(person.born), numbers(person), contacts(person)))
