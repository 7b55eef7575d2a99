"""Tests for the settings: priority of the sources, refusals, and secrets kept out of refusals."""

import base64
from pathlib import Path

import pytest

from console import settings
from console.network_addresses import Address
from console.settings import SettingsError

KEY = "KEY0123secret"
PUBLIC_KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELNYX_API_KEY", KEY)
    monkeypatch.setenv("TELNYX_PUBLIC_KEY", PUBLIC_KEY)


@pytest.fixture
def profile_file(tmp_path: Path) -> Path:
    path = tmp_path / "config" / "telnyx-console" / "config.toml"
    path.parent.mkdir(parents=True)
    path.touch(mode=0o600)
    return path


@pytest.mark.usefixtures("account")
def test_an_account_needs_two_keys_and_nothing_else() -> None:
    made = settings.load({})
    assert made.api_key is not None
    assert made.api_key.get_secret_value() == KEY
    assert made.public_keys == (PUBLIC_KEY,)
    assert made.base_url == "https://api.telnyx.com/v2"
    assert made.listen == Address("127.0.0.1", 8787)
    assert (made.webhook_path, made.receiver, made.region) == ("/webhooks", True, None)
    assert made.operator
    assert KEY not in repr(made)


@pytest.mark.usefixtures("account")
def test_flags_win_over_environment_over_profile(
    monkeypatch: pytest.MonkeyPatch, profile_file: Path
) -> None:
    profile_file.write_text(
        "region = 'US'\noperator = 'file'\nwebhook_path = '/file'\n"
        "[profile.night]\nregion = 'Europe'\n"
    )
    monkeypatch.setenv("TELNYX_WEBHOOK_PATH", "/environment")
    monkeypatch.setenv("TELNYX_OPERATOR", "environment")
    made = settings.load({"operator": "flag", "profile": "night"})
    assert (made.operator, made.webhook_path, made.region) == ("flag", "/environment", "Europe")
    assert settings.load({}).region == "US"


def test_the_profile_may_hold_everything(profile_file: Path) -> None:
    profile_file.write_text(
        f"api_key = '{KEY}'\npublic_keys = ['{PUBLIC_KEY}']\nlisten = '[::1]:9000'\n"
    )
    made = settings.load({})
    assert made.listen == Address("::1", 9000)
    assert made.public_keys == (PUBLIC_KEY,)


def test_a_key_comes_from_a_file_that_only_its_owner_reads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    monkeypatch.setenv("TELNYX_API_KEY_FILE", str(file))
    file.chmod(0o600)
    made = settings.load({"receiver": False})
    assert made.api_key is not None
    assert made.api_key.get_secret_value() == KEY
    for mode in (0o640, 0o604):
        file.chmod(mode)
        with pytest.raises(SettingsError, match="chmod 600"):
            settings.load({"receiver": False})


@pytest.mark.usefixtures("account")
def test_several_public_keys_serve_a_rotation(monkeypatch: pytest.MonkeyPatch) -> None:
    other = base64.b64encode(bytes(range(1, 33))).decode()
    monkeypatch.setenv("TELNYX_PUBLIC_KEY", f"{PUBLIC_KEY}, {other},{PUBLIC_KEY},")
    assert settings.load({}).public_keys == (PUBLIC_KEY, other)


@pytest.mark.usefixtures("account")
def test_a_key_that_is_rotated_out_is_given_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    ending = f"{PUBLIC_KEY}@2026-12-01T18:00Z"
    monkeypatch.setenv("TELNYX_PUBLIC_KEY", ending)
    assert settings.load({}).public_keys == (ending,)


