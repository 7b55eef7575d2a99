"""Who a leg is: the best name there is, and whether it is surely its own.

alias > label > agent from client_state > number from a queued call or a call event > the tail of
its id. What is known of the same call leg under another call_control_id is its own as well. What
only its number or its session share with somebody is inferred, and never taken for a name of its
own without saying so: two people may share either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeVar

from console.core.beliefs import Identity, Note
from console.core.state import State

V = TypeVar("V")
_E164 = re.compile(r"\+\d{7,15}\Z", re.ASCII)


class Kind(StrEnum):
    """What a name is."""

    ALIAS = "alias"
    LABEL = "label"
    AGENT = "agent"
    NAME = "name"
    """Of client_state, and perhaps not an agent's."""
    NUMBER = "number"
    TAIL = "tail"
    """Nothing is known but its id."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name, as it was told: to be cleaned before it is shown."""

    text: str
    kind: Kind
    sure: bool = True
    """Whether it is the leg's own.

    Else it is inferred: an alias from the number it shares, anything else from its session.
    """


def name_of(state: State, leg: str) -> Name:
    """The best name there is."""
    known = state.identities.get(leg) or _NOBODY
    note = state.notes.get(leg)
    own = _own(note, known)
    if own is not None and own.kind is not Kind.NUMBER:
        return own
    notes, others = _noted(_Same(state.notes)), _indexed(_Same(state.identities))
    twins = [twin for twin in others.legs.get(known.leg_id or "", ()) if twin != leg]
    found = _own(notes.legs.get(known.leg_id or ""), None)
    found = found or _best(_own(None, state.identities[twin]) for twin in twins)
    if found is not None and (own is None or found.kind is not Kind.NUMBER):
        return found
    alias = notes.numbers.get(known.number or "")
    if alias is not None:
        return Name(alias.alias, Kind.ALIAS, sure=False)
    if own is not None:
        return own
    family = [one for one in others.sessions.get(known.session_id or "", ()) if one != leg]
    named = {_own(state.notes.get(one), state.identities[one]) for one in family} - {None}
    if len(named) == 1 and (only := named.pop()) is not None:
        return Name(only.text, Kind.NAME if only.kind is Kind.ALIAS else only.kind, sure=False)
    return Name(leg, Kind.TAIL)


def is_mine(state: State, leg: str) -> bool:
    """Whether it is the operator's own leg: dialled for them here, or marked as theirs."""
    note = state.notes.get(leg)
    return note is not None and note.mine


def is_pinned(state: State, leg: str) -> bool:
    """Whether somebody pinned it."""
    note = state.notes.get(leg)
    return note is not None and note.pinned


def own_leg(state: State, room: str) -> str | None:
    """The operator's own leg in a conference; the one marked last where there are several."""
    here = [leg for leg, person in state.people.get(room, {}).items() if person.register.here]
    mine = [leg for leg in here if is_mine(state, leg)]
    return max(mine, key=lambda leg: state.notes[leg].at, default=None)


_NOBODY = Identity()


def _own(note: Note | None, known: Identity | None) -> Name | None:
    if note is not None and note.alias:
        return Name(note.alias, Kind.ALIAS)
    if known is None:
        return None
    told = (
        (known.label, Kind.LABEL),
        (known.agent, Kind.AGENT),
        (known.name, Kind.NAME),
        (known.number, Kind.NUMBER),
    )
    return next((Name(text, kind) for text, kind in told if text), None)


def _best(names: Iterable[Name | None]) -> Name | None:
    order = list(Kind)
    found = [name for name in names if name is not None]
    return min(found, key=lambda name: order.index(name.kind), default=None)


class _Same(Generic[V]):
    """A mapping known by its identity: published maps never change."""

    __slots__ = ("entries",)

    def __init__(self, entries: Mapping[str, V]) -> None:
        self.entries = entries

    def __hash__(self) -> int:
        return id(self.entries)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.entries is self.entries


@dataclass(slots=True)
class _Legs:
    """Which call_control_ids go with a call leg, and with a session."""

    legs: dict[str, list[str]] = field(default_factory=dict)
    sessions: dict[str, list[str]] = field(default_factory=dict)


@lru_cache(maxsize=2)
def _indexed(identities: _Same[Identity]) -> _Legs:
    found = _Legs()
    for leg, known in identities.entries.items():
        if known.leg_id is not None:
            found.legs.setdefault(known.leg_id, []).append(leg)
        if known.session_id is not None:
            found.sessions.setdefault(known.session_id, []).append(leg)
    return found


@dataclass(slots=True)
class _Notes:
    """Aliases by call leg, and by phone number; of several the last."""

    legs: dict[str, Note] = field(default_factory=dict)
    numbers: dict[str, Note] = field(default_factory=dict)


@lru_cache(maxsize=2)
def _noted(notes: _Same[Note]) -> _Notes:
    found = _Notes()
    for note in sorted(notes.entries.values(), key=lambda note: note.at.wall):
        if note.leg_id is not None:
            found.legs[note.leg_id] = note
        if note.number is not None and _E164.match(note.number):
            if note.alias:
                found.numbers[note.number] = note
            else:
                found.numbers.pop(note.number, None)
    return found
