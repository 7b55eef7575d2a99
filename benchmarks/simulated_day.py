"""A simulated day in virtual time: people who call, and a network with faults.

The real parts of the engine (store, poller, rate limiter, runner, recorder, resume) run against it.
Only the HTTP client and server between them are left out, and the journal is in memory.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from console.core.messages.facts import ApiAnswered, Fact, Listed
from console.core.messages.read_scopes import Scope
from console.core.model.command import Order
from console.core.model.listed_resources import Moment, Problem, ProblemKind
from console.simulator import api, legs
from console.simulator.http_types import Request, Response, encode
from console.simulator.webhook_events import Event, body
from console.simulator.world import World
from console.telnyx import listings
from console.telnyx.errors import error_of, problem_of

START = 1_800_000_000.0
OFFSET = 3_600.0
CONFERENCES = ("board", "sales", "crisis", "support", "training", "standup", "lobby", "press")
LASTING = ("board", "lobby")
"""Conferences that nobody ends, so that they reach four hours."""
QUEUES = ("vip", "billing", "sales")
STAFF = 24
EVERY = 2.6
"""Average seconds between two actions."""
RTT = 0.08
BAD = 300
LOST = 200
AGAIN = 0.5
"""Share of the lost webhooks that arrive much later."""


@dataclass(frozen=True)
class Answer:
    """The answer to a command, as the runner takes it."""

    date: float | None
    problem: Problem | None = None
    leg: str | None = None
    conference: str | None = None


class Day:
    """The world, and the network to it. ``now`` returns the time of the loop, in seconds."""

    def __init__(self, seed: int, now: Callable[[], float]) -> None:
        self.now = now
        self.chance = random.Random(seed)  # noqa: S311  # a seed, not a secret
        self.faults: Counter[str] = Counter()
        self.events = 0
        self.last_event_at = 0.0
        """Time of the last event of the world."""
        self.calm = False
        """True for no faults; late webhooks are held."""
        self.held: list[bytes] = []
        self.lost: deque[bytes] = deque(maxlen=LOST)
        """The last lost webhooks; some of them arrive much later."""
        self.hook: Callable[[bytes], None] = self.held.append
        self.report: Callable[[Fact], None] = lambda _: None
        self.api_down = self.hooks_down = 0.0
        self.world = World(lambda: START + now(), random.Random(seed + 1), self._emitted)  # noqa: S311  # a seed, not a secret
        self.staff = [self._call_in() for _ in range(STAFF)]

    def moment(self) -> Moment:
        """Return the current time on both clocks of the simulated host."""
        return Moment(77.0 + self.now(), START + OFFSET + self.now())

    # -- the world ----------------------------------------------------------------------------

    def _call_in(self) -> str:
        number = f"+1512555{self.chance.randrange(10_000):04}"
        leg = legs.incoming(self.world, number, "+15125550199")
        legs.answer(self.world, leg)
        return leg.call_control_id

    def random_action(self) -> None:
        """Let a random person do a random action."""
        place = self.chance.randrange(len(self.staff))
        leg = self.world.legs.get(self.staff[place])
        if leg is None or leg.ended_at is not None:
            self.staff[place] = self._call_in()
            return
        id_, conference = leg.call_control_id, self.chance.choice(CONFERENCES)
        live = self.world.live_names.get(conference)
        match self.chance.choices(("go", "part", "set", "queue", "end"), (6, 3, 4, 3, 0.5))[0]:
            case "go" if live is None:
                self.call("/conferences", call_control_id=id_, name=conference)
            case "go" if live is not None:
                host = self.chance.random() < 0.05 and conference not in LASTING
                path = f"/conferences/{live.id}/actions/join"
                self.call(path, call_control_id=id_, end_conference_on_exit=host)
            case "part" if self.chance.random() < 0.4:
                legs.hang_up(self.world, leg)
            case "part" if leg.conference_id is not None:
                self.call(f"/conferences/{leg.conference_id}/actions/leave", call_control_id=id_)
            case "set" if leg.conference_id is not None:
                action = self.chance.choice(("mute", "unmute", "hold", "unhold"))
                path = f"/conferences/{leg.conference_id}/actions/{action}"
                self.call(path, call_control_ids=[id_])
            case "queue":
                queue = self.chance.choice(QUEUES)
                self.call(f"/calls/{id_}/actions/enqueue", queue_name=queue)
            case "end" if live is not None and conference not in LASTING:
                self.call(f"/conferences/{live.id}/actions/end")

    def call(self, path: str, **sent: object) -> Response:
        """Send one request to the world without faults."""
        request = Request("POST", path, {}, {}, json.dumps(sent).encode())
        return api.answer(self.world, request)

    def _count_fault(self, what: str, kind: str) -> None:
        if kind != "well":
            self.faults[f"{what} {kind}"] += 1

    # -- webhooks -----------------------------------------------------------------------------

    def _emitted(self, event: Event) -> None:
        self.last_event_at = self.now()
        self.events += 1
        if event.payload.get("reason") == "time_exceeded":
            self.faults["4 h expiry"] += 1
        raw = encode(body(event, 1, "http://127.0.0.1/webhooks"))
        if self.calm:
            self._send(raw, 0.1)
            return
        if self.now() < self.hooks_down:
            self.faults["webhook lost in an outage"] += 1
            self.lost.append(raw)
            return
        kind = self.chance.choices(
            ("well", "dropped", "late", "doubled", "reordered"), (62, 6, 14, 9, 9)
        )[0]
        self._count_fault("webhook", kind)
        match kind:
            case "dropped":
                self.lost.append(raw)
            case "late":
                self._send(raw, self.chance.uniform(5.0, 90.0))
            case "doubled":
                self._send(raw, 0.1)
                self._send(raw, self.chance.uniform(0.1, 20.0))
            case "reordered":
                self._send(raw, self.chance.uniform(0.5, 4.0))
            case "well":
                self._send(raw, self.chance.uniform(0.05, 0.3))

    def _send(self, raw: bytes, secs: float) -> None:
        asyncio.get_running_loop().call_later(secs, self._arrive, raw)

    def _arrive(self, raw: bytes) -> None:
        if self.calm:
            self.held.append(raw)
        else:
            self.hook(raw)

    def release(self) -> None:
        """Deliver the held webhooks at once, in random order, with about half of the lost ones.

        The other lost webhooks never come.
        """
        again = [raw for raw in self.lost if self.chance.random() < AGAIN]
        self.faults["webhook tried again after minutes"] += len(again)
        coming = self.held + again
        self.held, self.calm = [], False
        self.lost.clear()
        self.chance.shuffle(coming)
        for raw in coming:
            self.hook(raw)

    # -- the API ------------------------------------------------------------------------------

    async def read(
        self,
        scope: Scope,
        turn: Callable[[], Awaitable[None]] | None = None,
        count: listings.Count | None = None,
    ) -> Listed:
        """Read a listing, as console.telnyx.client.Client.read does."""
        return await listings.read(scope, self._get, None, turn, count)

    async def _get(self, path: tuple[str, ...], query: Mapping[str, str]) -> listings.ApiReply:
        kind = "well"
        if not self.calm:
            kind = self.chance.choices(
                ("well", "stale", "slow", "5xx", "429", "unanswered"), (88, 4, 4, 2, 0.3, 1.7)
            )[0]
        self._count_fault("read", kind)
        started = self.moment()
        await self._send_or_fail(started, kind)
        request = Request("GET", "/" + "/".join(quote(p, safe="") for p in path), query)
        response = api.answer(self.world, request)
        if kind == "stale":  # the answer is 2.5 s older than its request
            await asyncio.sleep(2.5)
            started = self.moment()
        date = float(int(START + self.now())) + (0 if self.calm else self.chance.choice((-1, 0, 1)))
        await asyncio.sleep(4.0 if kind == "slow" else RTT / 2)
        status, content = response.status, response.body
        problem = problem_of(status, content, None) if status >= BAD else None
        self._answered(started)
        return listings.ApiReply(status, {}, content, started, self.moment(), date, problem)

    def _answered(self, started: Moment) -> None:
        at = self.moment()
        self.report(ApiAnswered(at, at.mono - started.mono))

    async def _send_or_fail(self, started: Moment, kind: str) -> None:
        """Delay a request on its way to the API, or raise its failure."""
        await asyncio.sleep(RTT / 2)
        if self.now() < self.api_down and not self.calm:
            self.faults["read failed in an outage"] += 1
            await asyncio.sleep(1.0)
            raise error_of(Problem(ProblemKind.UNREACHABLE, title="down"))
        if kind == "unanswered":
            await asyncio.sleep(5.0)
        if kind in {"5xx", "429", "unanswered"}:
            names = {"5xx": "server", "429": "limited", "unanswered": "unanswered"}
            raise error_of(Problem(ProblemKind(names[kind]), title=f"{kind} at {started.mono:.0f}"))

    def unfit(self, _: Order) -> Problem | None:
        """Return None: every order makes a request."""
        return None

    async def send(self, order: Order) -> Answer:
        """Send a command, as console.telnyx.client.Client.send does."""
        kind = "well"
        if not self.calm:
            kind = self.chance.choices(("well", "request lost", "answer lost"), (8, 1, 1))[0]
        self._count_fault("command's", kind)
        at = self.moment()
        await asyncio.sleep(RTT / 2)
        if kind == "request lost":
            await asyncio.sleep(5.0)
            return Answer(None, Problem(ProblemKind.UNANSWERED))
        request = order.command.request(order)
        sent = json.dumps(dict(request.body)).encode()
        path = "/" + "/".join(request.path)
        response = api.answer(self.world, Request(request.method, path, {}, {}, sent))
        if kind == "answer lost":
            await asyncio.sleep(5.0)
            return Answer(None, Problem(ProblemKind.UNANSWERED))
        self._answered(at)
        if response.status >= BAD:
            return Answer(None, problem_of(response.status, response.body, None))
        return Answer(float(int(START + self.now())))

    def outage(self) -> None:
        """Take the API, or the delivery of webhooks, down for a while."""
        secs = min(self.chance.expovariate(1 / 120.0) + 20.0, 1_800.0)
        if self.chance.random() < 0.5:
            self.faults["API outage"] += 1
            self.api_down = self.now() + secs
        else:
            self.faults["webhook outage"] += 1
            self.hooks_down = self.now() + secs
