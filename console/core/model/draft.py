"""The writable copy of a state during one update."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING, Generic, TypeVar

from console.core.model.entities import Coverage
from console.core.model.frozen_maps import copied
from console.core.model.listed_resources import Moment
from console.core.model.state import Entry, Sign, State

if TYPE_CHECKING:
    from console.core.messages.effects import Effect
    from console.core.messages.read_scopes import Scope

K = TypeVar("K")
V = TypeVar("V")


class CowMap(Generic[K, V]):
    """A mapping that copies its base at the first write. Writing an equal value is no write."""

    def __init__(self, base: Mapping[K, V]) -> None:
        self._base = base
        self._own: dict[K, V] | None = None
        self.written: set[K] = set()
        """Keys that were set or removed."""

    @property
    def entries(self) -> Mapping[K, V]:
        """The present entries. Read only."""
        return self._base if self._own is None else self._own

    def get(self, key: K) -> V | None:
        """Return the value at ``key``, or None."""
        return self.entries.get(key)

    def put(self, key: K, value: V) -> None:
        """Set ``key``, unless it has an equal value."""
        if self.entries.get(key) != value:
            self._writable(key)[key] = value

    def replace(self, key: K, value: V) -> None:
        """Set ``key`` without comparing. Use it where comparing costs more than copying the map."""
        self._writable(key)[key] = value

    def drop(self, key: K) -> None:
        """Remove ``key`` if it is there."""
        if key in self.entries:
            del self._writable(key)[key]

    def seal(self) -> Mapping[K, V]:
        """Return the read-only map to publish. It is the base itself if nothing was written."""
        return self._base if self._own is None else MappingProxyType(self._own)

    def _writable(self, key: K) -> dict[K, V]:
        self.written.add(key)
        if self._own is None:
            self._own = copied(self._base)
        return self._own


class PartitionedMap(Generic[K, V]):
    """A mapping in parts, each copied at its first write, with an index from key to parts.

    A part is a conference id or a queue name. Only this class writes the index, so that it always
    agrees with the parts.
    """

    def __init__(
        self, base: Mapping[str, Mapping[K, V]], parts_of: Mapping[K, tuple[str, ...]]
    ) -> None:
        self._outer = CowMap(base)
        self._inner: dict[str, CowMap[K, V]] = {}
        self._parts_of = CowMap(parts_of)

    def of(self, part: str) -> Mapping[K, V]:
        """Return the present entries of ``part``. Read only."""
        return self._map_of(part).entries

    def parts(self) -> tuple[str, ...]:
        """Return the names of all parts, also of emptied ones."""
        return tuple(dict.fromkeys((*self._outer.entries, *self._inner)))

    def get(self, part: str, key: K) -> V | None:
        """Return the value at ``key`` of ``part``, or None."""
        return self._map_of(part).get(key)

    def has(self, key: K) -> bool:
        """True if any part has ``key``."""
        return key in self._parts_of.entries

    def values_at(self, key: K) -> Iterator[V]:
        """Yield the value at ``key`` of each part that has it, in the order of insertion."""
        for part in self._parts_of.get(key) or ():
            yield self.of(part)[key]

    def put(self, part: str, key: K, value: V) -> None:
        """Set ``key`` of ``part``, unless it has an equal value."""
        inner = self._map_of(part)
        if key not in inner.entries:
            self._parts_of.replace(key, (*(self._parts_of.get(key) or ()), part))
        inner.put(key, value)

    def drop(self, part: str, key: K) -> None:
        """Remove ``key`` of ``part`` if it is there."""
        if key in self.of(part):
            self._map_of(part).drop(key)
            self._leave(part, key)

    def clear(self, part: str) -> None:
        """Empty ``part``."""
        for key in self.of(part):
            self._leave(part, key)
        self._inner[part] = CowMap({})

    def seal(self) -> Mapping[str, Mapping[K, V]]:
        """Return the read-only map of parts to publish, without empty parts."""
        for part, inner in self._inner.items():
            entries = inner.seal()
            if not entries:
                self._outer.drop(part)
            elif entries is not self._outer.get(part):
                self._outer.replace(part, entries)
        return self._outer.seal()

    def seal_parts_of(self) -> Mapping[K, tuple[str, ...]]:
        """Return the read-only index from key to parts to publish."""
        return self._parts_of.seal()

    def _leave(self, part: str, key: K) -> None:
        left = tuple(other for other in self._parts_of.get(key) or () if other != part)
        if left:
            self._parts_of.replace(key, left)
        else:
            self._parts_of.drop(key)

    def _map_of(self, part: str) -> CowMap[K, V]:
        if part not in self._inner:
            self._inner[part] = CowMap(self._outer.get(part) or {})
        return self._inner[part]


class Draft:
    """A state that is being changed by one batch of messages, with the effects that result."""

    def __init__(self, state: State) -> None:
        self._before = state
        self.policy = state.policy
        self.commands = state.commands
        self.conferences = CowMap(state.conferences)
        self.names = CowMap(state.names)
        self.people = PartitionedMap(state.people, state.conferences_of)
        self.queues = CowMap(state.queues)
        self.waiting = PartitionedMap(state.waiting, state.queues_of)
        self.identities = CowMap(state.identities)
        self.parked = CowMap(state.parked)
        self.notes = CowMap(state.notes)
        self.answers = CowMap(state.answers)
        self.coverage = CowMap(state.coverage)
        self.gaps = CowMap(state.gaps)
        self.receipts = CowMap(state.receipts)
        self.seen_event_ids = state.seen_event_ids
        self.health = state.health
        self.inspected = state.inspected
        self.manual_poll = state.manual_poll
        self.locked = state.locked
        self.watched_queue = state.watched_queue
        self.watched_conference = state.watched_conference
        self.expired_at = state.expired_at
        self.effects: list[Effect] = []
        self._log: list[Entry] = []
        self._counted: set[int] = set()

    def log(
        self,
        at: Moment,
        sign: Sign,
        name: str,
        text: str = "",
        *,
        conference: str | None = None,
        queue: str | None = None,
        leg: str | None = None,
        lag: float | None = None,
        attempt: int = 1,
        order: str | None = None,
        legs: tuple[str, ...] = (),
        about: str = "",
    ) -> None:
        """Add a line to the log."""
        number = self._before.logged + len(self._log) + 1
        entry = Entry(number, at, sign, name, conference, queue, leg, text, lag, attempt, order)
        self._log.append(replace(entry, legs=legs, about=about) if legs or about else entry)

    def merge_repeated(
        self, same: Callable[[Entry], bool], at: Moment, *, count: bool = True
    ) -> None:
        """Remove the newest recent line that ``same`` accepts, and add its count to the last line.

        Recent is `Policy.repeats`. With ``count`` false the line is removed and not counted.
        """
        since, newest = at.mono - self.policy.repeats, self._log[-1]
        recent = takewhile(lambda entry: entry.at.mono > since, reversed(self._uncounted()))
        last = next((e for e in recent if e.number != newest.number and same(e)), None)
        if last is not None:
            self._counted.add(last.number)
            if not count:
                return
            first, times = last.first or last.at, last.times + newest.times
            self._log[-1] = replace(newest, times=times, first=first)

    def _uncounted(self) -> list[Entry]:
        """Return the log entries, oldest first, without those counted in a later entry."""
        entries = (*self._before.log, *self._log)
        return [entry for entry in entries if entry.number not in self._counted]

    def decline(self, at: Moment, text: str, about: str, *, count: bool) -> None:
        """Log why a key press did nothing, in place of a recent line with the same ``about``.

        With ``count`` the new line shows the number of repetitions.
        """
        self.log(at, Sign.NOTE, "not done", text, about=about)
        self.merge_repeated(lambda entry: entry.about == about, at, count=count)

    @property
    def last_entry(self) -> Entry | None:
        """The newest log entry, or None."""
        entries = self._log or self._before.log
        return entries[-1] if entries else None

    def coverage_of(self, scope: Scope) -> Coverage:
        """Return the coverage of ``scope``, empty if the scope was never read."""
        return self.coverage.get(scope) or Coverage()

    def seal(self) -> State:
        """Return the state to publish. It is the original object if nothing was written."""
        before = self._before
        log = tuple(self._uncounted())[-self.policy.log :] if self._log else before.log
        identities, notes = self.identities.seal(), self.notes.seal()
        index, named = before.name_index, self.identities.written | self.notes.written
        if named:
            index = index.of(before.identities, before.notes).updated(identities, notes, named)
        after = replace(
            before,
            conferences=self.conferences.seal(),
            names=self.names.seal(),
            people=self.people.seal(),
            conferences_of=self.people.seal_parts_of(),
            queues=self.queues.seal(),
            waiting=self.waiting.seal(),
            queues_of=self.waiting.seal_parts_of(),
            identities=identities,
            parked=self.parked.seal(),
            notes=notes,
            name_index=index,
            answers=self.answers.seal(),
            coverage=self.coverage.seal(),
            gaps=self.gaps.seal(),
            receipts=self.receipts.seal(),
            log=log,
            logged=before.logged + len(self._log),
            seen_event_ids=self.seen_event_ids,
            health=self.health,
            inspected=self.inspected,
            manual_poll=self.manual_poll,
            locked=self.locked,
            watched_queue=self.watched_queue,
            watched_conference=self.watched_conference,
            expired_at=self.expired_at,
        )
        untouched = all(
            getattr(before, field.name) is getattr(after, field.name) for field in fields(State)
        )
        return before if untouched else after
