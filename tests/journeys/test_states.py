"""Every state a pane or the header can be in: raised by what the provider does, and cleared."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from console.core.policy import Policy
from support.house import House, house

BRISK = Policy(
    queues_every=0.5,
    calls_watched_every=0.5,
    calls_every=0.5,
    conferences_every=0.5,
    people_watched_every=0.3,
    people_every=1.0,
    offline=0.5,
    hooks_silent=1.0,
    gone=5.0,
    budget=50.0,
)
"""The same rules, sooner."""


@dataclass
class Floor:
    """A console on one room of two and a queue of one."""

    at: House
    room: str


@pytest.fixture
async def floor() -> AsyncIterator[Floor]:
    async with house("--scenario", "empty", policy=BRISK) as at:
        room = at.sim.room("board-q3", at.sim.caller("+15125550101"), at.sim.caller("+15125550102"))
        waiting = at.sim.caller("+15125550201")
        at.sim.api("POST", f"/calls/{waiting}/actions/enqueue", queue_name="vip")
        await at.see("+1 512 555 0102")
        await at.see("+1 512 555 0201")
        await at.until(lambda: all(p.fields for p in at.state.people[room].values()))
        await at.press("4")
        yield Floor(at, room)


async def gone(at: House, text: str) -> None:
    """Wait until this is no longer on the screen."""
    await at.until(lambda: text not in at.text(), f"{text!r} never went")


async def nothing_is_blanked(at: House) -> None:
    """What was last known stays on the screen."""
    for text in ("board-q3", "+1 512 555 0101", "+1 512 555 0102", "+1 512 555 0201", "vip"):
        assert text in at.text()


OLD = "What is shown of this room is old."
TROUBLE = {
    "http-403": ("403: may not list people", "mute: 403: this key may not list people"),
    "http-503": ("error 503, ", OLD),
    "http-429": ("429: polls slowed, resume in ", ""),
}
"""What a pane says beside its title while every request meets this, and what it says to a key."""
COUNTED = re.compile(r"(error 503|no answer), (retry \d+ in|polls pause) \d+ s")


async def test_what_goes_wrong_is_said_and_the_last_values_stay(floor: Floor) -> None:
    at = floor.at
    for fault, (shown, answered) in TROUBLE.items():
        at.sim.fault(fault, 1.0)
        await at.press("ctrl+r")
        await at.see(shown)
        await nothing_is_blanked(at)
        if answered == OLD:
            await at.until(lambda: COUNTED.search(at.text()), "when it is tried again")
            await at.see("s!")
        if answered:
            await at.press("m")
            await at.see(answered)
        if answered == OLD:
            await at.press("escape")
        at.sim.fault(fault, 0.0)
        await at.press("ctrl+r")
        await gone(at, shown)
        await nothing_is_blanked(at)


async def test_a_pane_says_that_it_loads_and_when_it_was_seen_to_be_empty() -> None:
    policy = replace(BRISK, attempt=1.0)
    async with house("--scenario", "empty", "--fault", "slow=1", policy=policy) as at:
        await at.see("loading conferences, ")
        at.sim.fault("slow", 0.0)
        await at.see("No conference is live. Seen ")
        await at.see("n begins one with a call.")
        await at.see("No webhook has arrived yet.")
        await gone(at, "loading conferences")
        leg = at.sim.caller("+15125550101")
        await at.see("Webhooks arrived ")
        at.sim.room("board-q3", leg)
        await gone(at, "No conference is live.")


async def test_a_refused_key_stops_polls_and_commands_until_it_is_tried_again(floor: Floor) -> None:
    at = floor.at
    at.sim.fault("http-401", 1.0)
    await at.see("KEY REFUSED")
    await at.see("again in")
    await at.see("401: key refused")
    await nothing_is_blanked(at)
    at.sim.fault("http-401", 0.0)
    asked = len(at.sim.requests("GET"))
    await at.press("m")
    await at.see("mute: the API key was refused; ctrl+r tries it again")
    assert at.sim.requests("POST")[-1]["path"].endswith("/enqueue"), "nothing was sent"
    assert len(at.sim.requests("GET")) == asked, "nobody polls with a refused key"
    await at.press("ctrl+r")
    await gone(at, "KEY REFUSED")
    await gone(at, "401: key refused")
    await at.press("m")
    await at.receipt("mute", "seen")


async def test_while_nobody_answers_age_runs_on_and_no_command_is_queued(floor: Floor) -> None:
    at = floor.at
    at.sim.fault("timeout-before", 1.0)
    await at.see("OFFLINE since ")
    await at.see("showing last known")
    await at.until(lambda: COUNTED.search(at.text()), "when it is tried again")
    await at.see("s!")
    await nothing_is_blanked(at)
    await at.press("m")
    await at.see("nothing is queued")
    at.sim.fault("timeout-before", 0.0)
    await gone(at, "OFFLINE")
    await gone(at, "s!")
    assert at.newest("mute") is None


async def test_silent_webhooks_are_said_until_one_comes(floor: Floor) -> None:
    at = floor.at
    at.sim.fault("webhook-drop", 1.0)
    await at.see("hooks silent")
    at.sim.fault("webhook-drop", 0.0)
    at.sim.caller("+15125550103")
    at.sim.api("POST", f"/conferences/{floor.room}/actions/speak", payload="hello", voice="female")
    await gone(at, "hooks silent")


async def test_a_webhook_of_another_key_is_refused_and_said(floor: Floor) -> None:
    at = floor.at
    at.sim.fault("webhook-bad-signature", 1.0)
    at.sim.api("POST", f"/conferences/{floor.room}/actions/speak", payload="hello", voice="female")
    await at.see("REFUSED")
    assert not any(sound.playing for sound in at.state.rooms[floor.room].audio)


async def test_an_ended_conference_is_struck_out_and_then_goes(floor: Floor) -> None:
    at = floor.at
    await at.press("3")
    at.sim.api("POST", f"/conferences/{floor.room}/actions/end")
    await at.see("0 live")
    await at.press("e")
    await at.see("end: the conference has ended")
    await at.see("No conference is live.")
