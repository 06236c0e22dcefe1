"""A client of another FHIR server: asks, proves itself, and asks once more when its token was not accepted."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urljoin, urlsplit

from wardline.core.errors import Refused
from wardline.core.findings import Severity
from wardline.core.outside import Outside, Reply
from wardline.formats.fhir.authorisation import Proof
from wardline.formats.fhir.resources import plainly

FHIR: Final = "application/fhir+json"
NOT_PROVEN: Final = 401
ISSUE_CODES: Final = frozenset({
    "invalid", "structure", "required", "value", "invariant", "security", "login", "unknown", "expired", "forbidden", "suppressed", "processing",
    "not-supported", "duplicate", "multiple-matches", "not-found", "deleted", "too-long", "code-invalid", "extension", "too-costly", "business-rule",
    "conflict", "transient", "lock-error", "no-store", "exception", "timeout", "incomplete", "throttled", "informational",
})  # fmt: skip
"""http://hl7.org/fhir/R4/codesystem-issue-type.html: the words of a refusal that name nobody."""


class FhirClient:
    """`base` is the server's address; what it is asked for may also be an address the server itself has given."""

    def __init__(self, base: str, outside: Outside, proof: Proof | None = None) -> None:
        self.base = base.rstrip("/")
        self._outside = outside
        self._proof = proof

    async def ask(self, method: str, path: str = "", content: bytes = b"", **headers: str) -> Reply:
        """Our token goes to this server alone, wherever it sends us.

        Raises `Fault` where nobody answers, `Refused` where we cannot prove ourselves.
        """
        url = path if "://" in path else urljoin(f"{self.base}/", path) if path else self.base
        sent = {"accept": FHIR, **({"content-type": FHIR} if content else {}), **{name.replace("_", "-"): value for name, value in headers.items()}}
        is_proven = urlsplit(url)[:2] == urlsplit(self.base)[:2]
        reply = await self._asked(method, url, content, sent, is_proven)
        if reply.status == NOT_PROVEN and self._proof is not None and is_proven:
            self._proof.forget()
            reply = await self._asked(method, url, content, sent, is_proven)
        return reply

    async def _asked(self, method: str, url: str, content: bytes, headers: Mapping[str, str], is_proven: bool) -> Reply:
        proof = {"authorization": f"Bearer {await self._proof.token(self.base, self._outside)}"} if self._proof is not None and is_proven else {}
        return await self._outside.request(method, url, headers={**headers, **proof}, content=content, severity=Severity.HIGH)


def issue_of(reply: Reply) -> str:
    """The code of the first issue that an OperationOutcome names. Its words may be about a patient and are not repeated."""
    try:
        issues = plainly(reply.content).get("issue")
        code = issues[0]["code"] if isinstance(issues, list) else ""
    except (Refused, AttributeError, LookupError, TypeError):
        return ""
    return code if isinstance(code, str) and code in ISSUE_CODES else ""
