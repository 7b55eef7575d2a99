"""Gathering of DTMF digits from one participant; the control endpoint presses the keys.

INFERRED, because the conference form documents no result: the prompt is reported as the
participant's playback, each digit as call.dtmf.received, and the end as call.gather.ended, which
also has gather_id and the command's client_state. A digit outside ``valid`` is reported and not
collected.

A try ends with the terminating digit, with enough digits, or at a timeout: for the first digit,
between digits, or for the whole try. INFERRED: a try with too few digits is followed by another.
Its prompt is the invalid audio if there were digits, and the first prompt otherwise. After the last
try the status is ``invalid``, or ``timeout`` if no digit came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.simulator import audio, webhook_events
from console.simulator.models import Conference, Gather, GatherOptions, Leg, Prompt

if TYPE_CHECKING:
    from console.simulator.http_types import Json
    from console.simulator.world import World


def start(world: World, conference: Conference, leg: Leg, options: GatherOptions) -> None:
    """Start a gather with its prompt, if it has one. An earlier gather of the call is cancelled."""
    cancel(world, leg)
    gather = Gather(options, conference)
    world.gathers[leg.call_control_id] = gather
    _try(world, leg, gather, options.prompt)


def press(world: World, leg: Leg, digit: str) -> None:
    """Press a key on the phone of the leg."""
    world.emit("call.dtmf.received", {**_who(leg), "digit": digit}, leg)
    gather = world.gathers.get(leg.call_control_id)
    if gather is None:
        return
    options = gather.options
    if options.stops_playback:
        audio.stop(world, gather.conference, [leg])
    ended = bool(options.ends_with) and digit == options.ends_with
    if not ended and digit in options.valid:
        gather.digits += digit
    if ended or len(gather.digits) >= options.most:
        _close(world, leg, gather)
    else:
        _wait(world, leg, gather, options.between_secs)


def hung_up(world: World, leg: Leg) -> None:
    """End the gather of a leg that has hung up, if it has one."""
    gather = world.gathers.get(leg.call_control_id)
    if gather is not None:
        _end(world, leg, gather, "call_hangup")


def cancel(world: World, leg: Leg) -> None:
    """Cancel the gather of a leg that leaves its conference or gets a new gather."""
    gather = world.gathers.get(leg.call_control_id)
    if gather is not None:
        _end(world, leg, gather, "cancelled")


def _try(world: World, leg: Leg, gather: Gather, prompt: Prompt) -> None:
    gather.digits, gather.tries = "", gather.tries + 1
    gather.over_at = world.now + gather.options.secs
    if prompt.url is not None or prompt.name is not None:
        sound = audio.Sound("playback", world.rules.audio_secs, prompt.url, prompt.name)
        audio.start(world, gather.conference, sound, [leg])
    _wait(world, leg, gather, gather.options.first_secs)


def _wait(world: World, leg: Leg, gather: Gather, secs: float) -> None:
    if gather.until is not None:
        gather.until.cancel()
    due = min(world.now + secs, gather.over_at)
    gather.until = world.at(due, lambda: _close(world, leg, gather))


def _close(world: World, leg: Leg, gather: Gather) -> None:
    """End the current try: finish the gather, or start the next try."""
    if world.gathers.get(leg.call_control_id) is not gather:
        return
    options, came = gather.options, bool(gather.digits)
    if len(gather.digits) >= options.least:
        _end(world, leg, gather, "valid")
    elif gather.tries < options.tries:
        again = options.invalid if came and options.invalid != Prompt() else options.prompt
        _try(world, leg, gather, again)
    else:
        _end(world, leg, gather, "invalid" if came else "timeout")


def _end(world: World, leg: Leg, gather: Gather, status: str) -> None:
    del world.gathers[leg.call_control_id]
    if gather.until is not None:
        gather.until.cancel()
    payload = {**_who(leg), "digits": gather.digits, "status": status}
    if gather.options.client_state is not None:
        payload["client_state"] = gather.options.client_state
    if gather.options.gather_id is not None:
        payload["gather_id"] = gather.options.gather_id
    world.emit("call.gather.ended", payload, leg)


def _who(leg: Leg) -> dict[str, Json]:
    return {**webhook_events.leg_fields(leg), "from": leg.from_, "to": leg.to}
