"""Images in files outlined by a method of this house, a model of the site, or a program beside it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from wardline.adapters.embedded.models import total_segmentator
from wardline.app.imaging.folders import folder_read
from wardline.app.imaging.radiomics_reading import image_at
from wardline.app.imaging.site_models import models_in
from wardline.app.settings import Settings
from wardline.core.errors import NotFound, Refused
from wardline.core.imaging import LabelMap, Volume
from wardline.formats.dicom.pet import acquisition_of
from wardline.formats.dicom.volumes import volume_of
from wardline.formats.nifti import volume_of as nifti_volume_of
from wardline.science.imaging.segmentation import body_and_table, chest_xray_lungs, lesion_candidates, lungs
from wardline.science.imaging.segmentation.network.manifest import manifest_of
from wardline.science.imaging.segmentation.network.segmenting import segment
from wardline.science.imaging.suv import suv_of, suv_volume

UNITS: Final = {"CT": "[hnsf'U]", "PT": "{SUVbw}g/ml"}
"""What a NIfTI file of a modality is taken to be in; it does not say so itself."""
Volumes = Mapping[str, Volume]


def outlined(method: str, volumes: Volumes, settings: Settings) -> LabelMap:
    """`method` is one of METHODS or the id of a model."""
    known = METHODS.get(method)
    if known is not None:
        return known(volumes)
    models = models_in(settings.data)
    try:
        manifest, predictor = manifest_of(models.manifest(method)), models.predictor(method)
    except NotFound as missing:
        raise NotFound(f"{missing} Methods that need no model: {', '.join(METHODS)}.") from None
    return segment(volumes, manifest, lambda window: predictor([window])[0])


def volumes_at(paths: Sequence[Path], modalities: Sequence[str]) -> dict[str, Volume]:
    """NIfTI files, each with its modality in order, or DICOM folders; PET comes as SUV by body weight."""
    found: dict[str, Volume] = {}
    named = list(modalities)
    for path in paths:
        for volume in _nifti(path, named) if path.name.endswith((".nii", ".nii.gz")) else _dicom(path):
            if volume.modality in found:
                raise Refused(f"There are two series of {volume.modality}: give the folder of one.", code="several")
            found[volume.modality] = volume
    return found


def _nifti(path: Path, named: list[str]) -> list[Volume]:
    if not named:
        raise Refused(f"{path.name} does not say what it shows: give --modality for each NIfTI file, in order.", code="modality")
    image_at(path)  # says in one sentence when it cannot be read
    modality = named.pop(0)
    return [nifti_volume_of(path.read_bytes(), modality=modality, unit=UNITS.get(modality, ""))]


def _dicom(path: Path) -> list[Volume]:
    volumes = []
    for images in folder_read(path).series.values():
        if str(images[0].get("Modality")) in ("CT", "PT", "MR", "CR", "DX"):
            volume = volume_of(images)
            volumes.append(suv_volume(volume, suv_of(acquisition_of(volume))) if volume.modality == "PT" else volume)
    return volumes


def _one(volumes: Volumes, *modalities: str) -> Volume:
    for modality in modalities:
        if modality in volumes:
            return volumes[modality]
    raise Refused(f"This method needs {' or '.join(modalities)} images.", code="modality")


METHODS: Final[Mapping[str, Callable[[Volumes], LabelMap]]] = {
    "lungs": lambda volumes: lungs(_one(volumes, "CT")),
    "body": lambda volumes: body_and_table(_one(volumes, "CT")),
    "pet-lesions": lambda volumes: lesion_candidates(_one(volumes, "PT"), volumes.get("CT")).label_map,
    "lung-fields": lambda volumes: chest_xray_lungs(_one(volumes, "DX", "CR")),
    "total-segmentator": lambda volumes: total_segmentator.segment(_one(volumes, "CT")),
}
