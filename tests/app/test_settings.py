"""Settings: which place wins, and what is said about a mistake."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from wardline.app.settings import Settings, load
from wardline.core.errors import Refused


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"WARDLINE_{name.upper()}", raising=False)


def written(folder: Path, content: Any) -> Path:
    file = folder / "wardline.yaml"
    file.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    return file


def test_the_file_wins_over_the_default_the_environment_over_the_file_the_command_line_over_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, {"http": 8001, "mllp": 8002, "hospital": "St Example", "zone": "Europe/Vienna"})
    monkeypatch.setenv("WARDLINE_MLLP", "9002")
    monkeypatch.setenv("WARDLINE_HTTP", "9001")

    settings = load(file, http=7001)

    assert (settings.http, settings.mllp, settings.hospital, settings.zone) == (7001, 9002, "St Example", "Europe/Vienna")
    assert settings.idle_minutes == Settings.model_fields["idle_minutes"].default


def test_what_the_command_line_leaves_out_does_not_win(tmp_path: Path) -> None:
    assert load(written(tmp_path, {"http": 8001}), http=None).http == 8001


def test_levels_are_written_with_two_underscores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDLINE_HTTP_TLS__CERTIFICATE", "/etc/tls/cert.pem")
    monkeypatch.setenv("WARDLINE_HTTP_TLS__KEY", "/etc/tls/key.pem")
    tls = load().http_tls
    assert tls is not None
    assert (str(tls.certificate), str(tls.key), tls.client_authority) == ("/etc/tls/cert.pem", "/etc/tls/key.pem", None)


@pytest.mark.parametrize(("content", "sentence"), [
    ({"htpp": 8080}, "'htpp' is not a setting; there are data, host, http"),
    ({"http": "many"}, "setting 'http': "),
    ({"http": 70000}, "setting 'http': "),
    ({"clock": "sundial"}, "setting 'clock': "),
    ({"downtime_minutes": 6}, "setting 'downtime_minutes': "),
    ({"http_tls": {"certificate": "a.pem", "key": "b.pem", "password": "x"}}, "setting 'http_tls.password': "),
    ("- a list", "must hold settings as `name: value`"),
    ("a: b: c", "is not valid YAML"),
])  # fmt: skip
def test_a_mistake_in_the_file_is_named(tmp_path: Path, content: Any, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        load(written(tmp_path, content))
    assert sentence in str(refused.value)


def test_a_mistake_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDLINE_SESSION_HOURS", "48")
    with pytest.raises(Refused, match="setting 'session_hours'"):
        load()


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"nowhere\.yaml cannot be read: No such file"):
        load(tmp_path / "nowhere.yaml")


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    assert load(written(tmp_path, "")) == load()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "wardline.example.org", "::"])
def test_listening_for_others_needs_tls_on_both_doors(tmp_path: Path, host: str) -> None:
    tls = {"certificate": "a.pem", "key": "b.pem"}
    for doors in ({}, {"http_tls": tls}, {"mllp_tls": tls}):
        with pytest.raises(Refused, match="would send patient data in clear"):
            load(written(tmp_path, {"host": host, **doors}))
    assert load(written(tmp_path, {"host": host, "http_tls": tls, "mllp_tls": tls})).host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_needs_none(host: str) -> None:
    assert load(host=host).is_loopback


def test_no_setting_is_a_secret() -> None:
    for name in Settings.model_fields:
        assert not any(word in name for word in ("password", "secret", "token")), name


def test_images_come_in_from_the_network_by_tls_or_because_the_site_says_that_the_network_protects_them(tmp_path: Path) -> None:
    files = {"certificate": "c.pem", "key": "k.pem"}
    said = {"host": "0.0.0.0", "dicom": 11112, "http_tls": files, "mllp_tls": files}

    with pytest.raises(Refused, match="dicom_tls, or dicom_in_clear"):
        load(written(tmp_path, said))
    assert load(written(tmp_path, {**said, "dicom_tls": files})).dicom == 11112
    assert load(written(tmp_path, {**said, "dicom_in_clear": True})).dicom_tls is None
