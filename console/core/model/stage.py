"""The stages of a command from the key press to its end."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """A stage of a command. The first four are open; the others are final."""

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
        """True if the command has not ended."""
        return self in {Stage.WAITING, Stage.SENT, Stage.ACCEPTED, Stage.UNCERTAIN}


FAILED = frozenset({Stage.REFUSED, Stage.DROPPED})
"""Final stages of a command that changed nothing."""
