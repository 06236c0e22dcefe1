"""What the site says of its sign-in service: where it is, who we are there, and which of its groups have which role here.

name: Sign in with the hospital account
issuer: https://login.hospital.example
client_id: wardline
client_secret_file: /run/secrets/wardline-login      # or in the environment: WARDLINE_PROVIDER_SECRET; neither for a public client
roles_claim: groups
roles:
  Ward nurses: [nurse]
  IT operations: [engineer]
"""

import os
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from wardline.core.errors import Refused
from wardline.core.people import Role

FILE: Final = "identity-provider.yaml"
SECRET: Final = "WARDLINE_PROVIDER_SECRET"  # noqa: S105 - its name, not its value
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class SecondFactor(BaseModel):
    """What the service says of a sign-in with a second factor."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    amr: frozenset[str] = frozenset({"mfa"})  # RFC 8176, 2: multiple-factor authentication
    acr: frozenset[str] = frozenset()


class ProviderSettings(BaseModel):
    """The file, read and checked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field("Sign in with the hospital account", min_length=1, max_length=60)
    issuer: str
    client_id: str = Field(min_length=1)
    client_secret_file: Path | None = None
    hosts: frozenset[str] = Field(frozenset(), description="Other hosts the service's own addresses may be at; by default only the issuer's.")
    scopes: tuple[str, ...] = ("openid", "profile")
    roles_claim: str = "groups"
    roles: dict[str, frozenset[Role]] = Field(min_length=1)
    units_claim: str = ""
    units: dict[str, frozenset[str]] = {}
    second_factor: SecondFactor = SecondFactor()

    @field_validator("issuer")
    @classmethod
    def _is_safe(cls, issuer: str) -> str:
        parts = urlsplit(issuer)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        if not parts.hostname or parts.query or parts.fragment or not is_safe:
            raise ValueError("must be an https address, without ? or #")
        return issuer

    @property
    def secret(self) -> str:
        """From the environment or a file, never from this one. Empty for a public client, which PKCE protects."""
        if SECRET in os.environ:
            return os.environ[SECRET]
        try:
            return self.client_secret_file.read_text(encoding="utf-8").strip() if self.client_secret_file else ""
        except OSError as error:
            raise Refused(f"{FILE}: {self.client_secret_file} cannot be read: {error.strerror}", code="provider") from None


def read_provider(file: Path) -> ProviderSettings | None:
    """None where there is no file. Raises `Refused` naming what is wrong in it."""
    if not file.exists():
        return None
    try:
        return ProviderSettings.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")) or {})
    except yaml.YAMLError as error:
        raise Refused(f"{FILE} is not valid YAML: {error}", code="provider") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise Refused(f"{FILE}: {'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}", code="provider") from None
