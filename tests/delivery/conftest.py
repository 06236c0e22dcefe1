"""The hospital the integration tests work in."""

from support.fixtures import hospital, open_hospital

__all__ = ["hospital", "open_hospital"]
