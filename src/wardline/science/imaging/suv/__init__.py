"""Standardised uptake value: how much of the injected dose a spot took up, made comparable between persons and scanners."""

from wardline.science.imaging.suv.factors import KINDS, Constant, Kind, Suv, suv_of
from wardline.science.imaging.suv.scaling import by_slice, scaled, suv_volume

__all__ = ["KINDS", "Constant", "Kind", "Suv", "by_slice", "scaled", "suv_of", "suv_volume"]
