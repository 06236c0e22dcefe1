"""Why somebody may or may not do something, in sentences: the facts that were looked at, one each. No fact says what a patient has."""

from collections.abc import Iterator
from typing import Final

from wardline.security.authorisation.question import CARE, Question

_YES: Final = {
    "whole house": "Their account names no unit: they look after the whole house.",
    "unit": "The patient is in one of their units now.",
    "lately": "The patient left one of their units a short time ago.",
    "assigned": "The patient is assigned to them.",
    "emergency": "They have the record open in an emergency at this moment.",
    "own record": "It is their own record.",
    "bound": "It is the record their sign-in is bound to.",
}
_NO: Final = {
    "unit": "The patient is in none of their units now.",
    "lately": "The patient has not left one of their units lately.",
    "assigned": "The patient is not assigned to them.",
    "emergency": "They do not have the record open in an emergency.",
}
_SCOPES: Final = {"covered": "The program's scopes cover this.", "not covered": "The program's scopes do not cover this."}
_CONSENT: Final = {"permit": "The patient has permitted it.", "deny": "The patient has forbidden it.", "": "The patient has said nothing about it."}


def facts_of(question: Question) -> list[str]:
    """What the decision was made from."""
    return [*_about_the_person(question), *_about_the_place(question)]


def _about_the_person(question: Question) -> Iterator[str]:
    roles = sorted(question.roles)
    yield f"They have the {'role' if len(roles) == 1 else 'roles'} {', '.join(roles)}." if roles else "They have no role."
    if question.person_units:
        yield f"Their units are {', '.join(question.person_units)}."
    if question.program:
        yield "It is a program that asks."
    if question.scopes:
        yield _SCOPES[question.scopes]
    if question.bound:
        yield "Their sign-in reaches one patient only."
    if question.in_emergency:
        yield "They have a record open in an emergency."


def _about_the_place(question: Question) -> Iterator[str]:
    match question.kind:
        case "House":
            yield "It is about no patient."
        case "Unit" if question.relations.isdisjoint(CARE):
            yield "The unit is not one of theirs."
        case "Unit":
            yield "The unit is one of theirs." if "unit" in question.relations else _YES["whole house"]
        case _:
            yield from (_YES[relation] for relation in _YES if relation in question.relations)
            if question.relations.isdisjoint(CARE | {"own record"}):
                yield from (_NO[relation] for relation in _NO if relation not in question.relations)
            yield _CONSENT[question.consent]
