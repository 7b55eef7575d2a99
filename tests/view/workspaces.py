"""A workspace with a prepared floor, driven by a Textual pilot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from textual.pilot import Pilot
from view.desks import Sitting
from view.scenes import calls_listed, known, queue, queued, queues_listed

from console.core.messages import facts, intents, webhooks
from console.core.model.listed_resources import Leg
from console.ui.app import ConsoleApp
from console.ui.screens.dialog import Dialog
from console.ui.screens.workspace import Workspace
from console.ui.widgets.table import Table
from support.playbook import (
    CONFERENCE,
    EPOCH,
    Playbook,
    joined,
    listed_conference,
    origin,
    participant,
    people_listed,
    reading,
)

OTHER, THIRD = "8d2f0e52-0000-4000-8000-000000000002", "9e3f0e52-0000-4000-8000-000000000003"
ANA, BO, CARO = "v3:ana-0101", "v3:bo-0102", "v3:caro-0103"
FAY = "v3:fay-0106"
"""A caller whose wait timed out, and who is parked."""
PANES = ("queues", "calls", "conferences", "people", "log", "parked")
NUMBERS = "123457"
"""The number keys of ``PANES``."""


async def nothing_left_to_do(*_: float) -> None:
    """Wait until the event loop is idle. Textual's own wait measures processor time."""
    loop: Any = asyncio.get_running_loop()
    while loop._ready:  # noqa: SLF001, ASYNC110  # no public way
        await asyncio.sleep(0)


def conferences(*ids: str, urgent: str = "", asked: float = 0.0) -> facts.ConferencesListed:
    """Return a listing of these conferences; the first is the oldest."""
    names = {CONFERENCE: "board-q3", OTHER: "esc-4471-refund", THIRD: "t1-0391"}
    shown = []
    for number, id_ in enumerate(ids):
        one = listed_conference(id_, names[id_])
        began = EPOCH - 3_000 + 100 * number
        ends = EPOCH + 240 if id_ == urgent else EPOCH + 11_000
        shown.append(replace(one, created_at=began, expires_at=ends))
    return facts.ConferencesListed(reading(asked), "in_progress", tuple(shown))


def floor() -> Sitting:
    """Return three conferences, two queues, and people in two of the conferences."""
    talk = Playbook().say(conferences(CONFERENCE, OTHER, THIRD))
    talk.say(queues_listed(0.0, queue(2, 20, 12, "billing"), queue(1, 5, 70, "vip")))
    talk.say(calls_listed(0.0, queued("v3:q1", 50.0), queued("v3:q2", 20.0), name="billing"))
    talk.say(calls_listed(0.0, queued("v3:q3", 5.0), name="vip"))
    talk.say(people_listed(0.0, participant(ANA), participant(BO, muted=True), participant(CARO)))
    talk.say(people_listed(0.0, participant("v3:dan-0104"), conference=OTHER))
    waited = webhooks.CallDequeued(origin(0.0, "call.dequeued"), Leg(FAY), "vip", 70, "timeout")
    talk.say(waited)
    for leg, name in ((FAY, "Fay"), (ANA, "Ana Reyes"), (BO, "Bo"), (CARO, "Caro")):
        known(talk, leg, name=name)
    return Sitting(talk)


class At:
    """A workspace under a pilot."""

    def __init__(self, sitting: Sitting, app: ConsoleApp, pilot: Pilot[int]) -> None:
        self.sitting = sitting
        self.app = app
        self.pilot = pilot

    @property
    def screen(self) -> Workspace:
        """The workspace, even if another screen covers it."""
        return next(one for one in self.app.screen_stack if isinstance(one, Workspace))

    def table(self, pane: str) -> Table:
        """Return the table of a pane."""
        return self.screen.query_one(f"#{pane} Table", Table)

    @property
    def focus(self) -> str:
        """The pane that has the focus."""
        return next(pane for pane in PANES if self.table(pane).has_focus)

    async def press(self, *keys: str) -> None:
        """Press keys and wait until the loop is idle."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until this returns a true value."""
        while not true():
            assert self.app.crash is None
            await self.pilot.pause()

    async def see(self, text: str) -> None:
        """Wait until this text is on the screen."""
        await self.until(lambda: text in self.text())

    async def listening(self) -> Dialog:
        """Wait for a dialog that has the focus, and return it."""
        await self.until(lambda: isinstance(self.app.screen, Dialog) and self.app.focused)
        assert isinstance(self.app.screen, Dialog)
        return self.app.screen

    async def drawn(self, *messages: facts.Fact) -> None:
        """Apply messages and wait until the frame is drawn."""
        self.sitting.seconds += 1.0
        self.sitting.happen(*messages)
        frames = self.screen._frames  # noqa: SLF001  # nothing public tells that a frame is due
        await self.until(lambda: not frames._woken)  # noqa: SLF001
        await self.pilot.pause()

    def text(self) -> str:
        """Return the text of the screen."""
        strips = self.app.screen._compositor.render_strips()  # noqa: SLF001  # no public way
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    @property
    def watched(self) -> list[tuple[str | None, str | None]]:
        """The queues and conferences that the screen reported as watched, in order."""
        return [(one.queue, one.conference) for one in self.sitting.said(intents.WatchAsked)]


@asynccontextmanager
async def workspace(
    sitting: Sitting | None = None, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[At]:
    sitting = sitting or floor()
    app = ConsoleApp(sitting.desk())
    async with app.run_test(size=size) as pilot:
        at = At(sitting, app, pilot)
        await at.until(lambda: len(app.screen_stack) > 1 and app.focused)
        await at.until(lambda: at.watched or not sitting.state.conferences)
        yield at
    assert app.crash is None


def busy() -> Sitting:
    """Return a floor with an alarm, pending commands and a recording."""
    sitting = floor()
    talk = sitting.talk.say(conferences(CONFERENCE, OTHER, THIRD, urgent=OTHER, asked=0.1))
    talk.say(facts.ReceiverOpened(reading(0.0).asked, "127.0.0.1:8787"))
    talk.say(facts.ApiAnswered(reading(0.0).asked, 0.084, 100, 92, 1.0))
    talk.say(joined(0.2, "v3:eve-0105", occurred=-0.2))
    talk.say(webhooks.FloorChanged(origin(0.3, "conference.floor.changed"), Leg(ANA), CONFERENCE))
    talk.ask("record", 0.3, id_="r")
    talk.accept(0.5, "r")
    talk.ask("mute", 0.4, ANA, id_="m")
    talk.accept(0.6, "m")
    talk.ask("hold", 0.7, CARO, id_="h")
    return sitting
