"""ORM, OML, RDE, RAS, VXU: what was asked for, when it is due, and what was given."""

from datetime import UTC, datetime

import pytest

from intake.hl7v2.door import PID, SENT, header, stated, statements, timeline
from wardline.core.events import Administered, Ordered

ORC = "ORC|NW|P1^HIS|F1^LAB||SC||||20250301070000+0000|||C7^Byrne^Ben"


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 3, 1, hour, minute, tzinfo=UTC)


# --- laboratory and imaging ---


@pytest.mark.parametrize("kind", ["ORM^O01", "OML^O21", "OMG^O19"])
def test_an_order_says_what_for_when_how_urgent_and_by_whom(kind: str) -> None:
    (said,) = (
        each
        for each in statements(header(kind), PID, ORC, "OBR|1|P1|F1|24323-8^Metabolic panel^LN|S|20250301090000+0000")
        if isinstance(each.value, Ordered)
    )
    assert said.value == Ordered(
        "F1", "Metabolic panel", "24323-8^Metabolic panel^LN", "NW", "laboratory", priority="S", starts_at=at(9), issued_at=SENT, orderer="Ben Byrne"
    )  # fmt: skip
    assert said.occurred_at == at(7)


def test_the_order_is_known_by_the_fillers_number_or_else_the_placers() -> None:
    assert [each.order for each in stated(Ordered, header("ORM^O01"), PID, "ORC|NW|P1", "OBR|1|P1||K^Potassium")] == ["P1"]
    assert [each.order for each in stated(Ordered, header("ORM^O01"), PID, "ORC|NW|P1|F1", "OBR|1|||K^Potassium")] == ["F1"]
    assert [each.order for each in stated(Ordered, header("ORM^O01", control="M9"), PID, "OBR|1|||K^Potassium")] == ["M9"]


@pytest.mark.parametrize(
    ("service", "category"), [("RAD", "imaging"), ("CT", "imaging"), ("ct", "imaging"), ("CH", "laboratory"), ("", "laboratory")]
)
def test_the_diagnostic_service_says_what_kind_of_order_it_is(service: str, category: str) -> None:
    assert stated(Ordered, header("ORM^O01"), PID, ORC, f"OBR|1|P1|F1|X^Chest{'|' * 20}{service}")[0].category == category


def test_each_order_of_a_message_has_its_own_status_and_orderer() -> None:
    found = stated(
        Ordered, header("OML^O21"), PID, "ORC|NW|P1|F1|||||||||A^One^Anna", "OBR|1|P1|F1|K^Potassium",
        "ORC|CA|P2|F2", "OBR|2|P2|F2|NA^Sodium||||||||||||B^Two^Bo",
    )  # fmt: skip
    assert [(each.order, each.status, each.orderer) for each in found] == [("F1", "NW", "Anna One"), ("F2", "CA", "Bo Two")]


def test_a_result_orders_nothing() -> None:
    assert stated(Ordered, header("ORU^R01"), PID, ORC, "OBR|1|P1|F1|K^Potassium", "OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||F") == []


@pytest.mark.parametrize("control", ["CA", "DC", "OC", "OD", "CR", "DR"])
def test_an_order_is_stopped_even_by_a_message_that_does_not_repeat_what_it_was(control: str) -> None:
    ordered = statements(header("ORM^O01", sent="20250301070000+0000"), PID, ORC, "OBR|1|P1|F1|K^Potassium")
    stopped = statements(header("ORM^O01", sent="20250301080000+0000"), PID, f"ORC|{control}|P1|F1")
    for order in ([ordered, stopped], [stopped, ordered]):
        standing = timeline(*order).orders["F1"].value
        assert (standing.what, standing.status) == ("Potassium", control)


def test_an_order_control_that_changes_nothing_says_nothing_by_itself() -> None:
    assert stated(Ordered, header("ORM^O01"), PID, "ORC|SC|P1|F1") == []
    assert stated(Ordered, header("ORM^O01"), PID, "ORC|CA") == []


def test_two_bare_cancellations_are_two() -> None:
    assert [each.order for each in stated(Ordered, header("ORM^O01"), PID, "ORC|CA|P1", "ORC|CA|P2")] == ["P1", "P2"]


# --- timing ---


