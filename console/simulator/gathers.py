"""Gathering digits from one participant, who presses them by the control endpoint.

INFERRED, for the conference form documents no result: the prompt is told as the participant's
playback, each digit as call.dtmf.received, the end as call.gather.ended, which also bears
gather_id and the command's client_state. A digit outside ``valid`` is told but not collected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.simulator import audio, events
from console.simulator.things import Conference, Gather, GatherWish, Leg

if TYPE_CHECKING:
    from console.simulator.wire import Json
    from console.simulator.world import World


def start(world: World, room: Conference, leg: Leg, wish: GatherWish) -> None:
    """Prompt, if there is a prompt, and wait; an earlier gather of that call is cancelled."""
    running = world.gathers.get(leg.call_control_id)
    if running is not None:
        _end(world, leg, running, "cancelled")
    gather = Gather(wish)
    world.gathers[leg.call_control_id] = gather
    if wish.media_url is not None or wish.media_name is not None:
        prompt = audio.Sound("playback", world.rules.audio_secs, wish.media_url, wish.media_name)
        audio.start(world, room, prompt, [leg])
    world.after(wish.secs, lambda: _end(world, leg, gather, "timeout"))


def press(world: World, leg: Leg, digit: str) -> None:
    """The person at that call presses a key."""
    world.tell("call.dtmf.received", {**_who(leg), "digit": digit}, leg.webhook_url)
    gather = world.gathers.get(leg.call_control_id)
    if gather is None:
        return
    wish = gather.wish
    ended = bool(wish.ends_with) and digit == wish.ends_with
    if not ended and digit in wish.valid:
        gather.digits += digit
    if ended or len(gather.digits) >= wish.most:
        status = "valid" if len(gather.digits) >= wish.least else "invalid"
        _end(world, leg, gather, status)


def hung_up(world: World, leg: Leg) -> None:
    """The call is over, and its gather with it."""
    gather = world.gathers.get(leg.call_control_id)
    if gather is not None:
        _end(world, leg, gather, "call_hangup")


def _end(world: World, leg: Leg, gather: Gather, status: str) -> None:
    if world.gathers.get(leg.call_control_id) is not gather:
        return
    del world.gathers[leg.call_control_id]
    payload = {**_who(leg), "digits": gather.digits, "status": status}
    if gather.wish.client_state is not None:
        payload["client_state"] = gather.wish.client_state
    if gather.wish.gather_id is not None:
        payload["gather_id"] = gather.wish.gather_id
    world.tell("call.gather.ended", payload, leg.webhook_url)


def _who(leg: Leg) -> dict[str, Json]:
    return {**events.leg_block(leg), "from": leg.from_, "to": leg.to}
