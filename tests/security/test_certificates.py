"""Certificates: read as they are, warned of in time (FT-34), and asked for without the key ever leaving."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from support.certificates import Authority
from wardline.core.errors import Refused
from wardline.security.certificates import Certificate, belongs, certificates_in, read, request_for

NOW = datetime(2026, 11, 21, 3, 12, tzinfo=UTC)


def ending(left: timedelta) -> Certificate:
    return Certificate("CN=wardline", (), "CN=authority", NOW - timedelta(days=90), NOW + left, "")


@pytest.mark.parametrize(
    ("left", "warned"),
    [
        (timedelta(days=31), None), (timedelta(days=30, seconds=1), None), (timedelta(days=30), 30), (timedelta(days=14, seconds=1), 30),
        (timedelta(days=14), 14), (timedelta(days=7), 7), (timedelta(days=1, seconds=1), 7), (timedelta(days=1), 1),
        (timedelta(seconds=1), 1), (timedelta(0), 0), (timedelta(days=-400), 0),
    ],
)  # fmt: skip
def test_ft34_the_end_of_a_certificate_is_said_30_14_7_and_1_days_before(left: timedelta, warned: int | None) -> None:
    assert ending(left).warning(NOW) == warned


@pytest.mark.parametrize(("left", "state"), [(40, "ok"), (29, "expiring"), (0, "expired"), (-1, "expired")])
def test_the_state_of_a_certificate_is_one_word(left: int, state: str) -> None:
    assert ending(timedelta(days=left)).state(NOW) == state


def test_a_certificate_from_the_future_is_not_valid_yet() -> None:
    assert ending(timedelta(days=40)).state(NOW - timedelta(days=91)) == "not valid yet"


def test_what_a_certificate_says_is_read_from_its_file(tmp_path: Path) -> None:
    found = read(Authority(tmp_path, "hospital").certificate_for("wardline.example", timedelta(days=10)))[0]
    assert (found.subject, found.names, found.issuer) == ("CN=wardline.example", ("wardline.example",), "CN=hospital")
    assert timedelta(days=9) < found.not_after - datetime.now(UTC) <= timedelta(days=10)
    assert len(found.fingerprint) == 32 * 3 - 1


@pytest.mark.parametrize("content", [b"", b"not a certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_file_without_a_certificate_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(Refused, match=r"door\.pem"):
        certificates_in(content, "door.pem")


def test_a_key_that_is_another_certificate_s_is_noticed(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "hospital")
    one, other = (authority.certificate_for(name).read_bytes() for name in ("one", "other"))
    assert belongs(one, one)
    assert not belongs(one, other)


def test_a_request_names_the_host_and_is_signed_by_the_key_that_stays() -> None:
    key, wanted = request_for(("wardline.hospital.example", "board.hospital.example"), "St Test")
    request = x509.load_pem_x509_csr(wanted)
    assert request.is_signature_valid
    assert request.public_key() == serialization.load_pem_private_key(key, None).public_key()
    hosts = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
    assert hosts == ["wardline.hospital.example", "board.hospital.example"]
    assert b"PRIVATE" not in wanted


@pytest.mark.parametrize("names", [(), ("",), ("x" * 65,), ("bücher.example",)])
def test_a_request_without_a_usable_name_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="name the host"):
        request_for(names, "St Test")
