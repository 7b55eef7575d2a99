"""A shift as a script: steps in the world, on the network and at the console, one a line.

A step is a word with numbers, so that any shift can be written down and repeated: ``[("create", 0,
0, 1), ("begin", 3), ("answer", 0, 0, 0), ...]``. The numbers choose among what exists. A step that
is not possible is skipped.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, cast

from console.commands import COMMANDS
from console.core.messages.effects import Effect, Send
from console.core.messages.facts import (
    CommandAccepted,
    CommandRefused,
    CommandSent,
    CommandUnanswered,
)
from console.core.messages.intents import OrderAsked
from console.core.messages.read_scopes import (
    INIT,
    LIVE,
    CallsScope,
    OneConferenceScope,
    ParticipantsScope,
    QueuesScope,
    Scope,
)
from console.core.model.command import Order, Request
from console.core.model.command import People as Persons
from console.core.model.listed_resources import Problem, ProblemKind
from console.core.model.policy import Policy
from console.core.model.state import State
from console.core.update import Message, update
from console.simulator import true_state
from console.telnyx import events
from console.telnyx.errors import problem_of
from support.promises import Key, Promises
from support.twin import OFFSET, Seen, Twin, raw

Step: TypeAlias = tuple[str | int, ...]

CONFERENCES = ("alpha", "beta", "gamma", "delta", "epsilon")
LEGS = 7
VERBS = ("mute", "unmute", "hold", "unhold")
QUEUES = ("vip", "billing")
PAGE = 2
"""Items that this API returns at once, so that a conference of three has two pages."""
AT_ONCE = 3
"""Readings in progress at the same time."""
QUIET = Policy().eps + 1.0 + Policy().sigma
"""Seconds of quiet after which one whole poll must show the truth."""
LAGS = (0.0, 0.0, 1.0, 2.5)
"""Ages of a read in seconds; the policy allows three."""
WAITS = (0.2, 1.0, 4.0, 9.0)
NOBODY = "00000000-0000-4000-8000-000000000000"


@dataclass
class Command:
    """A command on its way; ``status`` and ``told`` are its result, once it arrived."""

    order: Order
    status: int | None = None
    told: bytes = b""


class Shift(Twin):
    """A twin that plays a script. All times in seconds.

    ``offset``: difference of the two wall clocks; ``error``: of the Date; ``lingers``: time that a
    leg which left is still listed.
    """

    def __init__(self, offset: float = OFFSET, error: int = 0, lingers: float = 0.0) -> None:
        self.promises: Promises | None = None
        self.commands: list[Command] = []
        self.late: list[bytes] = []
        self.script: list[Step] = []
        self.error = error
        super().__init__(callers=LEGS, offset=offset, page=PAGE)
        self.world.rules = replace(self.world.rules, left_visible_secs=lingers)
        self.promises = Promises(self)
        self.pressed = 0

    def fold(self, message: Message) -> tuple[Effect, ...]:
        """Apply one message to the core, and check every promise."""
        before = self.state
        effects = super().fold(message)
        if self.promises is not None:
            self.promises.folded(before, message, self.state)
        for effect in effects:
            if isinstance(effect, Send):
                self.commands.append(Command(effect.order))
                self.fold(CommandSent(self.moment(), effect.order.id, 1))
        return effects

    def do(self, word: str, *numbers: int) -> None:
        """Do one step."""
        self.script.append((word, *numbers))
        deed: Callable[..., object] = getattr(self, f"_{word}")
        deed(*numbers)
        self.wait(0.05)

    # -- the world ----------------------------------------------------------------------------

    def _create(self, conference: int, leg: int, waits: int) -> None:
        self.call(
            "POST",
            "/conferences",
            call_control_id=self.leg(leg),
            name=CONFERENCES[conference],
            start_conference_on_create=waits != 0,
        )

    def _join(self, conference: int, leg: int, how: int) -> None:
        self.call(
            "POST",
            f"/conferences/{self.id(conference)}/actions/join",
            call_control_id=self.leg(leg),
            mute=how == 1,
            end_conference_on_exit=how == 2,
            start_conference_on_enter=how == 3,
        )

    def _gather(self, conference: int, most: int) -> None:
        """Bring up to ``most`` callers into a conference, and list it at once."""
        for leg in range(most):
            self._create(conference, leg, 1)
            self._join(conference, leg, 0)
        while self.pending:
            self.deliver(0)

    def _leave(self, index: int) -> None:
        member = self._member(index)
        if member is not None:
            self._out(*member)

    def _out(self, conference: str, leg: str) -> None:
        self.call("POST", f"/conferences/{conference}/actions/leave", call_control_id=leg)

    def _member(self, index: int) -> Key | None:
        """Return a leg in a conference."""
        conferences = [
            conference
            for conference in self.world.conferences.values()
            if conference.ended_at is None
        ]
        everyone = [(conference.id, leg) for conference in conferences for leg in conference.people]
        return everyone[index % len(everyone)] if everyone else None

    def _hangup(self, leg: int) -> None:
        self.hang_up(leg)

    def _set(self, what: int, index: int) -> None:
        """Mute, unmute, hold or unhold a participant, as somebody else."""
        member = self._member(index)
        if member is not None:
            self._put(what, *member)

    def _put(self, what: int, conference: str, leg: str) -> None:
        path = f"/conferences/{conference}/actions/{VERBS[what]}"
        self.call("POST", path, call_control_ids=[leg])

    def _end(self, conference: int) -> None:
        self.call("POST", f"/conferences/{self.id(conference)}/actions/end")

    def _enqueue(self, leg: int, queue: int) -> None:
        path = f"/calls/{self.leg(leg)}/actions/enqueue"
        self.call("POST", path, queue_name=QUEUES[queue])

    def _dequeue(self, leg: int) -> None:
        self.call("POST", f"/calls/{self.leg(leg)}/actions/leave_queue")

    def id(self, conference: int) -> str:
        """Return the id of the conference that has this name now."""
        live = self.world.live_names.get(CONFERENCES[conference])
        return live.id if live is not None else NOBODY

    # -- the network ----------------------------------------------------------------------------

    def _deliver(self, index: int) -> None:
        self.deliver(index)

    def _again(self, index: int) -> None:
        self.deliver(index, again=True)

    def _repeat(self, index: int) -> None:
        self.repeat(index)

    def _lose(self, index: int) -> None:
        self.lose(index)

    def _begin(self, index: int) -> None:
        people = [ParticipantsScope(conference) for conference in self.world.conferences]
        one = [OneConferenceScope(conference) for conference in self.world.conferences]
        calls = [CallsScope(name) for name in self.world.queues]
        scopes: list[Scope] = [LIVE, INIT, QueuesScope(), *people, *people, *calls, *one]
        if len(self.under_way) < AT_ONCE:
            self.begin(scopes[index % len(scopes)])

    def _list(self, index: int, lag: int) -> None:
        """Read a listing at once."""
        known = len(self.under_way)
        self._begin(index)
        while len(self.under_way) > known:
            self.answer(self.under_way[-1], lag=LAGS[lag], error=self.error)

    def _serve(self, index: int) -> None:
        if self.under_way:
            self.under_way[index % len(self.under_way)].serve(self.now)

    def _answer(self, index: int, lag: int) -> None:
        if self.under_way:
            reading = self.under_way[index % len(self.under_way)]
            self.answer(reading, lag=LAGS[lag], error=self.error)

    def _fail(self, index: int) -> None:
        if self.under_way:
            self.fail(self.under_way[index % len(self.under_way)])

    def _wait(self, index: int) -> None:
        self.wait(WAITS[index])

    def _come_all(self, since: int) -> None:
        while len(self.pending) > since:
            self.deliver(since)

    def _delay(self, index: int) -> None:
        """Move a webhook behind all others."""
        if self.pending:
            self.late.append(self.pending.pop(index % len(self.pending)))

    # -- the console ----------------------------------------------------------------------------

    def _press(self, what: int, index: int) -> None:
        """Press a key on a participant that the console shows."""
        there = cast("list[Key]", list(self.believed()["people"]))
        if there:
            self.press(what, *there[index % len(there)])

    def press(self, what: int, conference: str, leg: str) -> None:
        """Press the key of a command on a leg."""
        self.pressed += 1
        target = Persons(conference, (leg,))
        command = COMMANDS[VERBS[what]]
        self.fold(OrderAsked(Order(f"o{self.pressed}", self.moment(), command, target, "ana")))

    def _arrive(self, index: int) -> None:
        """Let a command arrive, to be carried out or refused."""
        if self.commands:
            self._done(self.commands[index % len(self.commands)])

    def _done(self, command: Command) -> None:
        if command.status is None:
            request: Request = command.order.command.request(command.order)
            path = "/" + "/".join(request.path)
            command.status, command.told = self.request(request.method, path, request.body)

    def _come(self, index: int, what: int) -> None:
        """Deliver the result of a command: its answer, a refusal, or no answer."""
        if not self.commands:
            return
        command = self.commands.pop(index % len(self.commands))
        at, id_ = self.moment(), command.order.id
        if what == 1 and command.status is None:
            self.fold(CommandRefused(at, id_, Problem(ProblemKind.REFUSED, 422, "90018", "no")))
        elif what >= 2:
            if what == 3:
                self._done(command)
            self.fold(CommandUnanswered(at, id_, Problem(ProblemKind.UNANSWERED)))
        else:
            self._done(command)
            status = command.status or 0
            if status < 300:
                date = float(int(self.clock.provider(self.now)) + self.error)
                self.fold(CommandAccepted(at, id_, date))
            else:
                self.fold(CommandRefused(at, id_, problem_of(status, command.told, None)))

    # -- the end of the shift -------------------------------------------------------------------

    def rest(self, seed: int) -> None:
        """Let all become quiet, poll once, then deliver the late webhooks; nothing may be wrong."""
        chance = random.Random(seed)  # noqa: S311  # a seed, not a secret
        while self.pending:
            self.deliver(chance.randrange(len(self.pending)))
        if not self.lost and not self.late:
            believed, true = self.believed()["people"], self.true()["people"]
            assert believed.keys() == true.keys(), "N5: every webhook came, in some order"
        ended = self.now
        while self.commands or any(r.stage.open for r in self.state.receipts.values()):
            while self.commands:
                self._come(0, chance.randrange(4))
            self.wait(QUIET)
            assert self.now < ended + 100.0, "N7: a command is pending at rest"
        for _ in range(2):
            self.wait(QUIET)
            self._come_all(0)
        self.poll()
        self._settled("N1: after a quiet while and one whole poll")
        for reading in list(self.under_way):
            while not self.answer(reading, error=self.error):
                pass
        self.pending += self.late
        while self.pending:
            self.deliver(chance.randrange(len(self.pending)))
        self._settled("N1: late answers and late webhooks change nothing")
        self._shelved()
        _order_is_nothing(self, chance)

    def _settled(self, when: str) -> None:
        believed, true = self.believed(), self.true()
        for kind, said in true.items():
            assert believed[kind] == said, f"{when}: {kind}"

    def _shelved(self) -> None:
        """Check that the parked are exactly the legs that left alive and are nowhere else."""
        true, shelf = self.true(), set(self.state.parked)
        placed = {key[1] for kind in ("people", "calls") for key in true[kind]}  # type: ignore[index]  # pairs
        assert not shelf & placed, "who is in a conference or a queue is on the shelf"
        if not self.lost:
            went = {leg for conference in self.state.people.values() for leg in conference}
            went |= {leg for queue in self.state.waiting.values() for leg in queue}
            told: Any = true_state.as_json(self.world)
            alive = {leg["call_control_id"] for leg in told["parked"]}
            assert alive & went <= shelf <= alive, "the shelf holds who went and is alive"


def _order_is_nothing(shift: Shift, chance: random.Random) -> None:
    """Check that any order of the same webhooks, with repeats, gives the same presence."""
    at = shift.moment()
    told = [events.event(each, at) for each in shift.delivered]
    shuffled = told + [each for each in told if chance.random() < 0.3]
    chance.shuffle(shuffled)
    assert _present(told) == _present(shuffled), "N5: the order of delivery changed who is there"


def _present(messages: Iterable[Message]) -> dict[str, set[object]]:
    seen: Seen = raw(update(State(commands=COMMANDS), messages)[0])
    return {kind: set(seen[kind]) for kind in ("people", "calls")}