@pytest.mark.usefixtures("account")
def test_a_demo_reads_nothing_of_the_account(
    monkeypatch: pytest.MonkeyPatch, profile_file: Path
) -> None:
    monkeypatch.setenv("TELNYX_BASE_URL", "nonsense")
    profile_file.write_text("nonsense")
    made = settings.for_demo({"read_only": True})
    assert made.api_key is None
    assert made.public_keys == ()
    assert made.listen == Address("127.0.0.1", 0)
    assert (made.profile, made.read_only) == ("demo", True)


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:4010/v2/", "http://[::1]:4010/v2", "http://localhost/v2"]
)
def test_plain_http_is_for_this_host(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("TELNYX_BASE_URL", url)
    assert settings.load({}).base_url == url.rstrip("/")


REFUSED = [
    ("TELNYX_BASE_URL", "http://api.example.net/v2", "plain http"),
    ("TELNYX_BASE_URL", "http://127.0.0.1.example.net/v2", "plain http"),
    ("TELNYX_BASE_URL", "api.telnyx.com/v2", "malformed"),
    ("TELNYX_BASE_URL", "https://", "malformed"),
    ("TELNYX_BASE_URL", "https://host:port/v2", "malformed"),
    ("TELNYX_BASE_URL", "https://host/v2\nx", "malformed"),
    ("TELNYX_BASE_URL", "ftp://host/v2", "malformed"),
    ("TELNYX_BASE_URL", f"https://user:{KEY}@host/v2", "more than a host and a path"),
    ("TELNYX_BASE_URL", f"https://host/v2?key={KEY}", "more than a host and a path"),
    ("TELNYX_PUBLIC_KEY", "not base64", "base64 of 32 bytes"),
    ("TELNYX_PUBLIC_KEY", base64.b64encode(bytes(31)).decode(), "base64 of 32 bytes"),
    ("TELNYX_PUBLIC_KEY", f"{PUBLIC_KEY},abc", "no. 2"),
    ("TELNYX_PUBLIC_KEY", PUBLIC_KEY.replace("/", "_")[:-2] + "-=", "base64 of 32 bytes"),
    ("TELNYX_LISTEN", "8787", "HOST:PORT"),
    ("TELNYX_LISTEN", "::1:8787", "HOST:PORT"),
    ("TELNYX_LISTEN", "127.0.0.1:65536", "HOST:PORT"),
    ("TELNYX_WEBHOOK_PATH", "webhooks", "start with a slash"),
    ("TELNYX_WEBHOOK_PATH", "/a?b", "start with a slash"),
    ("TELNYX_WEBHOOK_PATH", "/healthz", "not be /healthz"),
    ("TELNYX_REGION", "Mars", "setting region cannot be used: input should be 'Australia'"),
    ("TELNYX_READ_ONLY", "perhaps", "setting read_only cannot be used"),
    ("TELNYX_OPERATOR", "a\x1b[2J", "printable"),
    ("TELNYX_API_KEY_FILE", "/nowhere", "both set"),
    ("TELNYX_PROFILE", "night", "there is no profile 'night'"),
]


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(("variable", "value", "reason"), REFUSED)
def test_a_refusal_is_one_line_without_secrets(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as refusal:
        settings.load({})
    assert reason in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert KEY not in str(refusal.value)


def test_a_profile_cannot_take_the_name_of_the_demo() -> None:
    with pytest.raises(SettingsError, match="reserved for the demo"):
        settings.load({"profile": "demo"})


def test_missing_keys_name_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="telnyx-console demo"):
        settings.load({})
    monkeypatch.setenv("TELNYX_API_KEY", KEY)
    with pytest.raises(SettingsError, match="--no-receiver"):
        settings.load({})
    assert settings.load({"receiver": False}).public_keys == ()


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    [
        ("region = ", 0o600, "cannot be read"),
        ("colour = 'red'", 0o600, "not a setting, 'colour'"),
        ("profile = 'night'", 0o600, "as a table"),
        ("region = 'US'", 0o620, "chmod 600"),
        (f"api_key = '{KEY}'", 0o640, "chmod 600"),
        ("api_key_file = '/nowhere/key'", 0o600, "cannot be read from /nowhere/key"),
    ],
)
def test_a_profile_file_that_cannot_be_trusted_is_refused(
    profile_file: Path, text: str, mode: int, reason: str
) -> None:
    profile_file.write_text(text)
    profile_file.chmod(mode)
    with pytest.raises(SettingsError) as refusal:
        settings.load({})
    assert reason in str(refusal.value)
    assert KEY not in str(refusal.value)
