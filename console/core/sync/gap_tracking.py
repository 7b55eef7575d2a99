"""Track gaps, the events that no webhook announced, from suspicion to closing.

A gap is a count and a mark in the log. No event is invented for it. A webhook that arrives within
``policy.gap_wait`` was only late. One that arrives later, or is recovered from the API, closes the
gap. The evidence for a gap is found in ``gap_detection``.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf

from console.core.messages.facts import MissedEventsRead
from console.core.messages.webhooks import Origin
from console.core.model.draft import Draft
from console.core.model.entities import Gap
from console.core.model.listed_resources import Moment
from console.core.model.state import Sign

DOWNTIME = "not listening"
MAX_MARKED = 500
"""Marked gaps kept, so that a late webhook can close them. The health counter counts all."""


def suspect(draft: Draft, gap: Gap) -> None:
    """Add a gap that is marked unless its webhook arrives by ``gap.due``."""
    key = (gap.name, gap.conference or gap.queue or "", gap.leg or "")
    known = draft.gaps.get(key)
    if known is not None and (known.logged is None or gap.since < known.until):
        return
    if draft.health.listening_since is not None:
        draft.gaps.put(key, gap)


def add_downtime_gaps(draft: Draft, at: Moment) -> None:
    """Add a gap for each known connection, for the time in which no console was listening."""
    newest = draft.health.last_webhook
    quiet = at.mono - newest.mono if newest is not None else 0.0
    if newest is None or quiet <= draft.policy.start_gap:
        return
    since = newest.wall - (draft.health.lag or 0.0)
    how = f"nothing was heard for {quiet / 60:.0f} min before this start"
    for connection in draft.health.connections:
        gap = Gap(DOWNTIME, connection, None, None, None, since, inf, at.mono, how, logged=at)
        draft.gaps.put((DOWNTIME, connection, ""), gap)
        draft.health = replace(draft.health, gaps=draft.health.gaps + 1)
        _log(draft, gap, at, how)


def close_by_event(draft: Draft, origin: Origin, key: tuple[str, str, str]) -> None:
    """Close the gap that an arriving event fills. ``key``: event name, place and leg.

    The gap of an event recovered from the API stays until the API explains its delivery.
    """
    gap = draft.gaps.get(key)
    skew = draft.policy.skew
    if gap is None or gap.event_id is not None:
        return
    if origin.occurred is not None and not gap.since - skew <= origin.occurred <= gap.until + skew:
        return
    if gap.logged is None:
        draft.gaps.drop(key)
        return
    draft.health = replace(draft.health, gaps=draft.health.gaps - 1)
    if origin.api:
        draft.gaps.put(key, replace(gap, event_id=origin.event_id))
        return
    draft.gaps.drop(key)
    late = f"{origin.lag:.0f} s late" if origin.lag is not None else "late"
    _log(draft, gap, origin.at, f"gap closed: its webhook came {late}")


def withdraw(draft: Draft, gap: Gap, at: Moment) -> None:
    """Remove a gap that rested on an outdated listing. Log it if the gap was marked already."""
    draft.gaps.drop((gap.name, gap.conference or gap.queue or "", gap.leg or ""))
    if gap.logged is not None and gap.event_id is None:
        draft.health = replace(draft.health, gaps=draft.health.gaps - 1)
        _log(draft, gap, at, "gap closed: a later poll shows that it did not happen")


def withdraw_pending(draft: Draft, key: tuple[str, str, str]) -> None:
    """Remove the gap at ``key`` if it is not marked yet: it rested on an outdated listing."""
    gap = draft.gaps.get(key)
    if gap is not None and gap.logged is None:
        draft.gaps.drop(key)


def mark_due(draft: Draft, at: Moment) -> None:
    """Mark and log the gaps that are due, and drop the oldest beyond the limit."""
    for key, gap in list(draft.gaps.entries.items()):
        if gap.logged is not None or gap.due > at.mono:
            continue
        draft.gaps.put(key, replace(gap, logged=at))
        draft.health = replace(draft.health, gaps=draft.health.gaps + 1)
        _log(draft, gap, at, f"no webhook came: {gap.evidence}")
    marked = [key for key, gap in draft.gaps.entries.items() if gap.logged is not None]
    for key in marked[: max(0, len(marked) - MAX_MARKED)]:
        draft.gaps.drop(key)
    _detect_missing_webhooks(draft, at)


def record_attempt(draft: Draft, fact: MissedEventsRead, recovered: int) -> None:
    """Record an attempt that recovered so many events. Gaps that it did not fill stay open."""
    connection = fact.connection
    start = draft.gaps.get((DOWNTIME, connection, ""))
    if start is not None and fact.whole:
        draft.gaps.drop((DOWNTIME, connection, ""))
        draft.health = replace(draft.health, gaps=draft.health.gaps - 1)
        text = f"gap closed: missed events from the API: {recovered}"
        _log(draft, start, fact.reading.answered, text)
    for key, gap in list(draft.gaps.entries.items()):
        if gap.logged is not None and gap.event_id is None and gap.connection == connection:
            draft.gaps.put(key, replace(gap, api_reads=gap.api_reads + 1))


def close_explained(draft: Draft, event_id: str, at: Moment, outcome: str | None) -> None:
    """Close the gap of a recovered event, and log how Telnyx says its delivery went."""
    for key, gap in list(draft.gaps.entries.items()):
        if gap.event_id == event_id:
            draft.gaps.drop(key)
            _log(draft, gap, at, f"why: {outcome or 'no delivery known'}", Sign.API)


def _detect_missing_webhooks(draft: Draft, at: Moment) -> None:
    """Set ``health.webhooks_missing`` when polls keep showing changes while no webhook arrives."""
    health, policy = draft.health, draft.policy
    count, since = health.polled_changes, health.polled_changes_since
    if health.webhooks_missing or count < policy.webhooks_missed or since is None:
        return
    if at.mono - since.mono > policy.webhooks_missing:
        draft.health = replace(health, webhooks_missing=True)
        text = f"polls show {count} changes but no webhook came: check the webhook URL"
        draft.log(at, Sign.NOTE, "webhooks missing", text)


def _log(draft: Draft, gap: Gap, at: Moment, text: str, sign: Sign = Sign.INFERRED) -> None:
    draft.log(at, sign, gap.name, text, conference=gap.conference, queue=gap.queue, leg=gap.leg)
