"""OperationOutcome: what FHIR programs are told when something is refused, or noticed."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

# http://hl7.org/fhir/R4/valueset-issue-type.html, by HTTP status
TYPES: Final = {
    400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 405: "not-supported", 406: "not-supported", 408: "timeout", 409: "conflict",
    410: "deleted", 412: "conflict", 413: "too-long", 415: "not-supported", 421: "not-found", 422: "processing", 429: "throttled",
    500: "exception", 503: "transient", 507: "no-store",
}  # fmt: skip
ISSUE_TYPES: Final = frozenset({
    "invalid", "structure", "required", "value", "invariant", "security", "login", "unknown", "expired", "forbidden", "suppressed", "processing",
    "not-supported", "duplicate", "multiple-matches", "not-found", "deleted", "too-long", "code-invalid", "extension", "too-costly",
    "business-rule", "conflict", "transient", "lock-error", "no-store", "exception", "timeout", "incomplete", "throttled", "informational",
})  # fmt: skip


class Issue(NamedTuple):
    severity: str
    code: str
    words: str
    where: str = ""


def outcome(*issues: Issue) -> dict[str, Any]:
    return {"resourceType": "OperationOutcome", "issue": [_issue(each) for each in issues]}


def _issue(issue: Issue) -> dict[str, Any]:
    said: dict[str, Any] = {"severity": issue.severity, "code": issue.code, "diagnostics": issue.words}
    return {**said, "expression": [issue.where]} if issue.where else said


def refusal(status: int, words: str, where: str = "", code: str = "") -> dict[str, Any]:
    """An error as an outcome. `code`: a word for programs where the status alone says too little."""
    kind = code if code in ISSUE_TYPES else TYPES.get(status, "processing")
    return outcome(Issue("fatal" if status >= 500 else "error", kind, words, where))


def of_problem(problem: Mapping[str, Any]) -> dict[str, Any]:
    """The outcome that says the same as our own problem document."""
    return refusal(int(problem["status"]), str(problem["detail"]), str(problem.get("where", "")))
