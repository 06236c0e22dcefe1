"""Which workitems are for us: the codes that ask for one of our study capabilities.

The capability's id with the coding scheme 99WARDLINE always does. What else does is said in config/workitems.yaml (read at start-up), for
orchestrators that know public codes only:

    codes:
      "110002^DCM": image_quality     # Quality Control (CID 9231)
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from wardline.app.site_tables import content_of
from wardline.core.errors import Refused

FILE: Final = "workitems.yaml"
SCHEME: Final = "99WARDLINE"
"""A private coding scheme begins with 99 (PS3.3 8.2)."""
Codes = Mapping[tuple[str, str], str]
"""(code, scheme) -> capability."""


def codes_in(file: Path, known: Collection[str]) -> Codes:
    """Raises `Refused` naming what is wrong."""
    said = _content(file) if file.exists() else {}
    listed = said.get("codes", {}) if isinstance(said, dict) and said.keys() <= {"codes"} else None
    if not isinstance(listed, dict):
        raise Refused(f'{file.name}: `codes` says which capability a code asks for: "110002^DCM": image_quality', code="dicom", where=file.name)
    found = {(id, SCHEME): id for id in known}
    for name, id in listed.items():
        code, _, scheme = str(name).partition("^")
        if not code or not scheme or not isinstance(id, str) or id not in known:
            raise Refused(f"{file.name}: {name!r} must be CODE^SCHEME and name one of {', '.join(sorted(known))}", code="dicom", where=file.name)
        found[code, scheme] = id
    return found


def _content(file: Path) -> Any:
    try:
        return content_of(file)
    except ValueError:  # a day that no month has, which YAML takes for a date
        raise Refused(f"{file.name} has a value that is none", code="dicom", where=file.name) from None
