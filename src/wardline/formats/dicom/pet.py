"""From the headers of a PET series to the acquisition its SUV is computed from: the right tags, as numbers and moments.

Nothing is decided here but what the words of a tag mean; a tag that says different things on different slices is refused.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta, timezone
from typing import Any, Final

from wardline.core.errors import Refused
from wardline.core.imaging import Volume
from wardline.core.pet import PetAcquisition, PetSlice

TAGS: Final = {
    "Units": "(0054,1001)", "SUVType": "(0054,1006)", "CorrectedImage": "(0028,0051)", "DecayCorrection": "(0054,1102)",
    "DecayCorrected": "(0018,9758)", "AttenuationCorrected": "(0018,9759)", "DecayCorrectionDateTime": "(0018,9701)",
    "RadionuclideTotalDose": "(0018,1074)", "RadionuclideHalfLife": "(0018,1075)", "RadiopharmaceuticalStartDateTime": "(0018,1078)",
    "RadiopharmaceuticalStartTime": "(0018,1072)", "SeriesDate": "(0008,0021)", "SeriesTime": "(0008,0031)", "AcquisitionDate": "(0008,0022)",
    "AcquisitionTime": "(0008,0032)", "AcquisitionDateTime": "(0008,002A)", "FrameAcquisitionDateTime": "(0018,9074)",
    "ActualFrameDuration": "(0018,1242)", "FrameAcquisitionDuration": "(0018,9220)", "FrameReferenceTime": "(0054,1300)",
    "PatientWeight": "(0010,1030)", "PatientSize": "(0010,1020)", "PatientSex": "(0010,0040)", "RescaleIntercept": "(0028,1052)",
    "DoseCalibrationFactor": "(0054,1322)", "GEScanDateTime": "(0009,100D)", "PhilipsSUVScaleFactor": "(7053,1000)",
    "PhilipsActivityConcentrationScaleFactor": "(7053,1009)", "Radiopharmaceutical": "(0018,0031)", "RadiopharmaceuticalsGiven": "(0054,0016)",
    "TimezoneOffsetFromUTC": "(0008,0201)", "ReconstructionMethod": "(0054,1103)", "Manufacturer": "(0008,0070)",
    "ManufacturerModelName": "(0008,1090)", "DeviceSerialNumber": "(0018,1000)",
}  # fmt: skip
REAL_WORLD_UNITS: Final = {
    "Bq/ml": ("BQML", ""), "{SUVbw}g/ml": ("GML", "BW"), "{SUVlbm}g/ml": ("GML", "LBM"), "{SUVibw}g/ml": ("GML", "IBW"),
    "{SUVlbm(James128)}g/ml": ("GML", "LBMJAMES128"), "{SUVlbm(Janma)}g/ml": ("GML", "LBMJANMA"),
    "{SUVbsa}cm2/ml": ("CM2ML", "BSA"),
}  # fmt: skip
"""What an enhanced image's real world value mapping calls the units (UCUM), in the words of an ordinary PET image."""


