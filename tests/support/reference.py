"""Where the reference data sets are, for tests that read them."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def reference_data() -> Path:
    return Path(os.environ.get("WARDLINE_REFERENCE_DATA") or REPOSITORY.parent / "shared" / "data")
