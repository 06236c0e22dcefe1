"""The DICOM door against peers that keep to no rule: rights taken under another heading, questions that never end, headers that swell."""

import re
import socket
import struct
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.dicom_door import CT, ROOT, Door, Sender, association_request, bytes_of, ct, door, put
from wardline.adapters.embedded.images.store import ImageStore
from wardline.formats.dicom.matching import condition
from wardline.formats.dicom.scanning import scan_bytes
from wardline.formats.dicom.syntaxes import EXPLICIT_LITTLE
from wardline.formats.dicom.writing import data_set
from wardline.intake.dicom import commands
from wardline.intake.dicom.agreement import Agreement, Peer
from wardline.intake.dicom.listener import BUSY
from wardline.intake.dicom.services.handlers import HANDLERS

VERIFICATION, FIND, COMMIT = "1.2.840.10008.1.1", "1.2.840.10008.5.1.4.1.2.2.1", "1.2.840.10008.1.20.1"
DEFLATED = "1.2.840.10008.1.2.1.99"
ALL_STUDIES = data_set({"00080052": {"vr": "CS", "Value": ["STUDY"]}, "0020000D": {"vr": "UI"}, "00100010": {"vr": "PN"}}, EXPLICIT_LITTLE)
ITS_IMAGES = data_set({"00080052": {"vr": "CS", "Value": ["STUDY"]}, "0020000D": {"vr": "UI", "Value": [f"{ROOT}.1"]}}, EXPLICIT_LITTLE)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A site that lets one scanner store, another only ask, and one say hello."""
    peers = {title: Peer(title, frozenset(may)) for title, may in {"SCANNER": ("store",), "ASKER": ("find",), "NOBODY": ()}.items()}
    with door(tmp_path_factory.mktemp("guarded") / "images", Agreement(peers=peers), HANDLERS) as opened:
        put(opened.images, ct())
        yield opened


def asked(sender: Sender, field: int, dataset: bytes, **more: object) -> list[commands.Command]:
    """The status of every answer to a request in the first context."""
    said = {"CommandField": field, "MessageID": 1, "Priority": 0, "CommandDataSetType": 1, "AffectedSOPClassUID": FIND, **more}
    sender.send_values((3, commands.encode(said)))
    sender.send_values((2, dataset))
    return [sender.response()]


@pytest.mark.parametrize(("title", "heading"), [("SCANNER", CT), ("SCANNER", VERIFICATION), ("NOBODY", VERIFICATION), ("ASKER", VERIFICATION)])
@pytest.mark.parametrize(
    ("field", "dataset"),
    [(commands.C_FIND, ALL_STUDIES), (commands.C_MOVE, ITS_IMAGES), (commands.C_GET, ITS_IMAGES), (commands.N_ACTION, ITS_IMAGES),
     (commands.N_CREATE, ITS_IMAGES), (commands.N_SET, ITS_IMAGES)],
    ids=["find", "move", "get", "commit", "create step", "set step"],
)  # fmt: skip
def test_who_may_only_store_or_say_hello_gets_nothing_out_under_that_heading(
    guarded: Door, title: str, heading: str, field: int, dataset: bytes
) -> None:
    asked_before = list(guarded.asked)
    sender = Sender(guarded.port, calling=title, contexts={heading: [EXPLICIT_LITTLE]})

    (answer,) = asked(sender, field, dataset, MoveDestination="SCANNER", ActionTypeID=1)

    assert answer["Status"] == commands.NO_SUCH_CLASS
    assert guarded.asked == asked_before, "nothing was looked for, so nothing stands in the trail"
    sender.release()


def test_who_may_ask_cannot_have_images_sent_under_the_heading_of_a_question(guarded: Door) -> None:
    sender = Sender(guarded.port, calling="ASKER", contexts={FIND: [EXPLICIT_LITTLE]})

    (answer,) = asked(sender, commands.C_GET, ITS_IMAGES)
    assert answer["Status"] == commands.NO_SUCH_CLASS
    (answer,) = asked(sender, commands.C_FIND, ALL_STUDIES)
    assert answer["Status"] == 0xFF00, "what it may do it still can"


@pytest.mark.parametrize("vr", ["PN", "LO"])
def test_a_question_with_many_stars_is_as_quick_as_one_with_few(vr: str) -> None:
    """While a pattern is tried nothing else of the house runs: neither the feeds nor the alarms."""
    wanted = condition("00100010", vr, "*a" * 24 + "*b")
    assert wanted is not None
    name = {"Alphabetic": "a" * 60} if vr == "PN" else "a" * 60

    begun = time.perf_counter()
    assert not wanted.holds({"00100010": {"vr": vr, "Value": [name]}})
    assert time.perf_counter() - begun < 0.5


@pytest.mark.parametrize(
    ("pattern", "fits", "fits_not"),
    [("MEI*", "MEIER", "AMEI"), ("*ER", "MEIERER", "ERA"), ("M*I*R", "MAIER", "MR"), ("M?I*", "MAI", "MI"), ("*", "", None), ("**A*A", "AA", "A"),
     ("A.C*", "A.CD", "ABCD"), ("*?A", "BA", "A"), ("A?*?B", "ACCB", "ACB")],
)  # fmt: skip
def test_stars_and_question_marks_mean_what_they_meant(pattern: str, fits: str, fits_not: str | None) -> None:
    wanted = condition("0008103E", "LO", pattern)
    assert wanted is not None
    assert not fits or wanted.holds({"0008103E": {"vr": "LO", "Value": [fits]}})
    assert fits_not is None or not wanted.holds({"0008103E": {"vr": "LO", "Value": [fits_not]}})


def texts(count: int, length: int) -> bytes:
    """A small header, then long texts under private tags; each alone is short enough to stand in an answer."""
    dataset = ct()
    del dataset.PixelData
    long = b"".join(struct.pack("<HH2sHL", 0x7FD1, 0x1000 + number, b"UT", 0, length) + b"A" * length for number in range(count))
    return bytes_of(dataset) + long


def test_a_header_of_many_long_texts_does_not_fill_the_memory() -> None:
    """Deflated it is a few kilobytes; read in, it stood there several times over, once for every sender."""
    whole = texts(200, 200 * 1024)
    engine = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    small = engine.compress(whole) + engine.flush()
    assert len(small) < 200 * 1024

    tracemalloc.start()
    scanned = scan_bytes(small, DEFLATED)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert held < 24 << 20, "what the header may hold, not the object"
    assert scanned.text("0020000D") == f"{ROOT}.1"
    assert len(scanned.bulk) > 100, "nothing is lost: what does not fit is referred to"


@pytest.mark.parametrize("number", ["9" * 5_000, "99999999999999999999", "\u0664\u0662"])
def test_a_number_no_machine_can_hold_does_not_take_other_senders_images_with_it(tmp_path: Path, number: str) -> None:
    images = ImageStore(tmp_path / "images", b"the secret of a test's image st.")
    content = bytes_of(ct())
    # Instance Number (0020,0013) after Series Number, with a value no toolkit would write.
    at = content.index(b"\x20\x00\x13\x00IS")
    said = number.encode()
    said += b" " * (len(said) % 2)
    whole = content[:at] + b"\x20\x00\x13\x00IS" + struct.pack("<H", len(said)) + said + content[at + 10 :]

    assert put(images, ct(), content=whole).outcome == "stored"
    assert put(images, ct(2)).outcome == "stored"
    images.close()


def test_the_pattern_of_a_question_is_made_of_what_was_typed() -> None:
    wanted = condition("0008103E", "LO", "(*)+[a")
    assert wanted is not None
    assert wanted.holds({"0008103E": {"vr": "LO", "Value": ["(x)+[a"]}})
    assert re.escape("(") == "\\("


def test_who_opens_connections_and_says_nothing_leaves_room_for_others(tmp_path: Path) -> None:
    """Nobody has to be known for this: each silent connection held a place for half a minute."""
    with door(tmp_path / "images", most=4) as opened:
        silent = [socket.create_connection(("127.0.0.1", opened.port), timeout=5) for _ in range(2)]
        time.sleep(0.1)
        with socket.create_connection(("127.0.0.1", opened.port), timeout=5) as third:
            assert third.recv(10) == BUSY
        with socket.create_connection(("127.0.0.1", opened.port), timeout=5, source_address=("127.0.0.2", 0)) as scanner:
            scanner.sendall(association_request({CT: [EXPLICIT_LITTLE]}, "WARDLINE", "SCANNER"))
            assert scanner.recv(10)[0] == 2, "accepted"
        for each in silent:
            each.close()
        time.sleep(0.2)
        assert Sender(opened.port).answer[0] == 2, "a place that was left is free again"
