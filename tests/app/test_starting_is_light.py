"""Starting the house does not load what only workers need: it must listen within seconds, on a small machine as well."""

import subprocess
import sys

HEAVY = ("highdicom", "lightgbm", "nibabel", "numba", "onnxruntime", "pydicom", "pynetdicom", "scipy", "sklearn", "typst")


def test_the_clinical_process_starts_without_the_libraries_of_imaging_and_learning() -> None:
    asked = f"import sys, wardline.app.serving; print(*sorted({{each.partition('.')[0] for each in sys.modules}} & set({HEAVY!r})))"

    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.split() == []
