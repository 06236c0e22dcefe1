"""The cards that come with the house, and the site's own (config/site/guidelines): a site's card goes before the house's of the same name.

A card that is wrong is said at start-up, with its file and the reason: found at the first patient it concerns, it would be too late.
"""

from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from wardline.app.site_tables import content_of
from wardline.core.errors import Refused
from wardline.science.guidelines.card import Guideline
from wardline.science.guidelines.reading import guideline

FOLDER: Final = "guidelines"


def guidelines(site: Path | None = None) -> dict[str, Guideline]:
    """Every card by its id. Raises `Refused` for one that cannot be read."""
    own = Path(str(files("wardline.app.guidelines")))
    found = {card.id: card for card in (_read(file, is_site=False) for file in sorted(own.glob("*.yaml")))}
    folder = site / FOLDER if site is not None else None
    for file in sorted(folder.glob("*.yaml")) if folder is not None and folder.is_dir() else []:
        card = _read(file, is_site=True)
        found[card.id] = card
    return dict(sorted(found.items(), key=lambda item: item[1].title))


def _read(file: Path, *, is_site: bool) -> Guideline:
    content: Any = content_of(file)
    try:
        return guideline(file.stem, content, "site" if is_site else "house")
    except Refused as refused:
        raise Refused(f"{file}: {refused}", code="guideline", where=file.name) from None
