"""Events in one conference: turns of speech and small episodes.

An operator's command has priority: participants it changed (``operated``) are not held, muted or
released by the scenario, and an operator's audio and recordings are left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.simulator import audio, errors, legs, participants
from console.simulator.models import Conference, Participant, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.simulator.scenarios.environment import Environment

HOLD_SECS, MUTE_SECS, VISIT_SECS = 20.0, 30.0, 40.0
MUSIC = "https://media.floor.example/one-moment.mp3"
ANNOUNCEMENTS = (
    "This call may be recorded for training.",
    "Please hold the line while we look into this.",
    "The meeting will continue in a moment.",
)
VISITORS = ("Ana Silva", "Ravi Menon", "Judith Stein")


class Conversation:
    """Lets participants speak and act until the conference ends."""

    def __init__(
        self,
        environment: Environment,
        conference: Conference,
        turn_secs: float,
        episode_secs: float,
    ) -> None:
        self._environment = environment
        self._conference = conference
        self._turn_secs = turn_secs
        self._episode_secs = episode_secs
        self._visitors = 0
        environment.after_about(turn_secs, self._turn)
        environment.after_about(episode_secs, self._episode)

    def _turn(self) -> None:
        if self._over():
            return
        able = [
            one for one in self._conference.people.values() if _can_speak(self._conference, one)
        ]
        if able:
            participants.give_floor(
                self._environment.world, self._conference, self._environment.rng.choice(able)
            )
        self._environment.after_about(self._turn_secs, self._turn)

    def _episode(self) -> None:
        if self._over():
            return
        self._environment.rng.choice(
            (self._hold, self._mute, self._play, self._speak, self._visit)
        )()
        self._environment.after_about(self._episode_secs, self._episode)

    def _hold(self) -> None:
        self._for_a_while(HOLD_SECS, lambda one, on: self._set_hold(one, held=on))

    def _mute(self) -> None:
        self._for_a_while(MUTE_SECS, lambda one, on: self._set_mute(one, muted=on))

    def _play(self) -> None:
        if not self._conference.audio:
            sound = audio.Sound("playback", self._environment.world.rules.audio_secs, MUSIC)
            audio.start(self._environment.world, self._conference, sound, None)

    def _speak(self) -> None:
        if not self._conference.audio:
            world, text = self._environment.world, self._environment.rng.choice(ANNOUNCEMENTS)
            secs = len(text) * world.rules.speak_secs_per_character
            audio.start(world, self._conference, audio.Sound("speak", secs), None)

    def _visit(self) -> None:
        """Let a supervisor listen in for a while."""
        if self._visitors or self._conference.closed:
            return
        leg = self._environment.staff(self._environment.rng.choice(VISITORS), "supervisor")
        try:
            participants.join(
                self._environment.world,
                self._conference,
                leg,
                participants.JoinOptions(role="monitor"),
            )
        except errors.ApiError:
            legs.hang_up(self._environment.world, leg, source="callee")
            return
        self._visitors += 1

        def go() -> None:
            self._visitors -= 1
            if leg.conference_id == self._conference.id:
                legs.hang_up(self._environment.world, leg, source="callee")

        self._environment.after_about(VISIT_SECS, go)

    def _for_a_while(self, secs: float, apply: Callable[[Participant, bool], None]) -> None:
        able = [
            one
            for one in self._conference.people.values()
            if not (one.operated or one.muted or one.on_hold)
        ]
        if len(able) <= 1:
            return
        one = self._environment.rng.choice(able)
        apply(one, True)

        def undo() -> None:
            if not one.operated and one.status == "joined":
                apply(one, False)

        self._environment.after_about(secs, undo)

    def _set_hold(self, one: Participant, *, held: bool) -> None:
        media = MUSIC if held else None
        participants.hold(self._environment.world, self._conference, [one], held=held, media=media)

    def _set_mute(self, one: Participant, *, muted: bool) -> None:
        participants.mute(self._environment.world, self._conference, [one], muted=muted)

    def _over(self) -> bool:
        return self._conference.status is Status.COMPLETED


def _can_speak(conference: Conference, one: Participant) -> bool:
    silent = one.muted or one.on_hold or one.role in ("monitor", "whisper")
    return not silent and one.leg.call_control_id != conference.floor
