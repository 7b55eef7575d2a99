"""Parts of the simulator's world that are busy for a while, then quiet and compared."""

from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from benchmarks.chaos_rig.headless_engine import QUIET_SECS
from benchmarks.chaos_rig.processes import Engine

PARTS = 8
BUSY_SECS = (2.5, 4.0)
"""Shortest and longest time that a part is busy."""
MOVES_A_SECOND = 5.0
ORDERED = 0.4
"""Share of the actions that are commands of the console."""
WAITING, SEATED = 8, 6
IN_A_CONFERENCE = (
    *("mute", "unmute", "hold", "unhold", "leave"),
    *("speak_room", "record", "dtmf_room", "end"),
)
ELSEWHERE = ("join", "enqueue", "leave_queue")
OWN_QUERY = {"by": "the world"}
"""Query of the rig's own requests, which tells them apart in the simulator's log."""


@dataclass(slots=True)
class Checks:
    """The results of the comparisons."""

    made: int = 0
    void: int = 0
    """Not counted: the engine died meanwhile, or a command was still in progress."""
    failed: list[str] = field(default_factory=list)


class World:
    """The simulator, for the people who call and for the comparison."""

    def __init__(self, base: str, key: str, control_token: str) -> None:
        root = base.removesuffix("/v2")
        self._api, self._control = base, f"{root}/control"
        self._mover = {"Authorization": f"Bearer {control_token}"}
        self._http = aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"})
        self._seen = 0
        self.commanded = 0
        """Changing requests in the simulator's log that are not the rig's own."""

    async def api(self, path: str, **body: object) -> dict[str, Any]:
        """Send an API request; return an empty object if it is refused, which is normal here."""
        async with self._http.post(self._api + path, json=body or None, params=OWN_QUERY) as answer:
            data = await answer.read()
            return json.loads(data) if answer.status == 200 and data else {}

    async def control(self, path: str, **body: object) -> dict[str, Any]:
        """Let a caller act by the control endpoint."""
        async with self._http.post(self._control + path, json=body, headers=self._mover) as answer:
            data = await answer.json()
            return dict(data) if answer.status == 200 else {}

    async def stage(self) -> str:
        """Create a conference that lives as long as the simulator; return its id."""
        call = await self.control("/calls", **{"from": "+15125550001", "to": "+15125550199"})
        made = await self.api("/conferences", name="stage", call_control_id=call["call_control_id"])
        return str(made["data"]["id"])

    async def truth(self) -> dict[str, Any]:
        """Return the true state of the world."""
        async with self._http.get(f"{self._control}/state", headers=self._mover) as answer:
            return dict(await answer.json())

    async def record(self) -> None:
        """Count the new requests in the simulator's log."""
        url, since = f"{self._control}/requests", {"since": self._seen}
        async with self._http.get(url, params=since, headers=self._mover) as answer:
            for one in await answer.json():
                self._seen = one["number"]
                self.commanded += one["method"] != "GET" and "by" not in one["query"]

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()


