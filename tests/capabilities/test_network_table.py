"""The table in which a site says which network looks at which series."""

from typing import Any

import pytest

from wardline.capabilities.imaging.network_segmentation import Network, networks
from wardline.core.errors import Refused
from wardline.formats.volumes import DescribedStack


def series(modality: str = "CT", **head: Any) -> DescribedStack:
    return DescribedStack("series", {"modality": modality, "headers": [head]})


def test_a_network_is_called_what_its_model_is_called_unless_it_has_a_name() -> None:
    listed = [{"model": "liver-ct", "modality": "CT"}, {"name": "late", "model": "liver-ct", "modality": "CT", "labels": ["liver"]}]

    assert networks({"networks": listed}) == (Network("late", "liver-ct", "CT", labels=("liver",)), Network("liver-ct", "liver-ct", "CT"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "networks has one key, networks"),
        ({"networks": []}, "networks has one key, networks"),
        ({"networks": [{"model": "a", "modality": "CT"}], "owner": "x"}, "networks has one key, networks"),
        ({"networks": ["liver-ct"]}, "network 1 has model and modality"),
        ({"networks": [{"model": "a", "modality": "CT"}, {"model": "b"}]}, "network 2 has model and modality"),
        ({"networks": [{"model": "a", "modality": "CT", "bodypart": "x"}]}, "network 1 has model and modality"),
        ({"networks": [{"model": "a", "modality": "US"}]}, "modality one of CT, MR, PT"),
        ({"networks": [{"model": 7, "modality": "CT"}]}, "network 1: model is a word"),
        ({"networks": [{"model": "a/b", "modality": "CT"}]}, "name is of letters"),
        ({"networks": [{"model": "a", "modality": "CT", "labels": "liver"}]}, "labels is a list of names"),
        ({"networks": [{"model": "a", "modality": "CT"}, {"model": "a", "modality": "PT"}]}, "two networks are called a"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(content: Any, words: str) -> None:
    with pytest.raises(Refused, match=words):
        networks(content)


def test_a_series_is_told_by_modality_body_part_and_description_without_regard_to_capitals() -> None:
    network = Network("late", "liver-ct", "CT", "*abdomen*", "*portal*")

    assert network.is_for(series(BodyPartExamined="CHESTABDOMEN", SeriesDescription="Portal venous 2.0"))
    assert not network.is_for(series(BodyPartExamined="CHESTABDOMEN", SeriesDescription="Arterial 2.0"))
    assert not network.is_for(series(SeriesDescription="Portal venous 2.0")), "a scanner that does not say the body part has not said abdomen"
    assert not network.is_for(series("MR", BodyPartExamined="ABDOMEN", SeriesDescription="portal"))
    assert Network("any", "liver-ct", "CT").is_for(series())
