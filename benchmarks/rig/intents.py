"""Whether a command that reaches the API was written down before: looked up as it arrives.

While nothing can be kept the console lets pass what is not grave, and owes its intent: that must
be on the disk, with a tier that is not grave, once the disk takes something again.
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
"""Commands without a command_id that the rig gives, and the action of each."""


@dataclass(slots=True)
class Intent:
    """A row of the audit, or one that is owed; ``done`` once what it covers was let through."""

    id: str
    done: bool = False
    tier: int | None = None
    """As it is written down; None until it is."""
    asked: str = ""
    """The request, of one that was owed."""


class Intents:
    """The audits of all journals in a folder, read through connections of their own.

    A connection that only reads sees what is committed, and nothing else.
    """

    def __init__(self, folder: Path) -> None:
        self.dark = False
        """Whether nothing can be kept just now."""
        self.owed: list[Intent] = []
        """What was let pass meanwhile."""
        self._folder = folder
        self._after: dict[Path, int] = {}
        self._ids: dict[str, Intent] = {}
        self._keyed: dict[Key | None, list[Intent]] = {}

    def covering(self, path: str, sent: Mapping[str, object]) -> Intent | None:
        """The intent of this request, if one is on the disk now.

        A command that has an id may be repeated under it; of the others one intent covers one
        request that is let through.
        """
        self._read()
        id_ = sent.get("command_id")
        if id_ is not None:
            return self._ids.get(str(id_))
        key = _key(path, sent)
        return next((one for one in self._keyed.get(key, []) if not one.done), None)

    def owe(self, path: str, sent: Mapping[str, object]) -> Intent | None:
        """What is to cover a request without an intent later; None where it ought to have one."""
        if not self.dark:
            return None
        owed = Intent(str(sent.get("command_id", "")), asked=f"{path} {json.dumps(dict(sent))}")
        self.owed.append(owed)
        if owed.id:
            self._ids[owed.id] = owed
        else:
            self._keyed.setdefault(_key(path, sent), []).append(owed)
        return owed

    @property
    def unpaid(self) -> list[Intent]:
        """Of those owed, what is not on the disk yet."""
        self._read()
        return [one for one in self.owed if one.tier is None]

    def _read(self) -> None:
        for path in self._folder.glob("*.db"):
            for seq, id_, body in _rows(path, self._after.get(path, 0)):
                self._after[path] = seq
                told = json.loads(body)
                if told["what"] == "intent":
                    self._take(Intent(id_, tier=int(told["tier"])), told)

    def _take(self, intent: Intent, told: Mapping[str, object]) -> None:
        verb, target = VERBS.get(str(told["command"])), told["target"]
        keyed: list[Intent] = []
        if verb is not None and isinstance(target, dict):
            legs = tuple(sorted(target.get("legs", ())))
            keyed = self._keyed.setdefault((verb, str(told["room"]), legs), [])
        among = [*keyed, self._ids.get(intent.id, intent)]
        owed = next((one for one in among if one.tier is None), None)
        if owed is not None:
            owed.tier = intent.tier
            return
        self._ids[intent.id] = intent
        keyed.append(intent)


def _key(path: str, sent: Mapping[str, object]) -> Key | None:
    """What a request without a command_id has in common with its intent."""
    parts = path.strip("/").split("/")
    if len(parts) != 4 or parts[0] != "conferences":
        return None
    legs = sent.get("call_control_ids", ())
    return parts[3], parts[1], tuple(sorted(legs)) if isinstance(legs, list) else ()


def _rows(path: Path, after: int) -> list[tuple[int, str, bytes]]:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=1.0)) as file:
            asked = "SELECT seq, id, body FROM audit WHERE seq > ? ORDER BY seq"
            return file.execute(asked, (after,)).fetchall()
    except sqlite3.Error:  # not laid out yet, or locked by a fault: then nothing is written either
        return []


def audited(folder: Path) -> dict[str, list[dict[str, object]]]:
    """Every command's story in all audits of a folder, in order."""
    stories: dict[str, list[dict[str, object]]] = {}
    for path in sorted(folder.glob("*.db")):
        for _, id_, body in _rows(path, 0):
            stories.setdefault(id_, []).append(json.loads(body))
    return stories
