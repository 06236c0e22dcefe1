"""Which attributes of an object say something about its patient and study, its series, or itself: what a search finds and returns.

PS3.4 C.6.1/C.6.2 and PS3.18 10.6.3.3 name the attributes of each level; those of PS3.3 C.7.1-C.7.3 that real queries ask for are here as well.
"""

from collections.abc import Mapping
from typing import Any, Final

STUDY: Final = (
    "00080005", "00080020", "00080030", "00080050", "00080051", "00080090", "00080096", "00080201", "00081030", "00081032", "00081048",
    "00081060", "00081080", "00100010", "00100020", "00100021", "00100024", "00100030", "00100032", "00100040", "00101000", "00101001",
    "00101002", "00101010", "00101020", "00101030", "00102160", "00102180", "001021B0", "001021C0", "00104000", "0020000D", "00200010",
)  # fmt: skip
SERIES: Final = (
    "00080021", "00080031", "00080060", "00080064", "00080070", "00080080", "00080081", "00081010", "0008103E", "0008103F", "00081040",
    "00081050", "00081070", "00081090", "00081111", "00180015", "00181000", "00181020", "00181030", "00185100", "0020000E", "00200011",
    "00200052", "00200060", "00201040", "00400244", "00400245", "00400250", "00400251", "00400253", "00400254", "00400260", "00400275",
)  # fmt: skip
INSTANCE: Final = (
    "00080008", "00080012", "00080013", "00080016", "00080018", "00080022", "00080023", "0008002A", "00080032", "00080033", "00200012",
    "00200013", "00200032", "00200037", "00280002", "00280004", "00280008", "00280010", "00280011", "00280030", "00280100", "00280101",
    "00280102", "00280103", "0040A043", "0040A491", "0040A493", "00420010", "00700080", "00700081", "00700082", "00700083", "00700084",
)  # fmt: skip


def of_level(level: tuple[str, ...], attributes: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Those of one level that are there and short enough to be in the object."""
    return {tag: attributes[tag] for tag in level if tag in attributes and "BulkDataURI" not in attributes[tag]}


def counted(tag: str, vr: str, *values: Any) -> dict[str, dict[str, Any]]:
    return {tag: {"vr": vr, "Value": list(values)} if values else {"vr": vr}}
