"""Run by another Python, one of a peer's: times what is installed there on image.nii and mask.nii of a folder, and prints it as JSON.

With one thread the processor time of the process; with several, where a peer knows how, the time on the clock. The first call does not count, of
the others the median. Where a peer takes images from memory, its reading of them does not count; mirp and nyxus read their files (0.05 s).
"""

import json
import logging
import statistics
import sys
import time
import warnings
from importlib.metadata import PackageNotFoundError, version

PEERS = {"mirp": "mirp", "flash-radiomics": "flash_radiomics", "nyxus": "nyxus"}


def of_mirp(image, mask, folder, threads):
    """Everything in three dimensions, as ours. One region is measured by one thread."""
    from mirp import extract_features

    spaces = {f"{each}_spatial_method": ["3d_average", "3d_volume_merge"] for each in ("glcm", "glrlm")}
    spaces |= {f"{each}_spatial_method": ["3d"] for each in ("glszm", "gldzm", "ngtdm", "ngldm")}
    bins = {"base_discretisation_method": "fixed_bin_number", "base_discretisation_n_bins": 32}
    histogram = {"ivh_discretisation_method": "fixed_bin_number", "ivh_discretisation_n_bins": 1000}
    families = ("morph", "loc_", "stat", "ih_", "ivh", "cm_", "rlm", "szm", "dzm", "ngt", "ngl")

    def measured():
        found = extract_features(image=image, mask=mask, image_modality="CT", base_feature_families="all", **spaces, **bins, **histogram)
        return sum(name.startswith(families) for name in found[0].columns)

    return measured


def of_flash_radiomics(image, mask, folder, threads):
    """Every scalar feature it has: no local intensity, no Moran, no Geary, no merged matrices."""
    import SimpleITK
    from flash_radiomics import RadiomicsFeatureExtractor

    loaded = SimpleITK.ReadImage(image), SimpleITK.ReadImage(mask)
    extractor = RadiomicsFeatureExtractor(backend="cpu", binCount=32, distances=[1], additionalInfo=False, num_threads=threads)
    extractor.enableAllScalarFeatures()
    return lambda: len(extractor.execute(*loaded, label=1, output_hdf5_path=f"{folder}/out.h5"))


def of_nyxus(image, mask, folder, threads):
    """Every feature it has in three dimensions."""
    from nyxus import Nyxus3D

    extractor = Nyxus3D(["*3D_ALL*"], coarse_gray_depth=32, n_feature_calc_threads=threads)
    return lambda: extractor.featurize_files([image], [mask], False).shape[1]


def timed(measure, clock):
    """(median of what calls take, features): up to five calls, as long as ten seconds are not over."""
    measure()
    taken = []
    while len(taken) < 5 and sum(taken) < 10:
        begun = clock()
        features = measure()
        taken.append(clock() - begun)
    return statistics.median(taken), features


def main(folder, threads):
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    found = {}
    for package, module in PEERS.items():
        try:
            installed = version(package)
        except PackageNotFoundError:
            continue
        files, make = (f"{folder}/image.nii", f"{folder}/mask.nii", folder), globals()[f"of_{module}"]
        seconds, features = timed(make(*files, 1), time.process_time)
        waited = timed(make(*files, threads), time.perf_counter)[0] if package != "mirp" else None
        found[package] = {"version": installed, "seconds": seconds, "waited": waited, "features": features}
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
