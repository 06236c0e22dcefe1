"""What people wrote by hand, held against the code: README's tree and commands, links, operating guides, decisions, changes."""

import ast
import inspect
import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml
from cyclopts import App

from documents.pages import ROOT, anchors, fences, links, written
from wardline.api import system
from wardline.app import watch
from wardline.app.cli import COMMANDS, command_line
from wardline.app.settings import Settings, load
from wardline.app.units import units_in
from wardline.delivery.outbound.destinations import destinations_in
from wardline.intake.hl7v2 import sources

README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = ROOT / "docs" / "operating"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


# --- links ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", written(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page.read_text(encoding="utf-8")):
        if "://" in link or link.startswith("mailto:"):
            continue
        target, _, fragment = link.partition("#")
        path = (page.parent / target).resolve() if target else page
        assert path.is_relative_to(ROOT), link
        assert path.exists(), link
        if fragment and path.suffix == ".md":
            assert fragment in anchors(path.read_text(encoding="utf-8")), link


def test_every_guide_can_be_found_from_the_readme() -> None:
    reached, left = set(), [ROOT / "README.md"]
    while left:
        page = left.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        left += [(page.parent / link.partition("#")[0]).resolve() for link in links(page.read_text(encoding="utf-8")) if "://" not in link]
    for guide in GUIDES.glob("*.md"):
        assert guide in reached, f"nothing leads to {guide.name}"


# --- README and CONTRIBUTING ------------------------------------------------------------------------------------------------------


def test_the_readme_names_every_folder_and_only_folders_that_are_there() -> None:
    (tree,) = [text for _, text in fences(README) if text.startswith("src/wardline/")]
    inside = re.findall(r"^[├└]── (\w+)/", tree, re.MULTILINE)
    outside = re.findall(r"^(\w[\w/]*)/ ", tree, re.MULTILINE)
    rooms = [folder.name for folder in (ROOT / "src" / "wardline").iterdir() if folder.is_dir() and (folder / "__init__.py").exists()]
    assert sorted(inside) == sorted(rooms)
    top = [folder.name for folder in ROOT.iterdir() if folder.is_dir() and not folder.name.startswith((".", "__")) and tracked(folder)]
    assert sorted(outside) == sorted(set(top) - {"src"})
    assert all(re.search(r"\S {2,}\S", line) for line in tree.splitlines()[1:]), "every folder has its sentence"


def tracked(folder: Path) -> bool:
    return bool(subprocess.run(["git", "ls-files", str(folder)], capture_output=True, cwd=ROOT, check=True).stdout)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/operating/first-day.md"])
def test_every_make_target_that_is_named_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make (\w+)", text, re.MULTILINE))
    assert named
    for target in named:
        assert re.search(rf"^{target}:.*## ", MAKEFILE, re.MULTILINE), f"make {target}"


@pytest.fixture(scope="module")
def whole() -> App:
    return command_line(whole=True)


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", *(f"docs/operating/{name}.md" for name in ("first-day", "feeds", "when-something-is-wrong"))]
)
def test_every_command_that_is_shown_can_be_typed(page: str, whole: App) -> None:
    shown = [line.strip() for language, text in fences((ROOT / page).read_text(encoding="utf-8")) if not language for line in text.splitlines()]
    commands = [match[1] for line in shown if (match := re.search(r"(?:^|\| )(?:\.venv/bin/)?wardline (.*)$", line))]
    assert commands
    for command in commands:
        words = shlex.split(command.split("  #")[0])
        assert words[0] in COMMANDS, command
        whole.parse_args(words, exit_on_error=False, print_error=False)  # raises for an option or a value that is none


# --- operating guides -------------------------------------------------------------------------------------------------------------


def yaml_of(guide: str, start: str) -> str:
    """The YAML block of a guide that begins with this key."""
    (found,) = [text for language, text in fences((GUIDES / guide).read_text("utf-8")) if language == "yaml" and text.startswith(start)]
    return found


def test_the_settings_of_the_first_day_are_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"WARDLINE_{name.upper()}", raising=False)
    file = tmp_path / "wardline.yaml"
    file.write_text(yaml_of("first-day.md", "hospital:"), encoding="utf-8")
    assert load(file).hospital == "St Example"


def test_the_files_of_the_first_day_are_read_as_they_are(tmp_path: Path) -> None:
    laboratory = sources.source_from(yaml.safe_load(yaml_of("first-day.md", "source:")), "laboratory.yaml", "UTC")
    assert laboratory.codes["K^L"] == ("potassium", "mmol/L")

    (tmp_path / "units.yaml").write_text(yaml_of("first-day.md", "W7:"), encoding="utf-8")
    assert units_in(tmp_path / "units.yaml")["W7"].beds == ("1", "2", "3", "4")

    (tmp_path / "outbound.yaml").write_text(yaml_of("first-day.md", "destinations:"), encoding="utf-8")
    ehr, board = destinations_in(tmp_path / "outbound.yaml", {"news2", "kdigo_aki"})
    assert (ehr.encryption is not None, board.encryption) == (True, None)


def test_every_key_of_a_senders_profile_is_explained() -> None:
    named = re.findall(r"^\| `(\w+)` \|", (GUIDES / "feeds.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(named) == sources._KEYS


def test_every_sentence_of_the_system_page_is_in_the_guide() -> None:
    guide = re.sub(r"\s+", " ", (GUIDES / "when-something-is-wrong.md").read_text(encoding="utf-8"))
    sentences = [sentence for function in (system._stopped, system._problems) for sentence in sentences_of(inspect.getsource(function))]
    assert len(sentences) >= 10
    for sentence in sentences:
        assert sentence in guide, f"{sentence!r} is not explained"
    for said in (watch.STALLED, watch.STOPPED):
        assert said in guide


def sentences_of(code: str) -> list[str]:
    """The longest constant piece of every sentence a function puts together."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.JoinedStr):
            pieces = [str(piece.value) for piece in node.values if isinstance(piece, ast.Constant)]
            found.append(max(pieces, key=len).strip(" :;"))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count(" ") >= 5:
            found.append(node.value)
    inside_others = {piece for piece in found if any(piece != other and piece in other for other in found)}
    return [
        each for each in found if each not in inside_others and each != "%H:%M" and not each.startswith("One sentence") and "one sentence" not in each
    ]


# --- decisions, changes -------------------------------------------------------------------------------------


def test_decisions_are_numbered_without_a_gap_and_each_says_what_was_decided() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    for file in files:
        title = file.read_text(encoding="utf-8").splitlines()[0]
        assert title.startswith(f"# {file.name[:4]} "), f"{file.name}: {title}"


def test_the_changes_begin_with_what_is_not_released() -> None:
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == "Unreleased"
