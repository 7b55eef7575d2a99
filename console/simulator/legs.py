"""Call legs: ringing, answered, parked, hung up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from console.simulator import dtmf_gather, errors, webhook_events
from console.simulator.models import DequeueReason, Leg, LegState, WebhookOptions
from console.simulator.world import CONNECTION_ID

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.simulator.world import World

Source = Literal["caller", "callee", "unknown"]


def incoming(
    world: World, from_: str, to: str, *, client_state: str | None = None, name: str | None = None
) -> Leg:
    """Create a ringing call from a caller (call.initiated) and return it."""
    leg = Leg(
        call_control_id=world.ids.call_control(),
        call_leg_id=world.ids.leg(),
        call_session_id=world.ids.leg(),
        connection_id=CONNECTION_ID,
        from_=from_,
        to=to,
        direction="incoming",
        started_at=world.now,
        client_state=client_state,
        caller_name=name,
    )
    return _ring(world, leg)


def outgoing(
    world: World,
    from_: str,
    to: str,
    *,
    connection_id: str = CONNECTION_ID,
    client_state: str | None = None,
    webhook_options: WebhookOptions | None = None,
    session_id: str | None = None,
) -> Leg:
    """Create a ringing call to a dialled number (call.initiated) and return it."""
    leg = Leg(
        call_control_id=world.ids.call_control(),
        call_leg_id=world.ids.leg(),
        call_session_id=session_id or world.ids.leg(),
        connection_id=connection_id,
        from_=from_,
        to=to,
        direction="outgoing",
        started_at=world.now,
        client_state=client_state,
        webhook_options=webhook_options,
    )
    return _ring(world, leg)


def answer(world: World, leg: Leg) -> None:
    """Answer a ringing call, which is then parked (call.answered)."""
    leg.state = LegState.ANSWERED
    leg.pending = None
    world.emit("call.answered", webhook_events.answered(leg), leg)


def schedule(world: World, leg: Leg, secs: float, act: Callable[[], None]) -> None:
    """Plan an action for the leg in ``secs`` seconds. A hang-up cancels it."""
    leg.pending = world.after(secs, act)


def hang_up(
    world: World, leg: Leg, cause: str = "normal_clearing", source: Source = "unknown"
) -> None:
    """End a call: send call.hangup, then take the leg out of its conference, queue or bridge.

    A second hang-up changes nothing. The conference may end as a consequence.
    """
    if leg.state is LegState.ENDED:
        return
    if leg.pending is not None:
        leg.pending.cancel()
    leg.state = LegState.ENDED
    leg.ended_at = world.now
    leg.hangup_cause = cause
    world.emit("call.hangup", webhook_events.hung_up(leg, source), leg)
    dtmf_gather.hung_up(world, leg)
    if leg.placement is not None:
        leg.placement.hung_up()
    world.after(world.rules.ended_call_secs, lambda: _forget(world, leg))


def take_out(leg: Leg, reason: DequeueReason) -> None:
    """Take a leg out of its conference, queue or bridge, if it is in one.

    ``reason`` is what a queue reports.

    Raises:
        ApiError: 90018 if leaving ended the conference that the leg created, which hung it up.
    """
    if leg.placement is not None:
        leg.placement.leave(reason)
        if leg.state is LegState.ENDED:
            raise errors.call_ended()


def find(world: World, call_control_id: str, pointer: str = "/call_control_id") -> Leg:
    """Return the live call of that id, ringing or answered.

    Raises:
        ApiError: 90015 if the id is unknown, 90018 if the call has ended.
    """
    leg = world.legs.get(call_control_id)
    if leg is None:
        raise errors.unknown_call(pointer)
    if leg.state is LegState.ENDED:
        raise errors.call_ended()
    return leg


def find_answered(world: World, call_control_id: str, pointer: str = "/call_control_id") -> Leg:
    """Return the answered call of that id.

    Raises:
        ApiError: As ``find``, and 90034 if the call is ringing.
    """
    leg = find(world, call_control_id, pointer)
    if leg.state is LegState.RINGING:
        raise errors.not_answered()
    return leg


def _ring(world: World, leg: Leg) -> Leg:
    world.legs[leg.call_control_id] = leg
    world.emit("call.initiated", webhook_events.initiated(leg), leg)
    return leg


def _forget(world: World, leg: Leg) -> None:
    if leg.queue_name is None:
        world.legs.pop(leg.call_control_id, None)
    else:
        world.after(world.rules.ended_call_secs, lambda: _forget(world, leg))
