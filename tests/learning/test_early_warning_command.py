"""`wardline evaluate early-warning` on a folder that `wardline replay` has filled: from message to page."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

from intake.datasets.written import Written, write_set
from wardline.app.cli.evaluating import evaluate
from wardline.app.cli.replaying import replay
from wardline.app.discovery import discover
from wardline.core.errors import NotFound, Refused
from wardline.learning.evaluation.early_warning_page import version_row

pytestmark = pytest.mark.usefixtures("own_logging")

pytest.importorskip("matplotlib", reason="matplotlib, in the extra 'evaluation', is not installed")

ILL = (("RespRate", "26"), ("SysABP", "88"), ("HR", "135"), ("Temp", "39.5"))
"""RCP 2017, chart 1: 3 + 3 + 3 + 2 = 11. Subbe 2001: 1 + 3 + 2 + 2 = 8. qSOFA: 2 of 3. SIRS: 3 of 4. Each with inputs missing."""
WELL = (("RespRate", "16"), ("SysABP", "120"), ("HR", "70"), ("Temp", "37.0"))
"""0 by NEWS2, qSOFA and SIRS; MEWS gives 1 for a respiratory rate of 15 to 20."""


def hourly(values: tuple[tuple[str, str], ...], hours: range) -> tuple[tuple[str, str, str], ...]:
    return tuple((f"{hour:02}:00", parameter, value) for hour in hours for parameter, value in values)


def stay(record: int, *, ill_from: int | None, died: bool, **more: Any) -> Written:
    """Well until an hour, ill from then on; who dies does so after four days."""
    rows = hourly(WELL, range(1, ill_from or 48)) + (hourly(ILL, range(ill_from, 48)) if ill_from else ())
    return Written(str(record), rows, survived=4 if died else -1, died=int(died), **more)


@pytest.fixture
def evaluated(tmp_path: Path) -> str:
    """Of four stays two died: ill from 12 h and from 36 h on. One was ill from 24 h on and lived."""
    stays = [
        stay(100, ill_from=12, died=True, saps=20, sofa=9), stay(101, ill_from=36, died=True, saps=15, sofa=-1),
        stay(102, ill_from=24, died=False, saps=15, sofa=4), stay(103, ill_from=None, died=False, saps=5, sofa=1),
    ]  # fmt: skip
    path = write_set(tmp_path, stays)
    assert replay("cinc2012", path, data=tmp_path / "data") == 0
    outcomes = path.with_name("Outcomes-x.txt")
    assert evaluate("early-warning", data=tmp_path / "data", out=tmp_path / "out", outcomes=outcomes, reassess=True) == 0
    return (tmp_path / "out" / "early-warning.md").read_text(encoding="utf-8")


def rows(page: str, beginning: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith(beginning)]


def estimate(cell: str) -> float:
    return float(re.match(r"[\d.]+", cell)[0])  # type: ignore[index]


def test_the_page_says_what_counting_by_hand_says(evaluated: str) -> None:
    assert "4 stays, 2 of which ended in death in hospital (50.0 %);" in evaluated
    assert "8 patient-days observed" in evaluated

    news2 = {row[1]: row for row in rows(evaluated, "| NEWS2 | ")}
    # Pairs (died, lived): of the four, the highest score in 48 h is higher in two and the same in two.
    assert estimate(news2["highest in the first 48 h"][4]) == 0.75
    # At 24 h: one who died and one who lived are ill, one of each is not: one pair higher, one lower, two the same.
    assert estimate(news2["standing at 24 h"][4]) == 0.5
    assert estimate(news2["standing at 12 h"][4]) == 0.75
    assert news2["no complete answer"][2:4] == ["0", "0"]

    (alert,) = rows(evaluated, "| NEWS2 ≥ 7 | 3 ")
    # Three alerts in eight days, two of them of the two who died; one of the two who lived had none.
    assert [estimate(cell) for cell in alert[2:7]] == pytest.approx([0.38, 66.7, 66.7, 100.0, 50.0])
    # 4 days after admission, with alerts at 12 and 36 hours: 3.5 and 2.5 days.
    assert alert[7] == "3.0 (2.8–3.2)"


def test_the_baselines_go_through_the_same_functions(evaluated: str) -> None:
    (saps,), (sofa,) = rows(evaluated, "| SAPS-I |"), rows(evaluated, "| SOFA |")

    assert (saps[1], saps[2], estimate(saps[3])) == ("4", "2", 3.5 / 4)  # 20 > 15, 20 > 5, 15 = 15, 15 > 5
    assert (sofa[1], sofa[2], estimate(sofa[3])) == ("3", "1", 1.0)  # one is missing


def test_asking_again_gives_what_is_stored(evaluated: str) -> None:
    for capability in ("news2", "mews", "qsofa", "sirs"):
        (asked, version) = rows(evaluated, f"| {capability} |")
        assert int(asked[1].replace(",", "")) > 100
        assert asked[2] == "0"
        present = discover().get(capability)
        assert present is not None
        assert version[2] == f"`{present.digest}`"


def test_the_same_set_in_another_folder_gives_the_same_page_to_the_last_digit(tmp_path: Path, evaluated: str) -> None:
    assert replay("cinc2012", tmp_path / "set-x.csv.gz", data=tmp_path / "other") == 0
    assert evaluate("early-warning", data=tmp_path / "other", out=tmp_path / "again", outcomes=tmp_path / "Outcomes-x.txt", reassess=True) == 0

    assert (tmp_path / "again" / "early-warning.md").read_text(encoding="utf-8") == evaluated
    for plot in (tmp_path / "out").glob("*.svg"):
        assert (tmp_path / "again" / plot.name).read_bytes() == plot.read_bytes()


def test_an_answer_of_an_older_version_is_marked(evaluated: str) -> None:
    assert "older version" not in evaluated
    assert "older version" in version_row("news2", "2017", "0123456789abcdef", 7, {"news2": "fedcba9876543210"})


def test_the_plots_lie_beside_the_page(tmp_path: Path, evaluated: str) -> None:
    for name in re.findall(r"!\[[^]]+\]\(([^)]+)\)", evaluated):
        assert (tmp_path / "out" / name).read_text(encoding="utf-8").startswith("<?xml")


def test_without_an_outcomes_file_the_page_says_that_nothing_was_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WARDLINE_REFERENCE_DATA", str(tmp_path / "nowhere"))
    assert replay("cinc2012", write_set(tmp_path, [stay(100, ill_from=12, died=True)]), data=tmp_path / "data") == 0

    assert evaluate("early-warning", data=tmp_path / "data", out=tmp_path / "out") == 0

    assert "name the file with --outcomes" in capsys.readouterr().out
    page = (tmp_path / "out" / "early-warning.md").read_text(encoding="utf-8")
    assert "no outcomes file was named" in page
    assert {row[4] for row in rows(page, "| NEWS2 | highest")} == {"–"}  # nobody lived: nothing to tell apart


def test_a_folder_without_stays_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "messages"
    folder.mkdir()
    (folder / "1.hl7").write_bytes(b"no message")
    assert replay("hl7", folder, data=tmp_path / "data") == 1

    with pytest.raises(NotFound, match="there is no stay"):
        evaluate("early-warning", data=tmp_path / "data", out=tmp_path / "out")


def test_without_the_extra_one_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "matplotlib" else found(name, *more))

    with pytest.raises(Refused, match=r"pip install 'wardline\[evaluation\]'"):
        evaluate("early-warning", data=tmp_path / "data", out=tmp_path / "out")
