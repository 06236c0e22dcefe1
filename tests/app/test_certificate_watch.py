"""Certificates while Wardline runs: renewed without a restart, and never silently at their end (FT-34)."""

import asyncio
import os
import shutil
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from api.house import OpenHouse
from support.certificates import Authority, client
from wardline.app.certificates import ABOUT, CertificateWatch, Place
from wardline.app.settings import Tls
from wardline.app.tls import tls_context
from wardline.core.events import Incident


@pytest.fixture
def portal() -> BlockingPortal:
    with start_blocking_portal() as portal:
        yield portal  # type: ignore[misc]


@pytest.fixture
def house(tmp_path: Path, portal: BlockingPortal) -> OpenHouse:
    with OpenHouse(tmp_path / "data", portal) as house:
        yield house  # type: ignore[misc]


def warned(house: OpenHouse) -> list[Incident]:
    return house.do(lambda: [event.value for event in house.wardline.log.events_of([ABOUT])])


async def looked_once(watch: CertificateWatch) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(watch.run(), 0.5)


@pytest.mark.parametrize(
    ("days", "says"),
    [(29, "ends within 30 days"), (13, "ends within 14 days"), (6, "ends within 7 days"), (0.5, "ends within 1 days"), (-1, "has expired")],
)
def test_ft34_a_certificate_near_its_end_is_an_incident_said_once(house: OpenHouse, tmp_path: Path, days: float, says: str) -> None:
    file = Authority(tmp_path, "hospital").certificate_for("wardline.example", timedelta(days=days))
    watch = CertificateWatch(house.wardline.engine, (Place("HTTPS door", file),))
    for _ in range(2):
        house.do(looked_once, watch)
    house.do(looked_once, CertificateWatch(house.wardline.engine, watch.places))  # as after a restart
    assert [each.what for each in warned(house)] == [f"certificate {says}"]
    assert "wardline.example" in warned(house)[0].detail
    assert len(watch.problems()) == 1
    assert [each.what for each in house.running.services.incidents.open.values()] == [f"certificate {says}"]


def test_a_certificate_with_time_left_is_no_incident(house: OpenHouse, tmp_path: Path) -> None:
    file = Authority(tmp_path, "hospital").certificate_for("wardline.example", timedelta(days=200))
    watch = CertificateWatch(house.wardline.engine, (Place("HTTPS door", file),))
    house.do(looked_once, watch)
    assert warned(house) == []
    assert watch.problems() == []


def test_a_certificate_that_has_gone_is_an_incident(house: OpenHouse, tmp_path: Path) -> None:
    watch = CertificateWatch(house.wardline.engine, (Place("to ehr", tmp_path / "gone.pem"),))
    house.do(looked_once, watch)
    assert [each.what for each in warned(house)] == ["certificate cannot be used"]
    assert watch.standings()[0].state == "unusable"


# --- renewed while the door is open ---


async def shown(context: ssl.SSLContext, door: ssl.SSLContext) -> str:
    """The common name that a door shows to a client that comes now."""
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0, ssl=door)
    async with server:
        port = server.sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
        peer = writer.get_extra_info("peercert")
        writer.close()
    return str(peer["serialNumber"])


def test_a_renewed_certificate_is_shown_to_the_next_client_without_a_restart(house: OpenHouse, tmp_path: Path) -> None:
    authority, other = Authority(tmp_path, "hospital"), Authority(tmp_path, "second")
    serving = Path(shutil.copy(authority.certificate_for("localhost"), tmp_path / "door.pem"))
    door = tls_context(Tls(certificate=serving, key=serving, client_authority=None), "http_tls")
    assert door is not None
    watch = CertificateWatch(house.wardline.engine, (Place("HTTPS door", serving, serving, door),))
    before = house.do(shown, client(authority), door)
    shutil.copy(other.certificate_for("localhost"), serving)
    _later(serving)
    house.do(looked_once, watch)
    assert house.do(shown, client(other), door) != before


def test_a_renewed_file_that_cannot_be_used_is_said_and_the_former_goes_on(house: OpenHouse, tmp_path: Path) -> None:
    authority = Authority(tmp_path, "hospital")
    serving = Path(shutil.copy(authority.certificate_for("localhost"), tmp_path / "door.pem"))
    key = Path(shutil.copy(serving, tmp_path / "door.key"))
    door = tls_context(Tls(certificate=serving, key=key, client_authority=None), "http_tls")
    assert door is not None
    watch = CertificateWatch(house.wardline.engine, (Place("HTTPS door", serving, key, door),))
    before = house.do(shown, client(authority), door)
    shutil.copy(authority.certificate_for("other"), serving)  # its key was forgotten
    _later(serving)
    house.do(looked_once, watch)
    assert house.do(shown, client(authority), door) == before
    assert "the key is not this certificate's" in watch.standings()[0].problem
    assert [each.what for each in warned(house)] == ["certificate cannot be used"]


def _later(file: Path) -> None:
    """Written a second later, on file systems that count in seconds."""
    at = file.stat().st_mtime + 1
    os.utime(file, (at, at))
