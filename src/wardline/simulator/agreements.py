"""The interface agreements of the simulated hospital: what a receiver must know about each of its feeds.

Written for the folder of source profiles, one YAML file each. Without them every message is still understood, except the
codes of this hospital's own ("air or oxygen" in emergency and intensive care, the saturation scale).
"""

from typing import Final

from wardline.simulator.charting import OXYGEN_THERAPY, SATURATION_SCALE
from wardline.simulator.feeds import CHARTING, FEEDS, Feed
from wardline.simulator.places import HOSPITAL

_CODES: Final = {
    CHARTING: f"""codes:
  "{OXYGEN_THERAPY.id}^{OXYGEN_THERAPY.system}": supplemental_oxygen
  "{SATURATION_SCALE.id}^{SATURATION_SCALE.system}": saturation_scale
""",
}  # fmt: skip


def agreement(feed: Feed) -> str:
    """The source profile of one feed, as YAML."""
    return f"""source: {feed.name.lower()}
label: {feed.label}
sends:
  application: {feed.name}
  facility: {HOSPITAL}
zone: UTC
assigner: {HOSPITAL}
{_CODES.get(feed, "")}"""


AGREEMENTS: Final[dict[str, str]] = {f"{feed.name.lower()}.yaml": agreement(feed) for feed in FEEDS}
"""File name to content."""
