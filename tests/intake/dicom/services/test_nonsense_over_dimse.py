"""FT-19 for the services: whatever a peer asks, it is answered or refused, and the next one is served (PS3.7 C)."""

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wardline.formats.dicom.writing import data_set
from wardline.intake.dicom.commands import C_FIND, C_GET, C_MOVE, N_ACTION, N_CREATE, N_SET
from wardline.intake.dicom.pdus import Gone
from wardline.intake.dicom.services.calling import Address, Call, Proposal

if TYPE_CHECKING:
    from intake.dicom.services.conftest import Door

EXPLICIT = "1.2.840.10008.1.2.1"
ROOT = "1.2.840.10008.5.1.4.1.2.2."
SERVICES = (
    (C_FIND, ROOT + "1"), (C_MOVE, ROOT + "2"), (C_GET, ROOT + "3"), (C_FIND, "1.2.840.10008.5.1.4.31"), (N_ACTION, "1.2.840.10008.1.20.1"),
    (N_CREATE, "1.2.840.10008.3.1.2.3.3"), (N_SET, "1.2.840.10008.3.1.2.3.3"),
)  # fmt: skip
WORDS = st.text("0123456789.-*?\\^=ab Ä", max_size=12)
ELEMENT = st.one_of(
    st.builds(lambda vr, words: {"vr": vr, "Value": [words]}, st.sampled_from(["LO", "PN", "DA", "TM", "UI", "CS", "IS", "DS", "SH"]), WORDS),
    st.just({"vr": "SQ", "Value": [{"00080060": {"vr": "CS", "Value": ["CT"]}}]}),
    st.builds(lambda number: {"vr": "US", "Value": [number]}, st.integers(0, 65535)),
)
TAGS = st.sampled_from(["00080020", "00080030", "00080052", "00080061", "00100010", "00100020", "0020000D", "0020000E", "00080018", "00400100",
    "00081195", "00081199", "00400252", "00400270", "00400340", "00180050"])  # fmt: skip
IDENTIFIERS = st.one_of(
    st.binary(max_size=80),
    st.dictionaries(TAGS, ELEMENT, max_size=5).map(lambda attributes: data_set(attributes, EXPLICIT)),
    st.dictionaries(TAGS, ELEMENT, max_size=4).map(lambda attributes: data_set(attributes | LEVEL, EXPLICIT)),
)
LEVEL: dict[str, Any] = {"00080052": {"vr": "CS", "Value": ["STUDY"]}}


def ask(door: "Door", service: tuple[int, str], dataset: bytes, **command: Any) -> int:
    """The status of the first answer."""
    address = Address("127.0.0.1", door.port, "WARDLINE", "FUZZ")
    with Call(address, [Proposal(service[1], (EXPLICIT,))]) as call:
        (context,) = call.contexts.values()
        said = {"CommandField": service[0], "AffectedSOPClassUID": service[1], "Priority": 0, **command}
        return int(call.request(context.id, said, dataset)["Status"])


@given(st.sampled_from(SERVICES), IDENTIFIERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_question_has_an_answer(door: "Door", service: tuple[int, str], dataset: bytes) -> None:
    more = {C_MOVE: {"MoveDestination": "NOWHERE"}, N_ACTION: {"ActionTypeID": 1}}.get(service[0], {})
    status = ask(door, service, dataset, **more)
    assert status in (0x0000, 0xFF00, 0xFF01, 0xA900, 0xA801, 0x0115, 0x0106, 0x0110, 0x0111, 0x0112), hex(status)


@pytest.mark.parametrize("service", SERVICES[:4:2])
def test_after_nonsense_the_same_door_serves_the_next(door: "Door", service: tuple[int, str]) -> None:
    assert ask(door, service, b"\xff" * 64) == 0xA900
    assert ask(door, SERVICES[0], data_set(LEVEL | {"0020000D": {"vr": "UI"}}, EXPLICIT)) == 0xFF00


def test_a_title_nobody_called_is_not_answered(door: "Door") -> None:
    with pytest.raises(Gone, match="source 1, reason 7"), Call(Address("127.0.0.1", door.port, "OTHER", "FUZZ"), [Proposal(ROOT + "1", (EXPLICIT,))]):
        pass
