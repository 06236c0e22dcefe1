"""The list of faults: every one that issue 2 names has a test that names it, and the oracle checks all five invariants."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from support import oracle, served

TESTS = Path(__file__).parents[1]
FAULTS = {
    1: "kill -9 at every step from receiving to marking as sent",
    2: "kill -9 between writing the acknowledgement and sending it",
    5: "a flipped bit at rest",
    6: "a full disk: log, projection, audit, temporary files",
    7: "an I/O error on fsync",
    9: "the database is away",
    12: "clocks that step, zones, leap seconds, the year 9999",
    13: "the same message again",
    14: "another message under the same control id",
    15: "messages in any order",
    16: "late results",
    17: "corrected results",
    18: "merged, parted and moved records",
    19: "malformed bytes",
    20: "numbers that are none",
    21: "implausible numbers",
    22: "slow consumers",
    24: "a poison message",
    25: "quarantine, repair, replay",
    26: "rebuild from the log while live",
    28: "notification channels that fail",
    31: "a silent feed",
    32: "a scheduler that dies, and two of them",
    35: "a restore on a bare machine",
    36: "the whole site is down",
    37: "wrong-patient races on the screen",
}
"""What issue 2 asks of faults.md A.4. The others come with what they need: a second database, a broker, imaging, models."""


class Written(NamedTuple):
    """A test and the faults it says it is about."""

    file: str
    name: str
    faults: frozenset[int]


@cache
def written() -> tuple[Written, ...]:
    return tuple(_written())


def _written() -> Iterator[Written]:
    for path in sorted(TESTS.rglob("test_*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        cited = cited_in(ast.get_docstring(module))
        for each in ast.walk(module):
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.name.startswith("test_"):
                named = re.match(r"test_ft(\d+)_", each.name)
                own = frozenset({int(named[1])} & cited) if named else cited
                yield Written(path.name, each.name, own | cited_in(ast.get_docstring(each)))


def cited_in(docstring: str | None) -> frozenset[int]:
    return frozenset(int(number) for number in re.findall(r"\bFT-(\d+)", docstring or ""))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"FT-{fault} {FAULTS[fault]}")
def test_every_fault_on_the_list_has_a_test_that_names_it(fault: int) -> None:
    assert [test for test in written() if fault in test.faults], f"no test says that it is about FT-{fault}: {FAULTS[fault]}"


@pytest.mark.parametrize("invariant", ["I1", "I2", "I3", "I4", "I5"])
def test_the_one_oracle_checks_every_invariant(invariant: str) -> None:
    checks = [check for module in (oracle, served) for check in vars(module).values() if callable(check) and check.__module__ == module.__name__]
    assert [check for check in checks if (check.__doc__ or "").find(invariant) >= 0]
