"""The one refusal that is about nobody being there, rather than about what somebody may do."""

from wardline.core.errors import NotAllowed


class NotSignedIn(NotAllowed):
    """Nobody is signed in, or not any more: 401, and the screen asks for the password."""


class Replayed(NotSignedIn):
    """A token that works once came twice: somebody else has it."""
