"""What apps read from us, as types: the answers of OAuth 2.0, OpenID Connect and SMART App Launch, in their words."""

from typing import Literal, NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED


@with_config(CLOSED)
class OAuthRefusal(TypedDict):
    """RFC 6749 5.2."""

    error: str
    error_description: str


@with_config(CLOSED)
class Server(TypedDict):
    """RFC 8414: where to go and what can be asked for."""

    issuer: str
    jwks_uri: str
    authorization_endpoint: str
    token_endpoint: str
    introspection_endpoint: str
    revocation_endpoint: str
    token_endpoint_auth_methods_supported: list[str]
    token_endpoint_auth_signing_alg_values_supported: list[str]
    grant_types_supported: list[str]
    response_types_supported: list[str]
    code_challenge_methods_supported: list[str]
    scopes_supported: list[str]


@with_config(CLOSED)
class SmartConfiguration(Server):
    """SMART App Launch 2.2, "Conformance"."""

    capabilities: list[str]
    management_endpoint: str


@with_config(CLOSED)
class OpenidConfiguration(Server):
    """OpenID Connect Discovery 1.0, 3."""

    subject_types_supported: list[str]
    id_token_signing_alg_values_supported: list[str]
    claims_supported: list[str]
    response_modes_supported: list[str]
    authorization_response_iss_parameter_supported: bool


@with_config(CLOSED)
class PublicKey(TypedDict):
    """RFC 7517: the public half of a key that tokens are signed with."""

    kty: Literal["OKP", "RSA"]
    kid: str
    alg: str
    use: Literal["sig"]
    crv: NotRequired[str]
    x: NotRequired[str]
    n: NotRequired[str]
    e: NotRequired[str]


@with_config(CLOSED)
class PublicKeys(TypedDict):
    """A JWK set."""

    keys: list[PublicKey]


@with_config(CLOSED)
class Reference(TypedDict):
    """Something else that was open when the app was launched."""

    reference: str


@with_config(CLOSED)
class Tokens(TypedDict):
    """RFC 6749 5.1, with the launch context of SMART beside it."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str
    refresh_token: NotRequired[str]
    id_token: NotRequired[str]
    patient: NotRequired[str]
    encounter: NotRequired[str]
    fhirContext: NotRequired[list[Reference]]
    need_patient_banner: NotRequired[bool]
    smart_style_url: NotRequired[str]


@with_config(CLOSED)
class Introspection(TypedDict):
    """RFC 7662 2.2; of a token that is good no longer nothing is said but that."""

    active: bool
    scope: NotRequired[str]
    client_id: NotRequired[str]
    token_type: NotRequired[Literal["Bearer"]]
    exp: NotRequired[int]
    iss: NotRequired[str]
    aud: NotRequired[str]
    sub: NotRequired[str]
    patient: NotRequired[str]
    encounter: NotRequired[str]
    fhirUser: NotRequired[str]


@with_config(CLOSED)
class Revoked(TypedDict):
    """RFC 7009 2.2: nothing, whether or not there was such a token."""


@with_config(CLOSED)
class Style(TypedDict):
    """SMART App Launch 2.2, "App styling"."""

    color_background: str
    color_error: str
    color_highlight: str
    color_modal_backdrop: str
    color_success: str
    color_text: str
    dim_border_radius: str
    dim_font_size: str
    dim_spacing_size: str
    font_family_body: str
    font_family_heading: str
