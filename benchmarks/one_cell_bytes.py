"""Bytes that one changed cell of the real workspace writes, with Textual's update and with ours."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any

from rich.console import Console as RichConsole
from rich.console import RenderableType
from textual._compositor import ChopsUpdate
from textual.screen import Screen

from console import interactive, settings
from console.commands import COMMANDS
from console.core.model.entities import Conference, Membership, Participant
from console.core.model.frozen_maps import sealed
from console.core.model.listed_resources import (
    ConferenceResource,
    Moment,
    ParticipantResource,
    Source,
)
from console.core.model.state import State
from console.runtime.state_store import Store
from console.ui.app import ConsoleApp
from console.ui.textual_patches.compositor import tightened

CONFERENCE = "7c1f0e52-9a34-4f0b-8d7e-2b6c1a90e4d3"
NOW = Moment(1_000.0, 1_795_000_000.0)


@dataclass(slots=True)
class Written:
    """Bytes of the partial updates since the last reset."""

    stock: int = 0
    ours: int = 0


def state(muted: bool) -> State:
    """Return a conference of twenty people; ``muted`` mutes one of them."""
    register = Membership(here=True, source=Source.POLL, seen=NOW)
    conference = ConferenceResource(
        CONFERENCE, "sales", NOW.wall - 60, NOW.wall + 9_000, "in_progress"
    )
    people = {}
    for number in range(20):
        leg = f"v3:{number:04}"
        fields = ParticipantResource(
            leg=leg,
            id=str(number),
            leg_id=str(number),
            status="joined",
            muted=muted and number == 15,
            on_hold=False,
            end_on_exit=False,
            soft_end_on_exit=False,
            whisper_to=(),
            created_at=NOW.wall - 60 - number,
            updated_at=NOW.wall - 60,
        )
        people[leg] = Participant(leg, CONFERENCE, register, fields, NOW, NOW.wall - 60 - number)
    return State(
        commands=COMMANDS,
        conferences=sealed({CONFERENCE: Conference(CONFERENCE, register, conference, NOW)}),
        people=sealed({CONFERENCE: sealed(people)}),
    )


class Counting(ConsoleApp):
    """Counts the bytes that each partial update would write."""

    written = Written()
    colours = RichConsole(file=open(os.devnull, "w"), force_terminal=True, color_system="truecolor")  # noqa: SIM115, PTH123

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        if isinstance(renderable, ChopsUpdate):
            ours = tightened(renderable)
            assert isinstance(ours, ChopsUpdate)
            self.written.stock += len(renderable.render_segments(self.colours).encode())
            self.written.ours += len(ours.render_segments(self.colours).encode())


async def one_cell() -> Written:
    """Mute one person while nothing else changes; return the bytes written."""
    chosen = settings.for_demo({"operator": "ana"})
    believed = [state(muted=False)]
    desk = interactive.engine_port(chosen, Store(believed[0]), demo=True)
    app = Counting(replace(desk, latest=lambda: believed[0], clock=lambda: NOW))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.3)
        app.written = Written()
        believed[0] = state(muted=True)
        app.screen.newer()  # type: ignore[attr-defined]
        await pilot.pause(0.3)
        return app.written
