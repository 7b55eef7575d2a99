"""Certificate authorities are loaded for https only."""

from __future__ import annotations

import ssl

import pytest
from pydantic import SecretStr

from console.core.model.listed_resources import Moment
from console.telnyx.client import Client


def client(base: str) -> Client:
    return Client(base, SecretStr("KEY0"), clock=lambda: Moment(0, 0),
                  report=lambda _: None, agent="a", attempt=1.0)  # fmt: skip


def test_the_authorities_are_loaded_for_https_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []

    def load(cafile: str) -> ssl.SSLContext:
        loaded.append(cafile)
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    monkeypatch.setattr(ssl, "create_default_context", load)
    client("http://127.0.0.1:8090/v2")
    assert loaded == []
    client("https://api.telnyx.com/v2")
    assert loaded
