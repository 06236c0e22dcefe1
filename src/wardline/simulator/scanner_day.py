"""A day at the PET/CT scanner: a follow-up that shows a response, a series with missing slices, and one whose weight nobody typed in.

Runs in a process of its own; everything it knows of the house is the address of the DICOM door.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import numpy as np

from wardline.science.imaging.phantoms import WHOLE_BODY, Lesion, Phantom, pet_ct
from wardline.simulator import scanner
from wardline.simulator.scanner import Visit

SPACING: Final = (5.0, 4.0, 4.0)
BODY: Final = 5
"""Seed of the one body that is scanned: the same before and after treatment."""
BEFORE: Final = timedelta(days=86)
LESIONS: Final = (
    # Site, SUV before and after treatment: one that grows fainter, one that hardly changes, one that goes below what can be measured.
    (Lesion((-62.0, 8.0, 105.0), (17.0, 16.0, 18.0), 13.0, 35.0, "lung"), 5.6),
    (Lesion((-18.0, 12.0, 118.0), (10.0, 9.0, 11.0), 8.6, 45.0, "node"), 4.4),
    (Lesion((4.0, 70.0, 20.0), (11.0, 10.0, 12.0), 6.9, 320.0, "bone"), 6.5),
)


class Lying(NamedTuple):
    """Who lies in the scanner, as the hospital's other systems know them."""

    number: str
    issuer: str
    family: str
    given: str
    born: str
    """YYYYMMDD"""
    sex: str


def body(*, after: bool) -> Phantom:
    """The same body before or after treatment, with other noise."""
    lesions = [replace(lesion, suv=later) if after else lesion for lesion, later in LESIONS]
    return pet_ct(np.random.default_rng(BODY), lesions=lesions, extent=WHOLE_BODY, spacing=SPACING, uptake={"heart": 0.6})


def visit(who: Lying, injected_at: datetime, accession: str = "") -> Visit:
    return Visit(*who, injected_at=injected_at, accession=accession)


def follow_up(who: Lying, now: datetime, host: str, port: int, accession: str = "") -> tuple[str, str, int]:
    """Two studies of one patient, 86 days apart; returns their Study Instance UIDs and the number of images."""
    injected = now - timedelta(minutes=100)
    first, second = visit(who, injected - BEFORE), visit(who, injected, accession)
    count = 0
    for each, after in ((first, False), (second, True)):
        phantom = body(after=after)
        count += scanner.send(scanner.pet_ct(each, phantom.ct, phantom.pet_suv), host, port)
    return first.study, second.study, count


def bad_day(gaps: Lying, weightless: Lying, now: datetime, host: str, port: int) -> tuple[str, str]:
    """A study in which CT slices are missing, and one whose weight is 0; returns their UIDs."""
    injected, phantom = now - timedelta(minutes=90), body(after=False)
    broken = visit(gaps, injected)
    scanner.send(scanner.pet_ct(broken, phantom.ct, phantom.pet_suv, missing=range(60, 64)), host, port)
    unweighed = replace(visit(weightless, injected + timedelta(minutes=12)), zeroed=("PatientWeight",))
    scanner.send(scanner.pet_ct(unweighed, phantom.ct, phantom.pet_suv), host, port)
    return broken.study, unweighed.study
