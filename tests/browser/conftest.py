"""The screens these tests look at."""

from support.screens import admit, browser, people, screens, unit, ward

__all__ = ["admit", "browser", "people", "screens", "unit", "ward"]
