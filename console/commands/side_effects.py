"""What a command would also bring about, as far as it can be seen beforehand."""

from __future__ import annotations

from console.core.model.command import (
    AnyLeg,
    ConfirmationLevel,
    People,
    SideEffect,
    Target,
    WholeConference,
)
from console.core.model.state import State

MANY = 3
"""Leaving of more people than this at once is final."""


def leaving(state: State, target: Target) -> tuple[SideEffect, ...]:
    """Who leaves may end the conference."""
    if not isinstance(target, People):
        return ()
    return _hosts_leave(state, target, "The conference")


def _hosts_leave(state: State, target: People, conference: str) -> tuple[SideEffect, ...]:
    """Tell that ``conference`` ends, or may end, when these people leave it."""
    here = state.people.get(target.conference, {})
    ends = {p.leg: p.listed and p.listed.end_on_exit for p in here.values() if p.membership.here}
    hosts = [leg for leg, ending in ends.items() if ending]
    going = [leg for leg in target.legs if leg in hosts]
    trips: list[SideEffect] = []
    if going:
        others = [ending for leg, ending in ends.items() if leg not in going]
        last = " and nobody else is a host" if all(e is False for e in others) else ""
        text = f"{conference} ends when they leave: END-EXIT is set{last}."
        trips.append(SideEffect(ConfirmationLevel.TYPED, text, tuple(going)))
    unknown = tuple(leg for leg in target.legs if ends.get(leg) is None)
    if unknown:
        trips.append(
            SideEffect(ConfirmationLevel.CONFIRM, "role unknown, they may be a host:", unknown)
        )
    if len(target.legs) > MANY:
        trips.append(
            SideEffect(ConfirmationLevel.TYPED, f"{len(target.legs)} people leave at once.")
        )
    return tuple(trips)


def moving(state: State, target: Target) -> tuple[SideEffect, ...]:
    """Tell what becomes of the conference that somebody is taken from."""
    if not isinstance(target, AnyLeg) or target.from_conference is None:
        return ()
    people = People(target.from_conference, (target.leg,))
    return _hosts_leave(state, people, "The conference they are in")


def torn_away(state: State, leg: str) -> str:
    """Tell that a leg, named by its id, is taken out of a conference; empty where it is in none."""
    said: list[str] = []
    for conference, people in state.people.items():
        if leg in people and people[leg].membership.here:
            said.append("This call is in a conference now and leaves it.")
            trips = moving(state, AnyLeg(leg, from_conference=conference))
            said += [f"{trip.text.rstrip(':.')}." for trip in trips]
    return " ".join(dict.fromkeys(said))


def holding(state: State, target: Target) -> tuple[SideEffect, ...]:
    """Holding the only caller leaves the others with nobody to talk to."""
    if not isinstance(target, People):
        return ()
    here = [p for p in state.people.get(target.conference, {}).values() if p.membership.here]
    callers = [p.leg for p in here if (who := state.identities.get(p.leg)) and who.caller]
    if len(callers) == 1 and callers[0] in target.legs and len(here) > 1:
        text = "This is the only caller: the others talk among themselves."
        return (SideEffect(ConfirmationLevel.CONFIRM, text, tuple(callers)),)
    if not callers:
        return (
            SideEffect(
                ConfirmationLevel.AT_ONCE, "role unknown, they may be the only caller:", target.legs
            ),
        )
    return ()


def ending(state: State, target: Target) -> tuple[SideEffect, ...]:
    """A forced end hangs up the leg the conference was made from, wherever it is by now."""
    if not isinstance(target, WholeConference):
        return ()
    conference = state.conferences.get(target.conference)
    creator = conference.creator if conference is not None else None
    there = state.people.get(target.conference, {}).get(creator or "")
    if creator is None or (there is not None and there.membership.here):
        return ()
    elsewhere = [
        (_name(state, id_), people[creator])
        for id_, people in state.people.items()
        if id_ != target.conference and creator in people and people[creator].membership.here
    ]
    where = f" out of {elsewhere[0][0]}" if elsewhere else ""
    text = f"It was made from a call that has left; its end hangs that call up{where}:"
    return (SideEffect(ConfirmationLevel.TYPED, text, (creator,)),)


def _name(state: State, conference: str) -> str:
    known = state.conferences.get(conference)
    name = known.listed.name if known is not None and known.listed is not None else None
    return conference[:8] if name is None else name
