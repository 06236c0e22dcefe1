"""Bodies that want more than they say: extra fields, wrong types, bombs of depth, numbers, keys and packing (ASVS 15.3.3, 5.2.3)."""

import gzip
import json
import re
import time
import zlib
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError, parse

import pytest
import zstandard

import wardline
from api.house import ROUTES, OpenHouse, Route
from support.messages import ADA
from wardline.api.doors import OPEN

JSON = {"content-type": "application/json"}


def _model(route: Route) -> Any:
    """The pydantic model of a door's body, None where it takes single values or nothing."""
    (field, *more) = route.door.dependant.body_params or [None]
    return getattr(field, "field_info", None) and field.field_info.annotation if field is not None and not more else None


WITH_MODEL = [route for route in ROUTES if hasattr(_model(route), "model_fields")]


@pytest.mark.parametrize("route", WITH_MODEL, ids=lambda route: f"{route.method} {route.path}")
def test_mass_assignment_a_field_nobody_asked_for_is_refused(route: Route) -> None:
    """Whatever a door takes, it takes nothing else: `roles`, `id` and `active` never slip in with a name."""
    assert _model(route).model_config.get("extra") == "forbid", f"{route.method} {route.path} takes fields it does not know"


def test_mass_assignment_a_person_makes_nobody_an_administrator(shared: OpenHouse) -> None:
    for more in ({"roles": ["admin"]}, {"role": "admin"}, {"is_admin": True}, {"id": "x"}, {"factors": 2}):
        answer = shared.nobody().request("POST", "/api/v1/auth/login", {"login": "nurse", "password": "x" * 12, **more})
        assert answer.status_code == 422, more


WRONG_TYPES = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/xml",
    "application/xml",
    "text/html",
    "",
    "application/json-seq",
)
TAKEN = ("application/json", "application/json; charset=utf-8")


@pytest.mark.parametrize("kind", WRONG_TYPES)
def test_content_type_confusion_only_json_is_json(shared: OpenHouse, kind: str) -> None:
    """What a form of another site can send without asking (ASVS 3.5.2) is never taken for JSON."""
    for route in WITH_MODEL:
        path = route.path.format_map(dict.fromkeys(route.door.param_convertors, "nobody"))
        visitor = shared.nobody() if route.door.who == OPEN else shared.as_("admin")
        if route.path.startswith("/oauth/"):
            continue  # RFC 6749 asks for forms there
        answer = visitor.request(route.method, path, b'{"login": "admin", "password": "x"}', headers={"content-type": kind})
        assert answer.status_code in (400, 401, 403, 404, 415, 422), (route.path, answer.status_code)
        assert answer.status_code != 403 or "password" not in answer.text, "the body was read as JSON"


DEPTH = 50_000
BOMBS = {
    "deep lists": b"[" * DEPTH + b"]" * DEPTH,
    "deep objects": b'{"a":' * DEPTH + b"1" + b"}" * DEPTH,
    "deep and never closed": b'{"login": ' + b"[" * (DEPTH * 4),
    "a number of a million digits": b'{"login": 1' + b"0" * 1_000_000 + b"}",
    "a huge exponent": b'{"login": 1e999999999}',
    "not a number": b'{"login": NaN, "password": Infinity}',
    "colliding keys": json.dumps({f"k{i}": i for i in range(60_000)}).encode(),
    "one key many times": b"{" + b",".join(b'"login": "x"' for _ in range(60_000)) + b"}",
    "a lone surrogate": b'{"login": "\\ud800", "password": "x"}',
    "not UTF-8": b'{"login": "\xff\xfe", "password": "x"}',
    "a null byte": b'{"login": "a\\u0000b", "password": "x"}',
    "an entity bomb": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
    "an outside entity": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    "YAML that grows": b"a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]",
}
SECONDS = 2.0
"""Far more than any of these may take here, far less than a bomb that goes off."""


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_in_no_time(shared: OpenHouse, bomb: str) -> None:
    """At doors of strangers, and at those that take large bodies from people who are signed in."""
    action = f"/api/v1/nurse/queue/{shared.key(ADA)}/action"
    for visitor, path in ((shared.nobody(), "/api/v1/auth/login"), (shared.as_("nurse"), action), (shared.as_("manager"), "/api/v1/policy/simulate")):
        began = time.monotonic()
        answer = visitor.request("POST", path, BOMBS[bomb], headers=JSON)
        assert time.monotonic() - began < SECONDS, path
        assert answer.status_code in (400, 403, 404, 413, 422), (path, answer.status_code, answer.text[:200])


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, zstandard.compress], ids=["gzip", "deflate", "zstd"])
@pytest.mark.parametrize("name", ["gzip", "deflate", "zstd", "br", "gzip, gzip"])
def test_packed_bodies_are_not_unpacked(shared: OpenHouse, pack: Any, name: str) -> None:
    """No door unpacks anything, so nothing small becomes large (ASVS 5.2.3)."""
    packed = pack(b'{"login": "' + b"0" * 50_000_000 + b'"}')[:15_000]

    answer = shared.nobody().request("POST", "/api/v1/auth/login", packed, headers={**JSON, "content-encoding": name})

    assert answer.status_code in (400, 422)


READERS = re.compile(
    r"^\s*(?:from|import)\s+(xml(?!\.sax\.saxutils\b)|lxml|defusedxml|xmltodict|pickle|shelve|marshal|dill|joblib|cloudpickle)\b", re.MULTILINE
)

OF_REFERENCE_SETS = {("evaluation", "structured_rules.py", "xml"), ("evaluation", "interaction_sets.py", "xml")}
"""They read what `wardline evaluate` is pointed at, and nothing that was received."""


def test_xxe_nothing_here_reads_xml_and_nothing_is_unpickled() -> None:
    """ASVS 1.5.1, SEC-23: what is not there cannot be tricked. Writing XML is no reading; whoever brings a reader brings its attacks here."""
    sources = [file for folder in wardline.__path__ for file in Path(folder).rglob("*.py")]

    assert len(sources) > 300
    readers = {(file.parent.name, file.name, found[1]) for file in sources if (found := READERS.search(file.read_text(encoding="utf-8")))}
    assert readers <= OF_REFERENCE_SETS
    assert not re.search(
        r"yaml\.(full_load|unsafe_load|FullLoader|UnsafeLoader|Loader)\b", "".join(file.read_text(encoding="utf-8") for file in sources)
    )


def test_no_entity_of_a_reference_set_grows_or_reads_a_file(tmp_path: Path) -> None:
    """What `wardline evaluate` reads was chosen by whoever evaluates; all the same it cannot fill the memory (billion laughs) or read along."""
    growing = "".join(f'<!ENTITY {chr(98 + step)} "{("&" + chr(97 + step) + ";") * 10}">' for step in range(8))
    for number, entities in enumerate((f'<!ENTITY a "{"x" * 50}">{growing}', '<!ENTITY i SYSTEM "file:///etc/hostname">')):
        file = tmp_path / f"{number}.xml"
        file.write_text(f"<!DOCTYPE rules [{entities}]><rules>&i;</rules>", encoding="utf-8")
        with pytest.raises(ParseError):
            parse(file)
