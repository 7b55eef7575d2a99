"""Every documented error that a client can cause is caused over HTTP and compared.

These errors are absent, because no client of conferences, queues and calls can cause them:

- 422/90045 (media streaming), 90031, 90054 and 90061: of streaming, transcription and assistants; -
422/10011 (media encryption): of an option of dial that is not simulated; - 400/90047 (participant
on hold): of TeXML; - 409/10036: of ``Idempotency-Key``, which no operation here takes; - 500 and
503/10007: the API's own failures. Here they are faults, and a test switches them on.
"""

from dataclasses import replace

import pytest
from simulator.documented_errors import (
    DIAL,
    ROWS,
    clear,
    dials,
    hold_to_the_envelope,
    overfill_a_queue,
    overfill_a_room,
)
from simulator.harness import AT_ONCE, live_simulator


async def test_every_row_that_a_client_can_cause() -> None:
    async with live_simulator() as sim:
        seen = []
        for row in ROWS:
            answer = await row[-1](sim)
            (error,) = answer.json["errors"]
            seen.append((answer.status, error["code"], error["title"], answer.error[2]))
            hold_to_the_envelope(error)
            await clear(sim)
        assert seen == [row[:-1] for row in ROWS]


async def test_more_than_the_rate_limit_is_429() -> None:
    async with live_simulator(rate_limit=1) as sim:
        answers = [await sim.api("GET", "/queues") for _ in range(3)]
        refused = next(
            one for one in answers if one.status == 429
        )  # the rate limit may start a new minute in between
        assert refused.error == (429, "10011", None)
        assert refused.json["errors"][0]["title"] == "Too many requests"


async def test_more_dials_than_the_account_may_make_are_429() -> None:
    async with live_simulator(rules=replace(AT_ONCE, dials_per_second=0)) as sim:
        assert (await sim.api("POST", "/calls", DIAL)).error == (429, "90103", None)
        assert await sim.event_types() == []


@pytest.mark.parametrize(
    ("fault", "status", "title"),
    [
        ("http-500", 500, "Internal server error"),
        ("http-503", 503, "Service unavailable"),
    ],
)
async def test_its_own_failures_bear_the_code_of_a_404(fault: str, status: int, title: str) -> None:
    async with live_simulator(faults={fault: 1.0}) as sim:
        answer = await sim.api("GET", "/queues")
        assert answer.error == (status, "10007", None)
        assert answer.json["errors"][0]["title"] == title


async def test_the_detail_tells_the_limit_the_name_or_what_is_allowed() -> None:
    async with live_simulator() as sim:
        details = {}
        for cause in (overfill_a_room, overfill_a_queue, dials(supervisor_role="king")):
            (error,) = (await cause(sim)).json["errors"]
            details[error["code"]] = error["detail"]
        assert "2 participants" in details["90032"]
        assert "'q'" in details["90036"]
        assert "barge, whisper, monitor" in details["10032"]
