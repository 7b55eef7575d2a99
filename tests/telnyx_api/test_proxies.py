"""The proxy for a host. An unreadable entry of NO_PROXY does not affect the others."""

from __future__ import annotations

import os

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.telnyx.proxies import ProxyChoice, choose, exempts

PROXY = "http://proxy.test:3128"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("entry", "meant", "not_meant"),
    [
        ("*", "api.telnyx.com", None),
        ("telnyx.com", "api.telnyx.com", "nottelnyx.com"),
        ("TELNYX.com.", "telnyx.com", "telnyx.com.test"),
        (".telnyx.com", "api.telnyx.com", "telnyx.com"),
        ("*.telnyx.com", "api.telnyx.com", "telnyx.com"),
        ("api.telnyx.com:443", "api.telnyx.com", "telnyx.com"),
        ("https://api.telnyx.com", "api.telnyx.com", "x.test"),
        ("all://api.telnyx.com", "api.telnyx.com", "x.test"),
        ("192.0.2.7", "192.0.2.7", "192.0.2.70"),
        ("192.0.2.7:443", "192.0.2.7", "192.0.2.8"),
        ("192.0.2.0/24", "192.0.2.7", "192.0.3.7"),
        ("192.0.2.9/24", "192.0.2.7", "telnyx.com"),
        ("::1", "::1", "::2"),
        ("[::1]", "::1", "::2"),
        ("[::1]:443", "0:0:0:0:0:0:0:1", "::2"),
        ("fd00::/8", "fd12::7", "fe80::7"),
        ("[fd00::]/8", "fd12::7", "192.0.2.7"),
        ("[fd00::/8]", "fd12::7", "fe80::7"),
        ("bücher.example", "xn--bcher-kva.example", "bcher.example"),
        ("localhost", "localhost", "host"),
    ],
)
def test_an_entry_means_the_hosts_that_it_names(
    entry: str, meant: str, not_meant: str | None
) -> None:
    assert exempts(entry, meant, 443)
    assert not_meant is None or not exempts(entry, not_meant, 443)


@pytest.mark.parametrize(
    "entry", ["api.telnyx.com:8443", "http://api.telnyx.com", "ftp://api.telnyx.com"]
)
def test_an_entry_for_another_port_or_scheme_is_not_meant(entry: str) -> None:
    assert not exempts(entry, "api.telnyx.com", 443)


@pytest.mark.parametrize(
    "entry",
    ["10.0.0.0/99", "[::1", "::1]", "fd00::/129", "a b", "a..b", "https://", "a:", "a:1:2",
     "é" * 99, "[::1]/8/8", "-:-", "10.0.0.0/8/8", "\x1b[31m", "[]", "."],
)  # fmt: skip
def test_what_cannot_be_read_is_left_out_and_named_and_the_rest_is_heeded(
    monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", f"x.test,{entry}, telnyx.com")
    assert choose("api.telnyx.com", 443) == ProxyChoice(None, "HTTPS_PROXY", (entry,))
    assert choose("y.test", 443) == ProxyChoice(PROXY, "HTTPS_PROXY", (entry,))


@given(entry=st.text(max_size=30) | st.text("[]:./*0123456789afx-", max_size=20))
@example("//")
@example("*" * 9)
def test_any_entry_is_read_or_left_out(entry: str) -> None:
    try:
        exempts(entry, "api.telnyx.com", 443)
    except ValueError:
        return


NAMES = st.from_regex(r"\.?[a-z]{1,3}(\.[a-z]{1,3}){0,2}", fullmatch=True)
NUMBERS = st.ip_addresses(v=4).map(str) | st.ip_addresses(v=6).map(str)


@given(entry=NAMES | NUMBERS, host=NAMES.map(lambda name: name.strip(".")))
@example(entry="a", host="b.a")
def test_names_and_addresses_mean_what_they_mean_to_httpx(entry: str, host: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HTTPS_PROXY", PROXY)
        patched.setenv("NO_PROXY", entry)
        client = httpx.AsyncClient(verify=False)  # noqa: S501  # nothing is asked
        expected = client._transport_for_url(httpx.URL(f"https://{host}"))  # noqa: SLF001
        through = expected is not client._transport  # noqa: SLF001  # no public way to ask
        assert (choose(host, 443).url is not None) is through


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, ProxyChoice(None)),
        ({"NO_PROXY": "[::1"}, ProxyChoice(None)),
        ({"HTTP_PROXY": PROXY}, ProxyChoice(None)),
        ({"HTTPS_PROXY": ""}, ProxyChoice(None)),
        ({"HTTPS_PROXY": PROXY, "https_proxy": ""}, ProxyChoice(None)),
        ({"HTTPS_PROXY": "proxy.test:3128"}, ProxyChoice(PROXY)),
        ({"HTTPS_PROXY": "a", "https_proxy": "b"}, ProxyChoice("http://b", "https_proxy")),
        ({"ALL_PROXY": PROXY}, ProxyChoice(PROXY, "ALL_PROXY")),
        ({"all_proxy": "a", "HTTPS_PROXY": PROXY}, ProxyChoice(PROXY)),
    ],
)
def test_the_variable_that_names_the_proxy_is_known(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: ProxyChoice
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert choose("api.telnyx.com", 443) == expected


@pytest.mark.parametrize(
    "url",
    ["http://[bad", "http://", "http://:80", "http://h:99999", "http://h:port", "http://a b:1",
     "http://\x7f", "http://\udcff", "http://[::1", "http://[x]:1"],
)  # fmt: skip
def test_a_malformed_address_of_a_proxy_is_found_before_it_is_used(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        ProxyChoice(url).check()


@pytest.mark.parametrize(
    "url", [PROXY, "https://proxy.test", "http://[::1]:3128", "http://u:p@192.0.2.7:1", "http://h/"]
)
def test_a_readable_address_of_a_proxy_is_left_alone(url: str) -> None:
    ProxyChoice(url).check()


def test_what_was_left_out_is_named_without_a_password() -> None:
    assert ProxyChoice(PROXY).left_out() == ()
    (note,) = ProxyChoice(PROXY, unread=("u:secret@a b", "x" * 99)).left_out()
    assert note.startswith("NO_PROXY: ignored unreadable entries: 'a b', 'xxx")
    assert "secret" not in note
    assert len(note) < 130
