"""What people draw on images: lost under joined records, or drawn so large that nothing else has room."""

import math
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from anyio.from_thread import BlockingPortal

from api.dicomweb.sending import ct, filed, stow
from api.house import OpenHouse
from support.clocks import MORNING
from support.messages import ADA, adt
from wardline.core.errors import Refused
from wardline.core.events import Marked
from wardline.core.imaging import Grid, Volume
from wardline.core.statements import Statement
from wardline.science.imaging.marks import mark_values

AGAIN = ADA._replace(number="9001")
STUDY, SERIES = "1.2.3.80", "1.2.3.80.1"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[OpenHouse]:
    with OpenHouse(tmp_path_factory.mktemp("drawings") / "data", portal) as house:
        house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"), adt("A01", AGAIN, at=MORNING, visit="V2", unit="7A", bed="4"))
        yield house


def test_a_merge_of_the_patients_records_does_not_lose_what_was_drawn(archive: OpenHouse) -> None:
    """With the next image the study went over to the surviving record as if to another patient, and every drawing was forgotten in silence."""
    images = ct(ADA, 2, study=STUDY, series=SERIES)
    assert stow(archive, images[:1]).status_code == 200
    filed(archive)
    marked = Marked(STUDY, "M1", SERIES, "length", ((0.0, 0.0, 0.0), (3.0, 4.0, 0.0)), (("length", "Length", 5.0, "mm", ""),), "duct", 1)
    archive.do(lambda: archive.wardline.engine.record(lambda _, now: [Statement(marked, archive.key(ADA), now)], actor="u"))

    archive.send(adt("A40", AGAIN, at=MORNING, retired=ADA))
    assert stow(archive, images[1:]).status_code == 200
    archive.do(archive.running.imaging.images.complete, datetime.now(UTC) + timedelta(seconds=1))
    filed(archive)

    shown = archive.as_("radiologist").get(f"/api/v1/imaging/studies/{STUDY}")
    assert (shown["instances"], [each["id"] for each in shown["marks"]]) == (2, ["M1"])
    assert shown["marks"][0]["is_current"] is False, "on one image, and now there are two"
    listed = archive.as_("radiologist").get("/api/v1/imaging/studies", patient=archive.key(AGAIN))["studies"]
    assert [each["uid"] for each in listed] == [STUDY]


def body(slices: int) -> Volume:
    grid = Grid((slices, 128, 128), (3.0, 2.0, 2.0), (0.0, 0.0, 0.0))
    return Volume(np.zeros(grid.shape, np.int16), grid, "CT", "[hnsf'U]")


@pytest.mark.parametrize("end", [math.inf, -math.inf, math.nan, 1e300, 1e9])
def test_a_sphere_without_bounds_is_refused_in_words(end: float) -> None:
    with pytest.raises(Refused, match=r"larger than the images|apart"):
        mark_values(body(4), "sphere", [(10.0, 10.0, 3.0), (end, 10.0, 3.0)])


@pytest.mark.parametrize("kind", ["sphere", "ellipse"])
def test_a_mark_over_everything_takes_less_room_than_the_images_a_few_times_over(kind: str) -> None:
    """Where each voxel lies was worked out for all at once: gigabytes for one careless circle on a CT of the whole body."""
    volume, middle = body(100), (127.0, 127.0, 150.0)
    ends = [(127.0, 0.0, 150.0), (127.0, 254.0, 150.0), (0.0, 127.0, 150.0), (254.0, 127.0, 150.0)]
    tracemalloc.start()
    try:
        values = mark_values(volume, kind, ends if kind == "ellipse" else [middle, (127.0, 127.0, 449.0)])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert values[0].value
    assert peak < 4 * volume.array.nbytes, "it was sixteen times and more"
