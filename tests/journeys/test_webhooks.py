"""Webhooks that must change nothing, and those that must count once: over HTTP, on the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TypeAlias

import httpx
import pytest

from support.house import NOBODY, House, house
from support.signing import PUBLIC, event, headers

Headers: TypeAlias = list[tuple[str, str]]


@pytest.fixture
async def at() -> AsyncIterator[House]:
    async with house("--scenario", "empty", trust=(PUBLIC,)) as console:
        await console.see("No conference is live.")
        yield console


async def post(at: House, body: bytes, sent: Headers) -> int:
    async with httpx.AsyncClient(verify=NOBODY) as client:
        return (await client.post(at.url, content=body, headers=sent)).status_code


@pytest.mark.parametrize(
    ("forge", "reason"),
    [
        pytest.param(lambda h: h[:0], "missing", id="missing"),
        pytest.param(lambda h: [h[0], (h[1][0], "A" * 86 + "==")], "match", id="forged"),
        pytest.param(lambda h: [*h, h[1]], "signature", id="two signatures"),
        pytest.param(lambda h: [*h, h[0]], "timestamp", id="two timestamps"),
        pytest.param(lambda h: [(h[0][0], "+" + h[0][1]), h[1]], "timestamp", id="odd"),
    ],
)
async def test_what_is_not_trusted_changes_nothing_and_is_seen(
    at: House, forge: Callable[[Headers], Headers], reason: str
) -> None:
    body = event("call.enqueued")
    assert await post(at, body, forge(headers(body))) == 401
    await at.see("REFUSED 1")
    await at.see("webhook refused")
    assert reason in at.state.health.refused_reason
    assert not at.state.waiting
    assert not at.state.queues


async def test_a_stale_delivery_is_refused_with_its_age(at: House) -> None:
    body = event("call.enqueued")
    assert await post(at, body, headers(body, age=400)) == 401
    await at.see("REFUSED 1")
    assert not at.state.queues


async def test_the_same_delivery_twice_is_answered_200_and_counts_once(at: House) -> None:
    body = event("call.enqueued")
    assert await post(at, body, headers(body)) == 200
    assert await post(at, body, headers(body)) == 200
    await at.see("1 doubled")
    assert at.state.health.verified == 1
    assert [entry.name for entry in at.state.log].count("call.enqueued") == 1


async def test_unknown_and_unreadable_are_acknowledged_and_counted(at: House) -> None:
    unknown = event("conference.levitated", id_="e2")
    assert await post(at, unknown, headers(unknown)) == 200
    odd = b'["not an event"]'
    assert await post(at, odd, headers(odd)) == 200
    await at.see("1 unknown")
    await at.see("1 unreadable")
    doubled = event("call.enqueued", id_="e3").replace(b'"id"', b'"id": "e0", "id"', 1)
    assert await post(at, doubled, headers(doubled)) == 200
    await at.see("2 unreadable")
    assert not at.state.queues


async def test_a_delivery_reaches_the_screen_whatever_its_queue_is_called(at: House) -> None:
    body = event("call.enqueued", queue="tier 1/üñí#?")
    assert await post(at, body, headers(body)) == 200
    await at.see("tier 1/üñí#?")
