"""What EHRs are answered at their hooks, put together on one data folder."""

from datetime import datetime

from wardline.api.hooks.desk import HookDesk
from wardline.app.bootstrap import Wardline
from wardline.delivery.hooks.once import OncePerHook
from wardline.delivery.hooks.services import services_of
from wardline.security.ehr_tokens import EhrTokens


def hook_desk(wardline: Wardline) -> HookDesk:
    """Services follow from the capabilities; who may call them from the site's list."""

    def now() -> datetime:
        return wardline.sessions.now()

    server = wardline.apps.server
    tokens = EhrTokens({each.issuer: each.keys_url for each in wardline.ehrs}, server.register, server.clients.assertions.fetched, now)
    return HookDesk(
        services_of(wardline.engine.assessments.askable), {each.issuer: each for each in wardline.ehrs}, tokens, OncePerHook(now),
        wardline.advice, wardline.folder.key_of, lambda: server.base,
    )  # fmt: skip
