"""Makes `support` importable, what the tests share; where nothing may be left out, makes a failure of every skip; keeps how tests ended."""

import os
import signal
import sys
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog

sys.path.insert(0, str(Path(__file__).parent))

# A shell without job control starts what it puts into the background deaf to interrupts, and its children inherit that: the tests
# that press Ctrl-C would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

REQUIRE_ALL = "WARDLINE_REQUIRE_ALL"
"""Set to 1 where every server and data set is at hand: a test that skips there hides something."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _required((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _required((yield))


def _required(report: Any) -> Any:
    """A test that is expected to fail and does is no skip."""
    if os.environ.get(REQUIRE_ALL) == "1" and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"{REQUIRE_ALL} is set, and this was skipped: {reason}"
    return report


EVIDENCE = "WARDLINE_EVIDENCE"
"""Set by `make test` to the file that keeps how each test ended: what the compliance page shows."""
_ended: dict[str, bool] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A test is shown only if it ran and every one of its cases passed; a case that was skipped shows nothing."""
    name = report.nodeid.partition("[")[0]
    if report.failed or (report.when == "call" and report.passed):
        _ended[name] = _ended.get(name, True) and not report.failed


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In the process that hears from all the others, once."""
    file = os.environ.get(EVIDENCE)
    if file and not hasattr(session.config, "workerinput"):
        from wardline import __version__
        from wardline.security.compliance import results
        from wardline.security.compliance.matrix import Seen

        now = datetime.now(UTC)
        results.write(Path(file), __version__, {name: Seen(passed, now) for name, passed in _ended.items()})


@pytest.fixture(scope="module")
def own_logging() -> Iterator[None]:
    """For tests that run a command within this process: it says how to log, and the tests after them say it otherwise."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)
