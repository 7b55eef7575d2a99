"""The actor of one queue: callers come, wait, give up, or are taken by an agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.simulator import conferences, legs, participants, queues, recordings
from console.simulator.errors import ApiError
from console.simulator.models import Conference, Leg, LegState, Status
from console.simulator.scenarios.conversation import Conversation

if TYPE_CHECKING:
    from console.simulator.queue_order import Queue
    from console.simulator.scenarios.environment import Environment
    from console.simulator.scenarios.scenario_file import QueueSpec

TAKEN, CALLER_ENDS, LINGER_SECS = 0.75, 0.6, 1.5


class QueueActor:
    """Keeps one queue of a scenario between its lowest and its highest size."""

    def __init__(self, environment: Environment, spec: QueueSpec) -> None:
        self._environment = environment
        self._spec = spec
        self._number = spec.conference_number
        self._busy: dict[str, Conference] = {}

    def open_with_past(self) -> None:
        """Create the queue with waits up to ``oldest_secs``, and the conferences of busy agents."""
        world, spec = self._environment.world, self._spec
        now = world.now
        with world.moment(now - max(spec.oldest_secs, 1.0)):
            queues.create(world, spec.name, spec.max_size)
        waits = sorted(
            self._environment.rng.uniform(2, spec.oldest_secs) for _ in range(spec.waiting)
        )
        if waits:
            waits[-1] = spec.oldest_secs
        for wait in reversed(waits):
            with world.moment(now - wait):
                self._enqueue(self._environment.caller())
        for age, agent in zip(spec.talking, spec.agents, strict=False):
            with world.moment(now - age):
                conference = self._start(self._environment.caller(), agent)
            self._run(conference)
        if spec.every_secs:
            self._environment.after_about(spec.every_secs, self._tick)

    def _tick(self) -> None:
        queue = self._environment.world.queues.get(self._spec.name)
        size = 0 if queue is None else len(queue)
        spec = self._spec
        middle, width = (spec.lowest + spec.highest) / 2, max(1, spec.highest - spec.lowest)
        if queue is None or self._environment.rng.random() < 0.5 + (middle - size) / width:
            self._enqueue(self._environment.caller())
        else:
            self._depart(queue)
        self._environment.after_about(spec.every_secs, self._tick)

    def _enqueue(self, leg: Leg) -> None:
        try:
            queues.enqueue(self._environment.world, leg, self._spec.name)
        except ApiError:
            legs.hang_up(self._environment.world, leg, source="caller")

    def _depart(self, queue: Queue) -> None:
        """Let an agent take the first caller; with none free, or by chance, a caller gives up."""
        head, agent = queue.head(), self._free_agent()
        if head is not None and agent is not None and self._environment.rng.random() < TAKEN:
            conference = self._start(head.leg, agent)
            self._run(conference)
            return
        patient = [call.leg for call in queue if call.hung_up_at is None and not call.leg.operated]
        if patient:
            legs.hang_up(
                self._environment.world, self._environment.rng.choice(patient), source="caller"
            )

    def _free_agent(self) -> str | None:
        for agent in self._spec.agents:
            conference = self._busy.get(agent)
            if conference is None or conference.status is Status.COMPLETED:
                return agent
        return None

    def _start(self, caller: Leg, agent: str) -> Conference:
        """Dial the agent and create a conference of the caller and the agent; return it."""
        world = self._environment.world
        staff = self._environment.staff(agent)
        conference = conferences.create(
            world, caller, conferences.ConferenceOptions(self._next_name())
        )
        participants.join(world, conference, staff, participants.JoinOptions(end_on_exit=True))
        if self._spec.recorded:
            recordings.start(world, conference, recordings.RecordingOptions("mp3", "dual"))
        self._busy[agent] = conference
        return conference

    def _next_name(self) -> str:
        while True:
            name = f"{self._spec.conference_prefix}{self._number:04d}"
            self._number += 1
            if name not in self._environment.world.live_names:
                return name

    def _run(self, conference: Conference) -> None:
        Conversation(self._environment, conference, self._spec.turn_secs, self._spec.episode_secs)
        self._environment.after_about(self._spec.talk_secs, lambda: self._close(conference))

    def _close(self, conference: Conference) -> None:
        """Let the caller or the agent hang up; if the caller did, the agent follows."""
        if conference.status is Status.COMPLETED:
            return
        inside = [one.leg for one in conference.people.values()]
        callers = [leg for leg in inside if leg.direction == "incoming"]
        if callers and self._environment.rng.random() < CALLER_ENDS:
            for leg in callers:
                legs.hang_up(self._environment.world, leg, source="caller")
            self._environment.after(LINGER_SECS, lambda: self._agents_go(conference))
        else:
            self._agents_go(conference)

    def _agents_go(self, conference: Conference) -> None:
        for leg in [one.leg for one in conference.people.values() if one.end_on_exit]:
            if leg.state is not LegState.ENDED:
                legs.hang_up(self._environment.world, leg, source="callee")
