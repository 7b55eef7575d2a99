"""Effect that a capital would have: M, H, C, P and S take back the command of the small letter.

A capital without an effect is a sign of Caps Lock. Only a listing or a webhook counts as seen.
Nothing shows a recording, so our newest accepted command counts there. An open order and an old
listing make the targets unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from console.commands.doubts import in_doubt
from console.core.key_guards import CapitalEffect
from console.core.model.command import Command, Order, Target, conference_of, legs_of, queue_of
from console.core.model.entities import Participant, RecordingState
from console.core.model.listed_resources import Moment
from console.core.model.stage import Stage
from console.core.model.state import Receipt, State
from console.core.model.undo_method import PresentSetting

NOT_DONE = frozenset({Stage.REFUSED, Stage.DROPPED, Stage.GONE})
"""Ends of an order that left its targets unchanged."""


def listed_flag(field: str, *, wish: bool) -> Callable[[State, Target], tuple[PresentSetting, ...]]:
    """Return a function that compares a listed field of each target leg with ``wish``."""

    def sights(state: State, target: Target) -> tuple[PresentSetting, ...]:
        people = state.people.get(conference_of(target) or "", {})
        return tuple(_sight(people.get(leg), field, wish=wish) for leg in legs_of(target))

    return sights


def _sight(person: Participant | None, field: str, *, wish: bool) -> PresentSetting:
    if person is None or person.listed is None or person.listed_seen is None:
        return PresentSetting()
    return PresentSetting(getattr(person.listed, field) is wish, person.listed_seen.mono)


def running_recording(state: State, target: Target) -> tuple[PresentSetting, ...]:
    """Return one sight: same if the recording of the conference runs."""
    conference = state.conferences.get(conference_of(target) or "")
    known = conference.recording if conference is not None and not conference.ended else None
    if known is None:
        return (PresentSetting(),)
    same = {RecordingState.ON: True, RecordingState.PAUSED: False}.get(known.state)
    return (PresentSetting(same, known.since.mono),)


def silent_audio(state: State, target: Target) -> tuple[PresentSetting, ...]:
    """Return a sight for each leg, or one for a whole conference: same if no audio plays.

    Without any webhook about audio, the answer is unknown.
    """
    conference = state.conferences.get(conference_of(target) or "")
    heard = conference.audio if conference is not None and not conference.ended else ()
    found = []
    for leg in legs_of(target) or (None,):
        mine = [audio for audio in heard if audio.leg == leg]
        quiet = not any(audio.playing for audio in mine) if mine else None
        found.append(PresentSetting(quiet, max((audio.since.mono for audio in mine), default=-inf)))
    return tuple(found)


def effect_of(
    command: Command, targets: tuple[Target, ...], state: State, now: Moment
) -> CapitalEffect:
    """Return the effect that the command would have, as far as its targets were seen."""
    if command.present_settings is None:
        return CapitalEffect.UNKNOWN
    sights = [sight for target in targets for sight in command.present_settings(state, target)]
    if any(sight.same is False for sight in sights):
        return CapitalEffect.SOME
    lags = state.policy.sigma if command.flag is not None else 0.0
    seen = min((sight.at for sight in sights), default=-inf) - lags
    if any(_may_take_back(command, targets, receipt, seen) for receipt in state.receipts.values()):
        return CapitalEffect.SOME
    if any(sight.same is None for sight in sights) or not sights:
        return CapitalEffect.UNKNOWN
    doubtful = any(in_doubt(state, target, now) for target in targets)
    return CapitalEffect.UNKNOWN if doubtful else CapitalEffect.NONE


def _may_take_back(
    command: Command, targets: tuple[Target, ...], receipt: Receipt, seen: float
) -> bool:
    """Return True if an order may have changed a target after ``seen``, or may do so later.

    ``seen`` is this host's monotonic time. Only an order of the opposite command counts.
    """
    order = receipt.order
    opposite = order.command.key in {key.lower() for key in command.keys}
    if not opposite or receipt.stage in NOT_DONE:
        return False
    if not any(_meets(target, order) for target in targets):
        return False
    return receipt.stage.open or (receipt.closed or order.at).mono >= seen


def _meets(target: Target, order: Order) -> bool:
    legs = legs_of(target)
    if legs and order.legs:
        return bool(set(legs) & set(order.legs))
    return conference_of(target) == order.conference and queue_of(target) == order.queue
