"""Tests for the settings that say which hosts reach the receiver."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from console import settings
from console.network_addresses import Address, address_in, is_loopback
from console.settings import SettingsError
from support.signing import PUBLIC

ACCOUNT: dict[str, object] = {"api_key": "KEY0", "public_keys": PUBLIC}


@pytest.mark.parametrize(
    "listen",
    ["0.0.0.0:8787", "[::]:8787", "192.0.2.1:8787", "[2001:db8::1]:8787", "hooks.example:8787"],
)
def test_other_hosts_are_let_in_only_where_that_is_said(
    listen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError) as raised:
        settings.load(ACCOUNT | {"listen": listen})
    assert f"--listen {listen} " in str(raised.value)
    assert "plain HTTP" in str(raised.value)
    assert "--public" in str(raised.value)
    assert settings.load(ACCOUNT | {"listen": listen, "public": True}).listen == address_in(listen)
    assert settings.load(ACCOUNT | {"listen": listen, "receiver": False}).receiver is False
    monkeypatch.setenv("TELNYX_PUBLIC", "1")
    assert settings.load(ACCOUNT | {"listen": listen}).public


@pytest.mark.parametrize("listen", ["127.0.0.1:0", "127.3.4.5:1", "[::1]:1", "localhost:1"])
def test_this_host_itself_needs_no_word_for_it(listen: str) -> None:
    assert settings.load(ACCOUNT | {"listen": listen}).public is False


def test_proxies_and_names_for_health_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELNYX_TRUSTED_PROXIES", "192.0.2.7, 2001:db8::/32,")
    monkeypatch.setenv("TELNYX_HEALTH_HOSTS", "Console.Internal, fd00::2")
    made = settings.load(ACCOUNT)
    assert made.trusted_proxies == (ip_network("192.0.2.7"), ip_network("2001:db8::/32"))
    assert made.health_hosts == ("console.internal", "fd00::2")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELNYX_TRUSTED_PROXIES", "192.0.2.0/33"),
        ("TELNYX_TRUSTED_PROXIES", "proxy.example"),
        ("TELNYX_HEALTH_HOSTS", "console.internal:8787"),
        ("TELNYX_HEALTH_HOSTS", "http://console.internal"),
    ],
)
def test_what_is_no_address_or_name_is_one_line(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        settings.load(ACCOUNT)


def test_an_address_is_read_and_nothing_else() -> None:
    assert address_in("[::1]:9000") == Address("::1", 9000)
    for wrong in ("::1:9000", "host", "host:65536", "[]:1", "a b:1"):
        assert address_in(wrong) is None


@pytest.mark.parametrize(
    ("host", "ours"),
    [("localhost", True), ("::ffff:127.0.0.1", True), ("::ffff:192.0.2.1", False), ("", False)],
)
def test_the_loopback_is_known_in_either_family(host: str, *, ours: bool) -> None:
    assert is_loopback(host) is ours
