"""The systems of the simulated hospital that send messages, each over a connection of its own."""

from typing import Final, NamedTuple


class Feed(NamedTuple):
    """`name` is MSH-3, the sending application."""

    name: str
    label: str


ADMISSIONS: Final = Feed("ADT", "Admissions")
MONITORS: Final = Feed("MONITORS", "Bedside monitors")
CHARTING: Final = Feed("CHARTING", "Nursing charts")
LABORATORY: Final = Feed("LAB", "Laboratory")
ORDERS: Final = Feed("ORDERS", "Orders")
PHARMACY: Final = Feed("PHARMACY", "Pharmacy")
DOCUMENTS: Final = Feed("DOCUMENTS", "Notes and letters")
SCHEDULING: Final = Feed("SCHEDULING", "Appointments")

FEEDS: Final = (ADMISSIONS, MONITORS, CHARTING, LABORATORY, ORDERS, PHARMACY, DOCUMENTS, SCHEDULING)
