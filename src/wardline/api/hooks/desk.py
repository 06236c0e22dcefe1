"""What the doors for EHRs open onto, put together once."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from wardline.core.events import Identifier
from wardline.delivery.hooks.advice import Advice
from wardline.delivery.hooks.clients import EhrClient
from wardline.delivery.hooks.once import OncePerHook
from wardline.delivery.hooks.services import Service
from wardline.security.ehr_tokens import EhrTokens


class HookDesk(NamedTuple):
    """`clients` by issuer; `key_of` is the record that a patient number names."""

    services: Mapping[str, Service]
    clients: Mapping[str, EhrClient]
    tokens: EhrTokens
    once: OncePerHook
    advice: Advice
    key_of: Callable[[Identifier], str]
    base: Callable[[], str]
    """The address at which EHRs and browsers reach us."""
