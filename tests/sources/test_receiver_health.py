"""``/healthz`` answers figures to programs of this host, and a bare status through a proxy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sources.receiving import closed, post, receiving

from console.runtime.health_report import HealthReport
from console.sources.receiver_guard import Access, GuardReply, health_reply

if TYPE_CHECKING:
    from sources.receiving import Receiver

WELL = HealthReport(well=True, figures={"refused": 3})
ILL = HealthReport(well=False, figures={"wrong": ["clock"]})


async def ask(
    receiver: Receiver, *headers: str, method: str = "GET", host: str = "127.0.0.1:8787"
) -> tuple[int, str, bytes]:
    """Return the status, the headers and the body of the answer."""
    reader, writer = await receiver.open()
    writer.write(post(b"", *headers, path="/healthz", method=method, host=host, signed=False))
    head, _, body = (await closed(reader)).partition(b"\r\n\r\n")
    writer.close()
    return int(head.split()[1]), head.decode(), body


@pytest.mark.parametrize(("vital", "status"), [(WELL, 200), (ILL, 503)])
async def test_a_program_of_this_host_gets_the_figures(vital: HealthReport, status: int) -> None:
    async with receiving() as receiver:
        receiver.vital = vital
        for host in ("127.0.0.1", "localhost:8787", "LOCALHOST.", "[::1]:8787", "127.9.9.9"):
            told, _, body = await ask(receiver, host=host)
            assert (told, json.loads(body)) == (status, vital.figures)
        assert receiver.refused == []


@pytest.mark.parametrize(("vital", "status"), [(WELL, 200), (ILL, 503)])
async def test_head_is_answered_as_get_without_the_body(vital: HealthReport, status: int) -> None:
    async with receiving() as receiver:
        receiver.vital = vital
        _, by_get, figures = await ask(receiver)
        told, by_head, body = await ask(receiver, method="HEAD")
        assert (told, body) == (status, b"")
        assert f"Content-Length: {len(figures)}" in by_head
        assert [line for line in by_head.splitlines() if "Date" not in line] == [
            line for line in by_get.splitlines() if "Date" not in line
        ]


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-For: 127.0.0.1",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: localhost",
        "Via: 1.1 proxy",
        "Forwarded: for=::1",
        "X-Real-IP: 127.0.0.1",
        "CF-Connecting-IP: 203.0.113.7",
        "True-Client-IP: 203.0.113.7",
    ],
)
async def test_through_a_proxy_there_is_the_bare_status(header: str) -> None:
    async with receiving() as receiver:
        for vital, status in ((WELL, 200), (ILL, 503)):
            receiver.vital = vital
            told, _, body = await ask(receiver, header)
            assert (told, body) == (status, b"")
            told, _, body = await ask(receiver, header, host="hooks.example")
            assert (told, body) == (status, b"")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8787", "localhost.evil.example", "192.0.2.1", "", "[::1"]
)
async def test_a_foreign_host_gets_nothing(host: str) -> None:
    async with receiving() as receiver:
        told, _, body = await ask(receiver, host=host)
        assert (told, body) == (421, b"")
        assert receiver.refused == []


async def test_a_host_that_is_configured_gets_the_figures() -> None:
    async with receiving(access=Access(health_hosts=("console.internal",))) as receiver:
        told, _, body = await ask(receiver, host="Console.Internal:8787")
        assert (told, json.loads(body)) == (200, {})
        assert (await ask(receiver, host="other.internal"))[0] == 421


def test_a_caller_of_another_host_gets_nothing() -> None:
    assert health_reply("192.0.2.1", {"Host": "127.0.0.1"}, ()) is GuardReply.NOTHING
    assert health_reply(None, {"Host": "127.0.0.1"}, ()) is GuardReply.NOTHING
    assert health_reply("::ffff:127.0.0.1", {"Host": "[::1]"}, ()) is GuardReply.FIGURES
    assert health_reply("127.0.0.1", {}, ()) is GuardReply.FIGURES, "HTTP/1.0, so no browser"
