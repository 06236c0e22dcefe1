"""Retention rules as the site writes them: which kind of record is kept for how long, counted from when, and by which law.

Nothing is erased by default: a kind of record without a rule is kept.
"""

import datetime as dt
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wardline.core.errors import Refused

Kind = Literal["patient", "audit", "session"]
KINDS: Final[dict[Kind, str]] = {
    "patient": "Everything about a patient, from their last contact",
    "audit": "Entries of the audit trail, from when they were written",
    "session": "Sessions that are over, from when they ended",
}
MAJORITY: Final = 18


class Rule(BaseModel):
    """How long one kind of record is kept. Whoever was a minor at the last contact is kept until an age at least, where that is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    keep_years: Annotated[float, Field(ge=0, le=200)]
    minors_until_age: Annotated[int, Field(ge=MAJORITY, le=120)] | None = None
    basis: Annotated[str, Field(min_length=3, max_length=300, description="The law or decision that says so.")]


class Rules(BaseModel):
    """What the site has decided, and who signed it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    owner: str = ""
    version: str = ""
    date: dt.date | None = None
    signed_by: str = ""
    jurisdiction: str = ""
    rules: dict[Kind, Rule] = {}

    def of(self, kind: Kind) -> Rule | None:
        return self.rules.get(kind)


NONE: Final = Rules()
"""A site that has said nothing: everything is kept."""


def read_rules(text: str, where: str) -> Rules:
    """Rules from YAML. Raises `Refused` naming the file and the place in it."""
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Refused(f"{where} is not valid YAML: {error}", code="yaml", where=where) from None
    try:
        rules = Rules.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise Refused(f"{where}, {'.'.join(map(str, first['loc'])) or 'as a whole'}: {first['msg']}", code="retention", where=where) from None
    if not (rules.owner and rules.version and rules.date and rules.signed_by and rules.jurisdiction):
        raise Refused(
            f"{where} must say owner, version, date, signed_by and jurisdiction: what it decides cannot be undone", code="retention", where=where
        )
    return rules
