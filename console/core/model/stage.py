"""Where a command is, from the key to the proof."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where a command is. The first four are open; the others are final."""

    WAITING = "waiting"
    SENT = "sent"
    ACCEPTED = "accepted"
    UNCERTAIN = "uncertain"
    SEEN = "seen"
    NO_PROOF = "no proof"
    REFUSED = "refused"
    UNKNOWN = "outcome unknown"
    GONE = "gone"
    DROPPED = "dropped"

    @property
    def open(self) -> bool:
        """Whether something is still waited for."""
        return self in {Stage.WAITING, Stage.SENT, Stage.ACCEPTED, Stage.UNCERTAIN}


FAILED = frozenset({Stage.REFUSED, Stage.DROPPED})
"""Ends of a command that changed nothing."""
