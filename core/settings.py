"""This is the place where the environment and its secrets are read; everything else is handed a `Settings`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.errors import BadInput


def platform_home() -> Path:
    """Where this system keeps the data of programs: the data folder when HEALTHBOARD_HOME is not set."""
    if sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Application Support"
    else:
        root = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return root / "healthboard"


class Settings(BaseSettings):
    """What can be set, each as HEALTHBOARD_<NAME>. Secrets do not appear in its text form. Nothing changes after the start."""

    model_config = SettingsConfigDict(env_prefix="HEALTHBOARD_", frozen=True, extra="ignore", hide_input_in_errors=True)

    home: Path = Field(default_factory=platform_home)
    """The data folder."""
    database_url: SecretStr = SecretStr("")
    """postgresql://... ; empty: an encrypted SQLite file in the data folder."""
    key: SecretStr = SecretStr("")
    """The master key, 32 bytes as base64 or hex; empty: it is read from `key_file`."""
    key_file: Path | None = None
    """The file with the master key; None: keys/master.key in the data folder, made on first run."""

    idle_minutes: int = Field(default=30, ge=1, le=24 * 60)
    demo: bool = False
    max_upload_mb: int = Field(default=250, ge=1, le=4096)

    host: str = "127.0.0.1"
    port: int = Field(default=8501, ge=0, le=65535)
    public_url: str = ""
    """The address people type, where it differs (behind a proxy that ends TLS)."""
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Host names that are answered, separated by commas; empty: this machine and the host of `public_url`."""
    cookie_secure: bool = False
    """Send cookies over TLS only; always so when `public_url` starts with https."""

    plain_http_servers: bool = False
    """Whether records may be pulled from a server without TLS; without it only from this machine. For a trusted network."""

    mqtt_url: SecretStr = SecretStr("")
    """The broker the worker listens to: mqtt://name:password@host:port/prefix; empty: none."""

    smtp_url: SecretStr = SecretStr("")
    """Where e-mail is handed in: smtps://name:password@host:465, smtp+starttls://name:password@host:587, smtp://host:25; empty: no e-mail."""
    mail_from: str = ""
    """The address e-mail comes from."""
    apprise: bool = False
    """Whether people may be reminded through other services (SMS, chat, push) by an address of apprise."""
    apprise_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Hosts of services one runs oneself (ntfy, Matrix, Signal, Gotify) that such an address may name, separated by commas."""
    push: bool = True
    """Whether browsers may subscribe to notifications."""
    push_services: Annotated[tuple[str, ...], NoDecode] = ()
    """Push services besides those of today's browsers: hosts, or whole origins (http://127.0.0.1:9000), separated by commas."""

    worker: bool = False
    """Whether `serve` also starts a worker (reminders, MQTT) that ends with it; without it, start `healthboard worker` by itself."""
    worker_ends_with_parent: bool = False
    """Set for the worker that `serve` starts."""

    reminder_lease_seconds: int = Field(default=120, ge=2, le=3600)
    """How long a worker has a reminder for itself: one that dies is taken over from after this."""

    crisis_line: str = Field(default="", max_length=200)
    """The number that somebody in a crisis is shown first, as it is to be read ("988", "Crisis team: 555-0100"); empty: the built-in table alone."""

    country: str = Field(default="", pattern="^([A-Za-z]{2})?$")
    """The country this is used in (ISO 3166, "GB"), where neither the device's clock nor the record says; empty: nobody says."""

    cds_hooks: bool = False
    """Whether other systems may ask for advice by CDS Hooks (/cds-services), from the records they send along."""

    advice_explore: bool = False
    """Whether cards of the same severity are put in an order that is drawn anew each day, the more useful kinds more often first: only then can another
    order be judged later from what people did."""

    model_server: str = ""
    """The address of a model server (Open Inference Protocol v2, such as Triton) that photos and signals are checked on; empty, or where it doesn't
    answer: on this machine."""

    video_url: str = ""
    """Where video visits are held: the address of a Jitsi Meet server (https://meet.example.org/); empty: no video."""
    video_app_id: str = Field(default="", max_length=200)
    """The application id of that server, where it asks for a token (prosody's `app_id`)."""
    video_secret: SecretStr = SecretStr("")
    """The secret it shares with us for these tokens; empty: the server lets in whoever knows the room."""

    font_path: Path | None = None
    """A font for PDF with the glyphs of the languages in use."""
    log_level: str = "INFO"

    @field_validator("allowed_hosts", "apprise_hosts", "push_services", mode="before")
    @classmethod
    def _hosts(cls, given: Any) -> Any:
        return tuple(part.strip() for part in given.split(",") if part.strip()) if isinstance(given, str) else given

    @field_validator("country")
    @classmethod
    def _country(cls, given: str) -> str:
        return given.upper()

    @field_validator("log_level")
    @classmethod
    def _level(cls, given: str) -> str:
        if given.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
            raise ValueError("one of DEBUG, INFO, WARNING, ERROR, CRITICAL")
        return given.upper()

    @field_validator("home", "key_file", "font_path")
    @classmethod
    def _absolute(cls, given: Path | None) -> Path | None:
        return None if given is None else given.expanduser().absolute()

    @property
    def key_path(self) -> Path:
        """Where the master key is kept when it is not given in the environment."""
        return self.key_file or self.home / "keys" / "master.key"

    @property
    def push_key_path(self) -> Path:
        """Where the key lies by which push services know this installation."""
        return self.home / "keys" / "push.pem"

    @property
    def secure_cookies(self) -> bool:
        return self.cookie_secure or self.public_url.startswith("https://")

    @property
    def max_upload_bytes(self) -> int:
        return self.max_upload_mb * 1_000_000


def load_settings(**given: Any) -> Settings:
    """Read the environment; keyword arguments win over it. Raises BadInput naming the variable and what it needs."""
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        name = "HEALTHBOARD_" + "_".join(str(part) for part in first["loc"][:1]).upper()
        raise BadInput("bad_setting", place=name, need=str(first["msg"])) from None


def environment_of_child(**more: str) -> dict[str, str]:
    """The environment of this process for one that it starts, with these settings (by their names) on top."""
    return {**os.environ, **{f"HEALTHBOARD_{name.upper()}": value for name, value in more.items()}}
