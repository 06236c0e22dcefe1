"""The access policies as they are written: read, checked against the schema, and known by name and line.

Ours ship with Wardline; a site adds its own in config/policies/*.cedar, which may permit more or forbid more. A policy that is not
right stops the start, with its file and line.
"""

import json
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Final, NamedTuple

from cedarpy import PolicySet, Schema, policies_to_json_str, validate_policies

from wardline.core.errors import Refused
from wardline.security.authorisation.actions import ACTIONS

NEEDED: Final = ("id", "says", "because")
"""Annotations every policy must have: a name, a sentence, and the reason for it."""
_PIECE: Final = re.compile(r'//[^\n]*|"(?:\\.|[^"\\])*"|;|.', re.DOTALL)
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]*")


class Policy(NamedTuple):
    """One policy, with where it stands and what it says."""

    id: str
    says: str
    because: str
    effect: str
    """"permit" or "forbid"; one that forbids goes before any number that permit."""
    file: str
    line: int
    text: str
    purpose: str = ""
    """Why whoever is let in by it looks, where that differs from what their sign-in says."""
    refusal: str = ""
    """What somebody is told whom it keeps out."""
    remedy: str = ""
    """What whoever it keeps out could do about it: "break-glass"."""
    is_ours: bool = True

    def names(self, action: str) -> bool:
        """Whether it speaks of this action by name."""
        return f'Action::"{action}"' in self.text


class Policies(NamedTuple):
    """All of them, ready to decide."""

    all: tuple[Policy, ...]
    handle: PolicySet
    schema: Schema

    def named(self, id: str) -> Policy:
        return next(policy for policy in self.all if policy.id == id)


def policies_in(site: Path | None = None) -> Policies:
    """Ours and the site's. Raises `Refused` naming file and line of the first mistake."""
    schema = _schema()
    found = [policy for name, text in _shipped() for policy in _read(text, name, schema, is_ours=True)]
    for file in sorted(site.glob("*.cedar")) if site is not None and site.is_dir() else ():
        found += _read(_text_of(file), f"{site.name if site else ''}/{file.name}", schema, is_ours=False)
    seen: dict[str, Policy] = {}
    for policy in found:
        if policy.id in seen:
            raise _wrong(policy.file, policy.line, f"there is a policy {policy.id!r} already, in {seen[policy.id].file} line {seen[policy.id].line}")
        seen[policy.id] = policy
    text = "\n".join(policy.text for policy in found)
    return Policies(tuple(found), PolicySet.from_str(text), Schema.from_str(schema))


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file.name} cannot be read: {error}", code="access-policy", where=file.name) from None


def _shipped() -> Iterator[tuple[str, str]]:
    folder = resources.files("wardline.security.authorisation") / "policies"
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".cedar"):
            yield file.name, file.read_text(encoding="utf-8")


def _schema() -> str:
    """The kinds of things, from their file, and every action of the table."""
    things = (resources.files("wardline.security.authorisation") / "policies" / "things.cedarschema").read_text(encoding="utf-8")
    names = ", ".join(json.dumps(action) for action in ACTIONS)
    return f"{things}\naction {names} appliesTo {{ principal: [Person], resource: [Patient, Unit, House], context: Context }};\n"


def _read(text: str, file: str, schema: str, *, is_ours: bool) -> Iterator[Policy]:
    for line, statement in _statements(text, file):
        try:
            parsed = json.loads(policies_to_json_str(statement))["staticPolicies"]
        except ValueError as error:
            raise _wrong(file, line, str(error)) from None
        checked = validate_policies(statement, schema)
        if checked.errors:
            raise _wrong(file, line, re.sub(r"^for policy `\w+`, ", "", checked.errors[0].error))
        (content,) = parsed.values()
        notes: dict[str, str] = content.get("annotations", {})
        missing = [name for name in NEEDED if not (notes.get(name) or "").strip()]
        if missing:
            raise _wrong(file, line, f'every policy says @{missing[0]}("...")')
        if not _NAME.fullmatch(notes["id"]):
            raise _wrong(file, line, "an @id has small letters, digits and dashes")
        said = (notes["id"], notes["says"], notes["because"], content["effect"])
        yield Policy(*said, file, line, statement.strip(), notes.get("purpose", ""), notes.get("refusal", ""), notes.get("remedy", ""), is_ours)


def _statements(text: str, file: str) -> Iterator[tuple[int, str]]:
    """Each policy with the line it begins on; comments between them belong to none."""
    line, began, pieces = 1, 0, list[str]()
    for piece in _PIECE.findall(text):
        if began or not (piece.isspace() or piece.startswith("//")):
            began = began or line
            pieces.append(piece)
        line += piece.count("\n")
        if piece == ";":
            yield began, "".join(pieces)
            began, pieces = 0, []
    if began:
        raise _wrong(file, began, "this policy has no end; a semicolon ends one")


def _wrong(file: str, line: int, why: str) -> Refused:
    return Refused(f"access policy {file} line {line}: {why}", code="access-policy", where=f"{file}:{line}")
