"""Marked rows over HTTP: one request if the API takes a list, else one each, with its result."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from journeys.hasty import HASTY, yes

from console.core.model.stage import Stage
from support.house import House, house

RARELY = replace(HASTY, people_watched_every=60.0)
"""A policy under which only webhooks, commands and ctrl+r list the people."""
NUMBERS = tuple(f"+1512555010{digit}" for digit in range(1, 6))


@asynccontextmanager
async def floor(*numbers: str) -> AsyncIterator[tuple[House, str, dict[str, str]]]:
    """Run a console on a conference of these callers, with the focus on the People pane."""
    async with house("--scenario", "empty", policy=RARELY) as at:
        legs = {number: at.sim.caller(number) for number in numbers}
        conference = at.sim.conference("board-q3", *legs.values())
        await at.until(lambda: len(at.state.people.get(conference, {})) == len(numbers))
        await at.press("ctrl+r")
        await at.until(lambda: all(p.listed for p in at.state.people[conference].values()))
        await at.press("4")
        yield at, conference, legs


def sent(at: House, conference: str, action: str) -> list[dict[str, object]]:
    """Return the bodies of the console's requests for an action, oldest first."""
    path = f"/conferences/{conference}/actions/{action}"
    return [dict(one["body"]) for one in at.sim.requests() if one["path"] == path]


async def test_taking_three_out_is_three_requests_and_the_one_refused_is_named() -> None:
    async with floor(*NUMBERS[:4]) as (at, conference, legs):
        await at.press("slash", *"!0104", "enter", "asterisk")
        await at.see("3 marked")
        await at.press("x")
        await at.see("take out 3 people")
        at.sim.fault("webhook-drop", 1.0)
        at.sim.control("POST", f"/calls/{legs[NUMBERS[1]]}/hangup")
        await yes(at)
        await at.until(lambda: len(at.state.receipts) == 3)
        await at.until(lambda: not any(r.stage.open for r in at.state.receipts.values()))
        stages = {one.order.legs[0]: one for one in at.state.receipts.values()}
        refused = stages[legs[NUMBERS[1]]]
        assert refused.stage is Stage.REFUSED
        assert refused.problem is not None
        assert len({one.order.batch for one in stages.values()}) == 1
        bodies = sent(at, conference, "leave")
        assert {body["call_control_id"] for body in bodies} == {
            legs[number] for number in NUMBERS[:3]
        }
        assert len({body["command_id"] for body in bodies}) == 3
        await at.see(f"+1 512 555 0102 refused 422 {refused.problem.code}")
        await at.see("3 marked")


async def test_muting_many_is_one_request_with_the_marked_less_the_supervisor() -> None:
    async with floor(*NUMBERS[:4]) as (at, conference, legs):
        first, second, boss = (legs[number] for number in NUMBERS[:3])
        at.sim.api(
            "POST",
            f"/conferences/{conference}/actions/update",
            call_control_id=boss,
            supervisor_role="whisper",
            whisper_call_control_ids=[first],
        )
        await at.press("ctrl+r")
        await at.until(lambda: getattr(at.state.people[conference][boss].listed, "whisper_to", ()))
        await at.press("slash", *"!0104", "enter", "asterisk", "m")
        await at.see("not touched: +1 512 555 0103")
        await yes(at)
        receipt = await at.receipt("mute", "seen")
        assert receipt.order.batch is None
        (body,) = sent(at, conference, "mute")
        assert set(body) == {"call_control_ids"}
        assert sorted(body["call_control_ids"]) == sorted([first, second])  # type: ignore[call-overload]  # a list
