"""The argument of every view function: state, time, glyphs and selection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from console.commands.targeting import Cursor
from console.core.model.listed_resources import Moment
from console.core.model.state import State
from console.view.screen_elements import Cell, Role, Span
from console.view.text.glyphs import Glyphs
from console.view.text.labels import duration


@dataclass(frozen=True, slots=True)
class ViewContext:
    """The state at one instant, with everything else that its layout depends on."""

    state: State
    now: Moment
    glyphs: Glyphs
    zone: tzinfo
    profile: str
    operator: str
    cursor: Cursor
    demo: bool = False
    width: int = 120
    """Width of the terminal in cells."""

    def since(self, provider_time: float) -> float:
        """Return the seconds from a time of Telnyx to now, for display: it compares two clocks.

        If this host's clock is known to be wrong, its offset to Telnyx is subtracted.
        """
        health = self.state.health
        ahead = health.clock_ahead if health.clock_wrong else None
        return self.now.wall - (ahead or 0.0) - provider_time

    def ago(self, moment: Moment) -> float:
        """Return the seconds since a moment of this host."""
        return self.now.mono - moment.mono

    def clock(self, moment: Moment, *, tenths: bool = False) -> str:
        """Return the local time of day of a moment."""
        local = self._local(moment)
        text = local.strftime("%H:%M:%S")
        return f"{text}.{local.microsecond // 100_000}" if tenths else text

    def zone_name(self) -> str:
        """Return the name of the time zone now, such as CEST; empty if it has none."""
        return self._local(self.now).tzname() or ""

    def _local(self, moment: Moment) -> datetime:
        """Convert a moment to local time, with the summer time rule of that moment."""
        return datetime.fromtimestamp(moment.wall, self.zone)


def cell(text: str, role: Role = Role.PLAIN) -> Cell:
    """Return a cell of one span."""
    return (Span(text, role),)


NOTHING: Cell = ()
"""An empty cell for a value that is known to be absent. An unknown value is ``?``."""


def unknown() -> Cell:
    """Return the cell of a value that is not known."""
    return cell("?", Role.DIM)


def lasted(seconds: float | None, role: Role = Role.DIM) -> Cell:
    """Return a number of seconds as a duration; ``?`` for None."""
    return unknown() if seconds is None else cell(duration(seconds), role)


def gauge(glyphs: Glyphs, share: float, width: int, role: Role = Role.ACCENT) -> Cell:
    """Return a bar of ``width`` cells, filled to ``share`` (0 to 1); above 0 at least one."""
    filled = min(width, max(int(share > 0), round(share * width)))
    return (Span(glyphs.full * filled, role), Span(glyphs.empty * (width - filled), Role.FAINT))
