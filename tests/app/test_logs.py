"""Logging is for those who read it; whoever works does not depend on them."""

import io
import json

import pytest
import structlog

from wardline.app import logs

pytestmark = pytest.mark.usefixtures("own_logging")


def test_a_line_goes_to_the_standard_error_of_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    logs.configure("info")
    log = structlog.get_logger()
    first, second = io.StringIO(), io.StringIO()
    for stream in (first, second):
        monkeypatch.setattr("sys.stderr", stream)
        log.warning("feed_silent", feed="lab")

    assert [json.loads(stream.getvalue())["event"] for stream in (first, second)] == ["feed_silent", "feed_silent"]


def test_a_reader_that_is_gone_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    logs.configure("info")
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr("sys.stderr", closed)

    structlog.get_logger().error("disk_full")


def test_a_line_names_the_kind_of_an_error_and_not_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    logs.configure("info")
    said = io.StringIO()
    monkeypatch.setattr("sys.stderr", said)

    structlog.get_logger().error("crashed", exc_info=ValueError("Okafor, Ada"))

    assert json.loads(said.getvalue())["error"] == "ValueError"
    assert "Okafor" not in said.getvalue()
