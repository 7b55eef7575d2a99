"""Every command through its key: the request, the state that its proof allows, and the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

import pytest
from journeys.hasty import HASTY, yes

from console.commands import COMMANDS
from console.core.model.proofs import EndProof, EventProof, ShownProof
from console.core.model.stage import Stage
from console.core.model.state import Sign
from support.house import House, house

"""The same rules with a shorter wait for a proof."""
NUMBERS = ("+15125550101", "+15125550102", "+15125550103")


@dataclass
class Floor:
    """A console on a conference of three, with their legs."""

    at: House
    conference: str
    legs: tuple[str, ...]

    def sent(self, action: str) -> dict[str, object]:
        """Return the body of the console's newest request for an action."""
        path = f"/conferences/{self.conference}/actions/{action}"
        found = [one["body"] for one in self.at.sim.requests() if one["path"] == path]
        assert found, f"{action} never reached the wire"
        return dict(found[-1] or {})

    def one(self) -> str:
        """Return the leg under the cursor."""
        leg = self.at.app.screen.query_one("#people Table").cursor_key  # type: ignore[attr-defined]  # our table
        return str(leg)


@pytest.fixture
async def floor() -> AsyncIterator[Floor]:
    async with house("--scenario", "empty", policy=HASTY) as at:
        legs = tuple(at.sim.caller(number) for number in NUMBERS)
        conference = at.sim.conference("board-q3", *legs)
        await at.see("board-q3")
        await at.see("+1 512 555 0103")
        await at.until(lambda: len(at.state.people.get(conference, {})) == 3)
        await at.until(lambda: all(p.listed for p in at.state.people[conference].values()))
        await at.press("4")
        yield Floor(at, conference, legs)


async def test_mute_and_unmute(floor: Floor) -> None:
    at = floor.at
    await at.press("m")
    await at.receipt("mute", "seen")
    assert floor.sent("mute") == {"call_control_ids": [floor.one()]}
    await at.see("muted")
    await at.see("z undo")
    await at.press("M")
    await at.receipt("unmute", "seen")
    assert floor.sent("unmute") == {"call_control_ids": [floor.one()]}


async def test_hold_unhold_and_undo(floor: Floor) -> None:
    at = floor.at
    await at.press("j", "h")
    await at.receipt("hold", "seen")
    assert floor.sent("hold") == {"call_control_ids": [floor.one()]}
    await at.see("held")
    await at.press("z")
    await at.receipt("unhold", "seen")
    assert floor.sent("unhold") == {"call_control_ids": [floor.one()]}
    await at.press("h")
    await at.until(lambda: (r := at.newest("hold")) is not None and r.stage is Stage.SEEN)
    await at.press("H")
    await at.receipt("unhold", "seen")
    another = floor.legs[2]
    assert another != floor.one()
    hold = f"/conferences/{floor.conference}/actions/hold"
    at.sim.api("POST", hold, call_control_ids=[another])
    await at.see("on hold")
    await at.see("0103 not by this console")
    told = [(entry.name, entry.leg) for entry in at.state.log if entry.sign is Sign.POLL]
    assert told == [("on hold", another)], "what the console did is told by its own lines alone"


async def test_options_are_undone_exactly_and_redone(floor: Floor) -> None:
    at = floor.at
    leg = floor.one()

    def host() -> bool:
        fields = at.state.people[floor.conference][leg].listed
        return fields is not None and fields.end_on_exit is True

    await at.press("o")
    await hearing(at)
    at.app.screen.query_one("FieldRow ChoiceInput").focus()
    await at.press("right", "ctrl+g")
    await at.receipt("options", "seen")
    assert host()
    for key, wanted in (("z", False), ("Z", True)):
        await at.press(key)
        await at.until(lambda wanted=wanted: host() is wanted)  # type: ignore[misc]
        await at.until(lambda: not any(r.stage.open for r in at.state.receipts.values()))
    sent = [one["body"] for one in at.sim.requests("PATCH")]
    assert sent == [{"end_conference_on_exit": told} for told in (True, False, True)]


async def test_mute_of_a_conference_asks_and_names_explicit_people(floor: Floor) -> None:
    at = floor.at
    await at.press("3", "m")
    await at.see("mute 3 people")
    await at.see("+1 512 555 0102")
    await at.press("enter")
    assert at.newest("mute") is None, "enter cancels: Cancel has the focus"
    await at.press("m")
    await at.see("mute 3 people")
    await yes(at)
    await at.receipt("mute", "seen")
    assert set(floor.sent("mute")["call_control_ids"]) == set(floor.legs)  # type: ignore[call-overload]  # a list


async def hearing(at: House) -> None:
    """Wait until a dialog accepts keys."""
    await at.until(lambda: at.app.screen.query("#dialog"))
    await at.until(lambda: not at.app.screen.query("#dialog").first().disabled)


async def fill(at: House, text: str) -> None:
    """Type into the focused field, and run."""
    await hearing(at)
    await at.press(*("space" if letter == " " else letter for letter in text))
    await at.press("ctrl+g")


async def test_play_and_stop_for_one(floor: Floor) -> None:
    at = floor.at
    await at.press("p")
    await fill(at, "https://media.example/hold.mp3")
    await at.receipt("play", "seen")
    assert floor.sent("play") == {
        "audio_url": "https://media.example/hold.mp3",
        "loop": 1,
        "call_control_ids": [floor.one()],
    }
    await at.press("P")
    await at.receipt("stop", "seen")
    assert floor.sent("stop") == {"call_control_ids": [floor.one()]}


