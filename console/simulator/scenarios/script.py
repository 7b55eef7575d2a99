"""Playback of the scripted part of a scenario: calls, turns, acts and faults at fixed times.

A time before 0 is the past, without webhooks. A time after 0 is divided by ``--speed``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.simulator import (
    audio,
    conference_end,
    conferences,
    legs,
    participants,
    queues,
    recordings,
)
from console.simulator.errors import ApiError
from console.simulator.models import Conference, Leg, LegState, Participant
from console.simulator.scenarios import people

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from console.simulator.faults import Faults
    from console.simulator.scenarios.environment import Environment
    from console.simulator.scenarios.scenario_file import (
        ActorSpec,
        ActSpec,
        CallSpec,
        FaultSpec,
        Scenario,
        TurnSpec,
    )


class Script:
    """Plays the actors of a scenario; an action that is no longer possible is skipped."""

    def __init__(self, environment: Environment, scenario: Scenario, faults: Faults) -> None:
        self._environment = environment
        self._world = environment.world
        self._scenario = scenario
        self._faults = faults
        self._actors = {one.name: one for one in scenario.actor}
        self._legs: dict[str, Leg] = {}

    def play_past_and_plan(self) -> None:
        """Carry out the steps before the start, in order of time, and schedule the later ones.

        A step with ``at_secs`` of 0 or less is before the start.
        """
        now = self._world.now
        for at, act in sorted(self._steps(), key=lambda step: step[0]):
            if at <= 0:
                with self._world.moment(now + at):
                    self._try(act)
            else:
                self._environment.after(at, lambda act=act: self._try(act))  # type: ignore[misc]

    def _steps(self) -> Iterator[tuple[float, Callable[[], None]]]:
        scenario = self._scenario
        for call in scenario.call:
            yield call.at_secs, lambda call=call: self._call(call)  # type: ignore[misc]
        for turn in scenario.turn:
            yield turn.at_secs, lambda turn=turn: self._speak(turn)  # type: ignore[misc]
        for act in scenario.act:
            yield act.at_secs, lambda act=act: self._act(act)  # type: ignore[misc]
        for fault in scenario.fault:
            yield fault.at_secs, lambda fault=fault: self._set_fault(fault)  # type: ignore[misc]

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except ApiError:
            return  # the conference is full or gone, or the call has ended

    def _call(self, spec: CallSpec) -> None:
        leg = self._ring(self._actors[spec.actor])
        self._legs[spec.actor] = leg
        if spec.rings:
            return
        legs.answer(self._world, leg)
        if spec.time_limit_secs:
            limit = spec.time_limit_secs
            legs.schedule(
                self._world, leg, limit, lambda: legs.hang_up(self._world, leg, "time_limit")
            )
        if spec.for_secs:
            self._environment.after(spec.for_secs, lambda: self._hang_up(leg))
        if spec.queue:
            queues.enqueue(
                self._world,
                leg,
                spec.queue,
                max_wait_secs=int(spec.max_wait_secs) or None,
                keep_after_hangup=spec.keep_after_hangup,
            )
        elif spec.conference:
            self._enter(leg, spec)

    def _enter(self, leg: Leg, spec: CallSpec) -> None:
        join_options = participants.JoinOptions(
            mute=spec.muted,
            hold=spec.on_hold,
            end_on_exit=spec.host,
            role=spec.role,
            whisper_to=self._ids(spec.to),
        )
        conference = self._world.live_names.get(spec.conference)
        if conference is not None:
            participants.join(self._world, conference, leg, join_options)
            return
        options = conferences.ConferenceOptions(
            spec.conference, duration_minutes=spec.duration_minutes or None
        )
        conferences.create(self._world, leg, options, join_options)

    def _ring(self, actor: ActorSpec) -> Leg:
        state = actor.client_state or people.name_state(
            actor.name, "agent" if actor.staff else "name"
        )
        if actor.staff:
            address = actor.number or people.staff_address(actor.name)
            return legs.outgoing(self._world, people.MAIN_NUMBER, address, client_state=state)
        number = actor.number or self._environment.callers.draw().number
        return legs.incoming(
            self._world, number, people.MAIN_NUMBER, client_state=state, name=actor.name
        )

    def _speak(self, spec: TurnSpec) -> None:
        found = self._find(spec.actor)
        if found is not None:
            participants.give_floor(self._world, *found)

    def _act(self, spec: ActSpec) -> None:
        leg = self._legs.get(spec.actor)
        if spec.do == "hangup":
            if leg is not None:
                self._hang_up(leg)
            return
        if spec.do == "answer":
            if leg is not None and leg.state is LegState.RINGING:
                legs.answer(self._world, leg)
            return
        if spec.do == "join":
            self._join(leg, spec.conference)
            return
        found = self._find(spec.actor) if spec.actor else None
        conference = found[0] if found else self._world.live_names.get(spec.conference)
        if conference is None:
            return
        targets = [found[1]] if found else list(conference.people.values())
        _ACTIONS[spec.do](self, conference, targets, spec)

    def _join(self, leg: Leg | None, name: str) -> None:
        conference = self._world.live_names.get(name)
        if leg is not None and leg.state is LegState.ANSWERED and conference is not None:
            participants.join(self._world, conference, leg)

    def _set_fault(self, spec: FaultSpec) -> None:
        self._faults.set_rate(spec.name, spec.rate)
        if spec.for_secs:
            self._environment.after(spec.for_secs, lambda: self._faults.set_rate(spec.name, 0.0))

    def _hang_up(self, leg: Leg) -> None:
        legs.hang_up(self._world, leg, source="caller")

    def _find(self, actor: str) -> tuple[Conference, Participant] | None:
        leg = self._legs.get(actor)
        conference = None if leg is None else self._world.conferences.get(leg.conference_id or "")
        if leg is None or conference is None:
            return None
        return conference, conference.people[leg.call_control_id]

    def _ids(self, actor: str) -> tuple[str, ...]:
        leg = self._legs.get(actor)
        return () if leg is None else (leg.call_control_id,)

    def _hold(self, conference: Conference, targets: list[Participant], spec: ActSpec) -> None:
        held = spec.do == "hold"
        participants.hold(self._world, conference, targets, held=held, media=spec.media or None)

    def _mute(self, conference: Conference, targets: list[Participant], spec: ActSpec) -> None:
        participants.mute(self._world, conference, targets, muted=spec.do == "mute")

    def _role(self, _conference: Conference, targets: list[Participant], spec: ActSpec) -> None:
        for one in targets:
            participants.set_role(self._world, one, spec.do, self._ids(spec.to))  # type: ignore[arg-type]

    def _play(self, conference: Conference, targets: list[Participant], spec: ActSpec) -> None:
        to = [one.leg for one in targets] if spec.actor else None
        rules = self._world.rules
        if spec.do == "stop":
            audio.stop(self._world, conference, to)
        elif spec.do == "play":
            sound = audio.Sound("playback", rules.audio_secs, spec.media)
            audio.start(self._world, conference, sound, to)
        else:
            secs = max(1.0, len(spec.text) * rules.speak_secs_per_character)
            audio.start(self._world, conference, audio.Sound("speak", secs), to)

    def _record(self, conference: Conference, _some: list[Participant], spec: ActSpec) -> None:
        if spec.do == "record":
            recordings.start(self._world, conference, recordings.RecordingOptions("mp3", "dual"))
            return
        recording = recordings.find(conference, None)
        if spec.do == "pause":
            recordings.pause(self._world, recording)
        elif spec.do == "resume":
            recordings.resume(self._world, recording)
        else:
            recordings.stop(self._world, conference, recording)

    def _leave(self, conference: Conference, targets: list[Participant], _said: ActSpec) -> None:
        for one in targets:
            participants.leave(self._world, conference, one)

    def _finish(self, conference: Conference, _some: list[Participant], _said: ActSpec) -> None:
        conference_end.end(self._world, conference, "ended_via_api")


_ACTIONS: dict[str, Callable[[Script, Conference, list[Participant], ActSpec], None]] = {
    **dict.fromkeys(("hold", "unhold"), Script._hold),  # noqa: SLF001 (its own table)
    **dict.fromkeys(("mute", "unmute"), Script._mute),  # noqa: SLF001
    **dict.fromkeys(("monitor", "whisper", "barge", "none"), Script._role),  # noqa: SLF001
    **dict.fromkeys(("play", "speak", "stop"), Script._play),  # noqa: SLF001
    **dict.fromkeys(("record", "pause", "resume", "save"), Script._record),  # noqa: SLF001
    "leave": Script._leave,  # noqa: SLF001
    "end": Script._finish,  # noqa: SLF001
}
