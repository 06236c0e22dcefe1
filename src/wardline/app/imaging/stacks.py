"""The series of a stored study as capabilities see them: headers at once, pixels when asked for. Runs in a worker."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from wardline.core.errors import Refused
from wardline.core.images import Images, SeriesRecord, StudyRecord
from wardline.core.imaging import SeriesProblem, Volume

if TYPE_CHECKING:
    from pydicom import Dataset

NOT_IMAGES: Final = frozenset({"SR", "SEG", "RTSTRUCT", "RTPLAN", "RTDOSE", "KO", "PR", "REG", "DOC", "RWV", "AU", "ECG", "HD"})
"""Modalities that are no pictures of the patient (PS3.3 C.7.3.1.1.1), or that were made from some."""


class StoredStack:
    """A `core.imaging.Stack` over the image store."""

    def __init__(self, images: Images, record: SeriesRecord) -> None:
        self._images, self._record = images, record

    @property
    def modality(self) -> str:
        return self._record.modality

    @property
    def series(self) -> str:
        return self._record.uid

    @cached_property
    def _datasets(self) -> list["Dataset"]:
        from pydicom import dcmread

        return [dcmread(BytesIO(self._images.instance(uid)), force=True) for uid in self._record.instances]

    @cached_property
    def headers(self) -> Sequence[Mapping[str, Any]]:
        from wardline.formats.dicom.attributes import attributes

        return [attributes(dataset) for dataset in self._datasets]

    @cached_property
    def problems(self) -> Sequence[SeriesProblem]:
        from wardline.formats.dicom.geometry import geometry_of

        return [SeriesProblem(each.code, each.reason, each.stops) for each in geometry_of(self._datasets).problems]

    def stored(self, place: int) -> Any:
        """Pixels of one instance as stored. Raises `Refused` for what no decoder opens."""
        try:
            return self._datasets[place].pixel_array
        except Exception as error:  # every codec fails in its own way
            raise Refused(f"the pixels of image {place + 1} cannot be decoded: {type(error).__name__}", where="7FE00010") from None

    @cached_property
    def _volume(self) -> Volume:
        from wardline.formats.dicom.volumes import volume_of

        return volume_of(self._datasets)

    def volume(self) -> Volume:
        return self._volume


def stacks_of(images: Images, study: StudyRecord, modalities: tuple[str, ...]) -> tuple[StoredStack, ...]:
    """The study's series of images, of these modalities or of all."""
    wanted = (each for each in study.series if each.modality not in NOT_IMAGES and (not modalities or each.modality in modalities))
    return tuple(StoredStack(images, each) for each in wanted if each.instances)


def best_volume(images: Images, study: StudyRecord, modalities: tuple[str, ...]) -> Volume | None:
    """The volume to measure in: of the first modality there is, original before derived, attenuation-corrected first, then the most slices.

    None where the study has none of them. Raises `Refused` with the best one's reason where none of them makes a volume.
    """
    first: Refused | None = None
    for modality in modalities:
        for stack in sorted(stacks_of(images, study, (modality,)), key=_rank):
            try:
                return stack.volume()
            except Refused as refused:
                first = first or refused
    if first is not None:
        raise first
    return None


def _rank(stack: StoredStack) -> tuple[bool, bool, int, str]:
    head = stack.headers[0]
    kinds = [str(each).upper() for each in _listed(head.get("ImageType"))]
    corrected = [str(each).upper() for each in _listed(head.get("CorrectedImage"))]
    return "ORIGINAL" not in kinds[:1], stack.modality == "PT" and "ATTN" not in corrected, -len(stack.headers), stack.series


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value] if value is not None else []