async def test_play_and_stop_for_everyone(floor: Floor) -> None:
    at = floor.at
    await at.press("3", "p")
    await fill(at, "https://media.example/all.mp3")
    await at.receipt("play_room", "seen")
    assert floor.sent("play") == {"audio_url": "https://media.example/all.mp3", "loop": 1}
    await at.see("♪ play")
    await at.press("P")
    await at.see("stop audio in board-q3")
    await yes(at)
    await at.receipt("stop_room", "seen")
    assert floor.sent("stop") == {}


@pytest.mark.parametrize(("pane", "name"), [("4", "speak"), ("3", "speak_room")])
async def test_speak(floor: Floor, pane: str, name: str) -> None:
    at = floor.at
    await at.press(pane, "s")
    await fill(at, "We are sorry for the wait.")
    receipt = await at.receipt(name, "seen")
    body = floor.sent("speak")
    assert body.pop("call_control_ids", None) == ([floor.one()] if name == "speak" else None)
    assert body == {
        "payload": "We are sorry for the wait.",
        "payload_type": "text",
        "voice": "Telnyx.KokoroTTS.af",
        "language": "en-US",
        "command_id": receipt.order.id,
    }


async def test_record_pause_resume_and_stop(floor: Floor) -> None:
    at = floor.at
    await at.press("3", "r")
    await hearing(at)
    await at.press("ctrl+g")
    receipt = await at.receipt("record", "no proof")
    assert floor.sent("record_start") == {
        "format": "mp3",
        "channels": "single",
        "play_beep": True,
        "command_id": receipt.order.id,
    }
    await at.see("● rec j")
    await at.press("c")
    receipt = await at.receipt("pause", "no proof")
    assert floor.sent("record_pause") == {"command_id": receipt.order.id}
    await at.see("‖ 0:0")
    await at.press("C")
    receipt = await at.receipt("resume", "no proof")
    assert floor.sent("record_resume") == {"command_id": receipt.order.id}
    await at.see("● rec j")
    await at.press("R")
    await yes(at)
    receipt = await at.receipt("record_stop", "seen")
    assert floor.sent("record_stop") == {"command_id": receipt.order.id}
    await at.until(lambda: at.newest("record").stage is Stage.SEEN)  # type: ignore[union-attr]  # asked above
    await at.see("off w")


async def test_end_takes_the_typed_name_and_is_seen(floor: Floor) -> None:
    at = floor.at
    await at.press("3", "e")
    await at.see("cannot be undone")
    await hearing(at)
    await at.press("ctrl+g")
    assert at.newest("end") is None
    await at.press(*("minus" if letter == "-" else letter for letter in "board-q3"))
    await at.press("ctrl+g")
    receipt = await at.receipt("end", "seen")
    assert floor.sent("end") == {"command_id": receipt.order.id}
    await at.see("0 live")


KEYS = {
    "mute": ("4", "m"),
    "unmute": ("4", "M"),
    "hold": ("4", "h"),
    "unhold": ("4", "H"),
    "play": ("4", "p"),
    "play_room": ("3", "p"),
    "stop": ("4", "P"),
    "stop_room": ("3", "P"),
    "speak": ("4", "s"),
    "speak_room": ("3", "s"),
    "record": ("3", "r"),
    "record_stop": ("3", "R"),
    "pause": ("3", "c"),
    "resume": ("3", "C"),
    "end": ("3", "e"),
}
"""Pane and key of each command in this journey, by name."""


def test_every_key_is_that_of_a_command() -> None:
    """tests/journeys/test_every_operation.py covers the other keys."""
    assert {name: COMMANDS[name].key for name in KEYS} == {n: k for n, (_, k) in KEYS.items()}


async def test_nothing_that_has_a_proof_is_called_done_when_telnyx_only_says_ok(
    floor: Floor,
) -> None:
    """The simulator answers 200 and does nothing; no receipt may end as seen."""
    at = floor.at
    at.sim.fault("not-applied", 1.0)
    texts = {
        "play": "https://media.example/a.mp3",
        "play_room": "https://media.example/b.mp3",
        "speak": "hello",
        "speak_room": "hello",
        "record": "",
    }
    with at.app.batch_update():  # painting is most of the work, and not tested here
        for name, keys in KEYS.items():
            if name in {"unmute", "unhold", "end"}:
                continue
            await at.press(*keys)
            if name in texts:
                await fill(at, texts[name])
            else:  # an order beside a pending one asks for confirmation
                await at.until(lambda: at.newest(name) or at.app.screen.query("#dialog"))  # noqa: B023  # it is awaited here
                if at.newest(name) is None:
                    await yes(at)
            await at.until(partial(at.newest, name))
    await at.press("3", "e")
    await hearing(at)
    await at.press(*("minus" if letter == "-" else letter for letter in "board-q3"))
    await at.press("ctrl+g")
    await at.until(lambda: at.newest("end") is not None)
    await at.until(lambda: not any(r.stage.open for r in at.state.receipts.values()))
    for receipt in at.state.receipts.values():
        assert receipt.stage is Stage.NO_PROOF, receipt.order.command.name
    proofs = {type(r.order.command.proof) for r in at.state.receipts.values()}
    assert {ShownProof, EventProof, EndProof} <= proofs
    await at.see("no proof")
