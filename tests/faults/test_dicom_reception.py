"""FT-38 on the real thing: DICOM reception in processes of its own, killed, orphaned and stopped while real bytes are on their way."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support.dicom_door import ROOT, Sender, bytes_of, ct, door
from support.served import Served
from wardline.app.imaging.opening import images_in
from wardline.app.imaging.supervising import Reception
from wardline.app.settings import load
from wardline.core.errors import Conflict
from wardline.intake.dicom import commands

STUDY = f"{ROOT}.1"


def receptions(data: Path) -> list[int]:
    """Processes that receive DICOM for this folder."""
    found = []
    for state in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = state.read_bytes()
        except OSError:  # ended meanwhile
            continue
        if b"wardline.app.imaging.reception" in words and str(data).encode() in words:
            found.append(int(state.parent.name))
    return found


def eventually(holds: Callable[[], bool], seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.05)
    return False


def listens(port: int) -> bool:
    with socket.socket() as sock:
        sock.settimeout(1)
        return sock.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.slow
def test_ft38_reception_killed_between_and_within_instances_keeps_what_it_acknowledged_once(tmp_path: Path) -> None:
    data = tmp_path / "data"
    acknowledged: list[str] = []
    with Served(data, dicom=0) as ward:
        before = set(receptions(data))
        assert len(before) == 2
        number = 0
        for cut in (0, 2300):
            sender = Sender(ward.dicom)
            for _ in range(4):
                number += 1
                assert sender.store(ct(number), number=number)["Status"] == commands.SUCCESS
                acknowledged.append(ct(number).SOPInstanceUID)
            sender.send_values((3, sender.store_command(ct(number + 1))), (0, bytes_of(ct(number + 1))[:cut]))
            killed = set(receptions(data))
            for process in killed:
                os.kill(process, signal.SIGKILL)
            sender.sock.close()
            assert eventually(lambda: killed.isdisjoint(receptions(data)))  # noqa: B023 - asked at once
            assert eventually(lambda: listens(ward.dicom) and len(receptions(data)) == 2)
        again = Sender(ward.dicom)
        for each in range(1, number + 2):  # a sender that heard nothing sends all of it again
            assert again.store(ct(each), number=each)["Status"] == commands.SUCCESS
        again.release()
        assert before.isdisjoint(receptions(data))
        assert ward.process.poll() is None

    with images_in(data) as images:
        stored = [row.instance for row in images.find("instance")]
        assert set(acknowledged) <= set(stored)
        assert len(stored) == len(set(stored)) == number + 1
        assert all(images.instance(uid).endswith(bytes_of(ct(each))) for each, uid in enumerate(stored, 1))


@pytest.mark.slow
def test_ft38_reception_ends_with_the_house_and_a_late_instance_reopens_its_study(tmp_path: Path) -> None:
    """`kill -9` of the parent leaves no child that holds a port or a file; SIGTERM ends all within ten seconds."""
    data = tmp_path / "data"
    (data / "config").mkdir(parents=True)
    (data / "config" / "dicom.yaml").write_text("stable_seconds: 1\nstrangers: [store]\n", encoding="utf-8")
    ward = Served(data, dicom=0)
    sender = Sender(ward.dicom)
    assert sender.store(ct(1))["Status"] == commands.SUCCESS
    with images_in(data) as images:
        assert eventually(lambda: [entry.what for entry in images.journal()] == ["arriving", "complete"])

    ward.kill()

    assert eventually(lambda: not receptions(data) and not listens(ward.dicom), 10)
    sender.sock.close()
    with Served(data, dicom=ward.dicom) as again:
        sender = Sender(again.dicom)
        assert sender.store(ct(2))["Status"] == commands.SUCCESS
        with images_in(data) as images:
            assert eventually(lambda: [entry.what for entry in images.journal()][2:] == ["reopened", "complete"])
        began = time.monotonic()
        again.stop()
        assert time.monotonic() - began < 10
    sender.sock.close()
    assert receptions(data) == []
    with images_in(data) as images:
        assert len(list(images.find("instance"))) == 2


def test_a_port_on_which_another_house_receives_is_not_shared_with_it(tmp_path: Path) -> None:
    """Our processes share one socket; were two houses on one port, scanners would not know which they reach."""
    with door(tmp_path / "images") as other:
        reception = Reception(load(data=tmp_path / "data"), other.port)

        with pytest.raises(Conflict, match=f"port {other.port} for DICOM is taken"):
            asyncio.run(reception.open())
