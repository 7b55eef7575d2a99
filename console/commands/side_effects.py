"""Side effects of commands, as far as the state shows them beforehand."""

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
"""If more people than this leave at once, the name must be typed."""


def leave_effects(state: State, target: Target) -> tuple[SideEffect, ...]:
    """Return the side effects of people who leave: the conference may end."""
    if not isinstance(target, People):
        return ()
    return _hosts_leave(state, target, "The conference")


def _hosts_leave(state: State, target: People, conference: str) -> tuple[SideEffect, ...]:
    """Return the side effects if these people leave and thereby end, or may end, the conference.

    ``conference`` is its name at the beginning of the sentence.
    """
    here = state.people_in(target.conference).values()
    ends = {person.leg: person.listed and person.listed.end_on_exit for person in here}
    hosts = [leg for leg, ends_it in ends.items() if ends_it]
    going = [leg for leg in target.legs if leg in hosts]
    effects: list[SideEffect] = []
    if going:
        others = [ends_it for leg, ends_it in ends.items() if leg not in going]
        last = " and nobody else is a host" if all(e is False for e in others) else ""
        text = f"{conference} ends when they leave: END-EXIT is set{last}."
        effects.append(SideEffect(ConfirmationLevel.TYPED, text, tuple(going)))
    unknown = tuple(leg for leg in target.legs if ends.get(leg) is None)
    if unknown:
        text = "role unknown, they may be a host:"
        effects.append(SideEffect(ConfirmationLevel.CONFIRM, text, unknown))
    if (count := len(target.legs)) > MANY:
        effects.append(SideEffect(ConfirmationLevel.TYPED, f"{count} people leave at once."))
    return tuple(effects)


def move_effects(state: State, target: Target) -> tuple[SideEffect, ...]:
    """Return the side effects for the conference that a leg is taken from."""
    if not isinstance(target, AnyLeg) or target.from_conference is None:
        return ()
    people = People(target.from_conference, (target.leg,))
    return _hosts_leave(state, people, "The conference they are in")


def chosen_leg_effects(state: State, leg: str) -> str:
    """Return the consequences for the conference that this leg leaves; empty if it is in none."""
    sentences: list[str] = []
    for conference, people in state.people.items():
        if leg in people and people[leg].membership.here:
            sentences.append("This call is in a conference now and leaves it.")
            effects = move_effects(state, AnyLeg(leg, from_conference=conference))
            sentences += [f"{effect.text.rstrip(':.')}." for effect in effects]
    return " ".join(dict.fromkeys(sentences))


def hold_effects(state: State, target: Target) -> tuple[SideEffect, ...]:
    """Return the side effects of a hold: without the only caller, the others are left alone."""
    if not isinstance(target, People):
        return ()
    here = state.people_in(target.conference)
    callers = [leg for leg in here if (who := state.identities.get(leg)) and who.caller]
    if len(callers) == 1 and callers[0] in target.legs and len(here) > 1:
        text = "This is the only caller: the others talk among themselves."
        return (SideEffect(ConfirmationLevel.CONFIRM, text, tuple(callers)),)
    if not callers:
        text = "role unknown, they may be the only caller:"
        return (SideEffect(ConfirmationLevel.AT_ONCE, text, target.legs),)
    return ()


def end_effects(state: State, target: Target) -> tuple[SideEffect, ...]:
    """Warn that a forced end also hangs up the leg that created the conference, if it has left.

    Return an empty tuple if that leg is still in the conference or is not known.
    """
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
    where = f" in {elsewhere[0][0]}" if elsewhere else ""
    text = f"It was made from a call that has left. Ending it hangs up that call{where}:"
    return (SideEffect(ConfirmationLevel.TYPED, text, (creator,)),)


def _name(state: State, conference: str) -> str:
    known = state.conferences.get(conference)
    name = known.listed.name if known is not None and known.listed is not None else None
    return conference[:8] if name is None else name
