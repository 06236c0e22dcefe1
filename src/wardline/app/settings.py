"""Everything that can be set, in one typed place: command line first, then environment (WARDLINE_...), then a YAML file."""

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from wardline.app.edge_settings import EdgeSettings
from wardline.core.errors import Refused
from wardline.core.people import Role


class Tls(BaseModel):
    """Certificate files of a door. With `client_authority` only clients it has signed may connect (mutual TLS)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    certificate: Path = Field(description="PEM file of the certificate, with those of its authorities after it.")
    key: Path = Field(description="PEM file of its private key, readable by Wardline alone.")
    client_authority: Path | None = Field(None, description="PEM file of the authority whose clients may connect; without it any may.")


class Settings(BaseSettings):
    """What Wardline runs as. No secret is a setting: secrets are files in the data folder, made when it is."""

    model_config = SettingsConfigDict(env_prefix="WARDLINE_", env_nested_delimiter="__", extra="ignore", frozen=True)

    data: Path = Field(Path("wardline-data"), description="The data folder: one hospital, one clock, one process.")
    host: str = Field("127.0.0.1", description="Address to listen on. Anything but loopback needs TLS.")
    http: int = Field(8080, ge=0, le=65535, description="Port of the screens and the API; 0 takes a free one.")
    mllp: int = Field(2575, ge=0, le=65535, description="Port for HL7 v2 over MLLP; 0 takes a free one.")
    dicom: int | None = Field(None, ge=0, le=65535, description="Port for DICOM; 0 takes a free one. Off unless given.")
    dicom_tls: Tls | None = Field(None, description="Certificate for DICOM over TLS.")
    dicom_in_clear: bool = Field(
        False, description="Let scanners that know no TLS in from other machines; the network between them and here must protect what they send."
    )
    dicom_processes: int = Field(2, ge=1, le=16, description="Processes that receive DICOM, together on one port.")
    clock: Literal["wall", "feed"] = Field("wall", description="Kind of clock a new data folder gets; an existing folder keeps its own.")
    zone: str = Field("UTC", description="Time zone of sources that send times without an offset, and of the screens.")
    hospital: str = Field("Hospital", description="Name on sign-in and downtime pages.")
    address: str = Field(
        "", pattern=r"^(https?://[^/?#\s]+)?$",
        description="Address that browsers reach Wardline at, such as https://wardline.example.org; passkeys and sign-in services are bound to it.",
    )  # fmt: skip
    http_tls: Tls | None = Field(None, description="Certificate for HTTPS.")
    mllp_tls: Tls | None = Field(None, description="Certificate for MLLP over TLS.")
    largest_message: int = Field(16 * 1024 * 1024, ge=1024, description="Bytes of one HL7 message at most.")
    downtime: Path | None = Field(None, description="Folder of the downtime pages; default: downtime in the data folder.")
    downtime_minutes: float = Field(4.0, gt=0, le=5, description="How often downtime pages are written, in minutes.")
    idle_minutes: int = Field(30, ge=1, le=720, description="A session without activity ends after this many minutes.")
    session_hours: int = Field(12, ge=1, le=24, description="A session ends after this many hours whatever happens.")
    second_factor: tuple[Role, ...] = Field(
        (Role.ADMIN, Role.PRIVACY, Role.AUDITOR, Role.ENGINEER),
        description="Roles that nobody has here without a second factor: an app with codes, or a passkey.",
    )
    edge: EdgeSettings | None = Field(None, description="Who may knock, from where, and how often.")
    access_hours: float = Field(
        24, ge=0, le=168, description="For so many hours after a patient has left a unit its people may still open the record."
    )
    emergency_minutes: int = Field(120, ge=5, le=240, description="A record opened in an emergency closes after this many minutes.")
    backup_days: int = Field(
        1, ge=0, le=90, description="A backup is due every so many days; when one is half a day late, the System page says so. 0: never."
    )
    erasures: Path | None = Field(
        None,
        description="File of the register of erasures; keep it on another disk than data and backups. Default: erasures.jsonl in the data folder.",
    )
    audit_witness: str = Field(
        "", description="Second place for the audit trail's signed heads: a folder on other storage, or an address in config/outgoing.yaml."
    )
    dictation: Path | None = Field(
        None, description="Folder of a speech model in CTranslate2 format (Whisper), for dictating reports; without it there is no dictation."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much the log says.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given in code (the command line), then the environment. The YAML file comes in through `load`."""
        return init_settings, env_settings

    @property
    def is_loopback(self) -> bool:
        return self.host in ("127.0.0.1", "localhost", "::1")

    @property
    def downtime_folder(self) -> Path:
        return self.downtime or self.data / "downtime"

    @property
    def erasures_file(self) -> Path:
        return self.erasures or self.data / "erasures.jsonl"

    @property
    def config_folder(self) -> Path:
        """What the site decides: sources/, site/, policies/, units.yaml, contacts.yaml, outbound.yaml."""
        return self.data / "config"


def load(config: Path | None = None, **given: Any) -> Settings:
    """Settings from the command line, the environment and a file, in this order. Raises `Refused` naming what is wrong."""
    from_file = _read(config) if config is not None else {}
    known = {name: value for name, value in given.items() if value is not None}
    try:
        settings = Settings(**known)
        missing = {name: value for name, value in from_file.items() if name not in settings.model_fields_set}
        settings = Settings(**known, **missing)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refused(f"setting {where!r}: {first['msg']}", code="setting", where=where) from None
    if not settings.is_loopback and (settings.http_tls is None or settings.mllp_tls is None):
        raise Refused(
            f"listening on {settings.host} would send patient data in clear: set http_tls and mllp_tls, or listen on 127.0.0.1", code="setting"
        )
    if not settings.is_loopback and settings.dicom is not None and settings.dicom_tls is None and not settings.dicom_in_clear:
        raise Refused(
            f"receiving DICOM on {settings.host} would take patient data in clear: set dicom_tls, or dicom_in_clear where the network protects it",
            code="setting",
        )
    return settings


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}", code="setting") from None
    except yaml.YAMLError as error:
        raise Refused(f"{path} is not valid YAML: {error}", code="setting") from None
    if not isinstance(content, dict):
        raise Refused(f"{path} must hold settings as `name: value`", code="setting")
    unknown = sorted(set(content) - set(Settings.model_fields))
    if unknown:
        raise Refused(f"{path}: {unknown[0]!r} is not a setting; there are {', '.join(Settings.model_fields)}", code="setting")
    return content