@pytest.mark.parametrize(
    "lines",
    [
        ("ORC|NW|P1", "TQ1|1||BID||||20250301120000+0000||S^Stat", "OBR|1|P1||K^Potassium"),
        ("ORC|NW|P1", "OBR|1|P1||K^Potassium", "TQ1|1||BID||||20250301120000+0000||S"),
        ("ORC|NW|P1|||||^BID^^20250301120000+0000^^S", "OBR|1|P1||K^Potassium"),
        ("ORC|NW|P1", f"OBR|1|P1||K^Potassium{'|' * 23}^BID^^20250301120000+0000^^S"),
    ],
)
def test_when_and_how_often_is_in_tq1_or_in_the_older_timing_field(lines: tuple[str, ...]) -> None:
    (order,) = stated(Ordered, header("OML^O21"), PID, *lines)
    assert (order.frequency, order.starts_at, order.priority) == ("BID", at(12), "S")


# --- drugs ---


def test_a_prescription_says_drug_dose_route_frequency_and_start() -> None:
    (order,) = stated(
        Ordered, header("RDE^O11"), PID, ORC, "RXE|^Q6H^^20250301120000+0000^^R|1191^Aspirin 300 mg tablet^RXN|300||mg^milligram|TAB",
        "RXR|PO^Oral", "RXC|A|X",
    )  # fmt: skip
    assert order == Ordered(
        "F1", "Aspirin 300 mg tablet", "1191^Aspirin 300 mg tablet^RXN", "NW", "medication", "300 milligram", "Oral", "Q6H", at(12), "R",
        SENT, "Ben Byrne",
    )  # fmt: skip


def test_each_drug_has_its_own_route_and_timing() -> None:
    found = stated(
        Ordered, header("RDE^O11"), PID, "ORC|NW|P1", "TQ1|1||BID", "RXE||A^Aspirin|1||TAB",
        "ORC|NW|P2", "RXE||B^Heparin|5000||IU", "TQ1|1||Q8H", "RXR|SC^Subcutaneous",
    )  # fmt: skip
    assert [(each.what, each.route, each.frequency) for each in found] == [("Aspirin", "", "BID"), ("Heparin", "Subcutaneous", "Q8H")]


def test_what_the_pharmacy_encoded_stands_for_what_was_prescribed() -> None:
    said = statements(
        header("RDE^O11"), PID, ORC, "RXO|1191^Aspirin^RXN|300||mg", "RXR|PO", "RXE||1191^Aspirin 300 mg tablet^RXN|1||TAB", "RXR|PO^Oral"
    )
    assert [each.value.what for each in said if isinstance(each.value, Ordered)] == ["Aspirin", "Aspirin 300 mg tablet"]
    assert timeline(said).orders["F1"].value.what == "Aspirin 300 mg tablet"


def test_a_dose_that_was_given_says_when_what_and_how() -> None:
    (said,) = (
        each
        for each in statements(header("RAS^O17"), PID, ORC, "RXA|0|1|20250301073000+0000||1191^Aspirin^RXN|300|mg||||||||||||CP|A", "RXR|PO^Oral")
        if isinstance(each.value, Administered)
    )  # fmt: skip
    assert said.value == Administered("F1", "Aspirin", "1191^Aspirin^RXN", "300 mg", "Oral", SENT)
    assert said.occurred_at == at(7, 30)


def test_an_unknown_amount_is_no_amount() -> None:
    assert stated(Administered, header("VXU^V04"), PID, ORC, "RXA|0|1|20150624||88^influenza^CVX|999")[0].dose == ""


@pytest.mark.parametrize("ending", ["|||||||||||||RE", "|||||||||||||NA", "||||||||||||||D"])
def test_what_was_refused_not_given_or_taken_back_was_not_given(ending: str) -> None:
    assert stated(Administered, header("RAS^O17"), PID, ORC, f"RXA|0|1|20250301073000+0000||1191^Aspirin^RXN|300|mg{ending}") == []


def test_a_statement_about_vaccination_is_no_vaccination() -> None:
    assert stated(Administered, header("VXU^V04"), PID, ORC, "RXA|0|1|20250301||998^no vaccine administered^CVX|999") == []


@pytest.mark.parametrize(
    ("coded", "name"),
    [("A^Aspirin^L", "Aspirin"), ("A^^L^B^ASA^X", "ASA"), ("A^^L^^^^^^as written", "as written"), ("A", "A"), ("^Aspirin", "Aspirin")],
)
def test_a_drug_is_called_by_its_text_or_else_by_its_code(coded: str, name: str) -> None:
    assert stated(Administered, header("RAS^O17"), PID, ORC, f"RXA|0|1|20250301||{coded}|1|TAB")[0].what == name
