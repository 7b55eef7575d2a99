"""The promises of the merge (N1 to N8), checked against everything that was ever true.

N1, the order of delivery of N5 and the rest of N7 are checked at the end of a shift. All others are
checked after every fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import TypeAlias

from console.core.messages import facts, webhooks
from console.core.model.entities import Membership
from console.core.model.listed_resources import ParticipantStatus
from console.core.model.stage import Stage
from console.core.model.state import Receipt, State
from console.core.sync.merge_rules import floor_of
from console.core.update import Message
from support.twin import Seen, Twin, raw

Key: TypeAlias = tuple[str, str]
"""A conference or a queue, with a leg."""
Stay: TypeAlias = (
    webhooks.ParticipantJoined
    | webhooks.ParticipantLeft
    | webhooks.CallEnqueued
    | webhooks.CallDequeued
)
MEMBERS = {"muted": 0, "on_hold": 1}
"""Index of a listing's field in the state of a participant."""


@dataclass(frozen=True)
class Word:
    """The newest webhook on one key, with the time it first arrived."""

    stamp: float
    rank: int
    heard: float


@dataclass
class Promises:
    """Checks every fact, before and after it is applied; raises AssertionError."""

    twin: Twin
    ids: set[str] = field(default_factory=set)
    heard: int = 0
    over: set[str] = field(default_factory=set)
    words: dict[Key, Word] = field(default_factory=dict)
    shown: dict[Key, list[tuple[float, float]]] = field(default_factory=dict)
    fields: dict[Key, tuple[float, float]] = field(default_factory=dict)
    """Times at which a participant's state was answered, with its own updated_at."""
    answered: dict[object, float] = field(default_factory=dict)
    """Time at which each scope was last answered."""

    def folded(self, before: State, message: Message, after: State) -> None:
        """Check every promise after one message."""
        if isinstance(message, Stay):
            self._word(message)
            self._ascends(before, message, after)
        if isinstance(message, webhooks.ConferenceEnded):
            self.over.add(message.conference)
        if hasattr(message, "origin"):
            self._counted(message.origin.event_id, after)
        if isinstance(message, facts.ParticipantsListed | facts.CallsListed):
            self._showed(message)
        if hasattr(message, "reading"):
            was, now = raw(before), raw(after)
            self._truthful(was, message.reading, now)
            self._in_turn(message, message.reading, changed=was != now)
        if isinstance(message, facts.ParticipantsListed):
            self._monotone(before, message, after)
        if _touched(before, after):
            assert _places(after.conferences_of) == scanned(after.people), (
                "the conferences of each leg"
            )
            assert _places(after.queues_of) == scanned(after.waiting), "the queues of each leg"
            believed = self.twin.believed()
            self._stays_over(believed)
            self._no_lost_left(believed)
        if after.receipts:
            self._overlays(before, message, after)

    # N2, N3

    def _stays_over(self, believed: Seen) -> None:
        assert not self.over & set(believed["conferences"]), "N2: an ended conference came back"
        back = [key for key in believed["people"] if key[0] in self.over]  # type: ignore[index]  # a pair
        assert not back, "N2: people of an ended conference came back"

    def _word(self, message: Stay) -> None:
        stamp, rank = message.origin.occurred, _rank(message)
        assert stamp is not None
        key, now = _key(message), message.origin.at.mono
        known = self.words.get(key)
        if known is None or (stamp, rank) > (known.stamp, known.rank):
            self.words[key] = Word(stamp, rank, now)

    def _showed(self, listed: facts.ParticipantsListed | facts.CallsListed) -> None:
        floor = floor_of(listed.reading, self.twin.state.policy)
        where = _where(listed)
        for item in listed.items or ():
            if getattr(item, "status", None) != ParticipantStatus.LEFT:
                asked = (listed.reading.asked.mono, floor)
                self.shown.setdefault((where, item.leg), []).append(asked)

    def _no_lost_left(self, believed: Seen) -> None:
        for key, word in self.words.items():
            if word.rank == 1 and (key in believed["people"] or key in believed["calls"]):
                seen = self.shown.get(key, ())
                later = any(asked > word.heard or floor >= word.stamp for asked, floor in seen)
                assert later, "N3: who left is there, and no listing said so"

    # N4

    def _truthful(self, before: Seen, reading: facts.Reading, after: Seen) -> None:
        """Check that every change by a reading was true at a time that the reading covers."""
        start = reading.asked.mono - self.twin.state.policy.sigma
        instants = [seen for _, seen in self._between(start)]
        for kind, now in after.items():
            was = before[kind]
            for key in now.keys() | was.keys():
                if key not in now:
                    assert any(key not in seen[kind] for seen in instants), f"N4: {kind} gone"
                elif key not in was or now[key] != was[key]:
                    value = now[key]
                    true = [seen[kind][key] for seen in instants if key in seen[kind]]
                    assert true, f"N4: {kind} there"
                    assert value is None or value in true, f"N4: {kind} so"

    def _between(self, start: float) -> list[tuple[float, Seen]]:
        """Return all that was true at some time since ``start`` (monotonic seconds)."""
        past = self.twin.past
        ends = [since for since, _ in past[1:]] + [inf]
        began = self.twin.clock.ours(0.0).mono
        return [each for each, end in zip(past, ends, strict=True) if began + end > start]

    # N5, N6

    def _ascends(self, before: State, message: Stay, after: State) -> None:
        was, now = _register(before, message), _register(after, message)
        if was is None or now is None:
            return
        assert (now.stamp, now.rank) >= (was.stamp, was.rank), "N5: an older word was applied"
        if now.here != was.here:
            assert (now.stamp, now.rank) > (was.stamp, was.rank), "N5: a word was applied twice"

    def _counted(self, event_id: str, after: State) -> None:
        self.ids.add(event_id)
        self.heard += 1
        assert after.health.verified == len(self.ids), "N6: each event counts once"
        assert after.health.duplicates == self.heard - len(self.ids), "N6: repeats are counted"

    # N7

    def _overlays(self, before: State, message: Message, after: State) -> None:
        for id_, receipt in after.receipts.items():
            if isinstance(message, facts.Ticked) and receipt.stage.open:
                age = message.at.mono - receipt.order.at.mono
                assert age <= after.policy.overlay, "N7: a command is pending for too long"
            was = before.receipts.get(id_)
            if was is not receipt:
                self._confirmed(was.proved if was else frozenset(), receipt)

    def _confirmed(self, before: frozenset[str], receipt: Receipt) -> None:
        flag, conference = receipt.order.command.flag, receipt.order.conference
        if flag is None or receipt.stage is Stage.GONE:
            return
        place = MEMBERS[flag.field]
        for leg in receipt.proved - before:
            seen = self._between(receipt.order.at.mono)
            said = [each["people"].get((conference, leg)) for _, each in seen]
            true = any(one is not None and one[place] is flag.value for one in said)  # type: ignore[index]  # a triple
            assert true, "N7: seen, and it never was so since it was asked for"

    # N8

    def _in_turn(self, message: Message, reading: facts.Reading, *, changed: bool) -> None:
        """Check that a reading older than the last answer of its scope changes nothing."""
        name = getattr(message, "conference", None) or getattr(message, "queue", None)
        scope = (type(message), name or getattr(message, "status", None))
        asked, answered = reading.asked.mono, reading.answered.mono
        late = asked < self.answered.get(scope, -inf)
        assert not (late and changed), "N8: an older reading came after a newer one"
        self.answered[scope] = answered

    def _monotone(self, before: State, listed: facts.ParticipantsListed, after: State) -> None:
        reading, conference = listed.reading, listed.conference
        old = before.people.get(conference, {})
        for leg, person in after.people.get(conference, {}).items():
            was = old.get(leg)
            if person.listed is None or (was is not None and was.listed_seen is person.listed_seen):
                continue
            answered, updated = self.fields.get((conference, leg), (-inf, -inf))
            newest = person.listed.updated_at or -inf
            newer = reading.asked.mono >= answered or newest > updated
            assert newer, "N8: an older reading was believed over a newer one"
            self.fields[conference, leg] = (reading.answered.mono, newest)


