"""Which facts are sensitive by the list: codes by their beginning or as a whole, words as whole words, and what a site adds."""

from pathlib import Path

import pytest

from support.events import event
from wardline.core.errors import Refused
from wardline.core.events import Administered, Admitted, Allergic, Diagnosed, Documented, Found, Measured, Ordered, Registered, Scheduled, Value
from wardline.security.labels.table import Labels, labels_in, shipped

LABELS = shipped()


def of(value: Value, labels: Labels = LABELS) -> set[str]:
    return set(labels.of(event(value)))


@pytest.mark.parametrize(
    ("value", "labels"),
    [
        (Diagnosed("B24", "x", "I10"), {"HIV"}),
        (Diagnosed("B20.1", "x", "ICD10"), {"HIV"}),
        (Diagnosed("B201", "x"), {"HIV"}),
        (Diagnosed("A54.0", "x", "I10"), {"STD"}),
        (Diagnosed("F20.0", "x", "I10"), {"PSY"}),
        (Diagnosed("F10.2", "x", "I10"), {"ETH"}),
        (Diagnosed("F17.2", "smoker", "I10"), set()),
        (Diagnosed("F05.0", "delirium", "I10"), set()),
        (Diagnosed("I10", "hypertension", "I10"), set()),
        (Diagnosed("86406008", "x", "SCT"), {"HIV"}),
        (Diagnosed("864060081", "x", "SCT"), set()),
        (Diagnosed("B24", "bed 24", "L"), set()),
        (Diagnosed("B24", "bed 24", "99BEDS"), set()),
        (Ordered("1", "x", "J05AR13^x^ATC", category="medication"), {"HIV"}),
        (Ordered("1", "Dolutegravir 50 mg"), {"HIV"}),
        (Ordered("1", "Paracetamol 500 mg", "N02BE01^x^ATC"), set()),
        (Administered("1", "bictegravir"), {"HIV"}),
        (Measured("", 20, code="20447-9^x^LN"), {"HIV"}),
        (Measured("", "positive", code="X1^HIV 1 antibody^L"), {"HIV"}),
        (Measured("", "known HIV infection", code="NOTE^Note^L"), {"HIV"}),
        (Measured("potassium", 4.1, code="2823-3^^LN"), set()),
        (Measured("consciousness", "alert", code="67775-7^^LN"), set()),
        (Documented("1", "Letter", "seen in the hiv clinic"), {"HIV"}),
        (Documented("1", "Letter", "hearing aids fitted; archived"), set()),
        (Scheduled("1", "Psychiatry review", "S12"), {"PSY"}),
        (Admitted("V1", "7A", reason="HIV, pneumonia"), {"HIV"}),
        (Allergic("", "abacavir (antiretroviral)"), {"HIV"}),
        (Registered((), "Hiv"), set()),
        (Found("news2", "1", "", "finding", summary="hiv"), set()),
    ],
)
def test_a_fact_carries_the_labels_of_its_codes_and_words(value: Value, labels: set[str]) -> None:
    assert of(value) == labels


def test_every_entry_of_the_list_says_where_it_comes_from() -> None:
    assert [label.code for label in LABELS.labels.values() if not label.source or label.standing not in ("verified", "provisional")] == []


def test_what_is_from_memory_is_marked_so() -> None:
    assert all(label.standing == "provisional" for label in LABELS.labels.values() if label.codes)


def test_that_there_is_something_sensitive_is_itself_not_told_unless_the_site_says_so() -> None:
    assert {label.code for label in LABELS.labels.values() if label.existence} == {"VIP", "EMP"}


def test_a_site_adds_codes_and_labels_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "labels.yaml"
    file.write_text("HIV: {words: [retroviral], existence: true}\nCANCER: {title: Cancer, source: this site, codes: [C]}\n")

    labels = labels_in(file)

    assert of(Diagnosed("C50.1", "x", "I10"), labels) == {"CANCER"}
    assert of(Ordered("1", "retroviral clinic"), labels) == {"HIV"}
    assert of(Diagnosed("B24", "x", "I10"), labels) == {"HIV"}
    assert (labels.labels["HIV"].existence, labels.labels["HIV"].title) == (True, "HIV")


def test_a_site_takes_away_what_hides_too_much(tmp_path: Path) -> None:
    file = tmp_path / "labels.yaml"
    file.write_text("PSY: {without: [F45, psychiatry]}\n")

    labels = labels_in(file)

    assert of(Diagnosed("F45.0", "x", "I10"), labels) == set()
    assert of(Scheduled("1", "Psychiatry review", "S12"), labels) == set()
    assert of(Diagnosed("F32.1", "x", "I10"), labels) == {"PSY"}


def test_the_list_in_the_guide_is_one_that_is_taken(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "operating" / "security" / "consent.md").read_text(encoding="utf-8")
    file = tmp_path / "labels.yaml"
    file.write_text("\n".join(line.strip() for line in guide.splitlines() if line.startswith("      ")), encoding="utf-8")

    labels = labels_in(file)

    assert of(Diagnosed("C50", "x", "I10"), labels) == {"CANCER"}
    assert of(Diagnosed("F45.0", "x", "I10"), labels) == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[HIV]", "lists labels by their code"),
        ("HIV: {colour: red}", "says some of"),
        ("HIV: {codes: B20}", "lists its"),
        ("HIV: {confidentiality: X}", "has confidentiality R or V"),
        ("HIV: {existence: maybe}", "says existence: true or false"),
        ("HIV: {standing: sure}", "is verified or provisional"),
        ("HIV: [", "is not valid YAML"),
    ],
)
def test_a_list_that_is_wrong_stops_the_start_and_says_why(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "labels.yaml"
    file.write_text(text)

    with pytest.raises(Refused, match=words):
        labels_in(file)


def test_a_code_with_nothing_else_known_is_labelled_too() -> None:
    """What the feeds page shows of codes that nobody has mapped."""
    assert LABELS.of_code("7917-8^HIV 1 Ab^LN") == {"HIV"}
    assert LABELS.of_code("X9^Something^L") == frozenset()
