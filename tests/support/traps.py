"""Interleavings that merges are known to fail on and that chance would hardly find."""

from __future__ import annotations

from collections.abc import Iterable

from console.core.messages.read_scopes import ParticipantsScope
from support.promises import Key
from support.reads import UnderWay
from support.shift import NOBODY, WAITS, Shift, Step
from support.twin import OFFSET


class Trapped(Shift):
    """A shift with a step for each of them; every step brings the people it needs."""

    def _party(self, conference: int, most: int = 3) -> list[Key]:
        """Return the legs of a conference of at least ``most``, all known to the console."""
        for leg in range(most):
            known = len(self.pending)
            self._create(conference, leg, 1)
            self._join(conference, leg, 0)
            self._come_all(known)
        id_ = self.id(conference)
        live = self.world.conferences.get(id_)
        return [(id_, leg) for leg in live.people] if live is not None else []

    def _trap_paging(self, conference: int, how: int) -> None:
        """Let somebody of the first page leave before the next is read, or the next never come.

        ``how``: 0 a page fails; 1 no two passes agree, and the last misses somebody who was always
        there; 2 the first pass misses them.
        """
        party = self._party(conference, 5 if how == 1 else 3)
        self.wait(WAITS[2])
        reading = self.begin(ParticipantsScope(self.id(conference)))
        for turn in range(12):
            if reading is None or self.answer(reading, error=self.error):
                return
            if how == 0 and turn == 1:
                self.fail(reading)
                return
            if turn in ((0,), (2, 4, 7), (0,))[how] and party:
                self._out(*party.pop(0))

    def _trap_stale(self, conference: int, index: int) -> None:
        """Read a listing, let somebody leave and report it, then deliver the listing."""
        party, reading = self._read_whole(conference)
        if reading is not None and party:
            known = len(self.pending)
            self._out(*party[index % len(party)])
            self._come_all(known)
            self.answer(reading, error=self.error)

    def _read_whole(self, conference: int) -> tuple[list[Key], UnderWay | None]:
        """Return a conference of two with a listing read except for its last answer."""
        party = self._party(conference, 2)
        reading = self.begin(ParticipantsScope(self.id(conference)))
        if reading is not None:
            reading.serve(self.now)
            self.wait(0.05)
        return party, reading

    def _trap_confirm(self, conference: int, index: int, what: int) -> None:
        """Read a listing, let somebody else change it, fail our own command, then deliver it."""
        for member in self._party(conference, 2):
            self._put(what, *member)
        party, reading = self._read_whole(conference)
        if reading is not None and party:
            member = party[index % len(party)]
            self._put((1, 0, 3, 2)[what], *member)
            self.press(what, *member)
            self._come(len(self.commands) - 1, 2)
            self.answer(reading, error=self.error)

    def _trap_overlap(self, conference: int, leg: int, now: int) -> None:
        """Of two listings of one conference, deliver the one requested first last, or never."""
        self._party(conference, 1)
        self.hang_up(leg)
        known = len(self.pending)
        self._join(conference, leg, 0)
        scope = ParticipantsScope(self.id(conference))
        first = self.begin(scope)
        if first is not None:
            first.serve(self.now)
        self._out(self.id(conference), self.leg(leg))
        while len(self.pending) > known:
            self.lose(known)
        self.wait(WAITS[1])
        self.read(scope)
        if first is not None and now:
            while not self.answer(first, error=self.error):
                pass

    def _trap_lww(self, conference: int, index: int) -> None:
        """Let somebody leave and come back, and deliver the webhooks in reverse."""
        party = self._party(conference, 2)
        known = len(self.pending)
        conference_, leg = party[index % len(party)] if party else (NOBODY, NOBODY)
        self._out(conference_, leg)
        self.call("POST", f"/conferences/{conference_}/actions/join", call_control_id=leg)
        while len(self.pending) > known:
            self.deliver(len(self.pending) - 1)

    def _trap_short_life(self, conference: int, leg: int, which: int) -> None:
        """Let a conference come and go between two polls, with one late webhook."""
        known = len(self.pending)
        self._create(conference, leg, 1)
        self._end(conference)
        told, self.pending = self.pending[known:], self.pending[:known]
        if told:
            self.late.append(told.pop(which % len(told)))
            self.lost += len(told)


def run(
    script: Iterable[Step],
    *,
    seed: int = 0,
    offset: float = OFFSET,
    error: int = 0,
    lingers: float = 0.0,
) -> Trapped:
    """Run a whole shift; raise AssertionError if a promise is broken."""
    shift = Trapped(offset, error, lingers)
    for word, *numbers in script:
        shift.do(str(word), *(int(number) for number in numbers))
    shift.rest(seed)
    return shift