def scanned(table: Mapping[str, Mapping[str, object]]) -> dict[str, set[str]]:
    """Return the parts of a partitioned map that have each key, by key."""
    found: dict[str, set[str]] = {}
    for part, entries in table.items():
        for key in entries:
            found.setdefault(key, set()).add(part)
    return found


def _places(parts_of: Mapping[str, tuple[str, ...]]) -> dict[str, set[str]]:
    return {leg: set(parts) for leg, parts in parts_of.items()}


def _touched(before: State, after: State) -> bool:
    """Return True if presence in conferences or queues may have changed."""
    return (
        before.conferences is not after.conferences
        or before.people is not after.people
        or before.waiting is not after.waiting
    )


def _rank(message: Stay) -> int:
    return int(isinstance(message, webhooks.ParticipantLeft | webhooks.CallDequeued))


def _key(message: Stay) -> Key:
    if isinstance(message, webhooks.CallEnqueued | webhooks.CallDequeued):
        return (message.queue, message.leg.id)
    return (message.conference, message.leg.id)


def _where(listed: facts.ParticipantsListed | facts.CallsListed) -> str:
    return listed.queue if isinstance(listed, facts.CallsListed) else listed.conference


def _register(state: State, message: Stay) -> Membership | None:
    where, leg = _key(message)
    if isinstance(message, webhooks.CallEnqueued | webhooks.CallDequeued):
        call = state.waiting.get(where, {}).get(leg)
        return call.membership if call else None
    person = state.people.get(where, {}).get(leg)
    return person.membership if person else None
