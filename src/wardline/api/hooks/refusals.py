"""The one refusal that is the EHR's to mend by sending more."""

from wardline.core.errors import WardlineError


class NotEnough(WardlineError):
    """What the service cannot do without was not sent and cannot be read: 412, as CDS Hooks 2.0 asks."""
