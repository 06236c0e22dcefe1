"""The image store these tests work in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.dicom_door import SECRET
from wardline.adapters.embedded.images.store import ImageStore


@pytest.fixture
def images(tmp_path: Path) -> Iterator[ImageStore]:
    store = ImageStore(tmp_path / "images", SECRET)
    yield store
    store.close()
