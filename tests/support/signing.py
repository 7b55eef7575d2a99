"""Webhooks signed with the tests' own key."""

from __future__ import annotations

import base64
import json

from nacl.signing import SigningKey

from console.sources.clock import now

KEY = SigningKey(bytes(range(32)))
PUBLIC = base64.b64encode(bytes(KEY.verify_key)).decode()


def event(kind: str, id_: str = "e1", **payload: object) -> bytes:
    """Return a webhook body with every field of all our events; ``payload`` overrides."""
    data = {
        "record_type": "event",
        "event_type": kind,
        "id": id_,
        "occurred_at": "2026-11-22T09:10:00.120001Z",
        "payload": {
            "call_control_id": "v3:x",
            "call_leg_id": "l",
            "call_session_id": "s",
            "connection_id": "1",
            "client_state": None,
            "queue": "vip",
            "current_position": 1,
            "queue_avg_wait_time_secs": 3,
            "conference_id": "7c1f0e52-9a34-4f0b-8d7e-2b6c1a90e4d3",
            **payload,
        },
    }
    return json.dumps({"data": data, "meta": {"attempt": 1, "delivered_to": "x"}}).encode()


def headers(body: bytes, *, age: float = 0.0) -> list[tuple[str, str]]:
    """Return signed headers that are ``age`` seconds old."""
    stamp = str(int(now().wall - age))
    signature = KEY.sign(stamp.encode() + b"|" + body).signature
    return [
        ("telnyx-timestamp", stamp),
        ("telnyx-signature-ed25519", base64.b64encode(signature).decode()),
    ]
