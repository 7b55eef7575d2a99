"""Decide whether a listing or a webhook wins where they disagree about one membership.

A listing counts only for what it can have seen. It overrules what is known of a key if it was
requested later than that was learnt (by this host's clock, plus the lag allowed to reads), or if
it surely was read after the deciding event (by Telnyx's clock alone). The two clocks are never
compared with each other.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf

from console.core.messages.facts import Reading
from console.core.model.entities import Membership
from console.core.model.listed_resources import Moment, Source
from console.core.model.policy import Policy


def merge_event(
    membership: Membership, *, stamp: float | None, here: bool, scope_floor: float, at: Moment
) -> Membership:
    """Return the membership after an event. The newest stamp wins; on a tie a leave beats a join.

    An event without a stamp cannot be ordered: it counts until a listing requested later. An event
    from before ``scope_floor``, or before the key's own floor, changes no presence: a listing has
    covered it already. ``stamp`` and ``scope_floor`` are Telnyx's seconds.
    """
    if stamp is None:
        decided, stamp, rank = inf, membership.stamp, membership.rank
    else:
        decided, rank = stamp, 0 if here else 1
        if (stamp, rank) <= (membership.stamp, membership.rank):
            return membership
        if stamp <= max(membership.floor, scope_floor):
            return replace(membership, stamp=stamp, rank=rank)
    return replace(
        membership,
        here=here,
        stamp=stamp,
        rank=rank,
        decided=decided,
        known_at=at.mono,
        source=Source.WEBHOOK,
        seen=at,
    )


def may_overrule(membership: Membership, reading: Reading, policy: Policy) -> bool:
    """True if a reading can have seen the membership's last event and is not an older reading."""
    asked = reading.asked.mono
    later = asked > membership.known_at + policy.sigma
    newer = later or membership.decided <= floor_of(reading, policy)
    return newer and asked >= membership.answered_at


def merge_reading(
    membership: Membership, *, here: bool, reading: Reading, policy: Policy
) -> Membership:
    """Return the membership after a reading that does or does not show its key."""
    if not may_overrule(membership, reading, policy):
        return membership
    return replace(
        membership,
        here=here,
        answered_at=reading.answered.mono,
        floor=max(membership.floor, floor_of(reading, policy)),
        source=Source.POLL,
        seen=reading.answered,
    )


def floor_of(reading: Reading, policy: Policy) -> float:
    """Return the time, in Telnyx's seconds, before which every event is surely in the reading."""
    if reading.date is None:
        return -inf
    return reading.date - (reading.first_answer.mono - reading.asked.mono) - policy.eps
