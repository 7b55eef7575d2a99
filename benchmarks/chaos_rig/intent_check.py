"""Looks up in the audit if a command that reaches the API was written down before.

While the disk takes nothing, the console lets commands of a low confirmation level pass, and owes
their intents. Each must be on the disk, with a low level, once the disk works again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Key: TypeAlias = tuple[str, str, tuple[str, ...]]

VERBS = {
    "mute": "mute",
    "unmute": "unmute",
    "hold": "hold",
    "unhold": "unhold",
    "stop": "stop",
    "play": "play",
    "dtmf": "send_dtmf",
    "play_room": "play",
    "stop_room": "stop",
    "dtmf_room": "send_dtmf",
}
"""Commands of the rig without a command_id, and the action of each."""


@dataclass(slots=True)
class Intent:
    """A row of the audit, or one that is owed; ``done`` once its request was let through."""

    id: str
    done: bool = False
    level: int | None = None
    """Confirmation level as written; None until it is written."""
    request: str = ""
    """The request of an owed intent."""


class Intents:
    """The audits of all journals in a folder, read through separate connections.

    A connection that only reads sees only committed rows.
    """

    def __init__(self, folder: Path) -> None:
        self.dark = False
        """True while the disk takes nothing."""
        self.owed: list[Intent] = []
        """Intents of the commands that passed meanwhile."""
        self._folder = folder
        self._after: dict[Path, int] = {}
        self._ids: dict[str, Intent] = {}
        self._keyed: dict[Key | None, list[Intent]] = {}

    def covering(self, path: str, sent: Mapping[str, object]) -> Intent | None:
        """Return the intent of this request if it is on the disk now.

        A command with an id may be repeated with the same intent. Without an id, one intent covers
        one request.
        """
        self._read()
        id_ = sent.get("command_id")
        if id_ is not None:
            return self._ids.get(str(id_))
        key = _key(path, sent)
        return next((one for one in self._keyed.get(key, []) if not one.done), None)

    def owe(self, path: str, sent: Mapping[str, object]) -> Intent | None:
        """Return the intent that a request owes, or None if it should have one."""
        if not self.dark:
            return None
        owed = Intent(str(sent.get("command_id", "")), request=f"{path} {json.dumps(dict(sent))}")
        self.owed.append(owed)
        if owed.id:
            self._ids[owed.id] = owed
        else:
            self._keyed.setdefault(_key(path, sent), []).append(owed)
        return owed

    @property
    def unpaid(self) -> list[Intent]:
        """Owed intents that are not on the disk yet."""
        self._read()
        return [one for one in self.owed if one.level is None]

    def _read(self) -> None:
        for path in self._folder.glob("*.db"):
            for seq, id_, body in _rows(path, self._after.get(path, 0)):
                self._after[path] = seq
                row = json.loads(body)
                if row["what"] == "intent":
                    self._take(Intent(id_, level=int(row["tier"])), row)

    def _take(self, intent: Intent, row: Mapping[str, object]) -> None:
        verb, target = VERBS.get(str(row["command"])), row["target"]
        keyed: list[Intent] = []
        if verb is not None and isinstance(target, dict):
            legs = tuple(sorted(target.get("legs", ())))
            keyed = self._keyed.setdefault((verb, str(row["room"]), legs), [])
        among = [*keyed, self._ids.get(intent.id, intent)]
        owed = next((one for one in among if one.level is None), None)
        if owed is not None:
            owed.level = intent.level
            return
        self._ids[intent.id] = intent
        keyed.append(intent)


def _key(path: str, sent: Mapping[str, object]) -> Key | None:
    """Return the fields that a request without a command_id has in common with its intent."""
    parts = path.strip("/").split("/")
    if len(parts) != 4 or parts[0] != "conferences":
        return None
    legs = sent.get("call_control_ids", ())
    return parts[3], parts[1], tuple(sorted(legs)) if isinstance(legs, list) else ()


def _rows(path: Path, after: int) -> list[tuple[int, str, bytes]]:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=1.0)) as file:
            query = "SELECT seq, id, body FROM audit WHERE seq > ? ORDER BY seq"
            return file.execute(query, (after,)).fetchall()
    except sqlite3.Error:  # no tables yet, or locked by a fault: then nothing is written
        return []


def audited(folder: Path) -> dict[str, list[dict[str, object]]]:
    """Return the rows of every command in all audits of a folder, in order."""
    stories: dict[str, list[dict[str, object]]] = {}
    for path in sorted(folder.glob("*.db")):
        for _, id_, body in _rows(path, 0):
            stories.setdefault(id_, []).append(json.loads(body))
    return stories
