"""Decoding of webhook bodies into facts, for every envelope that Telnyx uses.

The bodies are signed by Telnyx, but callers and other programs choose some of their content.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, TypeAlias

from pydantic import ValidationError
from pydantic_core import from_json

from console.core.messages import webhooks
from console.core.messages.facts import UnreadableReceived
from console.core.messages.webhooks import CallReported, Origin, Webhook
from console.core.model.listed_resources import Leg
from console.telnyx.json_models import ClientState, DeliveryShape, Envelope, Event, Payload
from console.telnyx.validation import NamelessError, fitted

if TYPE_CHECKING:
    from console.core.model.listed_resources import Moment

NESTING = 32
"""Deepest nesting of a webhook body that is read."""
KEYS = 2_000
"""Most members in all objects of a webhook body that is read."""

Builder: TypeAlias = Callable[[Origin, Payload], Webhook]


class _UnreadableError(Exception):
    """The body is not an event; the text says why and repeats none of its content."""


class ParsedWebhook:
    """A verified webhook body, parsed once. No body raises."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._top: Mapping[str, object] | None = None
        self._fault = ""
        try:
            self._top = _object(body)
        except _UnreadableError as why:
            self._fault = str(why)

    def fact(self, at: Moment) -> Webhook | UnreadableReceived:
        """Return the fact of the webhook, received at ``at``.

        An unknown event type becomes UnknownReceived. A body that is no event becomes
        UnreadableReceived, with a reason that repeats none of its content.
        """
        if self._top is None:
            return UnreadableReceived(at, self._fault)
        try:
            return _fact(self._top, at)
        except _UnreadableError as why:
            return UnreadableReceived(at, str(why))

    def digest(self) -> str:
        """Return a digest that is equal for all deliveries of one event: it leaves out ``meta``."""
        content = self._body
        if self._top is not None:
            content = json.dumps({**self._top, "meta": None}, sort_keys=True).encode()
        return sha256(content).hexdigest()


def event(body: bytes, at: Moment) -> Webhook | UnreadableReceived:
    """Return the fact of a verified webhook body that was received at ``at``.

    A body that is no event gives UnreadableReceived.
    """
    return ParsedWebhook(body).fact(at)


def _fact(top: Mapping[str, object], at: Moment) -> Webhook:
    inner = top.get("data", top)
    if not isinstance(inner, Mapping):
        raise _UnreadableError("data is not an object")
    try:
        found, outer = fitted(Event, inner)
    except NamelessError as why:
        raise _UnreadableError(str(why)) from None
    if "." not in found.event_type and "data" not in top:
        raise _UnreadableError("webhook_api_version 1: set the application to version 2")
    members, meta = inner.get("payload"), top.get("meta")
    payload, odd = fitted(Payload, members if isinstance(members, Mapping) else {})
    times = (found.occurred_at, payload.occurred_at, payload.occured_at, payload.recording_ended_at)
    attempt = Envelope.model_validate(meta).attempt if isinstance(meta, Mapping) else None
    origin = Origin(
        at=at,
        event_id=found.id,
        name=found.event_type,
        occurred=next((time for time in times if time is not None), None),
        attempt=attempt or 1,
        odd=tuple(sorted(outer | odd)),
    )
    build = _BUILDERS.get(found.event_type)
    return webhooks.UnknownReceived(origin) if build is None else build(origin, payload)


def _object(body: bytes) -> Mapping[str, object]:
    try:
        top = from_json(body, allow_inf_nan=False)
    except ValueError:
        raise _UnreadableError("not JSON") from None
    if not isinstance(top, dict):
        raise _UnreadableError("not a JSON object")
    keys = 0
    level: list[dict[str, object] | list[object]] = [top]
    for _ in range(NESTING):
        deeper: list[object] = []
        for node in level:
            if isinstance(node, dict):
                keys += len(node)
                deeper.extend(node.values())
            else:
                deeper.extend(node)
        if keys > KEYS:
            raise _UnreadableError(f"more than {KEYS} members")
        level = [node for node in deeper if isinstance(node, dict | list)]
        if not level:  # the standard parser is recursive, and reads only bodies of limited depth
            json.loads(body, object_pairs_hook=_once, parse_int=str, parse_float=str)
            return top
    raise _UnreadableError(f"nested deeper than {NESTING}")


def _once(pairs: list[tuple[str, object]]) -> None:
    """Raise _UnreadableError if an object has a member twice: parsers keep different ones."""
    if len(dict(pairs)) < len(pairs):
        raise _UnreadableError("the same member twice")


def state_in(client_state: str | None) -> ClientState:
    """Return the agent and name in a ``client_state``: Base64 of a JSON object.

    Return an empty ClientState for any other text, because other programs use the field too.
    """
    try:
        return ClientState.model_validate_json(b64decode(client_state or "", validate=True))
    except ValueError:  # also binascii.Error and ValidationError
        return ClientState()


def webhooks_in(rows: object, at: Moment) -> tuple[tuple[Webhook, bytes], ...]:
    """Return the webhooks among the items of GET /call_events, each with its body."""
    found = []
    for row in rows if isinstance(rows, list) else []:
        metadata = row.get("metadata") if isinstance(row, Mapping) else None
        original = metadata.get("event") if isinstance(metadata, Mapping) else None
        if isinstance(original, Mapping):
            body = {"data": original}
            with suppress(_UnreadableError):
                fact = _fact(body, at)
                fact = replace(fact, origin=replace(fact.origin, api=True))
                found.append((fact, json.dumps(body).encode()))
    return tuple(found)