def acquisition_of(volume: Volume) -> PetAcquisition:
    """What the volume's headers say of the acquisition. Raises `Refused` when they contradict each other or cannot be read."""
    headers = volume.headers
    if volume.modality != "PT":
        raise Refused(f"(0008,0060) Modality {volume.modality or 'is missing'}: SUV is for PET", code="not-pet", where="(0008,0060)")
    if not headers:
        raise Refused("there are no headers: SUV cannot be worked out", code="not-pet")
    units, suv_type = _units(headers)
    return PetAcquisition(
        slices=tuple(_slice(each) for each in headers),
        units=units,
        suv_type=suv_type,
        corrections=_corrections(headers),
        decay_correction=_decay_correction(headers),
        decay_corrected_to=_decay_corrected_to(headers),
        dose=_number(headers, "RadionuclideTotalDose"),
        half_life_seconds=_number(headers, "RadionuclideHalfLife"),
        injected_at=_moment(headers, "RadiopharmaceuticalStartDateTime"),
        injected_time=_time(_same(headers, "RadiopharmaceuticalStartTime"), "RadiopharmaceuticalStartTime"),
        series_at=_day_and_time(_of_all(headers, "SeriesDate", "SeriesTime"), "SeriesDate", "SeriesTime"),
        ge_scan_at=_moment(headers, "GEScanDateTime"),
        weight=_number(headers, "PatientWeight"),
        height_metres=_number(headers, "PatientSize"),
        sex=_word(headers, "PatientSex"),
        philips_suv_factor=_number(headers, "PhilipsSUVScaleFactor"),
        philips_activity_factor=_number(headers, "PhilipsActivityConcentrationScaleFactor"),
        dose_calibration_factor=_number(headers, "DoseCalibrationFactor"),
        voxel_ml=volume.grid.voxel_ml,
        radiopharmaceutical=_word(headers, "Radiopharmaceutical"),
        radiopharmaceuticals=int(_number(headers, "RadiopharmaceuticalsGiven") or 1),
        scanner=" ".join(filter(None, (_word(headers, each) for each in ("Manufacturer", "ManufacturerModelName", "DeviceSerialNumber")))),
        method=_word(headers, "ReconstructionMethod"),
    )


def _slice(header: Mapping[str, Any]) -> PetSlice:
    one = (header,)
    seconds = _number(one, "ActualFrameDuration")
    if seconds is None:
        seconds = _number(one, "FrameAcquisitionDuration")
    reference = _number(one, "FrameReferenceTime")
    intercept = header.get("RealWorldValueIntercept", 0.0) if "RealWorldValueSlope" in header else _number(one, "RescaleIntercept")
    return PetSlice(
        acquired_at=_acquired_at(header),
        frame_seconds=None if seconds is None else seconds / 1000.0,
        reference_seconds=None if reference is None else reference / 1000.0,
        intercept=intercept or 0.0,
    )


def _acquired_at(header: Mapping[str, Any]) -> datetime | None:
    by_parts = _day_and_time(header, "AcquisitionDate", "AcquisitionTime")
    if by_parts is not None:
        return by_parts
    return _moment((header,), "FrameAcquisitionDateTime") or _moment((header,), "AcquisitionDateTime")


