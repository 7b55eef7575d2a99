"""The 34 operations of the specification, with the steps that reach each of them.

The requests are written out here and not made by the catalogue.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Step:
    """One operation: its place, the three ways to it, the dialog, and the expected request.

    In paths and bodies ``R`` is the conference, ``P1`` a person, ``C1`` a call and ``ID`` the
    command's id.
    """

    pane: str
    row: str
    key: str
    words: str
    line: str
    name: str
    sent: tuple[str, str, dict[str, Any]]
    answers: tuple[str, ...] = ()
    """Answers to the dialog, in order; typed unless the command line has them."""
    told: bool = False
    """True if the command line has the answers."""
    run: str = "ctrl+g"
    again: bool = False
    """True if ``y`` answers a second question: somebody becomes audible."""
    """Key that runs the dialog; empty if there is none."""


def person(row: str, action: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return the place and the request of a step on one of the people."""
    return {
        "pane": "people",
        "row": row,
        "sent": ("POST", f"/conferences/R/actions/{action}", body),
    }


def conference(action: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return the place and the request of a step on the conference."""
    return {
        "pane": "conferences",
        "row": "R",
        "sent": ("POST", f"/conferences/R/actions/{action}", body),
    }


SPOKEN = {
    "payload": "hi",
    "payload_type": "text",
    "voice": "Telnyx.KokoroTTS.af",
    "language": "en-US",
    "command_id": "ID",
    "call_control_ids": ["P1"],
}
RECORDED = {"format": "mp3", "channels": "single", "play_beep": True, "command_id": "ID"}
GATHERED = {
    "call_control_id": "P1",
    "media_name": "pin",
    "minimum_digits": 1,
    "maximum_digits": 128,
    "maximum_tries": 3,
    "timeout_millis": 60000,
    "inter_digit_timeout_millis": 5000,
    "valid_digits": "0123456789#*",
    "terminating_digit": "#",
    "stop_playback_on_dtmf": True,
}
MADE = {
    "call_control_id": "C2",
    "name": "esc-1",
    "client_state": base64.b64encode(
        json.dumps({"by": "ana", "via": "telnyx-console"}).encode()
    ).decode(),
    "command_id": "ID",
}
ONE = {"call_control_ids": ["P1"]}
TWO = {"call_control_ids": ["P2"]}
STEPS = (
    Step(key="m", words="mute", line="mute 0101", name="mute", **person("P1", "mute", ONE)),
    Step(key="M", words="unmu", line="unmute 0102", name="unmute", **person("P2", "unmute", TWO)),
    Step(key="h", words="hold", line="hold 0101", name="hold", **person("P1", "hold", ONE)),
    Step(
        key="H", words="off hold", line="unhold 0102", name="unhold", **person("P2", "unhold", TWO)
    ),
    Step(
        key="p",
        words="play to",
        line="play 0101",
        name="play",
        answers=("enter", "pin"),
        **person("P1", "play", {"media_name": "pin", "loop": 1, **ONE}),
    ),
    Step(key="P", words="stop audio", line="stop 0101", name="stop", **person("P1", "stop", ONE)),
    Step(
        key="s",
        words="speak",
        line="speak hi",
        name="speak",
        answers=("hi",),
        told=True,
        **person("P1", "speak", SPOKEN),
    ),
    Step(
        key="d",
        words="send digits",
        line="dtmf 1w#",
        name="dtmf",
        answers=("1w#",),
        told=True,
        **person("P1", "send_dtmf", {"digits": "1w#", "duration_millis": 250, **ONE}),
    ),
    Step(
        key="D",
        words="collect digits",
        line="gather 0101",
        name="gather",
        answers=("tab", "tab", "tab", "pin"),
        **person("P1", "gather_using_audio", GATHERED),
    ),
    Step(
        key="w",
        words="role",
        line="role 0101",
        name="role",
        answers=(),
        **person(
            "P1",
            "update",
            {"call_control_id": "P1", "supervisor_role": "monitor", "command_id": "ID"},
        ),
    ),
    Step(
        "people",
        "P1",
        "o",
        "options",
        "opt 0101",
        "options",
        ("PATCH", "/conferences/R/participants/I1", {"end_conference_on_exit": True}),
        ("right",),
    ),
    Step(
        key="r",
        words="rec start",
        line="record",
        name="record",
        **conference("record_start", RECORDED),
    ),
    Step(
        key="c",
        words="pause recording",
        line="conceal board-q3",
        name="pause",
        **conference("record_pause", {"command_id": "ID"}),
    ),
    Step(
        key="C",
        words="resume recording",
        line="rec resume board-q3",
        name="resume",
        **conference("record_resume", {"command_id": "ID"}),
    ),
    Step(
        key="R",
        words="stop rec",
        line="rec stop board-q3",
        name="record_stop",
        run="y",
        **conference("record_stop", {"command_id": "ID"}),
    ),
    Step(
        key="x",
        words="take out",
        line="leave 0102",
        name="leave",
        run="y",
        **person("P2", "leave", {"call_control_id": "P2", "command_id": "ID"}),
    ),
    Step(
        "calls",
        "C1",
        "a",
        "add to",
        "join board-q3",
        "join",
        ("POST", "/conferences/R/actions/join", {"call_control_id": "C1", "command_id": "ID"}),
        ("board-q3",),
        told=True,
        again=True,
    ),
    Step(
        "calls",
        "C2",
        "N",
        "new conference",
        "conf new esc-1",
        "create_with",
        ("POST", "/conferences", MADE),
        ("esc-1",),
        told=True,
    ),
    Step(
        "people",
        "P3",
        "Q",
        "send to a queue",
        "enqueue vip",
        "enqueue",
        ("POST", "/calls/P3/actions/enqueue", {"queue_name": "vip", "command_id": "ID"}),
        ("vip",),
        told=True,
    ),
    Step(
        "calls",
        "C3",
        "x",
        "take out",
        "dequeue 0203",
        "leave_queue",
        ("POST", "/calls/C3/actions/leave_queue", {"command_id": "ID"}),
        run="y",
    ),
    Step(
        "calls",
        "C4",
        "o",
        "keep-place",
        "keep 0204",
        "keep",
        ("PATCH", "/queues/vip/calls/C4", {"keep_after_hangup": True}),
    ),
    Step(
        "calls",
        "C4",
        "X",
        "clear away",
        "ghost 0204",
        "ghost",
        ("DELETE", "/queues/vip/calls/C4", {}),
        run="y",
    ),
    Step(
        "queues",
        "vip",
        "n",
        "new queue",
        "queue new s/2",
        "queue_create",
        ("POST", "/queues", {"queue_name": "s/2", "max_size": 300}),
        ("s/2",),
        told=True,
    ),
    Step(
        "queues",
        "s/2",
        "o",
        "size",
        "queue set 7",
        "queue_size",
        ("POST", "/queues/S", {"max_size": 7}),
        ("tab", "tab", "end", "backspace", "backspace", "backspace", "7"),
        told=True,
    ),
    Step(
        "queues",
        "s/2",
        "x",
        "delete",
        "queue del s/2",
        "queue_delete",
        ("DELETE", "/queues/S", {}),
        ("s/2",),
    ),
    Step(
        key="e",
        words="end",
        line="end board-q3",
        name="end",
        answers=("board-q3",),
        **conference("end", {"command_id": "ID"}),
    ),
)
TEMPLATES = (
    (r"/conferences/[^/]+", "/conferences/{id}"),
    (r"/participants/[^/]+", "/participants/{participant_id}"),
    (r"/queues/[^/]+", "/queues/{queue_name}"),
    (r"/calls/[^/]+", "/calls/{call_control_id}"),
)
"""Patterns that replace the ids in a path."""


def template(method: str, path: str) -> tuple[str, str]:
    """Return the operation of a request."""
    for ids, name in TEMPLATES:
        path = re.sub(ids, name, path)
    return method, path


WRITES = {template(method, path) for method, path, _ in (step.sent for step in STEPS)}
READS = {
    ("GET", "/conferences"): "",
    ("GET", "/conferences/{id}"): "expires_at",
    ("GET", "/conferences/{id}/participants"): "",
    ("GET", "/conferences/{id}/participants/{participant_id}"): "whisper_call_control_ids",
    ("GET", "/queues"): "",
    ("GET", "/queues/{queue_name}"): "max_size",
    ("GET", "/queues/{queue_name}/calls"): "",
    ("GET", "/queues/{queue_name}/calls/{call_control_id}"): "queue_position",
}
"""Reads, each with a member that only it shows; the listings are polled and shown anyway."""


ASKING = frozenset({"role", "record", "keep"})
"""Commands that open a dialog although its answers may stay unchanged."""
NAMED = frozenset({"hold", "pause", "resume"})
"""Commands that open a dialog only if run by name, which is the way to their fields."""
KEYS = frozenset({"enter", "tab", "right", "end", "backspace"})
MOVES = frozenset({"enter", "tab"})
"""Keys that move to the next field."""
