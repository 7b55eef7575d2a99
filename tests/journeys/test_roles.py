"""Roles and names end to end: audibility, the operator's own phone, and lasting notes."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from console.core.audibility import role_of
from console.core.model.policy import Policy
from console.journal.sqlite import SqliteLog
from console.sources.clock import now
from console.ui.screens.dialog import Dialog
from support.house import House, house

HASTY = Policy(sigma=0.3, proof=3.0, burst=(0.1, 0.4, 0.8, 1.5))


async def conference_of(at: House, *numbers: str) -> tuple[str, list[str]]:
    """Create a conference of these callers and wait until it is listed; return its id and legs."""
    legs = [at.sim.caller(number) for number in numbers]
    conference = at.sim.conference("board-q3", *legs)
    await at.until(lambda: len(at.state.people.get(conference, {})) == len(legs))
    await at.until(lambda: all(p.listed for p in at.state.people[conference].values()))
    await at.until(lambda: all(at.state.identities[leg].number for leg in legs))
    await at.see("+1 512 555 0101")
    return conference, legs


async def hears(at: House) -> None:
    """Wait for a dialog that accepts keys."""
    await at.until(lambda: isinstance(at.app.screen, Dialog))
    await at.until(lambda: not at.app.screen.query("#dialog").first().disabled)


async def line(at: House, text: str) -> None:
    """Run a command line."""
    await at.press("colon", *("space" if letter == " " else letter for letter in text), "enter")


async def test_a_role_shows_who_would_hear_and_becoming_audible_is_asked_again() -> None:
    async with house("--scenario", "empty", policy=HASTY, size=(80, 24)) as at:
        conference, legs = await conference_of(at, "+15125550101", "+15125550102")
        await at.press("4", "g")
        await line(at, "me")
        await at.see("you +1 512")
        mine = next(leg for leg in legs if at.state.notes.get(leg))
        other = next(leg for leg in legs if leg != mine)
        await at.press("j", "w")
        await hears(at)
        await at.see("heard by")
        await at.see("Nobody should hear you.")
        await at.press("ctrl+g")
        receipt = await at.receipt("role", "seen")
        path = f"/conferences/{conference}/actions/update"
        body = {"call_control_id": mine, "supervisor_role": "monitor"}
        assert at.sim.requests()[-1]["path"] == path
        assert at.sim.requests()[-1]["body"] == {**body, "command_id": receipt.order.id}
        await at.see("monitor j")
        await at.see("you are not heard")
        await at.press("w")
        await hears(at)
        at.app.screen.query("ChoiceInput").first().focus()
        await at.press("right")
        await at.see("WILL hear you.")
        await at.see("YES")
        await at.press("ctrl+g")
        await at.see("1 person in the conference WILL hear this, but does not now. y runs it.")
        assert at.newest("role") is not None
        assert at.newest("role").order.id == receipt.order.id  # type: ignore[union-attr]  # just seen
        await hears(at)
        await at.press("y")
        await at.until(lambda: at.newest("role").order.id != receipt.order.id)  # type: ignore[union-attr]
        again = await at.receipt("role", "seen")
        assert at.sim.requests()[-1]["body"] == {
            **body,
            "supervisor_role": "whisper",
            "whisper_call_control_ids": [other],
            "command_id": again.order.id,
        }
        await at.see("you are heard by 1 person")


async def test_a_role_that_does_not_show_is_no_proof() -> None:
    async with house("--scenario", "empty", policy=HASTY) as at:
        await conference_of(at, "+15125550101", "+15125550102")
        at.sim.fault("role-not-shown", 1.0)
        await at.press("4", "w")
        await hears(at)
        await at.press("ctrl+g")
        await at.receipt("role", "no proof")
        leg = at.newest("role").order.legs[0]  # type: ignore[union-attr]  # just seen
        (people,) = at.state.people.values()
        assert role_of(people[leg], at.state.policy.sigma) is None


async def test_your_own_phone_is_brought_into_the_conference_in_a_role() -> None:
    async with house("--scenario", "empty", policy=HASTY) as at:
        conference, _ = await conference_of(at, "+15125550101")
        await at.press("4")
        await line(at, "dial")
        await hears(at)
        await at.see("Nobody should hear you.")
        await at.press("ctrl+g")
        receipt = await at.receipt("dial", "seen")
        state = base64.b64encode(json.dumps({"by": "ana", "via": "telnyx-console"}).encode())
        sent = at.sim.requests()[-1]
        assert sent["path"] == "/calls"
        assert sent["body"] == {
            "connection_id": "2963500000000000123",
            "from": "+15125550100",
            "to": "+15125550150",
            "conference_config": {"id": conference, "supervisor_role": "monitor"},
            "client_state": state.decode(),
            "command_id": receipt.order.id,
        }
        await at.see("monitor j")
        await at.see("you are not heard")
        (one,) = at.sim.control("GET", "/state")["conferences"]
        roles = {p["call_control_id"]: p["supervisor_role"] for p in one["participants"]}
        assert roles[receipt.order.legs[0]] == "monitor"


async def test_without_a_number_to_dial_that_is_said() -> None:
    async with house("--scenario", "empty", policy=HASTY, phoned=False) as at:
        await conference_of(at, "+15125550101")
        await at.press("4")
        await line(at, "dial")
        await at.see("the settings lack connection_id and from_number and operator_number")
        assert at.newest("dial") is None


async def test_the_audio_of_a_hold_is_played_also_after_a_restart(tmp_path: Path) -> None:
    audio = "https://media.example/jazz.mp3"

    def log() -> SqliteLog:
        return SqliteLog(tmp_path / "j.db", wall=lambda: now().wall, notify=lambda _: None)

    async with house("--scenario", "empty", policy=HASTY, log=log()) as at:
        before, _ = await conference_of(at, "+15125550101")
        await at.press("4", "g")
        await line(at, "hold")
        await hears(at)
        await at.press("tab", "tab", *audio, "ctrl+g")
        first = await at.receipt("hold", "seen")
        assert at.sim.requests()[-1]["body"]["audio_url"] == audio
    async with house("--scenario", "empty", policy=HASTY, log=log()) as at:
        conference, _ = await conference_of(at, "+15125550101")
        assert conference == before, "the same simulator's same conference"
        await at.press("4", "g", "h")
        await at.until(lambda: (newest := at.newest("hold")) and newest.order.id != first.order.id)
        await at.receipt("hold", "seen")
        assert at.sim.requests()[-1]["body"]["audio_url"] == audio


async def test_an_alias_and_a_pin_survive_a_restart(tmp_path: Path) -> None:
    def log() -> SqliteLog:
        return SqliteLog(tmp_path / "j.db", wall=lambda: now().wall, notify=lambda _: None)

    async with house("--scenario", "empty", policy=HASTY, log=log()) as at:
        _, legs = await conference_of(at, "+15125550101", "+15125550102")
        await at.press("4", "g")
        await line(at, "alias")
        await hears(at)
        await at.see("alias of +1 512 555 0101")
        await at.press(*"Dana", "ctrl+g")
        await at.see("Dana")
        await line(at, "pin")
        await at.see("◊ Dana")
        await at.press("3", "m")
        await hears(at)
        assert "not touched: Dana" in at.text()
        await at.press("y")
        await at.receipt("mute", "seen")
        muted = at.sim.requests()[-1]["body"]["call_control_ids"]
        (named,) = [leg for leg in legs if at.state.notes.get(leg)]
        assert named not in muted
        assert len(muted) == 1
    flags = ("--scenario", "empty", "--seed", "2")
    async with house(*flags, policy=HASTY, log=log()) as at:
        await at.until(lambda: named in at.state.notes)
        assert at.state.notes[named].alias == "Dana"
        assert at.state.notes[named].pinned
        leg = at.sim.caller("+15125550101")
        at.sim.conference("later", leg)
        await at.see("Dana ~")
