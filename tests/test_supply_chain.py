"""What we ship rests on: exact versions with hashes, licences that allow it, and nothing taken in unseen (SEC-22)."""

import importlib.metadata
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

HOUSE = Path(__file__).parents[1]
LOCKS = sorted((HOUSE / "requirements").glob("*.lock"))
POLICY: dict[str, Any] = yaml.safe_load((HOUSE / "requirements" / "licences.yaml").read_text(encoding="utf-8"))
MAY_SHIP = {*POLICY["allowed"], *POLICY["unchanged"]}
_REQUIREMENT = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==((?:.*\\\n)*.*)", re.MULTILINE)


def locked(lock: Path) -> dict[str, str]:
    """Package to everything that stands under its name."""
    return {found[1].lower(): found[0] for found in _REQUIREMENT.finditer(lock.read_text(encoding="utf-8"))}


def licences_of(expression: str) -> set[str]:
    """The licences that all must be allowed: of alternatives the first that is."""
    found = set()
    for part in re.split(r"\s+AND\s+", expression):
        each_of = re.split(r"\s+OR\s+|;\s*", part)
        choices = [POLICY["known_as"].get(each) or each.strip("() ") for each in each_of]
        found.add(next((each for each in choices if each in MAY_SHIP), choices[0]))
    return found


def said_by(package: str) -> str:
    told = POLICY["read_from_their_files"] | POLICY["elsewhere"]
    if package in told:
        return str(told[package])
    metadata = importlib.metadata.metadata(package)
    classifiers = [each.rpartition("::")[2].strip() for each in metadata.get_all("Classifier") or [] if each.startswith("License ::")]
    return metadata.get("License-Expression") or "; ".join(classifiers) or metadata.get("License") or ""


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_package_is_pinned_to_one_version_with_its_hashes(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    packages = locked(lock)
    assert packages
    assert [name for name, under in packages.items() if "--hash=sha256:" not in under] == []
    assert not re.search(r"^(?!\s|#|[A-Za-z0-9._-]+==).+", text, re.MULTILINE), "something in it is not a pinned package"


def test_what_is_installed_is_held_against_the_hashes() -> None:
    script = (HOUSE / "scripts" / "prepare").read_text(encoding="utf-8")
    installs = [line for line in script.splitlines() if re.search(r"pip (install|sync)", line) and "--editable" not in line]
    assert installs
    assert all("--require-hashes" in line for line in installs)
    assert '"ci"' in (HOUSE / "web" / "build.py").read_text(encoding="utf-8")


def test_every_package_of_the_interface_is_held_against_its_hash() -> None:
    packages = json.loads((HOUSE / "web" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [name for name, package in packages.items() if name and not package.get("link") and not package.get("integrity")] == []


@pytest.mark.parametrize("package", sorted(locked(HOUSE / "requirements" / "core.lock")))
def test_what_we_ship_may_be_shipped(package: str) -> None:
    said = said_by(package)
    assert licences_of(said) <= MAY_SHIP, f"{package} is under {said!r}"


def test_what_the_interface_ships_may_be_shipped() -> None:
    packages = json.loads((HOUSE / "web" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    beside = set(POLICY["not_in_the_bundle"])
    shipped = {name: str(package.get("license")) for name, package in packages.items() if name and not package.get("dev") and name not in beside}
    assert {name: said for name, said in shipped.items() if not licences_of(said) <= MAY_SHIP} == {}


@pytest.mark.parametrize(
    ("said", "may"),
    [("MIT", True), ("MIT OR GPL-3.0-only", True), ("GPL-3.0-only", False), ("MIT AND GPL-3.0-only", False), ("", False), ("AGPL-3.0", False)],
)
def test_the_rule_about_licences_finds_what_it_looks_for(said: str, may: bool) -> None:
    assert (licences_of(said) <= MAY_SHIP) is may


def test_no_package_of_a_graphics_card_is_in_any_lock() -> None:
    assert [name for lock in LOCKS for name in locked(lock) if name.startswith("nvidia-")] == []
