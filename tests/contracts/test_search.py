"""What every `Search` keeps to: it finds what was put, forgets what is taken back, and goes back to the last commit."""

from datetime import UTC, datetime

import pytest

from wardline.adapters.embedded.search import MemorySearch
from wardline.core.resources import Criterion, Link, Search, Stored, Text, Token, Version, Wanted

AT = datetime(2026, 11, 21, tzinfo=UTC)
RED = Criterion("colour", "token", (Wanted("red"),))


@pytest.fixture
def search() -> Search:
    return MemorySearch(str.casefold)


def _stored(id: str, version: int = 1, *, event: int = 1, about: str = "p1") -> Stored:
    return Stored(0, "Basic", id, version, event, about, AT, ("HIV",), (("Basic", id),))


def test_what_is_put_is_found_with_all_that_was_said_of_it(search: Search) -> None:
    search.put(_stored("a"), [Token("Basic.colour", "urn:c", "red"), Text("Basic.name", "Ærø"), Link("Basic.subject", "Patient/p1")])

    (found,) = search.find("Basic", [RED])
    assert found._replace(number=0) == _stored("a")
    assert search.find("Basic", [Criterion("name", "string", (Wanted("ÆR"),))]) == [found]
    assert search.find("Basic", [Criterion("name", "string", (Wanted("%"),))]) == []
    assert search.find("Other", [RED]) == []
    assert search.links([found.number]) == [Link("Basic.subject", "Patient/p1")]


def test_a_new_version_takes_the_place_of_the_old_one_and_history_keeps_both(search: Search) -> None:
    search.put(_stored("a"), [Token("Basic.colour", "", "red")])
    search.put(_stored("a", 2, event=2), [Token("Basic.colour", "", "blue")])

    assert search.find("Basic", [RED]) == []
    assert [each.version for each in search.versions("Basic", "a")] == [2, 1]


def test_what_is_removed_is_not_found_and_stays_in_history(search: Search) -> None:
    search.put(_stored("a"), [Token("Basic.colour", "", "red")])
    search.remove(Version("Basic", "a", 2, 2, "p1", AT, True))

    assert search.get("Basic", "a") is None
    assert search.find("Basic", [RED]) == []
    assert [each.deleted for each in search.versions("Basic")] == [True, False]


def test_a_record_that_is_forgotten_leaves_nothing(search: Search) -> None:
    search.put(_stored("a"), [Token("Basic.colour", "", "red")])
    search.put(_stored("b", event=2, about="p2"), [Token("Basic.colour", "", "red")])

    search.forget(["p1"])

    assert [each.id for each in search.find("Basic", [RED])] == ["b"]
    assert [each.id for each in search.versions()] == ["b"]
    assert search.of(["p1"]) == []


def test_back_to_the_last_commit(search: Search) -> None:
    search.put(_stored("a"), [Token("Basic.colour", "", "red")])
    search.commit()
    search.put(_stored("b", event=2), [Token("Basic.colour", "", "red")])
    assert len(search.find("Basic", [RED])) == 2

    search.rollback()

    assert [each.id for each in search.find("Basic", [RED])] == ["a"]


def test_what_is_taken_back_before_the_commit_was_never_there_and_what_follows_is_found_once(search: Search) -> None:
    search.put(_stored("a"), [Token("Basic.colour", "", "red")])
    search.rollback()
    assert search.find("Basic", [RED]) == []

    search.put(_stored("a"), [Token("Basic.colour", "", "red"), Link("Basic.subject", "Patient/p1")])
    search.put(_stored("a", 2, event=2), [Token("Basic.colour", "", "red"), Link("Basic.subject", "Patient/p1")])
    (found,) = search.find("Basic", [RED])
    assert search.links([found.number]) == [Link("Basic.subject", "Patient/p1")]
    search.commit()
    search.rollback()

    assert search.find("Basic", [RED]) == [found]
    assert search.keys([found.number], "Basic.colour", "token", highest=False) == {found.number: "red"}
