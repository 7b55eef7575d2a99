"""What a command would also bring about, as far as it can be seen beforehand."""

from __future__ import annotations

from console.core.command import AnyLeg, Beliefs, People, Target, Tier, Trip

MANY = 3
"""Leaving of more people than this at once is final."""


def leaving(beliefs: Beliefs, target: Target) -> tuple[Trip, ...]:
    """Who leaves may end the conference."""
    if not isinstance(target, People):
        return ()
    here = beliefs.people.get(target.room, {})
    hosts = [p.leg for p in here.values() if p.register.here and p.fields and p.fields.end_on_exit]
    going = [leg for leg in target.legs if leg in hosts]
    trips: list[Trip] = []
    if going:
        last = " and is the last host" if len(hosts) == len(going) else ""
        trips.append(
            Trip(Tier.TYPED, f"The conference ends when they leave: END-EXIT is set{last}.")
        )
    if len(target.legs) > MANY:
        trips.append(Trip(Tier.TYPED, f"{len(target.legs)} people leave at once."))
    return tuple(trips)


def moving(beliefs: Beliefs, target: Target) -> tuple[Trip, ...]:
    """Who is brought elsewhere leaves a conference."""
    if not isinstance(target, AnyLeg) or target.from_room is None:
        return ()
    return leaving(beliefs, People(target.from_room, (target.leg,)))


def holding(beliefs: Beliefs, target: Target) -> tuple[Trip, ...]:
    """Holding the only caller leaves the others with nobody to talk to."""
    if not isinstance(target, People):
        return ()
    here = [p for p in beliefs.people.get(target.room, {}).values() if p.register.here]
    callers = [p.leg for p in here if (who := beliefs.identities.get(p.leg)) and who.caller]
    if len(callers) == 1 and callers[0] in target.legs and len(here) > 1:
        return (Trip(Tier.CONFIRM, "This is the only caller: the others talk among themselves."),)
    return ()
