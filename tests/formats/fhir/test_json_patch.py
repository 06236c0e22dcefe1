"""JSON Patch: the examples of RFC 6902, appendix A, and what must never happen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.formats.fhir.patching import patched

PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
JSON = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@pytest.mark.parametrize(
    ("before", "operation", "after"),
    [  # RFC 6902, appendix A.1 to A.17
        ({"foo": "bar"}, {"op": "add", "path": "/baz", "value": "qux"}, {"baz": "qux", "foo": "bar"}),
        ({"foo": ["bar", "baz"]}, {"op": "add", "path": "/foo/1", "value": "qux"}, {"foo": ["bar", "qux", "baz"]}),
        ({"baz": "qux", "foo": "bar"}, {"op": "remove", "path": "/baz"}, {"foo": "bar"}),
        ({"foo": ["bar", "qux", "baz"]}, {"op": "remove", "path": "/foo/1"}, {"foo": ["bar", "baz"]}),
        ({"baz": "qux", "foo": "bar"}, {"op": "replace", "path": "/baz", "value": "boo"}, {"baz": "boo", "foo": "bar"}),
        (
            {"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}}, {"op": "move", "from": "/foo/waldo", "path": "/qux/thud"},
            {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}},
        ),
        ({"foo": ["all", "grass", "cows", "eat"]}, {"op": "move", "from": "/foo/1", "path": "/foo/3"}, {"foo": ["all", "cows", "eat", "grass"]}),
        ({"baz": "qux", "foo": ["a", 2, "c"]}, {"op": "test", "path": "/foo/1", "value": 2}, {"baz": "qux", "foo": ["a", 2, "c"]}),
        ({"foo": "bar"}, {"op": "add", "path": "/child", "value": {"grandchild": {}}}, {"foo": "bar", "child": {"grandchild": {}}}),
        ({"/": 9, "~1": 10}, {"op": "test", "path": "/~01", "value": 10}, {"/": 9, "~1": 10}),
        ({"foo": ["bar"]}, {"op": "add", "path": "/foo/-", "value": ["abc", "def"]}, {"foo": ["bar", ["abc", "def"]]}),
        ({"a": 1}, {"op": "copy", "from": "/a", "path": "/b"}, {"a": 1, "b": 1}),
    ],
)  # fmt: skip
def test_the_examples_of_the_standard(before: Any, operation: Any, after: Any) -> None:
    assert patched(before, [operation]) == after


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "add", "path": "/baz/bat", "value": "qux"}, {"op": "remove", "path": "/none"}, {"op": "replace", "path": "/none", "value": 1},
        {"op": "test", "path": "/foo", "value": "other"}, {"op": "add", "path": "/list/2", "value": 1}, {"op": "add", "path": "/list/01", "value": 1},
        {"op": "remove", "path": "/list/-"}, {"op": "bad", "path": "/foo"}, {"op": "add", "path": "foo", "value": 1}, {"op": "add", "path": "/x"},
        {"op": "move", "from": "/deep", "path": "/deep/in"}, {"op": "remove", "path": ""},
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_and_changes_nothing(operation: Any) -> None:
    before: Any = {"foo": "bar", "list": [0], "deep": {"in": 1}}
    with pytest.raises(Refused):
        patched(before, [{"op": "add", "path": "/new", "value": 1}, operation])
    assert before == {"foo": "bar", "list": [0], "deep": {"in": 1}}


@given(st.dictionaries(st.text(max_size=5), JSON), st.text(max_size=5), JSON)
def test_what_is_added_is_there_and_goes_again(before: dict[str, Any], name: str, value: Any) -> None:
    path = "/" + name.replace("~", "~0").replace("/", "~1")
    added = patched(before, [{"op": "add", "path": path, "value": value}])
    assert added == {**before, name: value}
    assert patched(added, [{"op": "remove", "path": path}]) == {each: before[each] for each in before if each != name}
