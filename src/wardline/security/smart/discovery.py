"""What apps read before they ask: where to go, what can be asked for, and how our screens look."""

import hashlib
import json
from typing import Any, Final

from wardline.core.apps import Proof
from wardline.security.keys import RS256
from wardline.security.smart.assertions import ALGORITHMS
from wardline.security.smart.scopes import CONTEXT

# SMART App Launch 2.2, "Conformance", capabilities. Not claimed: launch/encounter on its own (an app launched from here gets the
# encounter that was open), and scopes with search parameters.
CAPABILITIES: Final = (
    "launch-ehr", "launch-standalone", "authorize-post", "client-public", "client-confidential-symmetric", "client-confidential-asymmetric",
    "sso-openid-connect", "context-banner", "context-style", "context-ehr-patient", "context-ehr-encounter", "context-standalone-patient",
    "permission-offline", "permission-online", "permission-patient", "permission-user", "permission-v1", "permission-v2",
)  # fmt: skip
SCOPES: Final = (*CONTEXT, "patient/*.cruds", "user/*.cruds", "system/*.cruds")
GRANTS: Final = ("authorization_code", "refresh_token", "client_credentials")
# SMART App Launch 2.2, "App styling". The values are those of our own screens in the light theme (design/tokens.css).
STYLE: Final = {
    "color_background": "#f3f4f6", "color_error": "#c3102f", "color_highlight": "#4548b0", "color_modal_backdrop": "#1b2128",
    "color_success": "#00687c", "color_text": "#14191e", "dim_border_radius": "6px", "dim_font_size": "14px", "dim_spacing_size": "4px",
    "font_family_body": "'Inter Variable', system-ui, sans-serif", "font_family_heading": "'Inter Variable', system-ui, sans-serif",
}  # fmt: skip
STYLE_VERSION: Final = hashlib.sha256(json.dumps(STYLE, sort_keys=True).encode()).hexdigest()[:12]
"""The address of the style is its version: other values, another address."""


def fhir_base(base: str) -> str:
    return f"{base}/fhir"


def token_endpoint(base: str) -> str:
    return f"{base}/oauth/token"


def style_url(base: str) -> str:
    return f"{base}/oauth/style/{STYLE_VERSION}"


def smart_configuration(base: str) -> dict[str, Any]:
    """SMART App Launch 2.2, "Conformance", metadata."""
    return {**_server(base), "capabilities": list(CAPABILITIES), "management_endpoint": f"{base}/apps"}


def openid_configuration(base: str) -> dict[str, Any]:
    """OpenID Connect Discovery 1.0, 3: what an app needs to check an ID token."""
    return {
        **_server(base), "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": [RS256],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "nonce", "fhirUser"], "response_modes_supported": ["query"],
        "authorization_response_iss_parameter_supported": True,
    }  # fmt: skip


def _server(base: str) -> dict[str, Any]:
    return {
        "issuer": base, "jwks_uri": f"{base}/oauth/jwks", "authorization_endpoint": f"{base}/oauth/authorize",
        "token_endpoint": token_endpoint(base), "introspection_endpoint": f"{base}/oauth/introspect", "revocation_endpoint": f"{base}/oauth/revoke",
        "token_endpoint_auth_methods_supported": [Proof.SHARED.value, Proof.KEYS.value, Proof.NONE.value],
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS), "grant_types_supported": list(GRANTS),
        "response_types_supported": ["code"], "code_challenge_methods_supported": ["S256"], "scopes_supported": list(SCOPES),
    }  # fmt: skip
