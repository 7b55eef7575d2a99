"""The best name for a leg.

The order is alias, label, agent from client_state, name from client_state, number from a queued
call or call event, tail of its id. A name of the same call leg under another call_control_id is
the leg's own. A name found only by the number or the session is inferred and shown as such,
because two people may share either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeAlias, TypeVar

from console.core.model.caller_numbers import is_own_number
from console.core.model.entities import Identity, Note
from console.core.model.state import State, changes

V = TypeVar("V")


class Kind(StrEnum):
    """The kind of a name, best first."""

    ALIAS = "alias"
    LABEL = "label"
    AGENT = "agent"
    NAME = "name"
    """From client_state. It need not be an agent's."""
    NUMBER = "number"
    TAIL = "tail"
    """Only the id of the leg is known."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it was received. Clean it before showing it."""

    text: str
    kind: Kind
    sure: bool = True
    """True if it is the leg's own name.

    Otherwise it is inferred: an alias from a shared number, any other name from the session.
    """


def name_of(state: State, leg: str) -> Name:
    """Return the best name for ``leg``."""
    known = state.identities.get(leg) or _NOBODY
    note = state.notes.get(leg)
    own = _own(note, known)
    if own is not None and own.kind is not Kind.NUMBER:
        return own
    notes, others = _noted(_Same(state.notes)), _shared(state)
    found = _own(notes.legs.get(known.leg_id or ""), None)
    found = found or _best(_of_others(others.legs.get(known.leg_id or ""), own))
    if found is not None and (own is None or found.kind is not Kind.NUMBER):
        return found
    alias = notes.numbers.get(known.number or "")
    if alias is not None:
        return Name(alias.alias, Kind.ALIAS, sure=False)
    if own is not None:
        return own
    family = _of_others(others.sessions.get(known.session_id or ""), None)
    if len(family) == 1:
        (only,) = family
        return Name(only.text, Kind.NAME if only.kind is Kind.ALIAS else only.kind, sure=False)
    return Name(leg, Kind.TAIL)


def is_mine(state: State, leg: str) -> bool:
    """True if ``leg`` is the operator's own: dialled by this console, or marked as own."""
    note = state.notes.get(leg)
    return note is not None and note.mine


def is_pinned(state: State, leg: str) -> bool:
    """True if ``leg`` is pinned."""
    note = state.notes.get(leg)
    return note is not None and note.pinned


def own_leg(state: State, conference: str) -> str | None:
    """Return the operator's own leg in ``conference``: the one marked last, or None."""
    here = [
        leg for leg, person in state.people.get(conference, {}).items() if person.membership.here
    ]
    mine = [leg for leg in here if is_mine(state, leg)]
    return max(mine, key=lambda leg: state.notes[leg].at, default=None)


_NOBODY = Identity()


def _own(note: Note | None, known: Identity | None) -> Name | None:
    if note is not None and note.alias:
        return Name(note.alias, Kind.ALIAS)
    if known is None or not known.known:
        return None
    told = (
        (known.label, Kind.LABEL),
        (known.agent, Kind.AGENT),
        (known.name, Kind.NAME),
        (known.number, Kind.NUMBER),
    )
    return next((Name(text, kind) for text, kind in told if text), None)


def _best(names: Iterable[Name]) -> Name | None:
    order = list(Kind)
    return min(names, key=lambda name: (order.index(name.kind), name.text), default=None)


def _of_others(names: Mapping[Name, int] | None, own: Name | None) -> list[Name]:
    """Names used by other legs, ignoring this leg's own use of ``own``."""
    return [name for name, count in (names or {}).items() if count > (name == own)]


class _Same(Generic[V]):
    """A hashable wrapper that compares a mapping by identity. Published maps never change."""

    __slots__ = ("entries",)

    def __init__(self, entries: Mapping[str, V]) -> None:
        self.entries = entries

    def __hash__(self) -> int:
        return id(self.entries)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.entries is self.entries


Names: TypeAlias = dict[Name, int]
"""Number of legs by name."""


class _Shared:
    """Names by call_leg_id and by session id.

    Only changed entries are counted again, because there may be thousands of them.
    """

    def __init__(self) -> None:
        self.identities: Mapping[str, Identity] = {}
        self.notes: Mapping[str, Note] = {}
        self.legs: dict[str, Names] = {}
        self.sessions: dict[str, Names] = {}

    def follow(self, identities: Mapping[str, Identity], notes: Mapping[str, Note]) -> None:
        """Bring the counts up to date with these maps."""
        if identities is self.identities and notes is self.notes:
            return
        moved = dict.fromkeys(changes(self.identities, identities))
        moved.update(dict.fromkeys(changes(self.notes, notes)))
        for leg in moved:
            self._count(self.identities.get(leg), self.notes.get(leg), -1)
            self._count(identities.get(leg), notes.get(leg), 1)
        self.identities, self.notes = identities, notes

    def _count(self, known: Identity | None, note: Note | None, by: int) -> None:
        if known is not None:
            _add(self.legs, known.leg_id, _own(None, known), by)
            _add(self.sessions, known.session_id, _own(note, known), by)


def _add(names: dict[str, Names], key: str | None, name: Name | None, by: int) -> None:
    if not key or name is None:
        return
    counted = names.setdefault(key, {})
    counted[name] = counted.get(name, 0) + by
    if not counted[name]:
        del counted[name]
        if not counted:
            del names[key]


_latest = _Shared()
"""Used by the screen's thread only."""


def _shared(state: State) -> _Shared:
    _latest.follow(state.identities, state.notes)
    return _latest


@dataclass(slots=True)
class _Notes:
    """The newest note by call_leg_id, and the newest aliased note by phone number."""

    legs: dict[str, Note] = field(default_factory=dict)
    numbers: dict[str, Note] = field(default_factory=dict)


@lru_cache(maxsize=2)
def _noted(notes: _Same[Note]) -> _Notes:
    found = _Notes()
    for note in sorted(notes.entries.values(), key=lambda note: note.at.wall):
        if note.leg_id is not None:
            found.legs[note.leg_id] = note
        if note.number is not None and is_own_number(note.number):
            if note.alias:
                found.numbers[note.number] = note
            else:
                found.numbers.pop(note.number, None)
    return found
