"""The event channel of workitems over real sockets: only for whoever brings a token, from our own pages, under their own AE title."""

import json
from collections.abc import Iterator

import pytest

from api.dicomweb.sending import ROOT
from api.dicomweb.work import ask, made
from attacks.street import Socket, Street
from wardline.api.dicomweb import event_channel
from wardline.delivery.worklists.workitems import WORKLIST

CHANNEL = f"{ROOT}/subscribers/RIS%201"


@pytest.fixture
def opened() -> Iterator[list[Socket]]:
    sockets: list[Socket] = []
    yield sockets
    for each in sockets:
        each.line.close()


def knock(street: Street, opened: list[Socket], path: str = CHANNEL, *, role: str = "radiologist", origin: str = "", **said: str) -> Socket:
    headers = (f"Authorization: Bearer {said.get('token') or street.house.as_(role).token}",) if said.get("token") != "none" else ()
    socket = Socket(street, path, origin=origin, headers=headers)
    opened.append(socket)
    return socket


def test_reports_arrive_as_text_frames_of_dicom_json(street: Street, opened: list[Socket]) -> None:
    socket = knock(street, opened)
    assert socket.is_open
    assert ask(street.house, "POST", f"/{WORKLIST}/subscribers/RIS%201").status_code == 201
    made(street.house, "1.7.1", study="")
    said = json.loads(socket.text())
    assert (said["00001000"]["Value"], said["00741000"]["Value"]) == (["1.7.1"], ["SCHEDULED"])
    assert knock(street, opened, role="doctor").status == 403, "the title is taken"
    ask(street.house, "DELETE", f"/{WORKLIST}/subscribers/RIS%201")


def test_nobody_gets_in_without_a_token_of_theirs_or_from_a_foreign_page(street: Street, opened: list[Socket]) -> None:
    token = street.house.as_("radiologist").token
    assert knock(street, opened, token="none").status == 401
    assert knock(street, opened, token="x" * 20).status == 401
    assert knock(street, opened, f"{CHANNEL}?token={token}", token="none").status == 401
    assert knock(street, opened, origin="https://elsewhere.example").status == 403
    assert knock(street, opened, role="manager").status == 403


def test_whoever_follows_more_than_a_queue_holds_still_gets_in(street: Street, opened: list[Socket], monkeypatch: pytest.MonkeyPatch) -> None:
    """They were hung up on as too slow before they had read a word, each time they called again, and heard nothing any more."""
    monkeypatch.setattr(event_channel, "WAITING", 2)
    assert ask(street.house, "POST", f"/{WORKLIST}/subscribers/RIS%201").status_code == 201
    workitems = {made(street.house, f"1.7.2.{number}", study="") for number in range(1, 6)}
    socket = knock(street, opened)
    told = {json.loads(socket.text())["00001000"]["Value"][0] for _ in street.house.wardline.workitems.subscribers["RIS 1"].of}
    assert told >= workitems
    ask(street.house, "DELETE", f"/{WORKLIST}/subscribers/RIS%201")


@pytest.mark.parametrize("title", ["", "A" * 17, "A%5CB", "A%00B", "%20A", "..%2f..%2fstudies", "A/B"])
def test_what_is_no_title_opens_nothing(street: Street, opened: list[Socket], title: str) -> None:
    assert knock(street, opened, f"{ROOT}/subscribers/{title}").status == 400
