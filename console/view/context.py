"""What every part of the view is given: the state, the time, the signs and what is selected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from console.core.model.command import Pane
from console.core.model.resources import Moment
from console.core.model.state import State
from console.view.display import Cell, Role, Span
from console.view.glyphs import Glyphs
from console.view.text.labels import duration


@dataclass(frozen=True, slots=True)
class ViewContext:
    """One instant to be laid out."""

    state: State
    now: Moment
    glyphs: Glyphs
    zone: tzinfo
    profile: str
    operator: str
    demo: bool = False
    pane: Pane = Pane.CONFERENCES
    queue: str | None = None
    call: str | None = None
    conference: str | None = None
    leg: str | None = None
    parked: str | None = None
    width: int = 120
    marked: tuple[str, ...] = ()
    """The rows of ``pane`` that are marked, there or gone."""
    named: bool = False
    """True if a typed line names ``leg``."""
    unseen: bool = False
    """Whether not all of them are shown: a filter hides them, or they have gone."""

    def since(self, provider_time: float) -> float:
        """Seconds from a provider's time to now, by two clocks: to be shown, never to decide.

        Where this host's is known to be wrong, it is corrected by what it is ahead of Telnyx's.
        """
        health = self.state.health
        ahead = health.clock if health.clock_wrong else None
        return self.now.wall - (ahead or 0.0) - provider_time

    def ago(self, moment: Moment) -> float:
        """Seconds since a moment of this host."""
        return self.now.mono - moment.mono

    def clock(self, moment: Moment, *, tenths: bool = False) -> str:
        """Local time of day."""
        local = self._local(moment)
        text = local.strftime("%H:%M:%S")
        return f"{text}.{local.microsecond // 100_000}" if tenths else text

    def zone_name(self) -> str:
        """The name of the zone now, such as CEST; empty where it has none."""
        return self._local(self.now).tzname() or ""

    def _local(self, moment: Moment) -> datetime:
        """A moment by the rules of the zone at that moment."""
        return datetime.fromtimestamp(moment.wall, self.zone)


def cell(text: str, role: Role = Role.PLAIN) -> Cell:
    """A cell of one meaning."""
    return (Span(text, role),)


NOTHING: Cell = ()
"""An empty cell: there is nothing to say, which is not the same as not knowing."""


def unknown() -> Cell:
    """A value that is not known, drawn as such."""
    return cell("?", Role.DIM)


def lasted(seconds: float | None, role: Role = Role.DIM) -> Cell:
    """A number of seconds as a duration; unknown where it is None."""
    return unknown() if seconds is None else cell(duration(seconds), role)


def gauge(glyphs: Glyphs, share: float, width: int, role: Role = Role.ACCENT) -> Cell:
    """A thin line, filled to ``share`` of its ``width``."""
    filled = min(width, max(0, round(share * width)))
    if share > 0 and filled == 0:
        filled = 1
    return (
        Span(glyphs.full * filled, role),
        Span(glyphs.empty * (width - filled), Role.FAINT),
    )
