"""The actor of a standing conference: people come and go, and it reopens after its end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from console.simulator import conferences, legs, participants, recordings
from console.simulator.errors import ApiError
from console.simulator.models import Conference, Leg, Status
from console.simulator.scenarios.conversation import Conversation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from console.simulator.scenarios.environment import Environment
    from console.simulator.scenarios.scenario_file import ConferenceSpec

EARLIEST_JOIN, LATEST_JOIN = 0.01, 0.9
PAUSED_SECS = 370.0


class ConferenceActor:
    """Keeps one conference of a scenario alive."""

    def __init__(self, environment: Environment, spec: ConferenceSpec) -> None:
        self._environment = environment
        self._spec = spec
        self._name = spec.name
        self._conference: Conference | None = None
        self._staff: list[Leg] = []

    def open_with_past(self) -> None:
        """Create the conference ``age_secs`` ago; its people have joined since, in list order."""
        world, age = self._environment.world, self._spec.age_secs
        start = world.now - age
        people = self._people()
        share = self._environment.rng.uniform
        joins = sorted(share(EARLIEST_JOIN, LATEST_JOIN) * age for _ in people[1:])
        with world.moment(start):
            conference = self._create(people[0]())
        for bring, since in zip(people[1:], joins, strict=True):
            with world.moment(start + since):
                leg = bring()
                participants.join(world, conference, leg, self._terms(leg))
        self._record(conference, start)
        self._run(conference)

    def _open(self) -> None:
        """Open the conference again now, or a little later if its name is taken."""
        if self._name in self._environment.world.live_names:
            self._environment.after_about(self._spec.away_secs, self._open)
            return
        people = self._people()
        conference = self._create(people[0]())
        for bring in people[1:]:
            leg = bring()
            participants.join(self._environment.world, conference, leg, self._terms(leg))
        self._record(conference, self._environment.world.now)
        self._run(conference)

    def _people(self) -> Sequence[_PendingPerson]:
        self._staff.clear()
        hosts = [_PendingPerson(self, name, "agent") for name in self._spec.hosts]
        guests = [_PendingPerson(self, None, "") for _ in range(self._spec.guests)]
        watchers = [_PendingPerson(self, name, "supervisor") for name in self._spec.supervisors]
        return [*hosts, *guests, *watchers]

    def bring(self, name: str | None, role: str) -> Leg:
        """Call a member of staff, or a guest if ``name`` is None; return the leg."""
        if name is None:
            return self._environment.caller()
        leg = self._environment.staff(name, role)
        self._staff.append(leg)
        return leg

    def _terms(self, leg: Leg) -> participants.JoinOptions:
        watching = leg in self._staff[len(self._spec.hosts) :]
        return participants.JoinOptions(role="monitor" if watching else "none")

    def _create(self, leg: Leg) -> Conference:
        host = participants.JoinOptions(end_on_exit=True)
        minutes = self._spec.duration_minutes or None
        options = conferences.ConferenceOptions(self._name, duration_minutes=minutes)
        return conferences.create(self._environment.world, leg, options, host)

    def _record(self, conference: Conference, since: float) -> None:
        world = self._environment.world
        if self._spec.recording == "no":
            return
        with world.moment(since):
            recording = recordings.start(
                world, conference, recordings.RecordingOptions("mp3", "dual")
            )
        if self._spec.recording == "paused":
            with world.moment(max(since, world.now - PAUSED_SECS)):
                recordings.pause(world, recording)

    def _run(self, conference: Conference) -> None:
        self._conference = conference
        Conversation(self._environment, conference, self._spec.turn_secs, self._spec.episode_secs)
        self._environment.after_about(self._spec.churn_secs or self._spec.away_secs, self._churn)

    def _churn(self) -> None:
        conference = self._conference
        if conference is None or conference.status is Status.COMPLETED:
            self._name = (
                _successor(self._name) if conference and conference.operated else self._name
            )
            self._environment.after_about(self._spec.away_secs, self._open)
            return
        if self._spec.churn_secs:
            self._come_or_go(conference)
        self._environment.after_about(self._spec.churn_secs or self._spec.away_secs, self._churn)

    def _come_or_go(self, conference: Conference) -> None:
        size, spec, rng = len(conference.people), self._spec, self._environment.rng
        middle, width = (spec.lowest + spec.highest) / 2, max(1, spec.highest - spec.lowest)
        if rng.random() < 0.5 + (middle - size) / width:
            leg = self._environment.caller()
            try:
                participants.join(self._environment.world, conference, leg)
            except ApiError:
                legs.hang_up(self._environment.world, leg, source="caller")
            return
        guests = [one.leg for one in conference.people.values() if self._may_go(one.leg)]
        if guests:
            legs.hang_up(self._environment.world, rng.choice(guests), source="caller")

    def _may_go(self, leg: Leg) -> bool:
        return leg not in self._staff and leg.direction == "incoming" and not leg.operated


class _PendingPerson:
    """A person who has not called yet, so that each calls at their own time."""

    def __init__(self, meeting: ConferenceActor, name: str | None, role: str) -> None:
        self._meeting = meeting
        self._name = name
        self._role = role

    def __call__(self) -> Leg:
        return self._meeting.bring(self._name, self._role)


def _successor(name: str) -> str:
    """Return the name with its last number increased: an operator ended the one before for good."""
    found = re.search(r"(\d+)(\D*)$", name)
    if found is None:
        return f"{name}-2"
    number = str(int(found[1]) + 1).zfill(len(found[1]))
    return name[: found.start()] + number + found[2]
