"""A console that listens, and what it missed: for the tests of gaps."""

from __future__ import annotations

from dataclasses import replace

from console.core import facts, webhooks
from console.core.state import Sign
from console.core.things import Leg, Participant
from support.playbook import (
    EPOCH,
    Playbook,
    at,
    conference,
    origin,
    participant,
    people_listed,
    reading,
)

OURS = "our-connection"
MARKED = 10.1
"""Seconds after a listing: the policy waits ten for the webhook."""


def here(since: float = 1.0, leg: str = "a") -> Participant:
    return participant(leg, since=since)


def listening(*legs: Participant, connection: str | None = OURS) -> Playbook:
    """A console that hears webhooks of our connection and has listed a room with these people."""
    room = replace(conference(), connection_id=connection)
    talk = Playbook().say(
        facts.ReceiverOpened(at(-5.0), "127.0.0.1:8787"),
        facts.ApiAnswered(at(-4.5), 0.1, date=EPOCH - 5),
        facts.ConferencesListed(reading(-4.0), "in_progress", (room,)),
        people_listed(-4.0, *legs),
        webhooks.UnknownReceived(origin(-3.0, "x.y")),
        webhooks.CallReported(
            origin(-3.0, "call.initiated"),
            Leg("z", connection_id=OURS),
            None,
            None,
            incoming=True,
            ended=False,
        ),
    )
    assert talk.state.health.connections == {OURS}
    return talk


def marks(talk: Playbook) -> list[tuple[str, str]]:
    """What the log says of gaps, oldest first."""
    return [(e.name, e.text) for e in talk.state.log if e.sign in {Sign.INFERRED, Sign.NOTE}]


def missing(talk: Playbook) -> list[str]:
    """The events that are marked as missing."""
    marked = [gap.name for gap in talk.state.gaps.values() if gap.marked and not gap.event_id]
    assert talk.state.health.gaps == len(marked)
    return sorted(marked)
