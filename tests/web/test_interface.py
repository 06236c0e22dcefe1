"""The interface as files: every address of its own router is the page, and nothing above its folder is served. Its headers are the edge's."""

import asyncio
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from wardline.web.interface import Interface


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str


@pytest.fixture
def interface(tmp_path: Path) -> Interface:
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Wardline</title>", encoding="utf-8")
    (folder / "assets" / "index-BTwygHe9.js").write_text("export {}", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("not for anybody", encoding="utf-8")
    return Interface(folder)


def get(interface: Interface, path: str, method: str = "GET") -> Answer:
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(60)  # the client says nothing more
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        said.append(message)

    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "headers": [], "root_path": ""}
    try:
        asyncio.run(interface(scope, receive, send))
    except Exception as error:  # what the API's door answers for it, as for any error of a file that is not there
        return Answer(getattr(error, "status_code", 500), {}, "")
    headers = {name.decode().lower(): value.decode() for name, value in said[0]["headers"]}
    return Answer(said[0]["status"], headers, b"".join(message.get("body", b"") for message in said[1:]).decode())


@pytest.mark.parametrize("path", ["/", "/board/W7", "/patient/k7q2mfx3a4b5c6d7", "/setup", "/anything/else"])
def test_an_address_of_the_router_is_the_page_and_is_never_kept(interface: Interface, path: str) -> None:
    answer = get(interface, path)
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-cache")
    assert "<title>Wardline</title>" in answer.body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_the_page_is_looked_at_and_nothing_else(interface: Interface, method: str) -> None:
    assert get(interface, "/", method).status == 405


@pytest.mark.parametrize("path", ["/assets/gone.js", "/../secret.txt", "/assets/../../secret.txt", "//etc/passwd.txt", "/%2e%2e/secret.txt"])
def test_what_is_not_in_the_folder_is_not_found(interface: Interface, path: str) -> None:
    answer = get(interface, path)
    assert answer.status == 404
    assert "not for anybody" not in answer.body


def test_an_interface_that_was_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    answer = get(Interface(tmp_path / "nothing"), "/board/W7")
    assert answer.status == 503
    assert "make setup" in answer.body
