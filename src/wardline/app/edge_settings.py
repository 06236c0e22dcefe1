"""What a site can say about its edge."""

from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, IPvAnyAddress

from wardline.api.edge.rules import Rules
from wardline.core.errors import Refused
from wardline.core.people import Role
from wardline.security.origins import check_origin, check_path

RULES: Final = Rules()


def _origin(text: str) -> str:
    try:
        check_origin(text)
    except Refused as refused:
        raise ValueError(str(refused)) from None
    return text


def _path(text: str) -> str:
    try:
        check_path(text)
    except Refused as refused:
        raise ValueError(str(refused)) from None
    return text


OriginText = Annotated[str, AfterValidator(_origin)]
PathText = Annotated[str, AfterValidator(_path)]


class SettledOrigin(BaseModel):
    """Another site whose pages may always ask."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    origin: OriginText
    paths: tuple[PathText, ...] = Field(min_length=1)


class EdgeSettings(BaseModel):
    """Who may knock, from where, and how often."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hosts: tuple[str, ...] = Field(
        (), description="Names browsers may call Wardline by, besides `address` and those in the certificate of `http_tls`."
    )
    proxies: tuple[IPvAnyAddress, ...] = Field(
        (), description="Addresses of reverse proxies whose X-Forwarded-For and -Proto are believed; nobody else's are."
    )
    embedded_by: tuple[OriginText, ...] = Field(
        (), description="Origins that may show Wardline in a frame, such as the record system's; nobody by default."
    )
    origins: tuple[SettledOrigin, ...] = Field((), description="Other sites whose pages may ask, each with `origin` and `paths`; nobody by default.")
    requests_per_minute: int = Field(RULES.requests_per_minute, ge=60, description="Of one person or program.")
    by_role: dict[Role, int] = Field({}, description="The same for people with this role, where it differs; who has several gets the most.")
    strangers_per_minute: int = Field(RULES.strangers_per_minute, ge=60, description="Requests of one address without a sign-in.")
    failed_sign_ins_per_minute: int = Field(RULES.failed_sign_ins_per_minute, ge=5, description="Of one address; each account also locks by itself.")
    patients_per_hour: int = Field(RULES.patients_per_hour, ge=10, description="Different patients one person may open within an hour.")
    body_seconds: float = Field(RULES.body_seconds, gt=0, le=600, description="How long a request may take to arrive.")
