"""What a site says about its edge: which names are ours, whose word is believed, and where Wardline may connect to."""

from pathlib import Path

import pytest

from support.certificates import Authority
from wardline.adapters.outgoing.places import OutOfBounds, Place, Places
from wardline.app.edge_rules import rules_of
from wardline.app.outgoing import listed_in, named_by
from wardline.app.settings import Tls, load
from wardline.core.errors import Refused
from wardline.delivery.notifications.contacts import Channel, Contacts
from wardline.delivery.outbound.destinations import Destination


def test_on_loopback_only_loopback_is_our_name() -> None:
    assert rules_of(load()).hosts == {"localhost", "127.0.0.1", "[::1]"}


def test_the_address_and_names_of_the_site_are_ours(tmp_path: Path) -> None:
    config = tmp_path / "wardline.yaml"
    config.write_text("address: https://Ward.example:8443\nedge: {hosts: [tablets.example], proxies: [10.0.0.1]}\n", encoding="utf-8")

    rules = rules_of(load(config))

    assert {"ward.example", "tablets.example"} <= rules.hosts
    assert rules.proxies == {"10.0.0.1"}


@pytest.mark.parametrize(
    "said",
    [
        "{hosts: x}",
        "{proxies: [proxy.example]}",
        "{embedded_by: ['*']}",
        "{origins: [{origin: '*', paths: [/api/v1/boards]}]}",
        "{colour: red}",
        "{patients_per_hour: 1}",
    ],
)
def test_what_makes_no_sense_stops_the_start(tmp_path: Path, said: str) -> None:
    config = tmp_path / "wardline.yaml"
    config.write_text(f"edge: {said}\n", encoding="utf-8")

    with pytest.raises(Refused, match="edge"):
        load(config)


def test_what_the_certificate_vouches_for_is_our_name(tmp_path: Path) -> None:
    file = Authority(tmp_path, "hospital").certificate_for("ward.example")

    assert "ward.example" in rules_of(load(http_tls=Tls(certificate=file, key=file))).hosts


LISTED = """allowed:
  - host: sso.hospital.example
    private: true
  - {host: hooks.pager.example, port: 8443}
"""


def test_the_list_of_places_is_read(tmp_path: Path) -> None:
    file = tmp_path / "outgoing.yaml"
    assert listed_in(file) == ()
    file.write_text(LISTED, encoding="utf-8")

    assert listed_in(file) == (Place("sso.hospital.example", 443, private=True), Place("hooks.pager.example", 8443))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("allowed:\n  - {host: 'https://x.example'}\n", "outgoing.yaml, line 2: allowed.*host must be the name of one host"),
        ("allowed:\n  - {host: '*.example'}\n", "host must be the name of one host"),
        ("allowed:\n  - {port: 1}\n", "host is missing"),
        ("allowed:\n  - {host: x.example, colour: red}\n", "colour"),
    ],
)
def test_a_mistake_in_it_is_named(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "outgoing.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(Refused, match=words):
        listed_in(file)


def test_what_the_site_has_named_elsewhere_is_listed_by_that() -> None:
    channels = Contacts({"ward-nurse": (Channel("ward-nurse", "app", "jsons://pager.example/x"),)})
    places = Places(named_by(channels, [Destination("ehr", "ehr.example", 2575)]))

    assert places.is_named("pager.example")
    assert places.place("ehr.example", 2575).private
    with pytest.raises(OutOfBounds):
        places.place("ehr.example", 22)
