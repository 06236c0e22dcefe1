"""The worklist of images against whoever would stop it for everybody: moments that are none, texts where items belong, keys of others' files."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from api.dicomweb.sending import ct, filed, stow
from api.dicomweb.work import WORKITEMS, ask, code, made, step, value
from api.house import OpenHouse
from support.clocks import MORNING
from support.messages import ADA, adt
from support.scans import file_of
from wardline.core.events import WorkitemStated
from wardline.core.statements import Statement
from wardline.delivery.worklists.workitems import FILTERED, WORKLIST

FILTER = f"/{FILTERED}/subscribers/CRAFTY"
BEGINS, ENDS = "ScheduledProcedureStepStartDateTime", "ExpectedCompletionDateTime"
EVER = "20200101000000+0000-20300101000000+0000"
NO_MOMENTS = ["20239999+0000", "20231301000000+0000", "20230101990000-0500"]


@pytest.fixture(scope="module")
def department(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[OpenHouse]:
    with OpenHouse(tmp_path_factory.mktemp("worklist") / "data", portal) as house:
        house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"))
        yield house


@pytest.mark.parametrize("said", NO_MOMENTS)
def test_a_filter_that_names_no_moment_is_refused_and_stops_nobodys_workitem(department: OpenHouse, said: str) -> None:
    """It was kept, and from then on every workitem with a time failed in the engine's turn: one reader stopped the worklist for all."""
    assert ask(department, "POST", FILTER, filter=f"{BEGINS}={said}").status_code == 400
    assert ask(department, "GET", "", **{BEGINS: said}).status_code == 400
    made(department, f"1.8.1.{NO_MOMENTS.index(said)}", study="")


@pytest.mark.parametrize("said", [*NO_MOMENTS, "00010101000000+1400"])
def test_a_moment_that_is_none_is_in_no_range(department: OpenHouse, said: str) -> None:
    assert ask(department, "POST", FILTER, filter=f"{ENDS}={EVER}").status_code == 201
    uid = made(department, f"1.8.2.{len(said)}.{said[:8].lstrip('0')}", study="", t00404011=value("DT", said))
    found = ask(department, "GET", "", **{ENDS: EVER})
    assert uid not in (found.text if found.status_code == 200 else "")


@pytest.mark.parametrize("tag", ["00404018", "00404025", "00404021", "0040A370", "00404034"])
def test_a_text_where_items_belong_is_refused_at_the_door(department: OpenHouse, tag: str) -> None:
    """It was taken, and the lane that does what workitems ask for never came past it again."""
    wrong: dict[str, Any] = {f"t{tag}": value("LO", "x")}
    refused = ask(department, "POST", "?1.8.3", [step(study="", **wrong)])
    assert (refused.status_code, tag in refused.text) == (400, True)
    nested = ask(department, "POST", "?1.8.3", [step(study="", t00404018=value("SQ", {**code("A", "B", "C"), tag: value("LO", "x")}))])
    assert nested.status_code == 400
    department.do(department.running.imaging.performing.look_through)


@pytest.mark.parametrize("uid", [WORKLIST, FILTERED])
def test_no_workitem_takes_the_name_of_the_worklist(department: OpenHouse, uid: str) -> None:
    """Whoever then followed everything heard of that one alone how it stands."""
    assert ask(department, "POST", f"?{uid}", [step(study="")]).status_code == 400


def test_a_workitem_gives_out_what_was_made_for_it_and_nothing_that_its_words_name(department: OpenHouse) -> None:
    """A text with the address of another file of the study opened that file, a silent finding's among them."""
    (image,) = ct(ADA, 1, study="1.2.3.90", series="1.2.3.90.1")
    assert stow(department, [image]).status_code == 200
    filed(department)
    images, about = department.running.imaging.images, department.key(ADA)
    other, ours = (images.keep("1.2.3.90", file_of(each)) for each in (image, ct(ADA, 1, study="1.2.3.90", series="1.2.3.90.2")[0]))

    def at(digest: str) -> dict[str, Any]:
        return value("SQ", {"00081190": value("UR", f"@/workitems/1.8.4/outputs/{digest}")})

    performed = value("SQ", {"00404033": value("SQ", {"0040E025": at(ours)})})
    attributes = {**step(study="1.2.3.90"), "00741204": value("LO", f"/outputs/{other}"), "0040E025": at(other), "00741216": performed}
    stated = WorkitemStated("1.8.4", "COMPLETED", json.dumps(attributes), ("1.2.3.90",), performer="wardline")
    department.do(lambda: department.wardline.engine.record(lambda _, now: [Statement(stated, about, now)], actor="wardline"))

    where = f"{WORKITEMS}/1.8.4/outputs"
    answers = [department.as_("radiologist").request("GET", f"{where}/{each}", headers={"accept": "*/*"}).status_code for each in (ours, other)]
    assert answers == [200, 404]
