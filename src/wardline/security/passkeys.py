"""Passkeys: a device that signs a challenge for this hospital's address only, after it has made sure who holds it (WebAuthn)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import webauthn
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from wardline.core.errors import NotAllowed, Refused
from wardline.core.people import Authenticator, User

NOT_OURS: Final = "this passkey is not one of this account's, or was not confirmed on the device"
MILLISECONDS: Final = 120_000
_TROUBLE: Final = (WebAuthnException, ValueError, KeyError, TypeError)


class Party(NamedTuple):
    """Where a passkey is good for: the host name it is bound to, and the address pages come from."""

    host: str
    origin: str
    name: str


class Challenge(NamedTuple):
    """What the device signs, and everything the browser is told with it."""

    bytes: bytes
    options: dict[str, Any]


def registering(party: Party, user: User, known: Iterable[Authenticator]) -> Challenge:
    """For a new passkey: one that finds its account by itself, and asks for a finger, a face or a PIN."""
    made = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name=party.name,
        user_id=user.id.encode(),
        user_name=user.login,
        user_display_name=user.name,
        timeout=MILLISECONDS,
        exclude_credentials=_described(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return Challenge(made.challenge, json.loads(webauthn.options_to_json(made)))


def asking(party: Party, known: Iterable[Authenticator] = ()) -> Challenge:
    """For a passkey that is there. Without `known` any of this hospital's will do: it says itself whose it is."""
    made = webauthn.generate_authentication_options(
        rp_id=party.host, timeout=MILLISECONDS, allow_credentials=_described(known), user_verification=UserVerificationRequirement.REQUIRED
    )
    return Challenge(made.challenge, json.loads(webauthn.options_to_json(made)))


def registered(party: Party, challenge: bytes, credential: Mapping[str, Any]) -> tuple[bytes, bytes, int]:
    """What it calls itself, its public key, its count. Raises `Refused` unless the device has made it for this challenge and address."""
    try:
        made = webauthn.verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except _TROUBLE:
        raise Refused("the device did not make a passkey for this page; try again", code="passkey") from None
    return made.credential_id, made.credential_public_key, made.sign_count


def proven(party: Party, challenge: bytes, credential: Mapping[str, Any], passkey: Authenticator) -> int:
    """Its new count. Raises `NotAllowed` unless this passkey has signed this challenge for this address, and its holder was verified.

    A count that does not go up is a copy of the passkey (WebAuthn, 7.2 step 22); the store checks that once more when it counts.
    """
    handle = credential.get("response", {}).get("userHandle") if isinstance(credential.get("response"), Mapping) else None
    try:
        done = webauthn.verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=passkey.secret,
            credential_current_sign_count=passkey.counter,
            require_user_verification=True,
        )
        if handle and base64url_to_bytes(handle) != passkey.user.encode():
            raise NotAllowed(NOT_OURS)
    except _TROUBLE:
        raise NotAllowed(NOT_OURS) from None
    return done.new_sign_count


def called(credential: Mapping[str, Any]) -> bytes:
    """What the passkey that signed calls itself; empty where that cannot be read."""
    try:
        return base64url_to_bytes(str(credential.get("rawId", "")))
    except ValueError:
        return b""


def _described(known: Iterable[Authenticator]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=each.credential) for each in known]
