"""What the tags stand for: family, name and unit of every feature, as people read them.

Tags and names are those of the reference table published with the IBSI digital phantom (CC BY 4.0).
"""

from typing import Final, NamedTuple

_SHAPE: Final = {
    "volume": ("Volume (mesh)", "mm3"), "vol_approx": ("Volume (voxel counting)", "mm3"), "area_mesh": ("Surface area (mesh)", "mm2"),
    "av": ("Surface to volume ratio", "/mm"), "comp_1": ("Compactness 1", ""), "comp_2": ("Compactness 2", ""),
    "sph_dispr": ("Spherical disproportion", ""), "sphericity": ("Sphericity", ""), "asphericity": ("Asphericity", ""),
    "com": ("Centre of mass shift", "mm"), "diam": ("Maximum 3D diameter", "mm"), "pca_maj_axis": ("Major axis length", "mm"),
    "pca_min_axis": ("Minor axis length", "mm"), "pca_least_axis": ("Least axis length", "mm"), "pca_elongation": ("Elongation", ""),
    "pca_flatness": ("Flatness", ""), "vol_dens_aabb": ("Volume density (AABB)", ""), "area_dens_aabb": ("Area density (AABB)", ""),
    "vol_dens_aee": ("Volume density (AEE)", ""), "area_dens_aee": ("Area density (AEE)", ""),
    "vol_dens_conv_hull": ("Volume density (convex hull)", ""), "area_dens_conv_hull": ("Area density (convex hull)", ""),
    "integ_int": ("Integrated intensity", "intensity.mm3"), "moran_i": ("Moran's I index", ""), "geary_c": ("Geary's C measure", ""),
}  # fmt: skip
_SPREAD: Final = {
    "mean": ("Mean", "intensity"), "var": ("Variance", "intensity2"), "skew": ("Skewness", ""), "kurt": ("(Excess) kurtosis", ""),
    "median": ("Median", "intensity"), "min": ("Minimum", "intensity"), "p10": ("10th percentile", "intensity"),
    "p90": ("90th percentile", "intensity"), "max": ("Maximum", "intensity"), "iqr": ("Interquartile range", "intensity"),
    "range": ("Range", "intensity"), "mad": ("Mean absolute deviation", "intensity"), "rmad": ("Robust mean absolute deviation", "intensity"),
    "medad": ("Median absolute deviation", "intensity"), "cov": ("Coefficient of variation", ""),
    "qcod": ("Quartile coefficient of dispersion", ""), "energy": ("Energy", "intensity2"), "rms": ("Root mean square", "intensity"),
}  # fmt: skip
_HISTOGRAM: Final = {name: (words, "") for name, (words, _) in _SPREAD.items() if name not in ("energy", "rms")} | {
    "mode": ("Mode", ""), "entropy": ("Entropy", "bit"), "uniformity": ("Uniformity", ""), "max_grad": ("Maximum histogram gradient", ""),
    "max_grad_g": ("Maximum histogram gradient intensity", ""), "min_grad": ("Minimum histogram gradient", ""),
    "min_grad_g": ("Minimum histogram gradient intensity", ""),
}  # fmt: skip
_VOLUME_HISTOGRAM: Final = {
    "v10": ("Volume fraction at 10% intensity", ""), "v90": ("Volume fraction at 90% intensity", ""),
    "i10": ("Intensity at 10% volume", "bin"), "i90": ("Intensity at 90% volume", "bin"),
    "diff_v10_v90": ("Volume fraction difference between 10% and 90% intensity", ""),
    "diff_i10_i90": ("Intensity difference between 10% and 90% volume", "bin"), "auc": ("Area under the IVH curve", ""),
}  # fmt: skip
_PAIRS: Final = {
    "joint_max": "Joint maximum", "joint_avg": "Joint average", "joint_var": "Joint variance", "joint_entr": "Joint entropy",
    "diff_avg": "Difference average", "diff_var": "Difference variance", "diff_entr": "Difference entropy", "sum_avg": "Sum average",
    "sum_var": "Sum variance", "sum_entr": "Sum entropy", "energy": "Angular second moment", "contrast": "Contrast",
    "dissimilarity": "Dissimilarity", "inv_diff": "Inverse difference", "inv_diff_norm": "Normalised inverse difference",
    "inv_diff_mom": "Inverse difference moment", "inv_diff_mom_norm": "Normalised inverse difference moment", "inv_var": "Inverse variance",
    "corr": "Correlation", "auto_corr": "Autocorrelation", "clust_tend": "Cluster tendency", "clust_shade": "Cluster shade",
    "clust_prom": "Cluster prominence", "info_corr1": "Information correlation 1", "info_corr2": "Information correlation 2",
}  # fmt: skip
_TONES: Final = {each: each.capitalize() for each in ("coarseness", "contrast", "busyness", "complexity", "strength")}
RUNS: Final = {
    "sre": "Short runs emphasis", "lre": "Long runs emphasis", "lgre": "Low grey level run emphasis", "hgre": "High grey level run emphasis",
    "srlge": "Short run low grey level emphasis", "srhge": "Short run high grey level emphasis", "lrlge": "Long run low grey level emphasis",
    "lrhge": "Long run high grey level emphasis", "glnu": "Grey level non-uniformity", "glnu_norm": "Normalised grey level non-uniformity",
    "rlnu": "Run length non-uniformity", "rlnu_norm": "Normalised run length non-uniformity", "r_perc": "Run percentage",
    "gl_var": "Grey level variance", "rl_var": "Run length variance", "rl_entr": "Run entropy",
}  # fmt: skip
ZONES: Final = {
    "sze": "Small zone emphasis", "lze": "Large zone emphasis", "lgze": "Low grey level emphasis", "hgze": "High grey level emphasis",
    "szlge": "Small zone low grey level emphasis", "szhge": "Small zone high grey level emphasis", "lzlge": "Large zone low grey level emphasis",
    "lzhge": "Large zone high grey level emphasis", "glnu": "Grey level non-uniformity", "glnu_norm": "Normalised grey level non-uniformity",
    "zsnu": "Zone size non-uniformity", "zsnu_norm": "Normalised zone size non-uniformity", "z_perc": "Zone percentage",
    "gl_var": "Grey level variance", "zs_var": "Zone size variance", "zs_entr": "Zone size entropy",
}  # fmt: skip
DISTANCES: Final = {
    "sde": "Small distance emphasis", "lde": "Large distance emphasis", "lgze": "Low grey level emphasis", "hgze": "High grey level emphasis",
    "sdlge": "Small distance low grey level emphasis", "sdhge": "Small distance high grey level emphasis",
    "ldlge": "Large distance low grey level emphasis", "ldhge": "Large distance high grey level emphasis", "glnu": "Grey level non-uniformity",
    "glnu_norm": "Normalised grey level non-uniformity", "zdnu": "Zone distance non-uniformity",
    "zdnu_norm": "Normalised zone distance non-uniformity", "z_perc": "Zone percentage", "gl_var": "Grey level variance",
    "zd_var": "Zone distance variance", "zd_entr": "Zone distance entropy",
}  # fmt: skip
DEPENDENCES: Final = {
    "lde": "Low dependence emphasis", "hde": "High dependence emphasis", "lgce": "Low grey level count emphasis",
    "hgce": "High grey level count emphasis", "ldlge": "Low dependence low grey level emphasis",
    "ldhge": "Low dependence high grey level emphasis", "hdlge": "High dependence low grey level emphasis",
    "hdhge": "High dependence high grey level emphasis", "glnu": "Grey level non-uniformity", "glnu_norm": "Normalised grey level non-uniformity",
    "dcnu": "Dependence count non-uniformity", "dcnu_norm": "Normalised dependence count non-uniformity",
    "dc_perc": "Dependence count percentage", "gl_var": "Grey level variance", "dc_var": "Dependence count variance",
    "dc_entr": "Dependence count entropy", "dc_energy": "Dependence count energy",
}  # fmt: skip
_FAMILIES: Final = {
    "morph": "Morphology", "loc": "Local intensity", "stat": "Statistics", "ih": "Intensity histogram", "ivh": "Intensity volume histogram",
    "cm": "Co-occurrence matrix", "rlm": "Run length matrix", "szm": "Size zone matrix", "dzm": "Distance zone matrix",
    "ngt": "Neighbourhood grey tone difference matrix", "ngl": "Neighbouring grey level dependence matrix",
}  # fmt: skip
_PLAIN: Final = {
    "morph": _SHAPE, "loc": {"peak_loc": ("Local intensity peak", "intensity"), "peak_glob": ("Global intensity peak", "intensity")},
    "stat": _SPREAD, "ih": _HISTOGRAM, "ivh": _VOLUME_HISTOGRAM,
}  # fmt: skip
_TEXTURES: Final = {"cm": _PAIRS, "rlm": RUNS, "szm": ZONES, "dzm": DISTANCES, "ngt": _TONES, "ngl": DEPENDENCES}
_DIRECTED: Final = {
    "2D_avg": "2D, averaged", "2D_comb": "2D, slice-merged", "2_5D_avg": "2.5D, direction-merged", "2_5D_comb": "2.5D, merged",
    "3D_avg": "3D, averaged", "3D_comb": "3D, merged",
}  # fmt: skip
_SPACES: Final = {"2D": "2D", "2_5D": "2.5D", "3D": "3D"}


class Feature(NamedTuple):
    """`unit` is "intensity" where it is that of the image, "" where there is none."""

    tag: str
    family: str
    name: str
    unit: str


def feature(tag: str) -> Feature:
    """Raises `KeyError` for a tag that names no feature."""
    prefix, _, rest = tag.partition("_")
    if prefix in _PLAIN:
        name, unit = _PLAIN[prefix][rest]
        return Feature(tag, _FAMILIES[prefix], name, unit)
    suffixes = _DIRECTED if prefix in ("cm", "rlm") else _SPACES
    suffix = next((each for each in suffixes if rest.endswith(f"_{each}") and rest[: -len(each) - 1] in _TEXTURES[prefix]), "")
    return Feature(tag, f"{_FAMILIES[prefix]} ({suffixes[suffix]})", _TEXTURES[prefix][rest[: -len(suffix) - 1]], "")
