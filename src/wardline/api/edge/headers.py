"""What every answer tells the browser about itself: one place for all headers that keep other people's scripts, frames and caches out."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable
from typing import Final

from wardline.api.edge.rules import Rules

Headers = tuple[tuple[bytes, bytes], ...]

ALWAYS: Final[Headers] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), microphone=(self), geolocation=(), payment=(), usb=(), serial=(), bluetooth=(), display-capture=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
ISOLATED: Final = (b"cross-origin-embedder-policy", b"require-corp")
"""Of every page, with the opener policy above: what it loads is its own, so that it may count time finely and share memory with its workers."""
NOT_KEPT: Final = (b"cache-control", b"no-store")
"""Of every answer of the API: patient data stays in no cache of a shared computer."""
HSTS: Final = (b"strict-transport-security", b"max-age=31536000")
"""A year (RFC 6797 6.1.1). Not for subdomains: those are the hospital's, not ours."""
PAGE: Final = (
    # Mantine and uPlot set style attributes; everything else comes from our own files.
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'"
)
SCRIPTS: Final = "; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'"
"""The codecs of images are WebAssembly, which runs in workers made from our own files. Nothing is made of text."""
ANSWER: Final = "default-src 'none'; base-uri 'none'; form-action 'none'"
"""An answer of the API is no page; should a browser take it for one, nothing in it runs."""


SCRIPT: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


class SecurityHeaders:
    """Made once from the site's rules."""

    def __init__(self, rules: Rules) -> None:
        ancestors = "; frame-ancestors " + (" ".join(rules.embedded_by) or "'none'")
        framing = () if rules.embedded_by else ((b"x-frame-options", b"DENY"),)  # for browsers older than frame-ancestors
        self.ancestors = ancestors
        self._page: Headers = (*ALWAYS, ISOLATED, *framing, (b"content-security-policy", (PAGE + SCRIPTS + ancestors).encode()))
        self._answer: Headers = (*ALWAYS, NOT_KEPT, *framing, (b"content-security-policy", (ANSWER + ancestors).encode()))

    def of_page(self, scheme: str) -> Headers:
        return (*self._page, HSTS) if scheme == "https" else self._page

    def of_answer(self, scheme: str) -> Headers:
        return (*self._answer, HSTS) if scheme == "https" else self._answer


def policy_for(page: bytes, ancestors: str) -> str:
    """For a page with scripts in it that is made here: exactly these may run, named by their digests."""
    digests = (b64encode(hashlib.sha256(script).digest()).decode() for script in SCRIPT.findall(page))
    scripts = " ".join(("script-src 'self'", *(f"'sha256-{each}'" for each in digests)))
    return f"{PAGE}; {scripts}{ancestors}"


def with_missing(given: Iterable[tuple[bytes, bytes]], ours: Headers) -> list[tuple[bytes, bytes]]:
    """An answer's own headers, and those of ours that it does not say itself."""
    said = list(given)
    names = {name.lower() for name, _ in said}
    return [*said, *(header for header in ours if header[0] not in names)]
