"""Reading a site's YAML documents so that every mistake is named with its file, line and key."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final, NoReturn

import yaml

from wardline.core.errors import Refused

_REQUIRED: Final = object()


class Section:
    """One mapping of a document. Each key is asked for by name; `finish` then refuses the first key nobody asked for."""

    def __init__(self, file: str, path: str, node: yaml.MappingNode) -> None:
        self._file = file
        self.path = path
        self._node = node
        self._entries: dict[str, yaml.Node] = {}
        self._asked: set[str] = set()
        for key, value in node.value:
            if key.value in self._entries:
                self._refuse(key, key.value, "is given twice")
            self._entries[key.value] = value

    @property
    def line(self) -> int:
        return int(self._node.start_mark.line) + 1

    @property
    def keys(self) -> list[str]:
        return list(self._entries)

    # --- values ---

    def text(self, key: str, default: Any = _REQUIRED) -> str:
        node = self._find(key, default)
        if node is None:
            return str(default)
        if not isinstance(node, yaml.ScalarNode) or node.tag.endswith(":null"):
            self._refuse(node, key, "must be a text")
        return str(node.value).strip()

    def one_of(self, key: str, choices: Iterable[str], default: Any = _REQUIRED) -> str:
        value, allowed = self.text(key, default), list(choices)
        if value not in allowed:
            self.refuse(key, f"is {value!r}; it must be one of {', '.join(allowed)}")
        return value

    def number(self, key: str, default: Any = _REQUIRED, *, least: float | None = None) -> float:
        node = self._find(key, default)
        if node is None:
            return float(default)
        if not node.tag.endswith((":int", ":float")):
            self._refuse(node, key, "must be a number")
        value = float(yaml.safe_load(node.value))
        if least is not None and value < least:
            self._refuse(node, key, f"is {node.value}; it must be {least:g} or more")
        return value

    def count(self, key: str, default: Any = _REQUIRED, *, least: int = 0) -> int:
        value = self.number(key, default, least=least)
        if value != int(value):
            self.refuse(key, "must be a whole number")
        return int(value)

    def flag(self, key: str, default: Any = _REQUIRED) -> bool:
        node = self._find(key, default)
        if node is None:
            return bool(default)
        if not node.tag.endswith(":bool"):
            self._refuse(node, key, "must be true or false")
        return bool(yaml.safe_load(node.value))

    def minutes(self, key: str, default: Any = _REQUIRED) -> timedelta:
        return timedelta(minutes=self.number(key, default, least=0))

    def texts(self, key: str, default: Any = _REQUIRED) -> tuple[str, ...]:
        node = self._find(key, default)
        if node is None:
            return tuple(default)
        if not isinstance(node, yaml.SequenceNode) or not all(isinstance(item, yaml.ScalarNode) for item in node.value):
            self._refuse(node, key, "must be a list of texts")
        return tuple(str(item.value).strip() for item in node.value)

    # --- sections ---

    def section(self, key: str, default: Any = _REQUIRED) -> "Section | None":
        node = self._find(key, default)
        return self._below(node, key) if node is not None else None

    def sections(self, key: str, default: Any = _REQUIRED) -> list["Section"]:
        node = self._find(key, default)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self._refuse(node, key, "must be a list")
        return [self._below(item, f"{key}[{place}]") for place, item in enumerate(node.value)]

    def named_sections(self, key: str, default: Any = _REQUIRED) -> list[tuple[str, "Section"]]:
        """A mapping of names to mappings."""
        section = self.section(key, default)
        return [(name, section._below(section._entries[name], name)) for name in section.keys] if section is not None else []

    def finish(self) -> None:
        """Refuse keys nobody knows: a misspelt key must not silently do nothing."""
        for key, node in self._entries.items():
            if key not in self._asked:
                self._refuse(node, key, f"is not known here; known are {', '.join(sorted(self._asked))}")

    def refuse(self, key: str, sentence: str) -> NoReturn:
        self._refuse(self._entries.get(key, self._node), key, sentence)

    def _find(self, key: str, default: Any) -> yaml.Node | None:
        self._asked.add(key)
        node = self._entries.get(key)
        if node is None and default is _REQUIRED:
            self._refuse(self._node, key, "is missing")
        return node

    def _below(self, node: yaml.Node, key: str) -> "Section":
        if not isinstance(node, yaml.MappingNode):
            self._refuse(node, key, "must be a mapping")
        return Section(self._file, f"{self.path}.{key}" if self.path else key, node)

    def _refuse(self, node: yaml.Node, key: str, sentence: str) -> NoReturn:
        path, line = f"{self.path}.{key}" if self.path else key, node.start_mark.line + 1
        raise Refused(f"{self._file}, line {line}: {path} {sentence}", code="document", where=f"line {line}, {path}")


def read_document(text: str, file: str) -> Section:
    """The top mapping of a YAML document. Raises `Refused` with the place of the first mistake."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
        raise Refused(f"{file}, line {line}: this is not YAML: {error.problem}", code="document", where=f"line {line}") from None
    except yaml.YAMLError as error:
        raise Refused(f"{file}: this is not YAML: {error}", code="document") from None
    if not isinstance(node, yaml.MappingNode):
        raise Refused(f"{file}, line 1: the document must be a mapping of keys to values", code="document", where="line 1")
    return Section(file, "", node)
