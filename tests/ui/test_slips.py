"""Slips of the hand on the whole screen run nothing, and the receipt line says so."""

from __future__ import annotations

import pytest
from textual import events
from view.workspaces import ANA, BO, CARO, At, workspace

from console.core.messages import intents
from console.core.model.command import People
from console.ui.screens.workspace import Workspace
from support.playbook import CONFERENCE, left, participant, people_listed

ADDRESS = "https://a.example/hold-music.mp3"


def asked(at: At) -> list[tuple[str, object]]:
    """Return the orders so far, as command name and target."""
    orders = [one.order for one in at.sitting.said(intents.OrderAsked)]
    return [(order.command.name, order.target) for order in orders]


async def startle(at: At) -> None:
    """Let the row at the cursor go, so that commands are refused for a second."""
    await at.press("4")
    at.sitting.happen(left(2.0, ANA))
    at.screen._frames.now()  # noqa: SLF001  # the frame in which it goes


async def heard(at: At, key: str, wait: float = 0.0) -> None:
    """Press a key, and pass the intents to the engine."""
    at.sitting.seconds += wait
    before = len(at.sitting.posted)
    await at.press(key)
    at.sitting.happen(*at.sitting.posted[before:])


def told(at: At) -> str:
    """Return the receipt line as drawn."""
    at.screen._frames.now()  # noqa: SLF001  # the picture that is due
    return at.text().splitlines()[-2].strip()


async def test_what_is_typed_after_a_refused_verb_runs_nothing_and_is_said_to_be_its_text() -> None:
    async with workspace() as at:
        await startle(at)
        for key in ("p", *ADDRESS, "enter", "tab", *"hmM", "ctrl+g"):
            at.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await at.pilot.pause()
        await heard(at, "h", 1.4)
        assert asked(at) == []
        assert isinstance(at.app.screen, Workspace)
        assert at.focus == "people"
        count = len(ADDRESS) + len("hmM") + 4
        assert told(at) == (
            f"✗ play to: refused; {count} keys typed for it did nothing; esc ends this"
        )


@pytest.mark.parametrize(("end", "wait"), [("", 1.5), ("escape", 0.0), ("down", 0.0)])
async def test_quiet_escape_or_a_movement_key_ends_the_text(end: str, wait: float) -> None:
    async with workspace() as at:
        await startle(at)
        await heard(at, "p")
        await heard(at, "h", 1.0)
        if end:
            await heard(at, end)
        assert at.focus == "people", "escape ends the text and goes no step back"
        leg = at.table("people").cursor_key
        assert leg == (CARO if end == "down" else BO)
        await heard(at, "h", wait)
        assert asked(at) == [("hold", People(CONFERENCE, (leg,)))]


async def test_a_verb_that_asks_nothing_has_no_text() -> None:
    async with workspace() as at:
        await startle(at)
        await heard(at, "m")
        await heard(at, "h", 1.0)
        assert asked(at) == [("hold", People(CONFERENCE, (BO,)))]


async def test_the_text_of_a_verb_of_another_pane_runs_nothing_either() -> None:
    async with workspace() as at:
        await at.press("1")
        for key in ("p", "n", "x"):
            await heard(at, key)
        assert isinstance(at.app.screen, Workspace)
        assert told(at).startswith("✗ play to: refused; 2 keys typed for it did nothing")


async def test_locked_the_text_of_a_refused_verb_does_not_unlock() -> None:
    async with workspace() as at:
        for key in ("4", "L", "p", *"LA", "M"):
            await heard(at, key)
        assert at.sitting.state.locked
        assert asked(at) == []


async def test_a_row_that_the_operators_own_filter_hides_has_not_gone() -> None:
    async with workspace() as at:
        await at.press("4", "slash", *"Bo", "enter", "h")
        assert at.sitting.said(intents.Declined) == []
        assert asked(at) == [("hold", People(CONFERENCE, (BO,)))]
        await at.press("slash", *"Ca", "escape", "escape", "h")
        assert at.sitting.said(intents.Declined) == []
        await at.press("slash", *"zzz", "enter", "escape", "m")
        assert at.sitting.said(intents.Declined) == []


async def test_one_that_left_or_changed_while_it_was_filtered_has() -> None:
    async with workspace() as at:
        await at.press("4", "slash")
        at.sitting.happen(left(2.0, ANA))
        await at.press(*"Bo", "enter", "h")
        assert "look again" in at.sitting.said(intents.Declined)[-1].text
    async with workspace() as at:
        await at.press("4", "slash", *"!muted", "enter")
        listed = (participant(ANA, muted=True), participant(BO, muted=True), participant(CARO))
        at.sitting.seconds += 5.0
        await at.drawn(people_listed(6.0, *listed))
        assert at.table("people").cursor_key == CARO
        await at.press("h")
        assert "look again" in at.sitting.said(intents.Declined)[-1].text


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("t", "t does nothing here: ? shows the keys"),
        ("f5", "f5 does nothing here: ? shows the keys"),
        ("exclamation_mark", "! does nothing here: ? shows the keys"),
        ("J", "J does nothing here: Caps Lock?"),
    ],
)
async def test_an_unknown_key_says_so_in_one_line(key: str, text: str) -> None:
    async with workspace() as at:
        for _ in range(3):
            await heard(at, key, 1.0)
        said = [entry for entry in at.sitting.state.log if entry.name == "not done"]
        assert [(entry.text, entry.times) for entry in said] == [(text, 3)]
        assert told(at) == f"✗ {text}  x3"


async def test_every_key_of_the_screen_is_known() -> None:
    async with workspace() as at:
        for key in ("1", "4", "j", "G", "tab", "pagedown", "4", "space", "z", "S", "L", "ctrl+r"):
            await heard(at, key, 2.0)
        refused = [one.text for one in at.sitting.said(intents.Declined)]
        assert [text for text in refused if "does nothing" in text] == []


async def test_each_key_that_acts_writes_a_receipt() -> None:
    async with workspace() as at:
        await heard(at, "L", 1.0)
        assert told(at) == "✓ locked: no key acts on a call until L unlocks"
        await heard(at, "L", 1.0)
        assert told(at) == "✓ unlocked: keys act on calls again"
        await heard(at, "ctrl+r", 1.0)
        assert told(at).startswith("… poll now")


async def test_a_burst_says_which_of_its_keys_were_taken() -> None:
    async with workspace() as at:
        await at.press("4")
        for key in "mMmMmMmM":
            await heard(at, key, 0.01)
        taken = [receipt.order.command.name for receipt in at.sitting.state.receipts.values()]
        assert taken == ["mute", "unmute"], "the same again is under way"
        assert told(at) == "✗ too many keys at once: m M taken, 6 others did nothing"
        declined = [entry.text for entry in at.sitting.state.log if entry.name == "not done"]
        assert len(declined) == len(set(declined)) == 3, "one line for each that was refused"
