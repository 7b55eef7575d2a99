"""The best name for a leg.

The order is alias, label, agent from client_state, name from client_state, number from a queued
call or call event, tail of its id. A name of the same call leg under another call_control_id is
the leg's own. A name found only by the number or the session is inferred and shown as such,
because two people may share either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from console.core.model.entities import Identity
from console.core.model.name_index import Name, NameKind, own_name
from console.core.model.state import State


def name_of(state: State, leg: str) -> Name:
    """Return the best name for ``leg``."""
    known = state.identities.get(leg) or _NOBODY
    note = state.notes.get(leg)
    own = own_name(note, known)
    if own is not None and own.kind is not NameKind.NUMBER:
        return own
    index = state.name_index.of(state.identities, state.notes)
    found = own_name(index.notes_by_call_leg.get(known.leg_id or ""), None)
    found = found or _best(_of_others(index.call_legs.get(known.leg_id or ""), own))
    if found is not None and (own is None or found.kind is not NameKind.NUMBER):
        return found
    alias = index.aliases_by_number.get(known.number or "")
    if alias is not None:
        return Name(alias.alias, NameKind.ALIAS, sure=False)
    if own is not None:
        return own
    family = _of_others(index.sessions.get(known.session_id or ""), None)
    if len(family) == 1:
        (only,) = family
        kind = NameKind.NAME if only.kind is NameKind.ALIAS else only.kind
        return Name(only.text, kind, sure=False)
    return Name(leg, NameKind.TAIL)


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
    mine = [leg for leg in state.people_in(conference) if is_mine(state, leg)]
    return max(mine, key=lambda leg: state.notes[leg].at, default=None)


_NOBODY = Identity()


def _best(names: Iterable[Name]) -> Name | None:
    order = list(NameKind)
    return min(names, key=lambda name: (order.index(name.kind), name.text), default=None)


def _of_others(names: Mapping[Name, int] | None, own: Name | None) -> list[Name]:
    """Names used by other legs, ignoring this leg's own use of ``own``."""
    return [name for name, count in (names or {}).items() if count > (name == own)]
