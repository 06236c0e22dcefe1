"""What is said when an app is refused, in the words of OAuth 2.0: programs read the code, people the sentence."""

from typing import Final

from wardline.core.errors import Refused

# RFC 6749 4.1.2.1 and 5.2
INVALID_REQUEST: Final = "invalid_request"
INVALID_CLIENT: Final = "invalid_client"
INVALID_GRANT: Final = "invalid_grant"
INVALID_SCOPE: Final = "invalid_scope"
UNAUTHORIZED_CLIENT: Final = "unauthorized_client"
UNSUPPORTED_GRANT_TYPE: Final = "unsupported_grant_type"
UNSUPPORTED_RESPONSE_TYPE: Final = "unsupported_response_type"
ACCESS_DENIED: Final = "access_denied"
TEMPORARILY_UNAVAILABLE: Final = "temporarily_unavailable"
INTERACTION_REQUIRED: Final = "interaction_required"  # OpenID Connect Core 1.0, 3.1.2.6


def refused(code: str, reason: str) -> Refused:
    return Refused(reason, code=code)
