"""The control endpoint obeys clients with the token, and no web page."""

from __future__ import annotations

import signal

import pytest
from simulator.harness import live_simulator
from simulator.program import ready, start

from console.simulator.control_guard import refusal

TOKEN = "of-the-ready-line"  # noqa: S105  # of a test
GOOD = {"host": "127.0.0.1:8090", "authorization": f"Bearer {TOKEN}"}


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        ("127.0.0.1", {}, None),
        ("::1", {"host": "[::1]:8090"}, None),
        ("::ffff:127.0.0.1", {"host": "localhost"}, None),
        ("127.0.0.1", {"host": "localhost.:8090"}, None),
        ("127.0.0.1", {"origin": "http://127.0.0.1:8090"}, None),
        ("203.0.113.7", {}, 403),
        (None, {}, 403),
        ("127.0.0.1", {"host": "evil.example:8090"}, 403),
        ("127.0.0.1", {"host": "localhost.evil.example"}, 403),
        ("127.0.0.1", {"host": "192.0.2.1:8090"}, 403),
        ("127.0.0.1", {"host": "[::1"}, 403),
        ("127.0.0.1", {"origin": "https://evil.example"}, 403),
        ("127.0.0.1", {"origin": "null"}, 403),
        ("127.0.0.1", {"origin": "http://127.0.0.1:9999"}, 403),
        ("127.0.0.1", {"authorization": ""}, 401),
        ("127.0.0.1", {"authorization": "Bearer another"}, 401),
        ("127.0.0.1", {"authorization": f"Bearer {TOKEN} "}, 401),
        ("127.0.0.1", {"authorization": "Bearer \udcff"}, 401),
    ],
)
def test_only_a_program_of_this_host_with_the_token_is_obeyed(
    peer: str | None, headers: dict[str, str], status: int | None
) -> None:
    answer = refusal(peer, GOOD | headers, TOKEN)
    assert (answer.status if answer else None) == status


def test_a_request_without_a_host_is_no_browsers() -> None:
    assert refusal("127.0.0.1", {"authorization": f"Bearer {TOKEN}"}, TOKEN) is None


def test_an_open_control_asks_for_no_token_and_still_obeys_no_page() -> None:
    assert refusal("127.0.0.1", {"host": "localhost"}, None) is None
    page = refusal("127.0.0.1", {"host": "localhost", "origin": "https://evil.example"}, None)
    assert page is not None
    assert page.status == 403


async def test_what_is_refused_moves_nobody() -> None:
    async with live_simulator() as sim:
        call = {"from": "+442079460018", "to": "+15125550100"}
        url = f"{sim.served.control_url}/calls"
        bearer = {"Authorization": f"Bearer {sim.served.control_token}"}
        for headers, status in (
            ({}, 401),
            ({"Authorization": f"Bearer {sim.served.api_key}"}, 401),
            (bearer | {"Origin": "https://evil.example"}, 403),
            (bearer | {"Host": "evil.example"}, 403),
        ):
            async with sim.session.post(url, json=call, headers=headers) as answer:
                assert answer.status == status
                assert "error" in await answer.json()
        assert (await sim.control("GET", "/state"))["parked"] == []
        async with sim.session.post(url, json=call, headers=bearer) as answer:
            assert answer.status == 200
        assert len((await sim.control("GET", "/state"))["parked"]) == 1


def test_the_token_is_another_each_time_and_open_control_has_none() -> None:
    tokens = []
    for flags in (["--seed", "5"], ["--seed", "5"], ["--open-control"]):
        with start(*flags) as process:
            tokens.append(ready(process).get("control_token"))
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
    first, second, opened = tokens
    assert first is not None
    assert len(first) >= 32
    assert second not in {None, first}
    assert opened is None
