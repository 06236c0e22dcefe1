"""What the site decides: the tables in its configuration folder, each read whole before Wardline starts.

A table that is wrong is said now, with its file and the reason: found at the first patient it concerns, nobody who could mend
it would be awake.
"""

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

import yaml

from wardline.app.discovery import Catalogue
from wardline.app.site_folders import folder_tables
from wardline.core.errors import Refused


def site_tables(folder: Path, catalogue: Catalogue) -> dict[str, Any]:
    """The site's tables by name. Raises `Refused` for one that cannot be read, that no capability asks for, or that its capability refuses."""
    readers = _readers(catalogue)
    tables = {}
    for file in sorted(folder.glob("*.yaml")) if folder.is_dir() else []:
        # The reader of an unknown table may be a plug-in that does not run here; that it does not is said elsewhere.
        if file.stem not in readers and not catalogue.refused:
            known = ", ".join(sorted(readers))
            raise Refused(f"{file}: no capability reads a table of this name; there are {known}", code="site-table", where=file.name)
        tables[file.stem] = content_of(file)
        for read in readers.get(file.stem, ()):
            _check(file, read, tables[file.stem])
    for name, (place, content) in folder_tables(folder).items():
        tables[name] = content
        for read in readers.get(name, ()):
            _check(place, read, content)
    return tables


def _readers(catalogue: Catalogue) -> dict[str, list[Callable[[Any], Any]]]:
    """How each table is read, by every capability that needs it."""
    readers: dict[str, list[Callable[[Any], Any]]] = {}
    for capability in catalogue.capabilities:
        for _, need in capability.needs:
            if need.kind == "site":
                readers.setdefault(need.name, []).extend([need.convert] if need.convert is not None else [])
    return readers


def _check(file: Path, read: Callable[[Any], Any], content: Any) -> None:
    try:
        read(content)
    except Refused as refused:
        raise Refused(f"{file}: {refused}", code=refused.code, where=file.name) from None


class _OneOfEach(yaml.SafeLoader):
    """YAML in which nothing is said twice: of two limits for potassium the second would count, and nobody would know."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):  # nine lines of them make a thousand million entries
            raise yaml.constructor.ConstructorError(None, None, "references to other places (*name) are not read here")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        names = [name.value for name, _ in node.value]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise yaml.constructor.ConstructorError(None, None, f"{twice!r} is said twice", node.start_mark)
        return super().construct_mapping(node, deep)


def content_of(file: Path) -> Any:
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), _OneOfEach)  # noqa: S506 - a safe loader, made stricter
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} cannot be read: {error}", code="site-table", where=file.name) from None
    except RecursionError:
        raise Refused(f"{file} is nested too deeply", code="yaml", where=file.name) from None
    except yaml.YAMLError as error:
        raise Refused(f"{file} is not valid YAML: {error}", code="yaml", where=file.name) from None
    if content is None:
        raise Refused(f"{file} is empty; fill it in or take it away", code="site-table", where=file.name)
    return content
