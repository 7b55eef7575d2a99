"""Undo records: each reads a setting before and after a command."""

from __future__ import annotations

from console.commands.request_builders import split_list
from console.core.model.command import Order, Values
from console.core.model.listed_resources import ParticipantResource
from console.core.model.state import State
from console.core.model.undo_method import Undo

EXITS = ("end_conference_on_exit", "soft_end_conference_on_exit")


def switched(by: str, field: str, *, to: bool) -> Undo:
    """Return the undo of a command that sets a flag of the participants listing to ``to``.

    ``by`` is the name of the opposite command, ``field`` the member of ParticipantResource.
    """

    def now(state: State, order: Order, leg: str, _: Values | None) -> Values | None:
        flag = getattr(_fields(state, order, leg), field, None)
        return None if flag is None else {field: _word(flag)}

    return Undo(by, setting_made=lambda _: {field: _word(to)}, present_setting=now)


def _exits_made(order: Order) -> Values:
    wishes = {name: order.values.get(name, "") for name in EXITS}
    return {name: wish for name, wish in wishes.items() if wish in {"on", "off"}}


def _exits(state: State, order: Order, leg: str, _: Values | None) -> Values | None:
    fields = _fields(state, order, leg)
    if fields is None:
        return None
    flags = (fields.end_on_exit, fields.soft_end_on_exit)
    if None in flags:
        return None
    return {name: "on" if flag else "off" for name, flag in zip(EXITS, flags, strict=True)}


def _role_now(state: State, order: Order, leg: str, own: Values | None) -> Values | None:
    """Return the role as far as it is known: a whisper from the listing, any other from ``own``.

    ``own`` has the values of our newest role command on this leg.
    """
    fields = _fields(state, order, leg)
    if fields is None or fields.whisper_to is None:
        return None
    if fields.whisper_to:
        whom = ",".join(fields.whisper_to)
        return _role({"supervisor_role": "whisper", "whisper_call_control_ids": whom})
    role = _role(own or {"supervisor_role": "whisper"})
    name = role["supervisor_role"]
    return None if name == "whisper" or (name == "monitor" and not fields.muted) else role


def _role(values: Values) -> Values:
    role = values.get("supervisor_role", "")
    whom = values.get("whisper_call_control_ids", "") if role == "whisper" else ""
    listeners = ",".join(sorted(split_list(whom)))
    return {"supervisor_role": role, "whisper_call_control_ids": listeners}


def _size(state: State, _: Order, queue: str, __: Values | None) -> Values | None:
    line = state.queues.get(queue)
    size = line.listed.max_size if line and line.is_here and line.listed else None
    return None if size is None else {"max_size": str(size)}


def _recording(state: State, _: Order, conference: str, __: Values | None) -> Values | None:
    known = state.conferences.get(conference)
    if known is None or known.ended or known.recording is None:
        return None
    return {"recording": known.recording.state}


def _kept(state: State, order: Order, leg: str, own: Values | None) -> Values | None:
    call = state.waiting.get(order.queue or "", {}).get(leg)
    return own if call is not None and call.membership.here else None


def _fields(state: State, order: Order, leg: str) -> ParticipantResource | None:
    person = state.people.get(order.conference or "", {}).get(leg)
    return person.listed if person is not None and person.membership.here else None


def _word(flag: object) -> str:
    return "yes" if flag else "no"


OPTIONS = Undo("options", setting_made=_exits_made, present_setting=_exits)
ROLE = Undo(
    "role",
    setting_made=lambda order: _role(order.values),
    present_setting=_role_now,
    whole=True,
)
SIZE = Undo(
    "queue_size",
    setting_made=lambda order: {"max_size": order.values.get("max_size", "")},
    present_setting=_size,
)
KEEP = Undo(
    "keep",
    setting_made=lambda order: {"keep_after_hangup": order.values.get("keep_after_hangup", "yes")},
    present_setting=_kept,
)
PAUSE = Undo("resume", setting_made=lambda _: {"recording": "paused"}, present_setting=_recording)
RESUME = Undo("pause", setting_made=lambda _: {"recording": "on"}, present_setting=_recording)
