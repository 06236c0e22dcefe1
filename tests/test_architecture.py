"""What ARCHITECTURE and STYLE ask of the code, as far as a machine can see it. A rule that is not here is a wish."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from wardline.api.app import ROOMS, documents
from wardline.api.doors import OPEN, SIGNED_IN, Door
from wardline.app.discovery import discover
from wardline.security.authorisation.actions import ACTIONS

HOUSE = Path(__file__).parents[1]
SOURCE = HOUSE / "src" / "wardline"
DOCS = HOUSE / "docs"

LINES_OF_A_FILE, LINES_OF_A_FUNCTION = 400, 70
MEDIAN_LINES = 150
"""Two screens: what most files keep to."""
ONE_TABLE = {
    "tests/delivery/test_alert_rules.py": "one test for each rule of the reference's AL list",
}
"""Files that may be longer, and why."""
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "base", "processor", "info", "data"}
"""STYLE 1: a name says which clinical thing it is about."""
PURE = ("core", "capabilities", "science")
IMPURE_MODULES = {
    "asyncio", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3", "structlog", "subprocess",
    "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip
IMPURE_CALLS = re.compile(r"(^|\.)(open|print|input|now|utcnow|today|monotonic|read_text|read_bytes|write_text|write_bytes|default_rng)$")
DEPENDENCIES = {
    "apprise", "argon2-cffi", "cedarpy", "connected-components-3d", "cryptography", "cyclopts", "fastapi", "fhir.resources", "highdicom",
    "httptools", "httpx2", "jinja2", "joserfc", "msgspec", "nibabel", "numba", "numpy", "onnxruntime", "pillow", "prometheus-client",
    "pydantic", "pydantic-settings", "pydicom", "pyjpegls", "pylibjpeg", "pynetdicom", "pyotp", "python-gdcm", "pyyaml", "rich", "scipy",
    "segno", "structlog", "typst", "tzdata", "uvicorn", "webauthn", "zstandard",
}  # fmt: skip
"""Decision 0003. Another one needs a sentence there: what it saves, who keeps it, what it costs."""
MACHINES = re.compile(
    r"(?<![\w.])/(?:home|Users|root|work)/\w|(?:^|[/.@])(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|yarnpkg\.com)", re.MULTILINE
)
"""Paths of somebody's machine and hosts of package registries: the house must build wherever it is."""


class Module(NamedTuple):
    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return str(self.path.relative_to(HOUSE))

    @property
    def room(self) -> str:
        parts = self.path.relative_to(HOUSE).parts
        return parts[2] if parts[:2] == ("src", "wardline") and len(parts) > 3 else ""

    def line(self, number: int) -> str:
        return self.text.splitlines()[number - 1]


@cache
def modules() -> tuple[Module, ...]:
    """Everything we wrote in Python: the house, its tests, its bench."""
    paths = sorted(path for folder in (SOURCE, HOUSE / "tests", HOUSE / "bench") for path in folder.rglob("*.py"))
    return tuple(Module(path, text := path.read_text(encoding="utf-8"), ast.parse(text)) for path in paths)


