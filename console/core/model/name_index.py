"""Names of legs, indexed by call leg and session, so that no search looks at every leg."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from console.core.model.caller_numbers import is_own_number
from console.core.model.entities import Identity, Note
from console.core.model.frozen_maps import BucketMap, changes, sealed


class NameKind(StrEnum):
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
    kind: NameKind
    sure: bool = True
    """True if it is the leg's own name.

    Otherwise it is inferred: an alias from a shared number, any other name from the session.
    """


Names: TypeAlias = Mapping[Name, int]
"""Number of legs by name."""


def own_name(note: Note | None, known: Identity | None) -> Name | None:
    """Return the best name in a leg's own note and identity, or None."""
    if note is not None and note.alias:
        return Name(note.alias, NameKind.ALIAS)
    if known is None:
        return None
    if known.label:
        return Name(known.label, NameKind.LABEL)
    if known.agent:
        return Name(known.agent, NameKind.AGENT)
    if known.name:
        return Name(known.name, NameKind.NAME)
    return Name(known.number, NameKind.NUMBER) if known.number else None


@dataclass(frozen=True, slots=True)
class NameIndex:
    """The names in these identities and notes."""

    identities: Mapping[str, Identity] = field(default_factory=sealed)
    notes: Mapping[str, Note] = field(default_factory=sealed)
    call_legs: BucketMap[Names] = field(default_factory=BucketMap)
    """By call_leg_id, the names other than aliases."""
    sessions: BucketMap[Names] = field(default_factory=BucketMap)
    """By session id, all names."""
    notes_by_call_leg: Mapping[str, Note] = field(default_factory=sealed)
    """The newest note by call_leg_id."""
    aliases_by_number: Mapping[str, Note] = field(default_factory=sealed)
    """The newest note by phone number, if it has an alias."""

    def of(self, identities: Mapping[str, Identity], notes: Mapping[str, Note]) -> NameIndex:
        """Return the index of these maps, which is mostly this index itself."""
        if identities is self.identities and notes is self.notes:
            return self
        changed = {*changes(self.identities, identities), *changes(self.notes, notes)}
        return self.updated(identities, notes, changed)

    def updated(
        self,
        identities: Mapping[str, Identity],
        notes: Mapping[str, Note],
        changed: Iterable[str],
    ) -> NameIndex:
        """Return the index of these maps. ``changed`` has every leg whose entry differs."""
        call_legs, sessions = _Count(self.call_legs), _Count(self.sessions)
        for leg in changed:
            known, note = self.identities.get(leg), self.notes.get(leg)
            if known is not None:
                call_legs.add(known.leg_id, own_name(None, known), -1)
                sessions.add(known.session_id, own_name(note, known), -1)
            known, note = identities.get(leg), notes.get(leg)
            if known is not None:
                call_legs.add(known.leg_id, own_name(None, known), 1)
                sessions.add(known.session_id, own_name(note, known), 1)
        by_call_leg, by_number = self.notes_by_call_leg, self.aliases_by_number
        if notes is not self.notes:
            dated = sorted(notes.values(), key=lambda note: note.at.wall)
            by_call_leg = {note.leg_id: note for note in dated if note.leg_id is not None}
            newest = {note.number: note for note in dated if note.number is not None}
            by_number = {n: note for n, note in newest.items() if note.alias and is_own_number(n)}
        return NameIndex(
            identities, notes, call_legs.seal(), sessions.seal(), by_call_leg, by_number
        )


class _Count:
    """Counts of names by key, copied at the first change."""

    def __init__(self, base: BucketMap[Names]) -> None:
        self._base = base
        self._counts: dict[str, dict[Name, int]] = {}

    def add(self, key: str | None, name: Name | None, by: int) -> None:
        """Change the number of legs of ``key`` that have ``name``."""
        if not key or name is None:
            return
        counts = self._counts.get(key)
        if counts is None:
            counts = self._counts[key] = dict(self._base.get(key) or ())
        count = counts.get(name, 0) + by
        if count:
            counts[name] = count
        else:
            del counts[name]

    def seal(self) -> BucketMap[Names]:
        """Return the map to publish. It is the base itself if nothing changed."""
        if not self._counts:
            return self._base
        return self._base.changed({key: counts or None for key, counts in self._counts.items()})
