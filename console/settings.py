"""The settings of a console: flags, environment and profile file, as one frozen value.

A flag overrides the environment, and the environment overrides the profile file
(`$XDG_CONFIG_HOME/telnyx-console/config.toml`, which is optional). The keys at the top of that
file apply to every profile. The table `[profile.NAME]` adds to them and overrides them if the
profile NAME is chosen with `--profile` or TELNYX_PROFILE:

    region = "Europe"

    [profile.night-shift]
    api_key_file = "/run/secrets/telnyx"
    public_keys = ["base64 of 32 bytes"]
    read_only = true

Every key is a field of `Settings`. Its environment variable is TELNYX_ and the field's name in
capitals, except for TELNYX_PUBLIC_KEY, which holds the public keys separated by commas.
"""

import base64
import binascii
import getpass
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from console.network_addresses import (
    Address,
    Network,
    address_in,
    hosts_in,
    is_loopback,
    networks_in,
)
from console.user_folders import folder_of

_DEFAULT_PROFILE = "default"
_DEMO_PROFILE = "demo"
_PUBLIC_KEY_BYTES = 32
_LONGEST_OPERATOR = 64
_PHONE = r"^(\+[0-9]{7,15}|sips?:[!-~]+)?$"
_OTHERS_MAY_READ = stat.S_IRGRP | stat.S_IROTH
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


class SettingsError(Exception):
    """An unusable setting. The text is one line that also says how to correct it."""


@dataclass(frozen=True, slots=True)
class Demo:
    """Settings of a demo, which shows the simulator instead of an account."""

    scenario: str
    """Name of one of the simulator's scenarios."""
    seed: int
    """Seed of the simulation. The same seed gives the same events in the same order."""
    speed: float
    """Speed of the simulation; 2.0 is twice real time."""


def _user_of_this_system() -> str:
    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # a container may run as a user id without a name
        name = ""
    return name if _is_a_name(name) else f"uid {os.getuid()}"


def _is_a_name(text: str) -> bool:
    return bool(text.strip()) and text.isprintable() and len(text) <= _LONGEST_OPERATOR


