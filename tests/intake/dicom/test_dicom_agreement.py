"""What the site agrees with its scanners: read whole or refused with the place, and taken up while the house runs."""

from pathlib import Path

import pytest
from pynetdicom.pdu_primitives import SCP_SCU_RoleSelectionNegotiation

from support.dicom_door import CT, Sender, association_request, door
from wardline.app.imaging.agreed import AgreementFile
from wardline.core.errors import Refused
from wardline.formats.dicom.syntaxes import EXPLICIT_LITTLE, IMPLICIT_LITTLE
from wardline.intake.dicom import commands
from wardline.intake.dicom.agreement import RIGHTS, Agreement, open_agreement, read_agreement
from wardline.intake.dicom.negotiation import negotiate, right_for

WHOLE = """
ae_title: PACS1
issuer: MAIN
stable_seconds: 90
largest_gib: 4
peers:
  - {title: CT1, host: 10.1.2.3, port: 11112, may: [store, commit]}
  - {title: VIEWER, may: [find, get]}
strangers: [store]
"""


def test_an_agreement_says_who_we_are_and_what_each_peer_may_do() -> None:
    read = read_agreement(WHOLE, "dicom.yaml")

    assert read[:4] == ("PACS1", "MAIN", 90, 4 << 30)
    assert read.peer("CT1") == ("CT1", {"store", "commit"}, "10.1.2.3", 11112, True, None)
    assert read.peer("VIEWER").may == {"find", "get"}  # type: ignore[union-attr]
    assert read.peer("UNKNOWN") == ("UNKNOWN", {"store"}, "", 104, False, None)
    assert read_agreement("ae_title: X", "dicom.yaml").peer("UNKNOWN") is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ae_title: [", "not valid YAML"),
        ("- a", "nothing is not known"),
        ("aetitle: X", "aetitle"),
        ("ae_title: SEVENTEEN_LETTERS", "AE title"),
        ("ae_title: 'A\\B'", "AE title"),
        ("ae_title: ' '", "AE title"),
        ("peers: [{title: A, may: [everything]}]", "everything"),
        ("peers: [{title: A, may: store}]", "store"),
        ("peers: [{title: A}, {title: A}]", "twice"),
        ("peers: [{title: A, prot: 4}]", "title, host, port and may"),
        ("peers: [{title: A, port: 70000}]", "port"),
        ("stable_seconds: soon", "stable_seconds"),
        ("stable_seconds: 0", "stable_seconds"),
        ("largest_gib: true", "largest_gib"),
    ],
)
def test_a_wrong_agreement_is_refused_and_the_place_is_named(text: str, named: str) -> None:
    with pytest.raises(Refused, match=named) as refused:
        read_agreement(text, "dicom.yaml")
    assert str(refused.value).startswith("dicom.yaml: ")


def test_without_a_file_only_this_machine_may_do_anything(tmp_path: Path) -> None:
    loopback, network = (AgreementFile(tmp_path / "dicom.yaml", is_loopback=each) for each in (True, False))

    assert loopback().peer("ANY").may == set(RIGHTS)  # type: ignore[union-attr]
    assert network().peer("ANY") is None


def test_a_changed_file_counts_at_once_and_a_wrong_one_leaves_the_former(tmp_path: Path) -> None:
    path = tmp_path / "dicom.yaml"
    path.write_text("ae_title: ONE", encoding="utf-8")
    agreement = AgreementFile(path, is_loopback=False)

    path.write_text("ae_title: SECOND", encoding="utf-8")
    assert agreement().ae_title == "SECOND"
    path.write_text("ae_title: [", encoding="utf-8")
    assert agreement().ae_title == "SECOND"
    with pytest.raises(Refused):
        AgreementFile(path, is_loopback=False)


def test_a_scanner_that_is_added_may_call_without_a_restart(tmp_path: Path) -> None:
    with door(tmp_path / "images", Agreement()) as opened:
        assert Sender(opened.port, calling="CT9").answer[0] == 3
        opened.agreement = open_agreement()
        assert Sender(opened.port, calling="CT9").answer[0] == 2


@pytest.mark.parametrize(
    ("uid", "right"),
    [
        ("1.2.840.10008.1.1", ""), (CT, "store"), ("1.2.840.10008.5.1.4.1.1.66.4", "store"), ("1.2.840.113619.4.26", "store"),
        ("1.2.840.10008.5.1.4.1.2.2.1", "find"), ("1.2.840.10008.5.1.4.1.2.1.2", "move"), ("1.2.840.10008.5.1.4.1.2.2.3", "get"),
        ("1.2.840.10008.5.1.4.31", "worklist"), ("1.2.840.10008.3.1.2.3.3", "mpps"), ("1.2.840.10008.1.20.1", "commit"),
        ("1.2.840.10008.5.1.1.9", None), ("1.2.840.10008.5.1.4.38.1", None),
    ],
)  # fmt: skip
def test_each_kind_of_service_needs_its_right(uid: str, right: str | None) -> None:
    assert right_for(uid) == right


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        ([IMPLICIT_LITTLE, EXPLICIT_LITTLE], EXPLICIT_LITTLE),
        (["1.2.840.10008.1.2.4.70", EXPLICIT_LITTLE], "1.2.840.10008.1.2.4.70"),
        ([IMPLICIT_LITTLE], IMPLICIT_LITTLE),
    ],
)
def test_objects_come_as_the_sender_has_them(offered: list[str], taken: str) -> None:
    agreed = negotiate(association_request({CT: offered}, "WARDLINE", "CT1"), open_agreement())

    assert agreed.contexts[1].transfer_syntax == taken


def test_who_fetches_with_c_get_may_take_the_senders_part() -> None:
    """SCP/SCU Role Selection (PS3.7 D.3.3.4): the peer asks to be the one that receives."""
    role = SCP_SCU_RoleSelectionNegotiation()
    role.sop_class_uid, role.scu_role, role.scp_role = CT, False, True
    reader = read_agreement("peers: [{title: VIEWER, may: [get]}]", "dicom.yaml")

    agreed = negotiate(association_request({CT: [EXPLICIT_LITTLE]}, "WARDLINE", "VIEWER", [role]), reader)

    assert agreed.contexts[1].as_scu
    assert negotiate(association_request({CT: [EXPLICIT_LITTLE]}, "WARDLINE", "VIEWER"), reader).contexts == {}


def test_commands_are_read_back_as_they_were_written() -> None:
    said = {
        "AffectedSOPClassUID": "1.2.3", "CommandField": commands.C_FIND, "MessageID": 5, "MoveDestination": "PACS", "CommandDataSetType": 1,
        "AttributeIdentifierList": [0x00100010, 0x7FE00010], "Status": 0xB000, "ErrorComment": "odd",
    }  # fmt: skip

    assert commands.decode(commands.encode(said)) == said
    with pytest.raises(Refused, match="cut off"):
        commands.decode(commands.encode(said)[:-1])
    with pytest.raises(Refused, match="lacks"):
        commands.decode(commands.encode({"MessageID": 5}))
