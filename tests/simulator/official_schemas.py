"""The official schemas of answers and webhooks as data: names, types, required members.

A kind is a type name, or the allowed strings separated by ``|``. A kind that ends in ``?`` is not
required and may be null. The kinds of a resource outside the specification of conferences and
queues are those of the official SDK, which requires little of most.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

Kinds = Mapping[str, Any]

PARTICIPANT: Kinds = {
    "id": "str",
    "call_control_id": "str",
    "call_leg_id": "str",
    "created_at": "time",
    "updated_at": "time",
    "end_conference_on_exit": "bool",
    "soft_end_conference_on_exit": "bool",
    "muted": "bool",
    "on_hold": "bool",
    "status": "joining|joined|left",
    "whisper_call_control_ids": "list",
}
CALL: Kinds = {
    "record_type": "call",
    "call_control_id": "str",
    "call_leg_id": "str",
    "call_session_id": "str",
}
STATUS: Kinds = {
    **CALL,
    "is_alive": "bool",
    "client_state": "str?",
    "start_time": "time?",
    "end_time": "time?",
    "call_duration": "int?",
}
SHAPES: Mapping[str, Kinds] = {
    "result": {"result": "ok"},
    "conference": {
        "record_type": "conference",
        "id": "uuid",
        "name": "str",
        "created_at": "time",
        "expires_at": "time",
        "updated_at": "time?",
        "status": "init|in_progress|completed",
        "end_reason": "all_left|ended_via_api|host_left|time_exceeded?",
        "ended_by": {"call_control_id": "str?", "call_session_id": "str?"},
        "region": "str?",
        "connection_id": "str?",
    },
    "participant in a list": {
        **PARTICIPANT,
        "record_type": "participant",
        "conference": {"id": "str", "name": "str"},
    },
    "participant": {**PARTICIPANT, "conference_id": "str", "label": "str?"},
    "queue": {
        "record_type": "queue",
        "id": "str",
        "name": "str",
        "created_at": "time",
        "updated_at": "time",
        "current_size": "int",
        "max_size": "int",
        "average_wait_time_secs": "int",
    },
    "queue_call": {
        "record_type": "queue_call",
        "call_control_id": "str",
        "call_leg_id": "str",
        "call_session_id": "str",
        "connection_id": "str",
        "from": "str",
        "to": "str",
        "enqueued_at": "time",
        "wait_time_secs": "int",
        "queue_position": "int",
        "queue_id": "str",
        "is_alive": "bool",
    },
    "dialled call": {**STATUS, "recording_id": "str?"},
    "call": STATUS,
    "active call": {**CALL, "client_state": "str", "call_duration": "int"},
    "call_event": {
        "record_type": "call_event",
        "call_leg_id": "str",
        "call_session_id": "str",
        "event_timestamp": "time",
        "name": "str",
        "type": "command|webhook",
        "metadata": "object",
    },
    "webhook_delivery": {
        "record_type": "webhook_delivery",
        "id": "uuid",
        "user_id": "uuid",
        "status": "delivered|failed",
        "started_at": "time",
        "finished_at": "time",
        "attempts": "list",
        "webhook": {
            "record_type": "event",
            "id": "uuid",
            "event_type": "str",
            "occurred_at": "time",
            "payload": "object",
        },
    },
    "balance": {
        "record_type": "balance",
        "balance": "str",
        "credit_limit": "str",
        "available_credit": "str",
        "pending": "str",
        "currency": "str",
    },
    "recording": {
        "record_type": "recording",
        "id": "uuid",
        "status": "completed",
        "source": "conference|call",
        "initiated_by": "str",
        "conference_id": "uuid",
        "call_control_id": "str",
        "call_leg_id": "str",
        "call_session_id": "str",
        "connection_id": "str",
        "from": "str",
        "to": "str",
        "channels": "single|dual",
        "download_urls": {"mp3": "str?", "wav": "str?"},
        "duration_millis": "int",
        "recording_started_at": "time",
        "recording_ended_at": "time",
        "created_at": "time",
        "updated_at": "time",
    },
    "media": {
        "media_name": "str",
        "content_type": "str",
        "created_at": "time",
        "updated_at": "time",
        "expires_at": "time",
    },
    "application": {
        "record_type": "call_control_application",
        "id": "str",
        "application_name": "str",
        "active": "bool",
        "anchorsite_override": "str",
        "call_cost_in_webhooks": "bool?",
        "created_at": "time",
        "updated_at": "time",
        "dtmf_type": "RFC 2833|Inband|SIP INFO",
        "first_command_timeout": "bool",
        "first_command_timeout_secs": "int",
        "inbound": "object",
        "outbound": "object",
        "redact_dtmf_debug_logging": "bool?",
        "tags": "list?",
        "webhook_api_version": "1|2",
        "webhook_event_url": "str",
        "webhook_event_failover_url": "str?",
        "webhook_timeout_secs": "int?",
    },
    "voices": {
        "voice_id": "str",
        "name": "str",
        "provider": "str",
        "language": "str",
        "gender": "str",
        "hosted": "bool",
    },
}
PAGES: Kinds = {
    "page_number": "int",
    "page_size": "int",
    "total_pages": "int",
    "total_results": "int",
}
CURSORS: Kinds = {
    "cursors": {"after": "str?", "before": "str?"},
    "next": "str?",
    "previous": "str?",
    "total_items": "int",
}

ACTION = "POST /conferences/{}/actions/"
CALL_ACTION = "POST /calls/{}/actions/"
THE_34: Mapping[str, str | None] = {
    CALL_ACTION + "enqueue": "result",
    CALL_ACTION + "leave_queue": "result",
    "GET /conferences": "[conference]",
    "POST /conferences": "conference",
    "GET /conferences/{}/participants": "[participant in a list]",
    "GET /conferences/{}": "conference",
    **{
        ACTION + name: "result"
        for name in (
            "end", "gather_using_audio", "hold", "join", "leave", "mute", "play", "record_pause",
            "record_resume", "record_start", "record_stop", "send_dtmf", "speak", "stop", "unhold",
            "unmute", "update",
        )
    },
    "GET /conferences/{}/participants/{}": "participant",
    "PATCH /conferences/{}/participants/{}": "participant",
    "GET /queues": "[queue]",
    "POST /queues": "queue",
    "GET /queues/{}": "queue",
    "POST /queues/{}": "queue",
    "DELETE /queues/{}": None,
    "GET /queues/{}/calls": "[queue_call]",
    "GET /queues/{}/calls/{}": "queue_call",
    "PATCH /queues/{}/calls/{}": None,
    "DELETE /queues/{}/calls/{}": None,
}  # fmt: skip
BESIDE: Mapping[str, str | None] = {
    "POST /calls": "dialled call",
    "GET /calls/{}": "call",
    **{
        CALL_ACTION + name: "result"
        for name in (
            "answer", "reject", "hangup", "bridge", "transfer", "switch_supervisor_role",
        )
    },
    "PUT /calls/{}/actions/client_state_update": "result",
    "GET /connections/{}/active_calls": "<active call>",
    "GET /call_events": "[call_event]",
    "GET /webhook_deliveries": "[webhook_delivery]",
    "GET /webhook_deliveries/{}": "webhook_delivery",
    "GET /balance": "balance",
    "GET /recordings": "[recording]",
    "GET /recordings/{}": "recording",
    "DELETE /recordings/{}": "recording",
    "GET /media": "[media]",
    "GET /media/{}": "media",
    "POST /media": "media",
    "GET /call_control_applications": "[application]",
    "GET /call_control_applications/{}": "application",
    "GET /text-to-speech/voices": "voices",
}  # fmt: skip

ID = {"call_control_id", "call_leg_id", "call_session_id", "connection_id", "client_state"}
CONFERENCE = {*ID, "conference_id"}
AUDIO = {"connection_id", "creator_call_session_id", "conference_id", "occurred_at"}
THE_16: Mapping[str, set[str]] = {
    "call.enqueued": {*ID, "queue", "current_position", "queue_avg_wait_time_secs"},
    "call.dequeued": {*ID, "queue", "queue_position", "wait_time_secs", "reason"},
    "conference.created": {*CONFERENCE, "occurred_at"},
    "conference.ended": {*CONFERENCE, "occurred_at", "reason"},
    "conference.floor.changed": {*CONFERENCE, "occurred_at"},
    "conference.participant.joined": CONFERENCE,
    "conference.participant.left": CONFERENCE,
    "conference.participant.playback.started": {*CONFERENCE, *AUDIO, "media_url"},
    "conference.participant.playback.ended": {*CONFERENCE, *AUDIO, "media_url"},
    "conference.participant.speak.started": {*CONFERENCE, *AUDIO},
    "conference.participant.speak.ended": {*CONFERENCE, *AUDIO},
    "conference.playback.started": {*AUDIO, "media_url"},
    "conference.playback.ended": {*AUDIO, "media_url"},
    "conference.speak.started": AUDIO,
    "conference.speak.ended": AUDIO,
    "conference.recording.saved": {
        *(CONFERENCE - {"call_leg_id"}), "recording_id", "channels", "format",
        "recording_started_at", "recording_ended_at", "recording_urls", "public_recording_urls",
    },
}  # fmt: skip
TIME_OUTSIDE = {
    "call.enqueued",
    "call.dequeued",
    "conference.participant.joined",
    "conference.participant.left",
}


def operation(method: str, path: str) -> str:
    """Return the name of an operation in the tables above."""
    wanted = f"{method} {path}"
    for name in {**THE_34, **BESIDE}:
        pattern = re.escape(name).replace(r"\{\}", "[^/]+")
        if re.fullmatch(pattern, wanted) and "{}" not in wanted:
            return name
    raise AssertionError(f"no such operation: {wanted}")


def check_answer(name: str, status: int, body: Any) -> None:  # noqa: ANN401
    """Check that an answer has the status, the envelope and exactly the members of its schema."""
    shape = {**THE_34, **BESIDE}[name]
    if shape is None:
        assert (status, body) == (204, None), name
        return
    assert status == 200, (name, status, body)
    if shape == "voices":
        assert set(body) == {"voices"}
        for voice in body["voices"]:
            check(SHAPES[shape], voice, name)
    elif shape[0] in "[<":
        assert set(body) == {"data", "meta"}, name
        check(PAGES if shape[0] == "[" else CURSORS, body["meta"], name)
        for one in body["data"]:
            check(SHAPES[shape[1:-1]], one, name)
    else:
        assert set(body) == {"data"}, name
        check(SHAPES[shape], body["data"], name)


def check(kinds: Kinds, value: Mapping[str, Any], where: str) -> None:
    """Check that required members are present, none is unknown and each is of its kind."""
    assert not set(value) - set(kinds), (where, "unknown", set(value) - set(kinds))
    for name, kind in kinds.items():
        if isinstance(kind, Mapping):
            if name in value:
                check(kind, value[name], f"{where}/{name}")
        elif kind.endswith("?") and value.get(name) is None:
            continue
        else:
            assert value.get(name) is not None, (where, "missing", name)
            assert _is(kind.removesuffix("?"), value[name]), (where, name, value[name])


def _is(kind: str, value: Any) -> bool:  # noqa: ANN401
    types: Mapping[str, type] = {"str": str, "bool": bool, "list": list, "object": dict}
    if kind in types:
        return isinstance(value, types[kind])
    if kind == "int":
        return type(value) is int
    if kind == "uuid":
        return bool(str(UUID(value)) == value)
    if kind == "time":
        return str(value).endswith("Z") and bool(datetime.fromisoformat(value))
    return str(value) in kind.split("|")
