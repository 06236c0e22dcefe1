"""How a region is prepared and measured: every choice that changes a radiomic value, in one place, and the declaration of it.

The words are those of the Image Biomarker Standardisation Initiative (IBSI), reference manual, arXiv 1612.07003, chapter 2; the questions a
declaration answers follow its reporting guidelines.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal, TypeAlias, get_args

from wardline.core.errors import Refused
from wardline.science.imaging.filters import Filter

Interpolation: TypeAlias = Literal["nearest", "linear", "cubic"]
Texture: TypeAlias = Literal["2D", "2.5D", "3D"]
Family: TypeAlias = Literal[
    "morphology", "local_intensity", "statistics", "histogram", "volume_histogram", "cooccurrence", "run_length", "size_zone",
    "distance_zone", "tone_difference", "level_dependence",
]  # fmt: skip
FAMILIES: Final[tuple[Family, ...]] = get_args(Family)
MOST_LEVELS: Final = 4096
"""More grey levels make matrices of gigabytes that say nothing about texture."""


@dataclass(frozen=True, slots=True)
class FixedNumber:
    """The region's range is cut into so many bins of equal width. For units that mean nothing by themselves (raw MR)."""

    bins: int


@dataclass(frozen=True, slots=True)
class FixedSize:
    """Bins of a width in the image's unit, counted from the lower end of `Settings.range` (without one, from the region's lowest value)."""

    width: float


@dataclass(frozen=True, slots=True)
class AsIs:
    """The values are whole numbers already and are their own levels (from 1 for textures), as in a phantom."""


Bins: TypeAlias = FixedNumber | FixedSize | AsIs


@dataclass(frozen=True, slots=True)
class Settings:
    """`spacing_mm` is (slice, row, column); None leaves an axis as it is, so (None, 2.0, 2.0) resamples within the slices only."""

    spacing_mm: tuple[float | None, float | None, float | None] = (None, None, None)
    interpolation: Interpolation = "linear"
    rounded: bool = False
    """Intensities to the nearest whole number after interpolation, as for Hounsfield units."""
    mask_interpolation: Literal["nearest", "linear"] = "linear"
    mask_threshold: float = 0.5
    range: tuple[float | None, float | None] = (None, None)
    """Voxels of the region outside it (limits included) do not count towards intensities; its shape stays."""
    outlier_sigma: float | None = None
    """Then those further from the mean than so many standard deviations go as well."""
    bins: Bins = FixedNumber(32)
    volume_histogram_bins: Bins = FixedNumber(1000)
    filter: Filter | None = None
    """Then the intensities are those of the filter's response; `range` and `outlier_sigma` still look at the image itself."""
    textures: tuple[Texture, ...] = ("3D",)
    families: tuple[Family, ...] = FAMILIES

    def __post_init__(self) -> None:
        if any(each is not None and not 0 < each < float("inf") for each in self.spacing_mm):
            raise Refused(f"the spacing to resample to must be above 0 mm, not {self.spacing_mm}", code="settings")
        if not 0 < self.mask_threshold <= 1:
            raise Refused(f"the threshold of the mask must be above 0 and at most 1, not {self.mask_threshold}", code="settings")
        low, high = self.range
        if low is not None and high is not None and not low < high:
            raise Refused(f"the lower end of the range, {low}, must be below the upper, {high}", code="settings")
        for bins in (self.bins, self.volume_histogram_bins):
            _check_bins(bins)
        _check_words("textures", self.textures, get_args(Texture))
        _check_words("families", self.families, FAMILIES)
        _check_words("interpolation", (self.interpolation,), get_args(Interpolation))

    def declared(self) -> dict[str, Any]:
        """As JSON: what `settings_from` reads back."""
        return {**asdict(self), "bins": _bins_as_json(self.bins), "volume_histogram_bins": _bins_as_json(self.volume_histogram_bins)}


def settings_from(given: Mapping[str, Any]) -> Settings:
    """Of a JSON object; bins are {"fixed_number": 32}, {"fixed_size": 25.0} or "as_is". Unknown words are refused."""
    known = {each.name for each in fields(Settings)}
    if unknown := sorted(set(given) - known):
        raise Refused(f"the settings know no {unknown[0]!r}; they know {', '.join(sorted(known))}", code="settings")
    made: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    for name in ("bins", "volume_histogram_bins"):
        if name in made:
            made[name] = _bins_from_json(made[name])
    if made.get("filter") is not None:
        made["filter"] = _filter_from_json(made["filter"])
    try:
        return Settings(**made)
    except TypeError as error:
        raise Refused(f"a setting has a value of the wrong kind: {error}", code="settings") from error


def _check_bins(bins: Bins) -> None:
    match bins:
        case FixedNumber(count) if not 2 <= count <= MOST_LEVELS:
            raise Refused(f"a fixed number of bins lies between 2 and {MOST_LEVELS}, not {count}", code="settings")
        case FixedSize(width) if not 0 < width < float("inf"):
            raise Refused(f"the width of a bin must be above 0, not {width}", code="settings")
        case _:
            pass


def _check_words(what: str, given: tuple[str, ...], known: tuple[str, ...]) -> None:
    if wrong := [each for each in given if each not in known]:
        raise Refused(f"{what} knows no {wrong[0]!r}; it knows {', '.join(known)}", code="settings")


def _bins_as_json(bins: Bins) -> dict[str, float] | str:
    match bins:
        case FixedNumber(count):
            return {"fixed_number": count}
        case FixedSize(width):
            return {"fixed_size": width}
        case AsIs():
            return "as_is"


def _filter_from_json(given: Any) -> Filter:
    match given:
        case {"kind": str(kind), "options": dict(options), **rest} if not rest:
            return Filter(kind, options)
        case {"kind": str(kind), **rest}:
            return Filter(kind, {str(name): value for name, value in rest.items()})
        case _:
            raise Refused(f'a filter is {{"kind": "laplacian_of_gaussian", "sigma_mm": 3.0}}, not {given!r}', code="settings")


def _bins_from_json(given: Any) -> Bins:
    match given:
        case {"fixed_number": int(count), **rest} if not rest:
            return FixedNumber(count)
        case {"fixed_size": int(width) | float(width), **rest} if not rest:
            return FixedSize(float(width))
        case "as_is":
            return AsIs()
        case _:
            raise Refused(f'bins are {{"fixed_number": 32}}, {{"fixed_size": 25.0}} or "as_is", not {given!r}', code="settings")
