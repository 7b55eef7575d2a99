"""Each changing operation from its key: the request as Telnyx spells it, and its proof.

The bodies are written out here and not made by the catalogue. Operations that
tests/journeys/test_verbs.py and test_three_ways.py cover are only counted here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from textual import events

from console.commands import COMMANDS
from console.core.model.policy import Policy
from console.core.model.state import Receipt
from support.house import House, house

HASTY = Policy(sigma=0.3, proof=3.0, burst=(0.1, 0.4, 0.8, 1.5))
OPERATIONS = {
    "enqueue": {"enqueue", "enqueue_leg"},
    "leave queue": {"leave_queue"},
    "create conference": {"create", "create_with"},
    "end": {"end"},
    "gather": {"gather"},
    "hold": {"hold"},
    "join": {"join"},
    "leave": {"leave"},
    "mute": {"mute"},
    "play": {"play", "play_room"},
    "record pause": {"pause"},
    "record resume": {"resume"},
    "record start": {"record"},
    "record stop": {"record_stop"},
    "send dtmf": {"dtmf", "dtmf_room"},
    "speak": {"speak", "speak_room"},
    "stop": {"stop", "stop_room"},
    "unhold": {"unhold"},
    "unmute": {"unmute"},
    "update role": {"role"},
    "update participant": {"options"},
    "create queue": {"queue_create"},
    "update queue": {"queue_size"},
    "delete queue": {"queue_delete"},
    "update queue call": {"keep"},
    "remove queue call": {"ghost"},
}
"""The changing operations of the specification, with the records that run them."""
BEYOND = {"dial"}
"""Records of operations outside the specification: tests/journeys/test_roles.py."""


def test_every_operation_has_its_records_and_every_record_its_operation() -> None:
    assert len(OPERATIONS) == 26
    assert set.union(*OPERATIONS.values()) | BEYOND == set(COMMANDS)


@dataclass
class Floor:
    """A console on a conference of three and a queue of two."""

    at: House
    conference: str
    people: tuple[str, ...]
    calls: tuple[str, ...]

    def sent(self, method: str, path: str) -> dict[str, object]:
        """Return the body of the newest request of this method and path."""
        every = self.at.sim.requests(method)
        found = [one["body"] for one in every if one["path"] == path]
        assert found, f"{method} {path} is not among {[one['path'] for one in every]}"
        return dict(found[-1] or {})

    def cursor(self, pane: str) -> str:
        """Return the key of the row under the cursor of a pane."""
        return str(self.at.app.screen.query_one(f"#{pane} Table").cursor_key)  # type: ignore[attr-defined]  # our table

    async def dialog(self, *keys: str) -> None:
        """Press keys in a dialog once it accepts them."""
        at = self.at
        await at.until(lambda: at.app.screen.query("#dialog"))
        await at.until(lambda: not at.app.screen.query("#dialog").first().disabled)
        for key in keys:
            if key.startswith(PASTED):
                at.app.post_message(events.Paste(key.removeprefix(PASTED)))
                await at.pilot.pause()
            else:
                await at.press(key)

    async def seen(self, name: str, stage: str = "seen") -> Receipt:
        """Wait for the receipt at this stage."""
        return await self.at.receipt(name, stage)


PASTED = "pasted:"


def pasted(text: str) -> str:
    """Return a paste of the text."""
    return f"{PASTED}{text}"


@pytest.fixture
async def floor() -> AsyncIterator[Floor]:
    async with house("--scenario", "empty", policy=HASTY) as at:
        people = tuple(at.sim.caller(f"+1512555010{n}") for n in range(3))
        calls = tuple(at.sim.caller(f"+1512555020{n}") for n in range(2))
        conference = at.sim.conference("board-q3", *people)
        for leg in calls:
            at.sim.api("POST", f"/calls/{leg}/actions/enqueue", queue_name="vip")
        await at.until(lambda: len(at.state.people.get(conference, {})) == 3)
        await at.until(lambda: all(p.listed for p in at.state.people[conference].values()))
        await at.until(lambda: len(at.state.waiting.get("vip", {})) == 2)
        await at.until(lambda: all(c.listed for c in at.state.waiting["vip"].values()))
        await at.see("+1 512 555 0102")
        yield Floor(at, conference, people, calls)


async def test_a_place_is_kept_and_the_ghost_cleared_away(floor: Floor) -> None:
    at = floor.at
    await at.press("2")
    leg = floor.cursor("calls")
    await at.press("X")
    await at.see("the call is alive")
    await at.press("escape", "o")  # otherwise o would be text for the dialog
    await floor.dialog("ctrl+g")
    await floor.seen("keep", "no proof")
    assert floor.sent("PATCH", f"/queues/vip/calls/{quote(leg)}") == {"keep_after_hangup": True}
    at.sim.api("POST", f"/calls/{leg}/actions/hangup")
    await at.until(lambda: not at.state.waiting["vip"][leg].listed.alive)  # type: ignore[union-attr]  # listed above
    assert floor.cursor("calls") == leg
    await at.press("X")
    await floor.dialog("y")
    await floor.seen("ghost")
    assert floor.sent("DELETE", f"/queues/vip/calls/{quote(leg)}") == {}


async def test_a_caller_is_brought_into_a_conference_as_a_whisperer(floor: Floor) -> None:
    at = floor.at
    await at.press("2")
    leg = floor.cursor("calls")
    await at.press("a")
    await floor.dialog("down", "enter", "right", "enter", "enter", "right", "right", "ctrl+g")
    await at.see("choose who hears the whisper")
    await at.press("down", "ctrl+g")
    receipt = await floor.seen("join")
    body = floor.sent("POST", f"/conferences/{floor.conference}/actions/join")
    assert body.pop("whisper_call_control_ids") in [[one] for one in floor.people]
    assert body == {
        "call_control_id": leg,
        "mute": True,
        "supervisor_role": "whisper",
        "command_id": receipt.order.id,
    }


async def test_a_person_is_sent_to_a_queue_and_a_call_by_its_id_to_a_new_one(floor: Floor) -> None:
    at = floor.at
    await at.press("4")
    leg = floor.cursor("people")
    await at.press("Q")
    await floor.dialog("down", "ctrl+g")
    receipt = await floor.seen("enqueue")
    body = floor.sent("POST", f"/calls/{quote(leg)}/actions/enqueue")
    assert body == {"queue_name": "vip", "command_id": receipt.order.id}
    other = next(one for one in floor.people if one != leg)
    await at.press("2", "n")
    await floor.dialog(pasted(other), "enter", pasted("vap"), "ctrl+g")
    await at.see("a new one is created")
    assert at.newest("enqueue_leg") is None
    await floor.dialog("y")
    receipt = await floor.seen("enqueue_leg")
    body = floor.sent("POST", f"/calls/{quote(other)}/actions/enqueue")
    assert body == {"queue_name": "vap", "command_id": receipt.order.id}


async def test_a_queue_in_which_somebody_waits_is_not_deleted(floor: Floor) -> None:
    await floor.at.press("1", "x")
    await floor.at.see("only an empty queue can be deleted")
    assert floor.at.sim.requests("DELETE") == []
