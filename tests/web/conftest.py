"""The browser that looks at the plain pages."""

from support.screens import browser

__all__ = ["browser"]
