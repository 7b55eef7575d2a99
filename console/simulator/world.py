"""The world: the models by id, the planned actions, and the only place that emits events.

It is pure and synchronous: it gets its clock and its random generator, and calls ``emit`` with
every event. A driver calls ``advance`` at the time of ``next_due`` and before every request. An
action takes place at its own due time, however late the driver is, so that the same seed gives the
same world under any driver.

The modules that act on the world are ``legs``, ``conferences``, ``participants``, ``queues``,
``audio`` and ``recordings``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from console.simulator.history import History
from console.simulator.ids import Ids
from console.simulator.models import Conference, Gather, Leg, Media, Recording, Status
from console.simulator.scheduler import PlannedAction, Scheduler
from console.simulator.tunable_limits import Rules
from console.simulator.webhook_events import FLOOR, Event, recorded_call

if TYPE_CHECKING:
    import random

    from console.simulator.http_types import Json
    from console.simulator.queue_order import Queue

LIBRARY = ("hold_music", "lobby_music", "one_moment", "enter_pin", "invalid_pin")
LIBRARY_SECS = 630_720_000
CONNECTION_ID = "2963500000000000123"


class World:
    """All models by id, with the planned actions."""

    def __init__(
        self,
        clock: Callable[[], float],
        rng: random.Random,
        emit: Callable[[Event], None],
        rules: Rules | None = None,
        history: History | None = None,
    ) -> None:
        self.rules = rules or Rules()
        self.ids = Ids(rng)
        self.legs: dict[str, Leg] = {}
        self.conferences: dict[str, Conference] = {}
        self.live_names: dict[str, Conference] = {}
        self.queues: dict[str, Queue] = {}
        self.recordings: dict[str, Recording] = {}
        self.gathers: dict[str, Gather] = {}
        self.dials: deque[float] = deque()
        self.born_at = clock()
        self.webhook_urls: tuple[str, ...] = ()
        self.media = {
            name: Media(name, "audio/mpeg", self.born_at, self.born_at + LIBRARY_SECS)
            for name in LIBRARY
        }
        self.history = History() if history is None else history
        self.commands: dict[tuple[str, ...], tuple[float, str, Json]] = {}
        self._clock = clock
        self._emit = emit
        self._scheduler = Scheduler()
        self._moment: float | None = None
        self._silent = False
        self._floors = 0
        self._seq = 0

    @property
    def now(self) -> float:
        """Epoch seconds; during a planned action, its due time."""
        return self._clock() if self._moment is None else self._moment

    def next_due(self) -> float | None:
        """Return the due time of the next action in epoch seconds, or None without a plan."""
        return self._scheduler.next_due()

    def advance(self, now: float) -> None:
        """Run all actions that are due by ``now``, in order."""
        while (planned := self._scheduler.pop_due(now)) is not None:
            act, planned.act = planned.act, None
            if act is not None:
                with self.moment(planned.due):
                    act()

    def catch_up(self) -> None:
        """Run all actions that are due by the clock."""
        self.advance(self._clock())

    def after(self, secs: float, act: Callable[[], None]) -> PlannedAction:
        """Plan an action ``secs`` seconds from now."""
        return self._scheduler.at(self.now + secs, act)

    def at(self, due: float, act: Callable[[], None]) -> PlannedAction:
        """Plan an action at an epoch time."""
        return self._scheduler.at(due, act)

    @contextmanager
    def moment(self, epoch: float) -> Iterator[None]:
        """Set ``now`` to ``epoch`` inside the block: a due time, or a past that is being built."""
        before, self._moment = self._moment, epoch
        try:
            yield
        finally:
            self._moment = before

    @contextmanager
    def silence(self) -> Iterator[None]:
        """Emit no webhooks inside the block: it builds the past of a scenario."""
        self._silent = True
        try:
            yield
        finally:
            self._silent = False

    def emit(
        self,
        event_type: str,
        payload: Mapping[str, Json],
        leg: Leg,
    ) -> None:
        """Emit an event that happens now, and record it under ``leg``.

        A call's own events use the webhook URLs of that call (INFERRED: those of a conference use
        the account's URLs). An event inside ``silence`` is recorded and not emitted.
        """
        flat = not self._silent and event_type == FLOOR and self._next_floor_is_flat()
        webhook_options = leg.webhook_options if event_type.startswith("call.") else None
        event = Event(event_type, self.ids.uuid(), self.now, payload, flat, webhook_options)
        self.history.add_webhook(event, recorded_call(leg))
        if not self._silent:
            self._emit(event)

    def next_seq(self) -> int:
        """Return a number larger than any before."""
        self._seq += 1
        return self._seq

    def listed(self, region: str, status: Status | None, name: str | None) -> list[Conference]:
        """Return matching conferences by descending expires_at (Telnyx API, GET /conferences)."""
        found = [
            conference
            for conference in self.conferences.values()
            if (status is None or conference.status is status)
            and (name is None or conference.name == name)
            and conference.region == region
        ]
        return sorted(found, key=lambda conference: conference.expires_at, reverse=True)

    def _next_floor_is_flat(self) -> bool:
        self._floors += 1
        if self.rules.floor_shape == "both-alternating":
            return self._floors % 2 == 0
        return self.rules.floor_shape == "flat"
