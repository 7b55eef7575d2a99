"""Measure the time of ``update`` for single and batched facts in a large world.

    python -m benchmarks.update_speed

The world has 1,000 conferences of five people and 10,000 calls in one queue, without network or
screen. A frame is 16.7 ms, and a single fact should take far less. It takes about 20 seconds.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count

from benchmarks.targets import Targets, median, p99
from console.commands import COMMANDS
from console.core.messages.facts import (
    ApiAnswered,
    CallsListed,
    ConferencesListed,
    ParticipantsListed,
    Reading,
    Ticked,
)
from console.core.messages.webhooks import (
    CallDequeued,
    CallEnqueued,
    FloorChanged,
    Origin,
    ParticipantJoined,
    ParticipantLeft,
)
from console.core.model.listed_resources import (
    ConferenceResource,
    Leg,
    Moment,
    ParticipantResource,
    QueuedCallResource,
)
from console.core.model.state import State
from console.core.update import Message, update

CONFERENCES, PEOPLE, CALLS = 1_000, 5, 10_000
BATCH, WINDOW_SECS = 256, 3.0
START = 1_795_000_000.0
_instants = count()


def instant() -> Moment:
    """Return a time one millisecond after the last."""
    passed = next(_instants) / 1000
    return Moment(1_000.0 + passed, START + passed)


def reading() -> Reading:
    """Return a reading that is requested and answered now."""
    return Reading(instant(), instant(), instant(), date=None)


def person(conference: int, number: int) -> ParticipantResource:
    """Return one participant of a conference."""
    leg = f"v3:person-{conference}-{number}"
    return ParticipantResource(
        leg=leg,
        id=leg,
        leg_id=leg,
        status="joined",
        muted=False,
        on_hold=False,
        end_on_exit=False,
        soft_end_on_exit=False,
        whisper_to=(),
        created_at=START - 60,
        updated_at=START - 60,
    )


def listed(conference: int) -> ParticipantsListed:
    """Return the listing of a conference's participants."""
    people = tuple(person(conference, number) for number in range(PEOPLE))
    return ParticipantsListed(reading(), f"room-{conference}", people)


def queued(queue: str, first: int, number: int) -> CallsListed:
    """Return the listing of ``number`` calls in a queue, from call ``first`` on."""
    calls = (
        QueuedCallResource(
            leg=f"v3:call-{each}",
            leg_id=f"call-{each}",
            session_id=f"session-{each}",
            from_="+15125550100",
            to="+15125550199",
            enqueued_at=START - 20_000 + each,
            waited=60,
            position=each - first + 1,
            alive=True,
        )
        for each in range(first, first + number)
    )
    return CallsListed(reading(), queue, tuple(calls))


def world() -> State:
    """Return a state with one long queue and many conferences."""
    conferences = tuple(
        ConferenceResource(f"room-{n}", f"room {n}", START - 600, START + 13_800, "in_progress")
        for n in range(CONFERENCES)
    )
    messages: list[Message] = [ConferencesListed(reading(), "in_progress", conferences)]
    messages += [listed(conference) for conference in range(CONFERENCES)]
    messages.append(queued("crowd", 0, CALLS))
    state, _ = update(State(commands=COMMANDS), messages)
    return state


def webhooks() -> Iterator[Message]:
    """Yield the webhooks of a busy floor: people speak, join, leave, wait, are answered."""
    for number in count():
        at = instant()
        origin = Origin(at, f"event-{number}", "conference.floor.changed", at.wall - 0.1)
        conference = number * 7919 % CONFERENCES
        inside = Leg(f"v3:person-{conference}-{number % PEOPLE}")
        match number % 8:
            case 0:
                yield ParticipantJoined(origin, Leg(f"v3:guest-{number}"), f"room-{conference}")
            case 1:
                yield ParticipantLeft(origin, inside, f"room-{conference}")
            case 2:
                yield CallEnqueued(origin, Leg(f"v3:late-{number}"), "crowd", None, None)
            case 3:
                yield CallDequeued(origin, Leg(f"v3:call-{number % CALLS}"), "crowd", 60, "bridged")
            case _:
                yield FloorChanged(origin, inside, f"room-{conference}")


def lone(state: State, make: Callable[[], Message], times: int) -> list[float]:
    """Return the milliseconds of one message alone, ``times`` times on the same state."""
    taken = []
    for _ in range(times):
        message = make()
        began = time.perf_counter()
        update(state, [message])
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def pace(state: State, size: int) -> float:
    """Return the messages a second in batches of ``size``."""
    source, done, began = webhooks(), 0, time.perf_counter()
    while (lasted := time.perf_counter() - began) < WINDOW_SECS:
        batch: Sequence[Message] = [next(source) for _ in range(size)]
        state, _ = update(state, batch)
        done += size
    return done / lasted


def main() -> int:
    """Measure, compare with the targets and return the exit code."""
    targets = Targets()
    state = world()
    small, _ = update(State(commands=COMMANDS), [listed(0), queued("crowd", 0, 10)])
    gc.collect()
    gc.freeze()
    one, many, tiny = pace(state, 1), pace(state, BATCH), pace(small, BATCH)
    targets.at_least("messages a second, one by one", one, 1_000, "/s")
    targets.at_least(f"messages a second, {BATCH} at once", many, 10_000, "/s")
    targets.show("  times one by one", many / one, "")
    targets.show(f"  in a world of one conference and 10 calls, {BATCH} at once", tiny, "/s")
    source = webhooks()
    alone = lone(state, lambda: next(source), 400)
    targets.at_most("a single webhook, median", median(alone), 2, "ms")
    targets.at_most("  p99", p99(alone), 4, "ms")
    answered = lone(state, lambda: ApiAnswered(instant(), 0.08), 200)
    targets.at_most("any answer of the API, median", median(answered), 2, "ms")
    swept, _ = update(state, [Ticked(instant())])
    targets.show(
        "expiry of old state, once a minute, median",
        median(lone(state, lambda: Ticked(instant()), 5)),
        "ms",
    )
    ticks = lone(swept, lambda: Ticked(instant()), 200)
    targets.at_most("a tick, median", median(ticks), 2, "ms")
    people = lone(state, lambda: listed(500), 200)
    targets.at_most("a listing of five people, median", median(people), 2, "ms")
    crowd = lone(state, lambda: queued("crowd", 0, CALLS), 5)
    targets.at_most("a listing of 10,000 calls, median", median(crowd), 1_000, "ms")
    targets.show("  for each call", median(crowd) / CALLS * 1000, "us")
    return targets.exit_code()


if __name__ == "__main__":
    sys.exit(main())