class WorldPart:
    """A queue, with the conferences of its callers."""

    def __init__(self, number: int, world: World, engine: Engine, seed: int) -> None:
        self._name = f"corner {number}"
        self._queue = f"queue-{number}"
        self._number = number
        self._world = world
        self._engine = engine
        self._chance = random.Random(f"{seed} {number}")  # noqa: S311  # a seed, not a secret
        self._calls = 0
        self._ever: set[str] = set()
        self.conferences: dict[str, set[str]] = {}
        """The live conferences of this part, and the legs in each."""
        self._waiting: set[str] = set()

    async def live(self, ends: asyncio.Event, checks: Checks) -> None:
        """Be busy, then quiet, then compare, until ``ends`` is set."""
        while not ends.is_set():
            await self.be_busy(self._chance.uniform(*BUSY_SECS), ends)
            await self.compare(checks)

    async def be_busy(self, seconds: float, ends: asyncio.Event) -> None:
        """Let people come and go, and send commands, for ``seconds``."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not ends.is_set():
            if self._chance.random() < ORDERED:
                self._order()
            else:
                await self._move()
            await asyncio.sleep(self._chance.expovariate(MOVES_A_SECOND))

    async def compare(self, checks: Checks) -> None:
        """Wait until one reading of everything must show the truth, then compare."""
        await asyncio.sleep(QUIET_SECS)
        before = self._true(await self._world.truth())
        after = time.clock_gettime(time.CLOCK_BOOTTIME)
        conferences = before["conferences"]
        part = {"queue": self._queue, "conferences": conferences, "ever": sorted(self._ever)}
        state = await self._engine.look(after, **part)
        now = self._true(await self._world.truth())
        if state is None or now != before:
            checks.void += 1
            return
        checks.made += 1
        if "unread" in state:
            checks.failed.append(f"{self._name}: was not read: {state['unread']}")
            return
        false = [
            f"{what} {state[what]}, not {true}"
            for what, true in before.items()
            if state[what] != true
        ]
        if false:
            checks.failed.append(f"{self._name}: {'; '.join(false)}")
        self.conferences = {
            id_: {one[1] for one in now["people"] if one[0] == id_} for id_ in conferences
        }
        self._waiting = set(now["calls"])

    def _true(self, data: dict[str, Any]) -> dict[str, Any]:
        conferences = [
            conference
            for conference in data["conferences"]
            if conference["name"].startswith(self._name)
        ]
        self._ever |= {conference["id"] for conference in conferences}
        alive = [conference for conference in conferences if not conference["completed"]]
        people = [
            [conference["id"], one["call_control_id"], one["muted"], one["on_hold"]]
            for conference in alive
            for one in conference["participants"]
        ]
        calls = [
            call["call_control_id"]
            for queue in data["queues"]
            if queue["name"] == self._queue
            for call in queue["calls"]
        ]
        return {
            "conferences": sorted(conference["id"] for conference in alive),
            "people": sorted(people),
            "calls": sorted(calls),
        }

    async def _move(self) -> None:
        seated = [
            (conference, leg) for conference, legs in self.conferences.items() for leg in legs
        ]
        kinds = ["call"] * (len(self._waiting) < WAITING) + ["leave", "hang up"] * bool(seated)
        kinds += ["seat", "seat", "abandon"] * bool(self._waiting)
        kinds += ["end"] * (self._chance.random() < 0.1 and bool(self.conferences))
        match self._chance.choice(kinds or ["call"]):
            case "call":
                await self._call()
            case "seat":
                leg = self._random(self._waiting)
                self._waiting.discard(leg)
                await self._world.api(f"/calls/{leg}/actions/leave_queue")
                await self._seat(leg)
            case "abandon":
                leg = self._random(self._waiting)
                self._waiting.discard(leg)
                await self._world.control(f"/calls/{leg}/hangup")
            case "end":
                conference = self._random(set(self.conferences))
                del self.conferences[conference]
                await self._world.api(f"/conferences/{conference}/actions/end")
            case kind:
                conference, leg = self._chance.choice(sorted(seated))
                self.conferences[conference].discard(leg)
                if kind == "hang up":
                    await self._world.control(f"/calls/{leg}/hangup")
                else:
                    path = f"/conferences/{conference}/actions/leave"
                    await self._world.api(path, call_control_id=leg)
                    await self._seat(leg)

    async def _call(self) -> None:
        self._calls += 1
        number = f"+1512{self._number}{self._calls:06}"
        made = await self._world.control("/calls", **{"from": number, "to": "+15125550199"})
        leg = str(made["call_control_id"])
        await self._world.api(f"/calls/{leg}/actions/enqueue", queue_name=self._queue)
        self._waiting.add(leg)

    async def _seat(self, leg: str) -> None:
        conference = self._random(
            {id_ for id_, legs in self.conferences.items() if len(legs) < SEATED} | {""}
        )
        if (conference and len(self.conferences) > 1) or len(self.conferences) > 2:
            conference = conference or self._random(set(self.conferences))
            await self._world.api(f"/conferences/{conference}/actions/join", call_control_id=leg)
        else:
            name = f"{self._name} conference {len(self._ever)} {self._calls}"
            made = await self._world.api("/conferences", name=name, call_control_id=leg)
            conference = str(made.get("data", {}).get("id", ""))
        if conference:
            self._ever.add(conference)
            self.conferences.setdefault(conference, set()).add(leg)

    def _order(self) -> None:
        """Send a command that a supervisor would send here."""
        conference = self._random(set(self.conferences))
        legs = self.conferences.get(conference, set())
        leg, waits = self._random(legs), self._random(self._waiting)
        verb = self._chance.choice(IN_A_CONFERENCE if self._chance.random() < 0.8 else ELSEWHERE)
        aimed: dict[str, object] = {"conference": conference, "legs": [leg]}
        match verb:
            case "speak_room":
                aimed["values"] = {"payload": "one moment", "voice": "female"}
            case "dtmf_room":
                aimed["values"] = {"digits": "1"}
            case "enqueue":
                aimed["values"] = {"queue_name": self._queue}
            case "join":
                aimed = {"queue": self._queue, "legs": [waits], "values": {"room": conference}}
            case "leave_queue":
                aimed = {"queue": self._queue, "legs": [waits]}
            case "end" if self._chance.random() < 0.7:
                return
            case _:
                pass
        if conference and aimed["legs"] != [""]:
            self._engine.order(verb, **aimed)

    def _random(self, among: set[str]) -> str:
        return self._chance.choice(sorted(among)) if among else ""
