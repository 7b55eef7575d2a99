"""A participant is taken out and parked, then moved elsewhere or removed as the call ended."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from console.core.key_guards import MOVED_CURSOR_SECONDS
from console.core.model.policy import Policy
from console.sources.clock import now
from support.house import House, house

HASTY = Policy(sigma=0.6, proof=3.0, burst=(0.2, 0.5, 0.9, 1.5), parked_read_every=0.2)
DANA = "+1 512 555 0102"


class Floor:
    """Two conferences; x has just taken Dana out of the first; Parked has the focus."""

    def __init__(self, at: House, first: str, other: str) -> None:
        self.at, self.first, self.other = at, first, other

    def sent(self) -> tuple[str, dict[str, object]]:
        """Return path and body of the console's newest request."""
        one = self.at.sim.requests()[-1]
        return str(one["path"]), dict(one["body"])

    def parked(self) -> list[str]:
        """Return the rows of the Parked pane as drawn."""
        table = self.at.app.screen.query_one("#parked Table")
        return list(table.shown_keys)  # type: ignore[attr-defined]  # our table

    async def again(self, leg: str) -> None:
        """Wait until the leg is parked again, and keys work after its row was gone."""
        await self.at.until(lambda: self.parked() == [leg])
        since = now().mono
        await self.at.until(lambda: now().mono - since > MOVED_CURSOR_SECONDS)

    async def empty(self) -> None:
        """Wait until nobody is parked."""
        await self.at.until(lambda: not self.parked() and not self.at.state.parked)
        await self.at.see("Nobody is parked.")


async def dialog(at: House, *keys: str) -> None:
    """Press keys in a dialog once it accepts them."""
    await at.until(lambda: at.app.screen.query("#dialog"))
    await at.until(lambda: not at.app.screen.query("#dialog").first().disabled)
    await at.press(*keys)


@pytest.fixture
async def dana() -> AsyncIterator[tuple[Floor, str]]:
    async with house("--scenario", "empty", policy=HASTY) as at:
        host, leg, caro = (at.sim.caller(f"+1512555010{n}") for n in (1, 2, 3))
        conference, other = (
            at.sim.conference("board-q3", host, leg),
            at.sim.conference("other", caro),
        )
        await at.see("board-q3")
        await at.until(lambda: all(len(at.state.people.get(r, {})) for r in (conference, other)))
        await at.until(lambda: at.state.people[conference].get(leg) is not None)
        await at.until(lambda: all(p.listed for p in at.state.people[conference].values()))
        await at.see("Nobody is parked.")
        table = at.app.screen.query_one("#conferences Table")
        if table.cursor_key != conference:  # type: ignore[attr-defined]  # our table
            await at.press("3", "j")
        await at.see(DANA)
        await at.press("4")
        people = at.app.screen.query_one("#people Table")
        while people.cursor_key != leg:  # type: ignore[attr-defined]  # our table
            await at.press("j")
        await at.press("x")
        await dialog(at, "y")
        await at.receipt("leave", "seen")
        floor = Floor(at, conference, other)
        assert floor.sent()[0] == f"/conferences/{conference}/actions/leave"
        await at.until(lambda: floor.parked() == [leg])
        assert at.state.parked[leg].operator == "ana"
        await at.press("7")
        yield floor, leg


async def test_into_another_conference_a_queue_and_a_new_conference(
    dana: tuple[Floor, str],
) -> None:
    floor, leg = dana
    at = floor.at
    await at.press("a")
    await dialog(at, *"other", "ctrl+g")
    await dialog(at, "y")  # a second question: somebody becomes audible
    receipt = await at.receipt("join", "seen")
    path, body = floor.sent()
    assert path == f"/conferences/{floor.other}/actions/join"
    assert body == {"call_control_id": leg, "command_id": receipt.order.id}
    await floor.empty()
    at.sim.api("POST", f"/conferences/{floor.other}/actions/leave", call_control_id=leg)
    await floor.again(leg)
    assert (at.state.parked[leg].operator, at.state.parked[leg].was_alive) == ("", False)
    await at.press("Q")
    await dialog(at, *"vip", "ctrl+g")
    await dialog(at, "ctrl+g")  # the queue is new, which needs a confirmation
    receipt = await at.receipt("enqueue", "seen")
    assert floor.sent()[1] == {"queue_name": "vip", "command_id": receipt.order.id}
    await floor.empty()
    at.sim.api("POST", f"/calls/{leg}/actions/leave_queue")
    await floor.again(leg)
    assert (at.state.parked[leg].queue, at.state.parked[leg].operator) == ("vip", "")
    await at.press("N")
    await dialog(at, *"third", "ctrl+g")
    await at.receipt("create_with", "seen")
    path, body = floor.sent()
    assert (path, body["call_control_id"], body["name"]) == ("/conferences", leg, "third")
    await floor.empty()


async def test_who_hangs_up_is_cleared(dana: tuple[Floor, str]) -> None:
    floor, leg = dana
    floor.at.sim.control("POST", f"/calls/{leg}/hangup")
    await floor.empty()


async def test_a_hangup_that_was_not_told_is_found_out_by_the_next_command(
    dana: tuple[Floor, str],
) -> None:
    floor, leg = dana
    at = floor.at
    at.sim.fault("webhook-drop", 1.0)
    at.sim.control("POST", f"/calls/{leg}/hangup")
    await at.press("a")
    await dialog(at, *"other", "ctrl+g")
    await dialog(at, "y")
    await at.receipt("join", "refused")
    await floor.empty()
    await at.see("hung up: 90018")


async def test_telnyx_is_asked_about_who_went_without_a_word_and_read_on_demand(
    dana: tuple[Floor, str],
) -> None:
    floor, leg = dana
    at = floor.at
    at.sim.fault("webhook-drop", 1.0)
    gone = next(one for one in at.state.people[floor.first] if one != leg)
    at.sim.control("POST", f"/calls/{gone}/hangup")
    await at.until(lambda: not _here(at, floor.first, gone))
    await at.until(lambda: at.state.identities[gone].ended)
    await at.until(lambda: floor.parked() == [leg])
    await at.press("i")
    await at.see("is_alive")
    await at.press("escape")
    assert floor.parked() == [leg]
    at.sim.control("POST", f"/calls/{leg}/hangup")
    await at.press("i")
    await at.see("end_time")
    await at.press("escape")
    await floor.empty()


def _here(at: House, conference: str, leg: str) -> bool:
    person = at.state.people.get(conference, {}).get(leg)
    return person is not None and person.membership.here
