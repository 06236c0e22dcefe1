"""What the site says about its units: what people call them and which beds they have, free ones included."""

from pathlib import Path
from typing import Any

import yaml

from wardline.api.services import Unit
from wardline.core.errors import Refused


def units_in(file: Path) -> dict[str, Unit]:
    """Read `units.yaml`: `W7: {label: "Ward 7, internal medicine", beds: [1, 2, 3]}`; none when there is no file."""
    if not file.exists():
        return {}
    try:
        content: Any = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise Refused(f"{file.name} is not valid YAML: {error}", code="yaml", where=file.name) from None
    units = {}
    for name, described in content.items():
        if not isinstance(described, dict) or not set(described) <= {"label", "beds"}:
            raise Refused(f"{file.name}: {name} has a label and a list of beds", code="yaml", where=file.name)
        units[str(name)] = Unit(str(described.get("label", name)), tuple(str(bed) for bed in described.get("beds", ())))
    return units
