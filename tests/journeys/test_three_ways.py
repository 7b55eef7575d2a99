"""Every operation of the specification by its key, from the palette and by its line.

The requests are written out here and not made by the catalogue, and compared with those received.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest
from journeys.operations import ASKING, KEYS, MOVES, NAMED, READS, STEPS, WRITES, Step, template
from textual import events

from console.core import key_guards
from console.core.model.policy import Policy
from console.ui.screens.dialog import Dialog
from console.ui.screens.palette import CommandPalette
from console.ui.screens.workspace import Workspace
from support.house import House, house

HASTY = Policy(sigma=0.3, proof=3.0, burst=(0.1, 0.4, 0.8, 1.5))
PANES = {"queues": "1", "calls": "2", "conferences": "3", "people": "4"}
ANSWERED = frozenset({"accepted", "seen", "no proof"})


@dataclass
class Floor:
    """A console on a conference of three and a queue of four, operated in one of three ways."""

    at: House
    way: str
    names: dict[str, str]

    def table(self, pane: str) -> Any:  # noqa: ANN401  # our table
        """Return the table of a pane."""
        return self.at.app.screen.query_one(f"#{pane} Table")

    async def stand(self, pane: str, row: str) -> None:
        """Move the cursor to a row, once it is there."""
        at = self.at
        await at.until(lambda: isinstance(at.app.screen, Workspace))
        outer = {"calls": ("queues", "vip"), "people": ("conferences", "R")}.get(pane)
        for where, what in (outer, (pane, row)) if outer else ((pane, row),):
            table, key = self.table(where), self.names.get(what, what)
            await at.until(lambda t=table, k=key: k in t.shown_keys, f"{what} is not in {where}")  # type: ignore[misc]  # bound at once
            await at.press(PANES[where])
            while table.cursor_key != key:
                ahead = table.shown_keys.index(key) > table.shown_keys.index(table.cursor_key)
                await at.press("j" if ahead else "k")

    async def paste(self, text: str) -> None:
        """Paste a text into the focused widget."""
        self.at.app.post_message(events.Paste(text))
        await self.at.pilot.pause()

    async def start(self, key: str, words: str, line: str) -> None:
        """Start the command in the way under test."""
        at = self.at
        if self.way == "key":
            await at.press(key)
            return
        await at.press("ctrl+p" if self.way == "palette" else "colon")
        await at.until(lambda: isinstance(at.app.screen, CommandPalette) and at.app.focused)
        await self.paste(words if self.way == "palette" else line)
        await at.press("enter")

    async def do(self, step: Step) -> None:
        """Do a step, and wait for its answer."""
        at = self.at
        assert at.newest(step.name) is None
        await self.start(step.key, step.words, step.line)
        asking = ASKING if self.way == "key" else ASKING | NAMED
        asks = step.answers or step.run == "y" or step.name in asking
        await self.until(lambda: isinstance(at.app.screen, Dialog) or at.newest(step.name), step)
        if asks or not at.newest(step.name):  # an order beside a pending one asks, too
            await self.until(lambda: not at.app.screen.query_one("#dialog").disabled, step)
            await self.until(lambda: at.app.focused is not None, step)
            for answer in () if self.way == "line" and step.told else step.answers:
                await self.answer(answer, step)
            await at.press(step.run if asks else "y")
            if step.again:
                await self.until(lambda: at.app.screen.query_one("#trouble").display, step)
                await self.until(lambda: not at.app.screen.query_one("#dialog").disabled, step)
                await at.press("y")
        await self.until(lambda: (r := at.newest(step.name)) and r.stage in ANSWERED, step)

    async def answer(self, answer: str, step: Step) -> None:
        """Give one answer of a dialog: a text for the focused field, or a key that may move it."""
        if answer not in KEYS:
            await self.paste(answer)
            return
        was = self.at.app.focused
        await self.at.press(answer)
        if answer in MOVES:
            await self.until(lambda: self.at.app.focused is not was, step)

    async def until(self, condition: Callable[[], object], step: Step) -> None:
        """Wait for a condition; the failure names the step and shows the screen."""
        try:
            await self.at.until(condition)
        except TimeoutError:
            raise AssertionError(f"{step.name} by {self.way}:\n{self.at.text()}") from None

    def expected(self, step: Step) -> tuple[str, str, Any]:
        """Return the request that the step must send."""
        receipt = self.at.newest(step.name)
        assert receipt is not None
        names = {**self.names, "ID": receipt.order.id}
        method, path, body = step.sent
        real = "/".join(names.get(part, part) for part in path.split("/"))

        def filled(value: Any) -> Any:  # noqa: ANN401  # JSON
            if isinstance(value, list):
                return [filled(one) for one in value]
            return names.get(value, value) if isinstance(value, str) else value

        return method, real, {name: filled(value) for name, value in body.items()}


@pytest.mark.parametrize("way", ["key", "palette", "line"])
async def test_each_of_the_26_changes_and_8_reads_is_reached(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The test acts and reads faster than a person.
    monkeypatch.setattr(key_guards, "MOVED_CURSOR_SECONDS", 0.0)
    monkeypatch.setattr(key_guards, "DIALOG_UNREAD", 0.01)
    assert (len(WRITES), len(READS)) == (26, 8)
    async with house("--scenario", "empty", policy=HASTY, size=(80, 30)) as at:
        people = [at.sim.caller(f"+1512555010{n}") for n in (1, 2, 3)]
        calls = [at.sim.caller(f"+1512555020{n}") for n in (1, 2, 3, 4)]
        conference_id = at.sim.conference("board-q3", *people)
        for leg in calls:
            at.sim.api("POST", f"/calls/{leg}/actions/enqueue", queue_name="vip")
        await at.until(lambda: len(at.state.people.get(conference_id, {})) == 3)
        await at.until(lambda: all(p.listed for p in at.state.people[conference_id].values()))
        await at.until(lambda: len(at.state.waiting.get("vip", {})) == 4)
        await at.until(lambda: all(c.listed for c in at.state.waiting["vip"].values()))
        for verb in ("mute", "hold"):  # a capital without anything to undo is refused
            path = f"/conferences/{conference_id}/actions/{verb}"
            at.sim.api("POST", path, call_control_ids=[people[1]])
        await at.until(
            lambda: (f := at.state.people[conference_id][people[1]].listed) and f.on_hold
        )
        first = at.state.people[conference_id][people[0]].listed
        assert first is not None
        assert first.id is not None
        names = {f"P{n}": leg for n, leg in enumerate(people, 1)}
        names |= {f"C{n}": leg for n, leg in enumerate(calls, 1)}
        floor = Floor(at, way, {**names, "R": conference_id, "I1": first.id, "S": "s/2"})
        begun = len(at.sim.control("GET", "/requests"))
        looks = (("queues", "vip"), ("calls", "C1"), ("conferences", "R"), ("people", "P1"))
        members = ("max_size", "queue_position", "expires_at", "whisper_call_control_ids")
        for (pane, row), member in zip(looks, members, strict=True):
            await floor.stand(pane, row)
            await floor.start("i", "read this row", "inspect")
            await at.see(member)
            await at.press("escape")
        await floor.start("ctrl+r", "poll now", "refresh")
        with at.app.batch_update():  # painting is most of the work, and not tested here
            for step in STEPS:
                await floor.stand(step.pane, step.row)
                if step.name == "ghost":
                    at.sim.api("POST", f"/calls/{names['C4']}/actions/hangup")
                    await at.until(lambda: not at.state.waiting["vip"][calls[3]].listed.alive)  # type: ignore[union-attr]  # listed above
                await floor.do(step)
        made = at.sim.control("GET", "/requests")[begun:]
        ours = [one for one in made if not one["path"].endswith("/hangup")]
        wrote = [one for one in ours if one["method"] != "GET"]
        sent = [(one["method"], unquote(one["path"]), one["body"] or {}) for one in wrote]
        assert sent == [floor.expected(step) for step in STEPS]
        assert {template(one["method"], one["path"]) for one in wrote} == WRITES
        read = {template(one["method"], one["path"]) for one in ours if one["method"] == "GET"}
        assert read - {("GET", "/call_events")} == set(READS), "the console asks after parked calls"