def outcome(rows: object, event_id: str) -> str | None:
    """Return the status and attempts of an event's delivery in words, or None if it is not there.

    ``rows`` are the items of GET /webhook_deliveries.
    """
    for row in rows if isinstance(rows, list) else []:
        try:
            found = DeliveryShape.model_validate(row)
        except ValidationError:
            continue
        if found.webhook.id == event_id:
            attempts = found.attempts or ()
            answers = [each.answer if each else "?" for each in reversed(attempts)]
            tries = f"{len(answers)} {'try' if len(answers) == 1 else 'tries'}"
            history = "? tries" if found.attempts is None else f"{tries}: {', '.join(answers)}"
            return f"{found.status or '?'}, {history}"
    return None


def _need(value: str | None, name: str) -> str:
    if value is None:
        raise _UnreadableError(f"no {name}")
    return value


def _conference(payload: Payload) -> str:
    return _need(payload.conference_id, "conference_id")


def _leg(payload: Payload) -> Leg:
    known = state_in(payload.client_state)
    return Leg(
        id=_need(payload.call_control_id, "call_control_id"),
        leg_id=payload.call_leg_id,
        session_id=payload.call_session_id,
        connection_id=payload.connection_id,
        agent=known.agent or None,
        name=known.name or None,
    )


def _call(origin: Origin, payload: Payload) -> Webhook:
    incoming = {"incoming": True, "outgoing": False}.get(payload.direction or "")
    ended = origin.name == "call.hangup"
    return CallReported(origin, _leg(payload), payload.from_, payload.to, incoming, ended)


def _enqueued(origin: Origin, payload: Payload) -> Webhook:
    leg, queue = _leg(payload), _need(payload.queue, "queue")
    position, average_wait = payload.current_position, payload.queue_avg_wait_time_secs
    return webhooks.CallEnqueued(origin, leg, queue, position, average_wait)


def _dequeued(origin: Origin, payload: Payload) -> Webhook:
    leg, queue = _leg(payload), _need(payload.queue, "queue")
    return webhooks.CallDequeued(origin, leg, queue, payload.wait_time_secs, payload.reason)


def _created(origin: Origin, payload: Payload) -> Webhook:
    leg = _leg(payload) if payload.call_control_id is not None else None
    return webhooks.ConferenceCreated(origin, leg, _conference(payload))


def _ended(origin: Origin, payload: Payload) -> Webhook:
    return webhooks.ConferenceEnded(origin, _conference(payload), payload.reason)


def _with_leg(kind: Callable[[Origin, Leg, str], Webhook]) -> Builder:
    return lambda origin, payload: kind(origin, _leg(payload), _conference(payload))


def _playback(kind: Callable[[Origin, str, Leg | None, str | None], Webhook]) -> Builder:
    def build(origin: Origin, payload: Payload) -> Webhook:
        leg = _named_leg(origin, payload)
        return kind(origin, _conference(payload), leg, payload.media_name or payload.media_url)

    return build


def _speak(kind: Callable[[Origin, str, Leg | None], Webhook]) -> Builder:
    return lambda origin, payload: kind(origin, _conference(payload), _named_leg(origin, payload))


def _named_leg(origin: Origin, payload: Payload) -> Leg | None:
    """Return the leg of a participant's event, or None for an event of the whole conference."""
    return _leg(payload) if origin.name.startswith("conference.participant.") else None


def _saved(origin: Origin, payload: Payload) -> Webhook:
    return webhooks.RecordingSaved(
        origin,
        _conference(payload),
        payload.recording_id,
        payload.recording_started_at,
        payload.recording_ended_at,
        payload.format or "",
        payload.channels or "",
    )


_BUILDERS: Mapping[str, Builder] = {
    **dict.fromkeys(("call.initiated", "call.answered", "call.bridged", "call.hangup"), _call),
    "call.enqueued": _enqueued,
    "call.dequeued": _dequeued,
    "conference.created": _created,
    "conference.ended": _ended,
    "conference.floor.changed": _with_leg(webhooks.FloorChanged),
    "conference.participant.joined": _with_leg(webhooks.ParticipantJoined),
    "conference.participant.left": _with_leg(webhooks.ParticipantLeft),
    "conference.participant.playback.started": _playback(webhooks.PlaybackStarted),
    "conference.participant.playback.ended": _playback(webhooks.PlaybackEnded),
    "conference.participant.speak.started": _speak(webhooks.SpeakStarted),
    "conference.participant.speak.ended": _speak(webhooks.SpeakEnded),
    "conference.playback.started": _playback(webhooks.PlaybackStarted),
    "conference.playback.ended": _playback(webhooks.PlaybackEnded),
    "conference.speak.started": _speak(webhooks.SpeakStarted),
    "conference.speak.ended": _speak(webhooks.SpeakEnded),
    "conference.recording.saved": _saved,
}
"""The function that makes the fact of each event type: queues, conferences and calls."""