class Settings(BaseSettings):
    """Settings of a console. Made by `load` or `for_demo`."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="TELNYX_",
        env_ignore_empty=True,
        populate_by_name=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )

    api_key: SecretStr | None = None
    """API v2 key of the account."""

    api_key_file: Path | None = None
    """File with the API key, which nobody else may read. It is read once, at the start."""

    public_keys: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), validation_alias="TELNYX_PUBLIC_KEY"
    )
    """Keys that may sign a webhook: base64 of 32 bytes, optionally with `@` and an expiry time."""

    base_url: str = "https://api.telnyx.com/v2"
    """Address of the API without a slash at the end. Plain http is allowed on this host only."""

    listen: Annotated[Address, NoDecode] = Address("127.0.0.1", 8787)
    """Address that the webhook receiver listens on."""

    public: bool = False
    """True lets other hosts reach the receiver, which uses plain HTTP."""

    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = ()
    """Addresses or ranges of proxies, which the connection limit per sender does not bind."""

    health_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Host names, besides those of the loopback, under which /healthz answers with figures."""

    webhook_path: str = "/webhooks"
    """Path that webhooks are posted to."""

    receiver: bool = True
    """True receives webhooks. Without them the console relies on polling."""

    region: Literal["Australia", "Europe", "Middle East", "US"] | None = None
    """Region in which conferences are listed and commanded; None uses the account's default."""

    read_only: bool = False
    """True lets the console send no commands."""

    remember_spoken: bool = False
    """True stores spoken texts on disk, so that the next start offers them again."""

    operator: str = Field(default_factory=_user_of_this_system)
    """Name of the person at the keyboard, for commands, log and audit."""

    connection_id: str = Field("", pattern=r"^[0-9]*$")
    """Call Control connection through which the operator's own phone is dialled."""

    from_number: str = Field("", pattern=_PHONE)
    """Number from which the operator's own phone is dialled, as +E164."""

    operator_number: str = Field("", pattern=_PHONE)
    """The operator's own phone, as +E164 or a SIP address."""

    profile: str = _DEFAULT_PROFILE
    """Name of the chosen `[profile.NAME]`, which is also the journal's name."""

    @property
    def key_to_send(self) -> SecretStr:
        """The API key for requests; a placeholder if there is none."""
        return self.api_key or SecretStr("none")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - ours also reads the key's file
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - a .env of any folder must not count
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the profile names files
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources by priority: flags, environment, profile file. A demo reads flags."""
        flags = init_settings()
        if flags.get("profile") == _DEMO_PROFILE:  # a demo must not touch the account
            return (init_settings,)
        environment = _Environment(settings_cls)
        profile = flags.get("profile") or environment().get("profile")
        return init_settings, environment, _ProfileFile(settings_cls, profile)

    @field_validator("public_keys", mode="before")
    @classmethod
    def _split_keys(cls, value: object) -> object:
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, list | tuple):
            return parts
        return tuple(str(part).strip() for part in parts if str(part).strip())

    @field_validator("public_keys")
    @classmethod
    def _check_keys(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        for number, key in enumerate(keys, start=1):
            try:
                raw = base64.b64decode(key.partition("@")[0], validate=True)
            except (binascii.Error, ValueError):
                raw = b""
            if len(raw) != _PUBLIC_KEY_BYTES:
                which = "TELNYX_PUBLIC_KEY" if len(keys) == 1 else f"TELNYX_PUBLIC_KEY no. {number}"
                raise SettingsError(
                    f"{which} is not the base64 of 32 bytes:"
                    " copy it again from the Telnyx portal, Keys & Credentials, Public Key"
                )
        return tuple(dict.fromkeys(keys))

    @field_validator("base_url")
    @classmethod
    def _check_base_url(cls, url: str) -> str:
        advice = "set TELNYX_BASE_URL to something like https://api.telnyx.com/v2"
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            parts, host = urlsplit(""), None
        if not host or parts.scheme not in {"http", "https"} or not re.fullmatch(r"[!-~]+", url):
            raise SettingsError(f"the base URL is malformed: {advice}")
        if "@" in parts.netloc or "?" in url or "#" in url:
            raise SettingsError(f"the base URL has more than a host and a path: {advice}")
        if parts.scheme == "http" and not is_loopback(host):
            raise SettingsError(
                "the base URL is plain http, which exposes the API key to the network:"
                " use https (http is allowed on this host only)"
            )
        return url.rstrip("/")

    @field_validator("listen", mode="before")
    @classmethod
    def _read_address(cls, value: object) -> object:
        if isinstance(value, Address):
            return value
        address = address_in(str(value))
        if address is None:
            raise SettingsError(
                "the address to listen on is not HOST:PORT:"
                " write --listen 127.0.0.1:8787 or --listen '[::1]:8787'"
            )
        return address

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _read_networks(cls, value: object) -> object:
        try:
            return networks_in(value)
        except ValueError:
            raise SettingsError(
                "TELNYX_TRUSTED_PROXIES has an entry that is neither an address nor a range:"
                " write 192.0.2.7 or 192.0.2.0/24, separated by commas"
            ) from None

    @field_validator("health_hosts", mode="before")
    @classmethod
    def _read_hosts(cls, value: object) -> object:
        try:
            return hosts_in(value)
        except ValueError:
            raise SettingsError(
                "TELNYX_HEALTH_HOSTS has an entry that is not a host name:"
                " write names without a port, separated by commas"
            ) from None

    @field_validator("webhook_path")
    @classmethod
    def _check_webhook_path(cls, path: str) -> str:
        if not re.fullmatch(r"/[!-~]*", path) or set("?#{}") & set(path) or path == "/healthz":
            raise SettingsError(
                "the webhook path must start with a slash, have no query and not be /healthz:"
                " write --webhook-path /webhooks"
            )
        return path

    @field_validator("operator")
    @classmethod
    def _check_operator(cls, name: str) -> str:
        if not _is_a_name(name):
            raise SettingsError(
                f"the operator's name must be 1 to {_LONGEST_OPERATOR} printable characters:"
                " set TELNYX_OPERATOR"
            )
        return name


def load(flags: Mapping[str, object]) -> Settings:
    """Return the settings of a console on an account; `flags` are the fields set by arguments.

    Raises SettingsError if a value cannot be used, or the account's keys are missing.
    """
    settings = _make(flags)
    if settings.profile == _DEMO_PROFILE:
        raise SettingsError("the profile name 'demo' is reserved for the demo: choose another")
    if settings.api_key is None:
        raise SettingsError(
            "there is no API key: set TELNYX_API_KEY or TELNYX_API_KEY_FILE,"
            " or try it without an account: telnyx-console demo"
        )
    if settings.receiver and not settings.public_keys:
        raise SettingsError(
            "there is no public key to verify webhooks: set TELNYX_PUBLIC_KEY,"
            " or poll only: --no-receiver"
        )
    if settings.receiver and not settings.public and not is_loopback(settings.listen.host):
        raise SettingsError(
            f"--listen {settings.listen} accepts other hosts over plain HTTP: add --public"
            " (TELNYX_PUBLIC=1) if a proxy in front terminates TLS, or listen on 127.0.0.1"
        )
    return settings


def for_demo(flags: Mapping[str, object]) -> Settings:
    """Return the settings of a demo: flags only, no API key, a port chosen by the system.

    Raises SettingsError if a value cannot be used.
    """
    return _make({**flags, "listen": Address("127.0.0.1", 0), "profile": _DEMO_PROFILE})


def _make(flags: Mapping[str, object]) -> Settings:
    values: dict[str, Any] = dict(flags)
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        if first["type"] == "extra_forbidden":
            raise SettingsError(
                f"{_profile_path()} has a key that is not a setting, {name!r}: remove it"
            ) from None
        reason = first["msg"][:1].lower() + first["msg"][1:]
        raise SettingsError(f"the setting {name} cannot be used: {reason}") from None


class _Environment(EnvSettingsSource):
    """The TELNYX_* environment variables."""

    def __call__(self) -> dict[str, Any]:
        return _with_key_from_file(super().__call__(), "TELNYX_API_KEY", "TELNYX_API_KEY_FILE")


class _ProfileFile(InitSettingsSource):
    """The profile file; empty if there is none."""

    def __init__(self, settings_cls: type[BaseSettings], profile: str | None) -> None:
        values = _read_profile(_profile_path(), profile)
        super().__init__(settings_cls, _with_key_from_file(values, "api_key", "api_key_file"))


def _read_profile(path: Path | None, profile: str | None) -> dict[str, Any]:
    if path is None:
        if profile in {None, _DEFAULT_PROFILE}:
            return {}
        raise SettingsError(
            f"there is no profile {profile!r}, because this user has no home folder:"
            " set XDG_CONFIG_HOME to the absolute path of a folder"
        )
    try:
        mode = path.stat().st_mode
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        values, mode = {}, 0
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read ({type(error).__name__}): repair it") from None
    tables = values.pop("profile", {})
    if not isinstance(tables, dict) or not all(isinstance(each, dict) for each in tables.values()):
        raise SettingsError(f"{path}: write each profile as a table, [profile.NAME]")
    if profile is not None and profile != _DEFAULT_PROFILE and profile not in tables:
        raise SettingsError(f"there is no profile {profile!r}: add [profile.{profile}] to {path}")
    secret = any("api_key" in table for table in (values, *tables.values()))
    if mode & (_OTHERS_MAY_WRITE | (_OTHERS_MAY_READ if secret else 0)):
        raise SettingsError(f"other users can read or change {path}: chmod 600 it")
    chosen: dict[str, Any] = tables.get(profile or _DEFAULT_PROFILE, {})
    return values | chosen


def _with_key_from_file(values: dict[str, Any], key: str, key_file: str) -> dict[str, Any]:
    """Return the values with the API key read from its file.

    Raises SettingsError if a source has both the key and the file, or the file is not usable.
    """
    if not values.get("api_key_file"):
        return values
    if values.get("api_key"):
        raise SettingsError(f"{key} and {key_file} are both set: keep one of them")
    path = Path(str(values["api_key_file"]))
    try:
        with path.open(encoding="utf-8") as file:
            if os.fstat(file.fileno()).st_mode & (_OTHERS_MAY_READ | _OTHERS_MAY_WRITE):
                raise SettingsError(f"other users can read the API key in {path}: chmod 600 it")
            secret = file.read().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"the API key cannot be read from {path} ({type(error).__name__}): see {key_file}"
        ) from None
    if not secret:
        raise SettingsError(f"{path} is empty: put the API key into it")
    return values | {"api_key": secret}


def _profile_path() -> Path | None:
    """Return the path of the profile file; None for a user without a home folder."""
    base = folder_of("XDG_CONFIG_HOME", ".config")
    return base / "telnyx-console" / "config.toml" if base is not None else None
