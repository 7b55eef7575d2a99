"""Gaps against the simulator: none if every webhook comes, none left if the API has the events.

Webhooks come out of order and some seconds late, and listings are late or stale.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.core.messages import facts
from console.core.messages.read_scopes import LIVE, CallsScope, ParticipantsScope, Scope
from console.simulator import api
from console.simulator.http_types import Request
from console.telnyx.events import webhooks_in
from support.twin import START, Twin

CONFERENCES = ("alpha", "beta")
LEGS = 4
HELD = 3
"""Steps, of a second each, that a webhook is held back; a gap is marked after ten seconds."""
DEEDS = ("create", "create", "join", "join", "leave", "hangup", "end", "enqueue", "dequeue")
NETWORK = ("list", "list", "answer", "stale", "poll")

Step: TypeAlias = tuple[str, int, int]
steps = st.lists(
    st.tuples(st.sampled_from((*DEEDS, *NETWORK)), st.integers(0, 7), st.booleans()),
    min_size=5,
    max_size=30,
)


def listening() -> Twin:
    """Return a console that listens and has received a first webhook."""
    twin = Twin(callers=LEGS + 1)
    twin.fold(facts.ReceiverOpened(twin.moment(), "x"))
    twin.fold(facts.ApiAnswered(twin.moment(), 0.01, date=START))
    twin.poll()
    twin.hang_up(LEGS)
    while twin.pending:
        twin.deliver(0)
    assert len(twin.state.health.connections) == 1
    twin.wait(4.0)
    return twin


def do(twin: Twin, deed: str, one: int) -> None:
    """Do one step, in the world or in the network."""
    conference, leg = CONFERENCES[one % 2], one % LEGS
    live = twin.world.live_names.get(conference)
    act = f"/conferences/{live.id if live else 'none'}/actions"
    conferences: list[Scope] = [ParticipantsScope(id_) for id_ in twin.world.conferences]
    scopes: list[Scope] = [*conferences, LIVE, CallsScope("vip")]
    deeds: dict[str, Callable[[], object]] = {
        "create": lambda: twin.call(
            "POST", "/conferences", call_control_id=twin.leg(leg), name=conference
        ),
        "join": lambda: twin.call("POST", f"{act}/join", call_control_id=twin.leg(leg)),
        "leave": lambda: twin.call("POST", f"{act}/leave", call_control_id=twin.leg(leg)),
        "hangup": lambda: twin.hang_up(leg),
        "end": lambda: twin.call("POST", f"{act}/end"),
        "enqueue": lambda: twin.call(
            "POST", f"/calls/{twin.leg(leg)}/actions/enqueue", queue_name="vip"
        ),
        "dequeue": lambda: twin.call("POST", f"/calls/{twin.leg(leg)}/actions/leave_queue"),
        "list": lambda: twin.begin(scopes[one % len(scopes)]),
        "answer": lambda: _answer(twin, one, stale=False),
        "stale": lambda: _answer(twin, one, stale=True),
        "poll": twin.poll,
    }
    deeds[deed]()


def _answer(twin: Twin, one: int, *, stale: bool) -> None:
    if twin.under_way:
        twin.answer(twin.under_way[one % len(twin.under_way)], lag=1.0 if stale else 0.0)


def run(happened: list[Step], lost: frozenset[int]) -> Twin:
    """Run the whole script. The webhooks with these numbers are lost."""
    twin, held, number = listening(), dict[bytes, int](), 0
    for now, (deed, one, turn) in enumerate(happened):
        do(twin, deed, one)
        for raw in twin.pending:
            held.setdefault(raw, now)
        if turn:
            twin.pending.reverse()
        for raw in [raw for raw in twin.pending if now - held[raw] >= HELD or turn]:
            number += 1
            index = twin.pending.index(raw)
            if number in lost:
                twin.lose(index)
            else:
                twin.deliver(index)
        twin.wait(1.0)
        twin.fold(facts.Ticked(twin.moment()))
    while twin.pending:
        twin.deliver(0)
    for _ in range(3):
        twin.wait(6.0)
        twin.poll()
        twin.fold(facts.Ticked(twin.moment()))
    twin.wait(20.0)
    twin.fold(facts.Ticked(twin.moment()))
    return twin


def marked(twin: Twin) -> list[str]:
    """Return the events that are marked and were not recovered."""
    found = [g.name for g in twin.state.gaps.values() if g.logged and not g.event_id]
    assert len(found) == twin.state.health.gaps
    return found


def ask(twin: Twin) -> None:
    """Read /call_events, as the poller does while a gap is open."""
    query = {"filter[type]": "webhook", "page[size]": "250"}
    answer = api.answer(twin.world, Request("GET", "/call_events", query))
    rows, now = json.loads(answer.body)["data"], twin.moment()
    reading = facts.Reading(now, now, now, float(int(START + twin.now)))
    (connection,) = twin.state.health.connections
    twin.fold(facts.MissedEventsRead(reading, connection, webhooks_in(rows, now)))


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(happened=steps)
def test_where_every_webhook_comes_there_is_no_gap(happened: list[Step]) -> None:
    assert marked(run(happened, frozenset())) == []


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(happened=steps, lost=st.frozensets(st.integers(1, 30), min_size=1, max_size=8))
def test_what_is_lost_is_had_from_the_api_and_then_there_is_no_gap(
    happened: list[Step], lost: frozenset[int]
) -> None:
    twin = run(happened, lost)
    assert len(marked(twin)) <= twin.lost, "each mark is of an event that was lost"
    believed = twin.believed()
    assert believed == twin.true()
    ask(twin)
    assert marked(twin) == []
    assert twin.believed() == believed, "what is had from the API changes no truth"
    assert twin.state.health.recovered >= twin.lost
