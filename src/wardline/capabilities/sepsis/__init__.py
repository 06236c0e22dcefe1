"""Infection that turns against the whole body: who must be looked at now."""
