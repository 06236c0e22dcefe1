"""The Bayesian network interchange format (BIF): the text files in which the public repositories keep their networks."""

import math
import re
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wardline.core.errors import Refused
from wardline.science.diagnosis.bayes.network import Network, Table

_COMMENT: Final = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_BLOCK: Final = re.compile(r"\b(variable|probability)\s*([^{]*)\{(.*?)\}(?=\s*(?:variable|probability|network|$))", re.DOTALL)
_STATES: Final = re.compile(r"type\s+discrete\s*\[\s*\d+\s*\]\s*\{([^}]*)\}")
_ROW: Final = re.compile(r"(\([^)]*\)|table|default)\s*([^;]*);")
_ROUNDED: Final = 1e-2
"""How far a row may be from 1: published networks are rounded. Within it the row is made to add up."""


def network_of(text: str) -> Network:
    """Read a network. Raises `Refused`, naming the variable that is wrong."""
    blocks = [match.groups() for match in _BLOCK.finditer(_COMMENT.sub(" ", text))]
    states = {head.strip(): _states(head.strip(), body) for kind, head, body in blocks if kind == "variable"}
    tables = {table.variable: table for kind, head, body in blocks if kind == "probability" for table in (_table(head, body, states),)}
    missing = sorted(set(states) - set(tables))
    if not states or missing:
        raise Refused(f"no probabilities are given for {missing[0]}" if missing else "there is no variable in this file", code="bif")
    network = Network(states, tables)
    network.in_order()
    return network


def _states(name: str, body: str) -> tuple[str, ...]:
    found = _STATES.search(body)
    if found is None:
        raise Refused(f"the states of {name} cannot be read", code="bif", where=name)
    return tuple(state.strip() for state in found.group(1).split(","))


def _table(head: str, body: str, states: dict[str, tuple[str, ...]]) -> Table:
    inside = head.strip().removeprefix("(").removesuffix(")")
    variable, _, given = (part.strip() for part in inside.partition("|"))
    parents = tuple(part.strip() for part in given.split(",") if part.strip())
    unknown = [name for name in (variable, *parents) if name not in states]
    if unknown:
        raise Refused(f"{unknown[0]!r} has probabilities but is no variable", code="bif", where=variable)
    shape = tuple(len(states[name]) for name in (*parents, variable))
    values = np.full(shape, math.nan)
    for row, numbers in _rows(body):
        if numbers.size != shape[-1]:
            raise Refused(f"each row of {variable} needs {shape[-1]} probabilities, one for each state", code="bif", where=variable)
        values[... if row in ("table", "default") else _place(row, parents, states, variable)] = numbers
    sums = values.sum(axis=-1, keepdims=True)
    if np.isnan(sums).any() or (np.abs(sums - 1) > _ROUNDED).any():
        raise Refused(f"the probabilities of {variable} are not complete or do not add up to 1", code="bif", where=variable)
    return Table(variable, parents, values / sums)


def _rows(body: str) -> Iterator[tuple[str, NDArray[np.float64]]]:
    for match in _ROW.finditer(body):
        yield match.group(1), np.array([float(number) for number in match.group(2).split(",")])


def _place(row: str, parents: tuple[str, ...], states: dict[str, tuple[str, ...]], variable: str) -> tuple[int, ...]:
    named = [part.strip() for part in row.strip("()").split(",")]
    if len(named) != len(parents) or any(state not in states[parent] for parent, state in zip(parents, named, strict=True)):
        raise Refused(f"{row} does not name a state of each parent of {variable}", code="bif", where=variable)
    return tuple(states[parent].index(state) for parent, state in zip(parents, named, strict=True))
