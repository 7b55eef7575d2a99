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
    from console.simulator.scenarios.environment import Stage
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

    def __init__(self, stage: Stage, scenario: Scenario, faults: Faults) -> None:
        self._stage = stage
        self._world = stage.world
        self._scenario = scenario
        self._faults = faults
        self._actors = {one.name: one for one in scenario.actor}
        self._legs: dict[str, Leg] = {}

    def rehearse(self) -> None:
        """Carry out the past in order, and plan what comes."""
        now = self._world.now
        for at, act in sorted(self._steps(), key=lambda step: step[0]):
            if at <= 0:
                with self._world.moment(now + at):
                    self._try(act)
            else:
                self._stage.later(at, lambda act=act: self._try(act))  # type: ignore[misc]

    def _steps(self) -> Iterator[tuple[float, Callable[[], None]]]:
        said = self._scenario
        for call in said.call:
            yield call.at_secs, lambda call=call: self._call(call)  # type: ignore[misc]
        for turn in said.turn:
            yield turn.at_secs, lambda turn=turn: self._speak(turn)  # type: ignore[misc]
        for act in said.act:
            yield act.at_secs, lambda act=act: self._act(act)  # type: ignore[misc]
        for fault in said.fault:
            yield fault.at_secs, lambda fault=fault: self._arm(fault)  # type: ignore[misc]

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except ApiError:
            return  # the conference is full or gone, or the call has ended

    def _call(self, said: CallSpec) -> None:
        leg = self._ring(self._actors[said.actor])
        self._legs[said.actor] = leg
        if said.rings:
            return
        legs.answer(self._world, leg)
        if said.time_limit_secs:
            limit = said.time_limit_secs
            legs.plan(self._world, leg, limit, lambda: legs.hang_up(self._world, leg, "time_limit"))
        if said.for_secs:
            self._stage.later(said.for_secs, lambda: self._hang_up(leg))
        if said.queue:
            queues.enqueue(
                self._world,
                leg,
                said.queue,
                max_wait_secs=int(said.max_wait_secs) or None,
                keep_after_hangup=said.keep_after_hangup,
            )
        elif said.conference:
            self._enter(leg, said)

    def _enter(self, leg: Leg, said: CallSpec) -> None:
        terms = participants.Terms(
            mute=said.muted,
            hold=said.on_hold,
            end_on_exit=said.host,
            role=said.role,
            whisper_to=self._ids(said.to),
        )
        conference = self._world.live_names.get(said.conference)
        if conference is not None:
            participants.join(self._world, conference, leg, terms)
            return
        opening = conferences.Opening(
            said.conference, duration_minutes=said.duration_minutes or None
        )
        conferences.create(self._world, leg, opening, terms)

    def _ring(self, actor: ActorSpec) -> Leg:
        state = actor.client_state or people.said_name(
            actor.name, "agent" if actor.staff else "name"
        )
        if actor.staff:
            address = actor.number or people.staff_address(actor.name)
            return legs.outgoing(self._world, people.MAIN_NUMBER, address, client_state=state)
        number = actor.number or self._stage.cast.caller().number
        return legs.incoming(
            self._world, number, people.MAIN_NUMBER, client_state=state, name=actor.name
        )

    def _speak(self, said: TurnSpec) -> None:
        found = self._find(said.actor)
        if found is not None:
            participants.give_floor(self._world, *found)

    def _act(self, said: ActSpec) -> None:
        leg = self._legs.get(said.actor)
        if said.do == "hangup":
            if leg is not None:
                self._hang_up(leg)
            return
        if said.do == "answer":
            if leg is not None and leg.state is LegState.RINGING:
                legs.answer(self._world, leg)
            return
        if said.do == "join":
            self._join(leg, said.conference)
            return
        found = self._find(said.actor) if said.actor else None
        conference = found[0] if found else self._world.live_names.get(said.conference)
        if conference is None:
            return
        some = [found[1]] if found else list(conference.people.values())
        _DEEDS[said.do](self, conference, some, said)

    def _join(self, leg: Leg | None, name: str) -> None:
        conference = self._world.live_names.get(name)
        if leg is not None and leg.state is LegState.ANSWERED and conference is not None:
            participants.join(self._world, conference, leg)

    def _arm(self, said: FaultSpec) -> None:
        self._faults.set_rate(said.name, said.rate)
        if said.for_secs:
            self._stage.later(said.for_secs, lambda: self._faults.set_rate(said.name, 0.0))

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

    def _hold(self, conference: Conference, some: list[Participant], said: ActSpec) -> None:
        held = said.do == "hold"
        participants.hold(self._world, conference, some, held=held, media=said.media or None)

    def _mute(self, conference: Conference, some: list[Participant], said: ActSpec) -> None:
        participants.mute(self._world, conference, some, muted=said.do == "mute")

    def _role(self, _conference: Conference, some: list[Participant], said: ActSpec) -> None:
        for one in some:
            participants.set_role(self._world, one, said.do, self._ids(said.to))  # type: ignore[arg-type]

    def _play(self, conference: Conference, some: list[Participant], said: ActSpec) -> None:
        to = [one.leg for one in some] if said.actor else None
        rules = self._world.rules
        if said.do == "stop":
            audio.stop(self._world, conference, to)
        elif said.do == "play":
            sound = audio.Sound("playback", rules.audio_secs, said.media)
            audio.start(self._world, conference, sound, to)
        else:
            secs = max(1.0, len(said.text) * rules.speak_secs_per_character)
            audio.start(self._world, conference, audio.Sound("speak", secs), to)

    def _record(self, conference: Conference, _some: list[Participant], said: ActSpec) -> None:
        if said.do == "record":
            recordings.start(self._world, conference, recordings.Wish("mp3", "dual"))
            return
        recording = recordings.find(conference, None)
        if said.do == "pause":
            recordings.pause(self._world, recording)
        elif said.do == "resume":
            recordings.resume(self._world, recording)
        else:
            recordings.stop(self._world, conference, recording)

    def _leave(self, conference: Conference, some: list[Participant], _said: ActSpec) -> None:
        for one in some:
            participants.leave(self._world, conference, one)

    def _finish(self, conference: Conference, _some: list[Participant], _said: ActSpec) -> None:
        conference_end.end(self._world, conference, "ended_via_api")


_DEEDS: dict[str, Callable[[Script, Conference, list[Participant], ActSpec], None]] = {
    **dict.fromkeys(("hold", "unhold"), Script._hold),  # noqa: SLF001 (its own table)
    **dict.fromkeys(("mute", "unmute"), Script._mute),  # noqa: SLF001
    **dict.fromkeys(("monitor", "whisper", "barge", "none"), Script._role),  # noqa: SLF001
    **dict.fromkeys(("play", "speak", "stop"), Script._play),  # noqa: SLF001
    **dict.fromkeys(("record", "pause", "resume", "save"), Script._record),  # noqa: SLF001
    "leave": Script._leave,  # noqa: SLF001
    "end": Script._finish,  # noqa: SLF001
}
