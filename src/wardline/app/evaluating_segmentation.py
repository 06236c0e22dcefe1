"""`wardline evaluate segmentation`: outlines of organs and lesions against invented people and labelled images, with the shipped network."""

from pathlib import Path
from typing import Final

from wardline.adapters.embedded.models.folder import ModelFolders
from wardline.core.imaging import LabelMap, Volume
from wardline.learning.evaluation import segmentation_page
from wardline.science.imaging.segmentation.network.manifest import manifest_of
from wardline.science.imaging.segmentation.network.segmenting import segment

MODEL: Final = "phantom-chest"


def run(reference: Path, out: Path) -> str:
    """Measure, write the page, and say what came out."""
    models = ModelFolders(admit=lambda file, content: None)  # no folder of the site is read: there is nobody to admit
    manifest, predictor = manifest_of(models.manifest(MODEL)), models.predictor(MODEL)

    def network(volumes: dict[str, Volume]) -> LabelMap:
        return segment(volumes, manifest, lambda window: predictor([window])[0])

    return segmentation_page.run(reference, out, network, manifest.card)
