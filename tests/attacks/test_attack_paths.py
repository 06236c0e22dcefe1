"""Other people's patients: raw keys, merged keys, and paths that two readers understand differently (SEC-6, ASVS 8.2.2, 5.3.2)."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from api.house import ROUTES, OpenHouse, Route
from attacks.street import Street, one_answer
from support.clocks import MORNING
from support.messages import ADA, BEN, ILL, Patient, adt, vitals
from wardline.web.interface import STATIC

ABOUT = [route for route in ROUTES if route.door.about]
CARLA = Patient("1003", "Castellan", "Carla", "19610205", "F")
NAMES = (ADA.family, ADA.number, BEN.family, BEN.number)
"""What no answer to an attacker may say."""


@pytest.fixture(scope="module")
def wards(tmp_path_factory: pytest.TempPathFactory, portal: Any) -> Any:
    """Ada and Ben lie in 7A; the attackers look after 9C, and are everything else a hospital has."""
    with OpenHouse(tmp_path_factory.mktemp("wards") / "data", portal) as house:
        house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"), adt("A01", BEN, at=MORNING, visit="V2", unit="7A", bed="4"))
        house.send(vitals(ADA, ILL, at=MORNING + timedelta(minutes=10)))
        for role in ("nurse", "doctor", "pharmacist", "radiologist", "manager"):
            house.user(role, role, units=("9C",))
        house.user("patient", "patient")
        yield house


ATTACKERS = ("nurse", "doctor", "pharmacist", "radiologist", "manager", "researcher", "engineer", "admin", "patient")


@pytest.mark.parametrize("role", ATTACKERS)
def test_idor_no_door_shows_a_patient_of_another_ward(wards: OpenHouse, role: str) -> None:
    """Every door about one patient, with the raw key, by people of another ward and by those who look after nobody."""
    attacker = wards.as_(role)
    shown = []
    for route, patient in product(ABOUT, (ADA, BEN)):
        answer = attacker.request(route.method, _address(route, wards.key(patient)), {} if route.method != "GET" else None)
        if answer.status_code < 400 and any(name in answer.text for name in NAMES):
            shown.append(f"{role}: {route.method} {route.path} {answer.status_code}")
    assert shown == []


def _address(route: Route, key: str) -> str:
    return route.path.format_map(dict.fromkeys(route.door.param_convertors, key))


def test_idor_a_merged_key_opens_no_more_than_the_record_it_belongs_to(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house()
    house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"))
    house.send(adt("A01", CARLA, at=MORNING, visit="V3", unit="9C", bed="2"))
    retired = house.key(CARLA)
    house.send(adt("A40", ADA, at=MORNING + timedelta(minutes=5), retired=CARLA))
    house.user("nurse", "nurse", units=("5B",))
    attacker = house.as_("nurse")

    for route in (each for each in ABOUT if each.method == "GET"):
        answer = attacker.request("GET", _address(route, retired))
        assert not any(name in answer.text for name in (ADA.family, ADA.number)), route.path


TRICKS = (
    "/api/v1/patients/{key}/",
    "/api/v1/patients//{key}",
    "//api/v1/patients/{key}",
    "/api/v1/patients/./{key}",
    "/api/v1/patients/x/../{key}",
    "/api/v1/boards/../patients/{key}",
    "/health/../api/v1/patients/{key}",
    "/docs/%2e%2e/api/v1/patients/{key}",
    "/health/..%2fapi/v1/patients/{key}",
    "/api/v1/patients/%2e/{key}",
    "/api/v1/patients;a=b/{key}",
    "/api/v1/patients/{key};x",
    "/API/V1/PATIENTS/{key}",
    "/api/v1/patients/{KEY}",
    "/api/v1/patients/{key}%00",
    "/api/v1/patients/{key}%20",
    "/api/v1/patients/{key}.json",
    "/api/v1/patients/{key}%2ftimeline",
    "/api/v1/patients/%7bkey%7d",
    "/api%2fv1%2fpatients%2f{key}",
    "/api/v1/%70atients/{key}",
    "/api/v1/patients/{key}?about=nobody",
    "/api/v1/patients/nobody?id={key}",
    "/api/v1/patients/{key}#x",
    "/api\\v1\\patients\\{key}",
    "/api/v1/patients/{key}/timeline/..",
    "/assets/..;/api/v1/patients/{key}",
)
OVERRIDES = ("X-HTTP-Method-Override: GET", "X-Original-URL: /api/v1/patients/{key}", "X-Rewrite-URL: /api/v1/patients/{key}", "X-Forwarded-Path: /x")


@pytest.mark.parametrize("path", TRICKS)
def test_no_way_of_writing_a_path_gets_round_its_door(street: Street, path: str) -> None:
    """At the raw socket, where no client tidies it up: signed out, and signed in as somebody who sees no patients."""
    key = street.house.key(ADA)
    for headers in ((), (f"Authorization: Bearer {street.house.as_('engineer').token}",)):
        answer = street.ask("GET", path.replace("{key}", key).replace("{KEY}", key.upper()), *headers)
        assert not any(name.encode() in answer.body for name in NAMES), answer
        assert answer.status < 500


@pytest.mark.parametrize("header", OVERRIDES)
def test_no_header_turns_a_request_into_another(street: Street, header: str) -> None:
    key = street.house.key(ADA)
    for method, path in (("POST", f"/api/v1/patients/{key}"), ("GET", "/health")):
        answer = street.ask(method, path, header.format(key=key), body=b"{}" if method == "POST" else b"")
        assert not any(name.encode() in answer.body for name in NAMES)
        assert answer.status in (200, 401, 403, 404, 405)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "get", "HEAD", "OPTIONS", "QUERY"])
def test_verbs_that_a_door_does_not_have_open_nothing(street: Street, method: str) -> None:
    """ASVS 13.4: no TRACE, and HEAD is no way round."""
    key = street.house.key(ADA)
    for path in (f"/api/v1/patients/{key}", "/", "/assets/x.js", "/api/v1/stream/board/7A"):
        for answer in street.say(f"{method} {path} HTTP/1.1\r\nHost: ward\r\nConnection: close\r\nX-Canary: canary-7\r\n\r\n".encode()):
            assert not any(name.encode() in answer.body for name in NAMES)
            assert b"canary-7" not in answer.body
            assert answer.status < 500


FILES = (
    "/../../../../../../etc/passwd", "/..%2f..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/assets/../../../pyproject.toml",
    "/assets/..%5c..%5cpyproject.toml", "/....//....//etc/passwd.txt", "/assets/%252e%252e/%252e%252e/interface.py", "//etc/passwd.txt",
    "/file:///etc/passwd", "/assets/..;/..;/interface.py", "/interface.py", "/__init__.py", "/.env", "/.git/config", "/assets/\u2025/interface.py",
    "/%c0%ae%c0%ae/interface.py", "/assets%00.js", "/index.html%00.js", "/config/contacts.yaml", "/../templates/ward.html", "/..%2finterface.py",
)  # fmt: skip


@pytest.mark.parametrize("path", FILES)
def test_no_path_reaches_a_file_outside_the_interface(street: Street, path: str) -> None:
    """ASVS 5.3.2: what is not in the built interface is not there, or is the page itself."""
    page = (STATIC / "index.html").read_bytes() if (STATIC / "index.html").exists() else b"has not been built"
    raw = f"GET {path} HTTP/1.1\r\nHost: ward\r\nConnection: close\r\n\r\n".encode()

    for answer in street.say(raw):
        assert answer.status in (400, 404, 503) or (answer.status == 200 and answer.body == page), answer
        assert b"root:" not in answer.body


@pytest.mark.parametrize(
    "name", ["..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "....%2f%2fa", "a%2f..%2f..%2fb", "%00", "con", "%2e%2e", "%252e%252e%252f"]
)
def test_no_name_in_a_path_becomes_a_file_of_the_house(street: Street, name: str) -> None:
    """Doors whose names could be files: proposals, capabilities, feeds, units, keys. At the raw socket, where nothing is tidied up."""
    with street.connect() as line:
        for route in (each for each in ROUTES if "{" in each.path and not each.door.about and each.method == "GET"):
            token = street.house.as_("engineer").token
            line.sendall(f"GET {route.path.partition('{')[0]}{name} HTTP/1.1\r\nHost: ward\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
            answer = one_answer(line)
            assert answer.status < 500, (route.path, answer.body)
            assert b"root:" not in answer.body
