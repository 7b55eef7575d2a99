"""Events that no webhook told of: waited for, marked, and healed when they come after all.

Nothing is invented: a gap is a mark in the log and a count, never an event. A webhook that comes
within the policy's patience was only late; one that comes later, or is had from the API, closes
its gap. What shows that an event is missing is in ``missing``.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING

from console.core.model.entities import Gap
from console.core.model.state import Sign

if TYPE_CHECKING:
    from console.core.messages.facts import EventsTold
    from console.core.messages.webhooks import Origin
    from console.core.model.draft import Draft
    from console.core.model.resources import Moment

AWAY = "not listening"
KEPT = 500
"""Gaps remembered, so that a late webhook can heal them; all are counted."""


def suspect(draft: Draft, gap: Gap) -> None:
    """An event is missing, unless its webhook is only late."""
    key = (gap.name, gap.conference or gap.queue or "", gap.leg or "")
    known = draft.gaps.get(key)
    if known is not None and (known.marked is None or gap.since < known.until):
        return
    if draft.health.listening is not None:
        draft.gaps.put(key, gap)


def away(draft: Draft, at: Moment) -> None:
    """A console that was not running heard nothing: one gap for each connection it heard before."""
    newest = draft.health.webhook
    quiet = at.mono - newest.mono if newest is not None else 0.0
    if newest is None or quiet <= draft.policy.start_gap:
        return
    since = newest.wall - (draft.health.lag or 0.0)
    how = f"nothing was heard for {quiet / 60:.0f} min before this start"
    for connection in draft.health.connections:
        gap = Gap(AWAY, connection, None, None, None, since, inf, at.mono, how, marked=at)
        draft.gaps.put((AWAY, connection, ""), gap)
        draft.health = replace(draft.health, gaps=draft.health.gaps + 1)
        _say(draft, gap, at, how)


def heal(draft: Draft, origin: Origin, key: tuple[str, str, str]) -> None:
    """An event came: by webhook in time or late, or from the API."""
    gap = draft.gaps.get(key)
    skew = draft.policy.skew
    if gap is None or gap.event_id is not None:
        return
    if origin.occurred is not None and not gap.since - skew <= origin.occurred <= gap.until + skew:
        return
    if gap.marked is None:
        draft.gaps.drop(key)
        return
    draft.health = replace(draft.health, gaps=draft.health.gaps - 1)
    if origin.api:
        draft.gaps.put(key, replace(gap, event_id=origin.event_id))
        return
    draft.gaps.drop(key)
    late = f"{origin.lag:.0f} s late" if origin.lag is not None else "late"
    _say(draft, gap, origin.at, f"gap closed: its webhook came {late}")


def withdraw(draft: Draft, gap: Gap, at: Moment) -> None:
    """The listing that made us suspect it was behind its time: nothing is missing."""
    draft.gaps.drop((gap.name, gap.conference or gap.queue or "", gap.leg or ""))
    if gap.marked is not None and gap.event_id is None:
        draft.health = replace(draft.health, gaps=draft.health.gaps - 1)
        _say(draft, gap, at, "gap closed: a later poll shows that it did not happen")


def doubt(draft: Draft, key: tuple[str, str, str]) -> None:
    """What made us suspect it was a listing behind its time."""
    gap = draft.gaps.get(key)
    if gap is not None and gap.marked is None:
        draft.gaps.drop(key)


def passed(draft: Draft, at: Moment) -> None:
    """Time passed: what was waited for long enough is missing."""
    for key, gap in list(draft.gaps.entries.items()):
        if gap.marked is not None or gap.due > at.mono:
            continue
        draft.gaps.put(key, replace(gap, marked=at))
        draft.health = replace(draft.health, gaps=draft.health.gaps + 1)
        text = f"no webhook came: {gap.how}"
        draft.log(
            at,
            Sign.INFERRED,
            gap.name,
            text,
            conference=gap.conference,
            queue=gap.queue,
            leg=gap.leg,
        )
    marked = [key for key, gap in draft.gaps.entries.items() if gap.marked is not None]
    for key in marked[: max(0, len(marked) - KEPT)]:
        draft.gaps.drop(key)
    _listen(draft, at)


def asked(draft: Draft, fact: EventsTold, had: int) -> None:
    """Telnyx was asked for what is missing of a connection: what it did not have stays.

    ``had`` is how many events it had that were not heard.
    """
    connection = fact.connection
    start = draft.gaps.get((AWAY, connection, ""))
    if start is not None and fact.whole:
        draft.gaps.drop((AWAY, connection, ""))
        draft.health = replace(draft.health, gaps=draft.health.gaps - 1)
        text = f"gap closed: the API told of {had or 'nothing'} that was missed"
        _say(draft, start, fact.reading.answered, text)
    for key, gap in list(draft.gaps.entries.items()):
        if gap.marked is not None and gap.event_id is None and gap.connection == connection:
            draft.gaps.put(key, replace(gap, asked=gap.asked + 1))


def explained(draft: Draft, event_id: str, at: Moment, outcome: str | None) -> None:
    """Telnyx said how the delivery of an event went that was had from the API."""
    for key, gap in list(draft.gaps.entries.items()):
        if gap.event_id == event_id:
            draft.gaps.drop(key)
            text = outcome or "no delivery known"
            draft.log(
                at,
                Sign.API,
                gap.name,
                f"why: {text}",
                conference=gap.conference,
                queue=gap.queue,
                leg=gap.leg,
            )


def _listen(draft: Draft, at: Moment) -> None:
    """Whether polls see what webhooks do not tell."""
    health, policy = draft.health, draft.policy
    if health.deaf or health.unheard < policy.webhooks_missed or health.unheard_since is None:
        return
    if at.mono - health.unheard_since.mono > policy.webhooks_missing:
        draft.health = replace(health, deaf=True)
        text = f"polls show {health.unheard} changes and none came: is their URL ours?"
        draft.log(at, Sign.NOTE, "webhooks missing", text)


def _say(draft: Draft, gap: Gap, at: Moment, text: str) -> None:
    draft.log(
        at, Sign.INFERRED, gap.name, text, conference=gap.conference, queue=gap.queue, leg=gap.leg
    )