def house() -> tuple[Module, ...]:
    return tuple(module for module in modules() if module.path.is_relative_to(SOURCE))


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imports_of(module: Module) -> Iterator[str]:
    """Full names, those inside functions included."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(name)):
                yield name
            case _:
                pass


# Direction ------------------------------------------------------------------------------------------------------------------------


def test_imports_go_down_and_never_sideways() -> None:
    """The contracts are in pyproject.toml; this runs them."""
    program = Path(sys.executable).with_name("lint-imports")
    if not program.exists():
        pytest.skip("import-linter is not installed: make setup")
    ran = subprocess.run([str(program), "--no-cache"], cwd=HOUSE, capture_output=True, text=True, timeout=100)
    assert ran.returncode == 0, ran.stdout[-3000:]


def test_every_room_that_stands_is_in_the_contract() -> None:
    contracts = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract for contract in contracts if contract["type"] == "layers")
    named = {name.strip(" ()") for layer in layers["layers"] for name in layer.split("|")}
    rooms = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    assert layers["exhaustive"] is True
    assert rooms <= named


def test_core_needs_nothing_but_the_standard_library() -> None:
    foreign = {(module.name, name) for module in house() if module.room == "core" for name in imports_of(module) if not _is_at_home(name)}
    assert foreign == set()


def _is_at_home(name: str) -> bool:
    top = name.partition(".")[0]
    return top in sys.stdlib_module_names or name == "wardline.core" or name.startswith("wardline.core.")


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_touches_no_clock_file_network_or_dice(room: str) -> None:
    touched = []
    for module in house():
        if module.room == room:
            touched += [(module.name, name) for name in imports_of(module) if name.partition(".")[0] in IMPURE_MODULES]
            calls = (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))
            touched += [(module.name, called) for node in calls if IMPURE_CALLS.search(called := ast.unparse(node.func))]
    assert touched == []


def test_the_rule_about_pure_rooms_finds_what_it_looks_for() -> None:
    for call in ("datetime.now", "open", "date.today", "path.read_text", "np.random.default_rng"):
        assert IMPURE_CALLS.search(call)
    for call in ("known.append", "self.now_or_never", "reopen", "event.recorded_at.replace"):
        assert not IMPURE_CALLS.search(call)


def test_no_module_works_when_it_is_imported() -> None:
    """STYLE 14: nothing at the top of a module but definitions; programs run, and the command line registers its commands."""
    working = [
        (module.name, ast.unparse(node)[:60])
        for module in house()
        if module.path.name != "__main__.py" and module.path.parent.name != "cli"
        for node in module.tree.body
        if isinstance(node, ast.For | ast.While | ast.With) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
    ]
    assert working == []


# Files and names ------------------------------------------------------------------------------------------------------------------


def test_no_file_is_longer_than_two_people_can_hold_in_mind() -> None:
    longer = {module.name: lines for module in modules() if (lines := module.text.count("\n")) > LINES_OF_A_FILE}
    assert longer.keys() <= ONE_TABLE.keys(), longer


def test_most_files_fit_two_screens() -> None:
    lines = sorted(module.text.count("\n") for module in house())
    assert lines[len(lines) // 2] <= MEDIAN_LINES


def test_no_function_is_longer_than_a_screen() -> None:
    longer = [
        (module.name, each.name, length)
        for module in modules()
        for each in functions(module)
        if (length := (each.end_lineno or each.lineno) - each.lineno + 1) > LINES_OF_A_FUNCTION
    ]
    assert longer == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [module.name for module in modules() if module.text.strip() and not ast.get_docstring(module.tree)]
    assert silent == []


def test_no_module_is_named_after_nothing() -> None:
    assert [module.name for module in modules() if BANNED_NAMES & set(module.path.stem.split("_")) and module.path.is_relative_to(SOURCE)] == []
    folders = {part for module in house() for part in module.path.relative_to(SOURCE).parts[:-1]}
    assert folders & BANNED_NAMES == set()


def test_no_two_test_files_have_the_same_name() -> None:
    names = [module.path.name for module in modules() if module.path.name.startswith("test_")]
    assert sorted(names) == sorted(set(names))


def test_no_test_replaces_our_own_code_with_a_mock() -> None:
    assert [module.name for module in modules() for name in imports_of(module) if name.startswith(("unittest.mock", "mock", "pytest_mock"))] == []


def test_nothing_is_left_to_be_done_later() -> None:
    """What is missing is said in the change or in an issue, where somebody sees it; not in the code, where nobody does."""
    later = re.compile("#.*\\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + ")\\b")
    assert [(module.name, line) for module in modules() for line in module.text.splitlines() if later.search(line)] == []


# Errors ---------------------------------------------------------------------------------------------------------------------------


def test_whoever_catches_everything_says_why() -> None:
    """STYLE 23: only at a rim, and with the reason beside it."""
    silent = [
        (module.name, node.lineno) for module in house() for node in blind_handlers(module) if not re.search("# [a-z]", module.line(node.lineno))
    ]
    assert silent == []


def test_core_and_capabilities_catch_nothing_blindly() -> None:
    assert [(module.name, node.lineno) for module in house() if module.room in PURE for node in blind_handlers(module)] == []


def blind_handlers(module: Module) -> Iterator[ast.ExceptHandler]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            if any(each is None or ast.unparse(each) in ("Exception", "BaseException") for each in caught):
                yield node


POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+")


def test_no_pattern_holds_on_to_a_whole_group() -> None:
    """Python before 3.11.5 reads on where such a group has failed half-way (CPython 106052): "100 units/mL" was a dose of 100 units by it."""
    texts = (
        (module.name, each.value if isinstance(each.value, str) else each.value.decode("latin-1"))
        for module in house()
        for each in ast.walk(module.tree)
        if isinstance(each, ast.Constant) and isinstance(each.value, str | bytes)
    )
    assert [(name, text) for name, text in texts if POSSESSIVE_GROUP.search(text)] == []
    assert POSSESSIVE_GROUP.search(r"(?:ab?c)*+")
    assert not POSSESSIVE_GROUP.search(r"[^x]*+(?:ab)*")


def test_nobody_waits_in_a_way_that_swallows_being_stopped() -> None:
    """Up to Python 3.11 `asyncio.wait_for` loses a cancellation that arrives with the result: whatever waited so never ends."""
    assert [module.name for module in house() if any(_name(node).endswith("wait_for") for node in ast.walk(module.tree))] == []


def _name(node: ast.AST) -> str:
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


# Capabilities and doors -----------------------------------------------------------------------------------------------------------


def test_every_capability_has_cases_and_a_page() -> None:
    catalogue = discover()
    for capability in catalogue.capabilities:
        file = catalogue.sources[capability.id]
        cases = yaml.safe_load(file.with_suffix(".cases.yaml").read_text(encoding="utf-8"))
        assert cases, capability.id
        assert (DOCS / "capabilities" / f"{capability.id}.md").exists(), f"{capability.id} has no page: make docs"
    listed = (DOCS / "capabilities" / "README.md").read_text(encoding="utf-8")
    assert all(capability.id in listed for capability in catalogue.capabilities)


def test_every_door_says_who_may_use_it() -> None:
    routes = [route for room in ROOMS for route in room.doors.router.routes] + list(documents.router.routes)
    assert len(routes) > 40
    for route in routes:
        assert isinstance(route, Door), route
        assert route.who in {OPEN, SIGNED_IN, *ACTIONS}, route.path


# What it stands on ----------------------------------------------------------------------------------------------------------------


def test_the_house_depends_on_what_was_decided_and_on_nothing_else() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = {re.split(r"[\s>=<\[;]", line)[0] for line in project["dependencies"]}
    assert required == DEPENDENCIES
    decided = (DOCS / "decisions" / "0003-dependencies.md").read_text(encoding="utf-8")
    optional = {re.split(r"[\s>=<\[;]", line)[0] for lines in project["optional-dependencies"].values() for line in lines}
    assert [name for name in required | optional if name not in decided] == []


def test_what_is_tracked_names_no_machine_and_no_registry() -> None:
    assert [(name, found[0]) for name, text in tracked() if (found := MACHINES.search(text))] == []


def test_the_rule_about_machines_finds_what_it_looks_for() -> None:
    # In pieces, so that the rule does not find itself.
    for text in (
        ("see ", "/home/ada/notes"),
        ("/wo", "rk/main"),
        ("https://py", "pi.org/simple"),
        ("registry.", "npmjs.org/x"),
        ("files.python", "hosted.org"),
    ):
        assert MACHINES.search("".join(text)), text
    for text in ("/api/v1/work/list", "a homework", "src/wardline/web", "docs/root/cause"):
        assert not MACHINES.search(text), text


def tracked() -> Iterator[tuple[str, str]]:
    """Text files under version control, with those about to be."""
    git = shutil.which("git")
    if git is None or not (HOUSE / ".git").exists():
        pytest.skip("this is not a checkout")
    listed = subprocess.run([git, "ls-files", "-co", "--exclude-standard", "-z"], cwd=HOUSE, capture_output=True, check=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        file = HOUSE / name
        if file.is_file() and file != Path(__file__):
            content = file.read_bytes()
            if b"\0" not in content[:8000]:
                yield name, content.decode(errors="replace")