def _units(headers: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    mapped = _word(headers, "RealWorldUnit")
    if mapped:
        if mapped not in REAL_WORLD_UNITS:
            raise Refused(f"(0040,08EA): values in {mapped} are not known to be a PET quantity", code="units", where="(0040,08EA)")
        return REAL_WORLD_UNITS[mapped]
    # PS3.3 C.7.6.16.2.9: an enhanced PET frame without a mapping names its unit as the Rescale Type of its transformation.
    return _word(headers, "Units") or _word(headers, "RescaleType"), _word(headers, "SUVType")


def _corrections(headers: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """An enhanced image says YES or NO to each correction instead of listing them."""
    listed = _same(headers, "CorrectedImage")
    if listed is not None:
        return tuple(str(each) for each in listed) if isinstance(listed, tuple) else (str(listed),)
    said = (("AttenuationCorrected", "ATTN"), ("DecayCorrected", "DECY"))
    return tuple(word for keyword, word in said if _word(headers, keyword) == "YES")


def _decay_correction(headers: Sequence[Mapping[str, Any]]) -> str:
    """An enhanced image says YES with the moment, or NO (PS3.3 C.8.22.5): NO is what an ordinary one calls NONE."""
    return _word(headers, "DecayCorrection") or ("NONE" if _word(headers, "DecayCorrected") == "NO" else "")


def _decay_corrected_to(headers: Sequence[Mapping[str, Any]]) -> datetime | None:
    if _word(headers, "DecayCorrection") or _word(headers, "DecayCorrected") != "YES":
        return None
    moment = _moment(headers, "DecayCorrectionDateTime")
    if moment is None:
        reason = "(0018,9701) Decay Correction DateTime is missing: to which moment the images are corrected is not said"
        raise Refused(reason, code="reference-time", where="(0018,9701)")
    return moment


def _same(headers: Sequence[Mapping[str, Any]], keyword: str) -> Any:
    """What all slices say; None when none says anything."""
    values = (each.get(keyword) for each in headers)
    said = {tuple(each) if isinstance(each, list) else each for each in values}
    if len(said) > 1:
        tag = TAGS.get(keyword, "")
        raise Refused(f"{tag} {keyword} is not the same on all slices", code="contradiction", where=tag)
    return said.pop()


def _word(headers: Sequence[Mapping[str, Any]], keyword: str) -> str:
    value = _same(headers, keyword)
    return "" if value is None else str(value).strip()


def _number(headers: Sequence[Mapping[str, Any]], keyword: str) -> float | None:
    value = _same(headers, keyword)
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise _unreadable(keyword, value) from None
    if not math.isfinite(number):
        raise _unreadable(keyword, value)
    return number


def _of_all(headers: Sequence[Mapping[str, Any]], *keywords: str) -> dict[str, Any]:
    return {each: _same(headers, each) for each in (*keywords, "TimezoneOffsetFromUTC")}


def _day_and_time(header: Mapping[str, Any], day: str, of_day: str) -> datetime | None:
    """PS3.5 6.2: DA is YYYYMMDD."""
    date, clock = header.get(day), _time(header.get(of_day), of_day)
    if date is None or clock is None:
        return None
    try:
        return datetime.combine(datetime.strptime(str(date).replace(".", ""), "%Y%m%d"), clock)  # noqa: DTZ007 - DICOM's dates are local
    except ValueError:
        raise _unreadable(day, date) from None


def _time(value: Any, keyword: str) -> time | None:
    """PS3.5 6.2: TM is HH, HHMM or HHMMSS with up to six digits of a second; colons are of old files."""
    if value is None:
        return None
    whole, _, fraction = str(value).strip().replace(":", "").partition(".")
    try:
        if len(whole) not in (2, 4, 6) or not (whole + fraction).isdigit():
            raise ValueError
        hour, minute, second = int(whole[:2]), int(whole[2:4] or 0), int(whole[4:6] or 0)
        return time(hour, minute, second, int((fraction + "000000")[:6]))
    except ValueError:
        raise _unreadable(keyword, value) from None


def _moment(headers: Sequence[Mapping[str, Any]], keyword: str) -> datetime | None:
    """PS3.5 6.2: DT is YYYYMMDDHHMMSS.FFFFFF&ZZXX. Without hours there is no moment to count from."""
    value = _same(headers, keyword)
    if value is None:
        return None
    text = str(value).strip()
    sign = max(text.find("+"), text.find("-"))
    written, offset = (text, "") if sign < 0 else (text[:sign], text[sign:])
    moment = _day_and_time({keyword: written[:8], "": written[8:] or None}, keyword, "")
    if moment is None or len(written) < 12:
        raise _unreadable(keyword, value)
    return moment if not offset else _local(moment, offset, _word(headers, "TimezoneOffsetFromUTC"), keyword)


def _local(moment: datetime, offset: str, house: str, keyword: str) -> datetime:
    """A moment with its own offset, in the wall time of the file's other times (PS3.3 C.12.1.1.8)."""
    if not house:
        tag = TAGS[keyword]
        reason = f"{tag} {keyword} is in time zone {offset}; (0008,0201) Timezone Offset From UTC does not say that of the other times"
        raise Refused(reason, code="contradiction", where="(0008,0201)")
    return moment.replace(tzinfo=_zone(offset, keyword)).astimezone(_zone(house, "TimezoneOffsetFromUTC")).replace(tzinfo=None)


def _zone(offset: str, keyword: str) -> timezone:
    if len(offset) != 5 or offset[0] not in "+-" or not offset[1:].isdigit():
        raise _unreadable(keyword, offset)
    minutes = int(offset[1:3]) * 60 + int(offset[3:5])
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))


def _unreadable(keyword: str, value: object) -> Refused:
    tag = TAGS.get(keyword, "")
    return Refused(f"{tag} {keyword} cannot be read: {str(value)[:40]!r}", code="unreadable", where=tag)
