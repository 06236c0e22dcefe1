"""Studies in the store of a Wardline that runs, for tests that look at its screens."""

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import count
from time import monotonic, sleep
from typing import Any, Final, NamedTuple
from urllib.error import HTTPError

from pydicom.dataset import Dataset

from support.messages import Patient, adt
from support.served import Served
from support.studies import store
from wardline.adapters.embedded.images.opening import open_images

_numbers = count(1)
PATIENCE_SECONDS: Final = 60


class InTheScanner(NamedTuple):
    """Somebody in a bed, of whom pictures are taken."""

    number: str
    patient: Patient
    key: str


def somebody(ward: Served, family: str = "Marchetti") -> InTheScanner:
    number = f"{os.getpid()}77{next(_numbers):02}"
    patient = Patient(number, family, "Elena")
    ward.send(adt("A01", patient, at=datetime.now(UTC), visit=f"V{number}", unit=f"IM{number}", bed="1"))
    return InTheScanner(number, patient, ward.key(number))


def take(ward: Served, images: Iterable[Dataset]) -> None:
    """Put them into the store as the DICOM door does; their study is then complete."""
    opened = open_images(ward.data, zone=UTC)
    try:
        assert {each.outcome for each in store(opened, images)} == {"stored"}
        opened.complete(datetime.now(UTC))
    finally:
        opened.close()


def until(ward: Served, token: str, study: str, done: Callable[[Any], bool]) -> Any:
    """The study as its door tells it, once it is as wanted."""
    before, found = monotonic(), None
    while monotonic() - before < PATIENCE_SECONDS:
        found = _asked(ward, token, study)
        if found is not None and not found["is_working"] and done(found):
            return found
        sleep(0.3)
    raise AssertionError(f"not so within {PATIENCE_SECONDS} s: {found}")


def until_listed(ward: Served, token: str, study: str) -> None:
    """Once it stands in the list of studies, whosever it is."""
    before = monotonic()
    while monotonic() - before < PATIENCE_SECONDS:
        if any(each["uid"] == study for each in ward.api("GET", "/api/v1/imaging/studies?limit=200", token=token)["studies"]):
            return
        sleep(0.3)
    raise AssertionError(f"not listed within {PATIENCE_SECONDS} s")


def _asked(ward: Served, token: str, study: str) -> Any:
    try:
        return ward.api("GET", f"/api/v1/imaging/studies/{study}", token=token)
    except HTTPError as refused:
        if refused.code in (403, 404):  # not filed yet: nobody's
            return None
        raise
