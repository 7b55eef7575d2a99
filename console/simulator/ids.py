"""Seeded random ids in the forms seen live, from independent streams of random numbers."""

from __future__ import annotations

import base64
import random
from uuid import UUID

ID_CHARACTERS = 54
ID_BYTES = 42


def random_stream(seed: int, purpose: str) -> random.Random:
    """Return a generator for one purpose, so that no purpose shifts the numbers of another."""
    return random.Random(f"{seed}:{purpose}")  # noqa: S311 (a simulation, not a secret)


class Ids:
    """Ids drawn from one stream: the same seed gives the same ids in the same order.

    A call_leg_id has the form of a version-1 UUID, but its time is random: an id that depended on
    the clock would differ from run to run.
    """

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def uuid(self) -> str:
        """Return an id for a conference, participant, queue, recording or event."""
        return str(UUID(int=self._rng.getrandbits(128), version=4))

    def leg(self) -> str:
        """Return an id for call_leg_id or call_session_id."""
        return str(UUID(int=self._rng.getrandbits(128), version=1))

    def call_control(self) -> str:
        """Return a call_control_id: ``v3:`` and 54 base64url characters."""
        drawn = base64.urlsafe_b64encode(self._rng.randbytes(ID_BYTES)).decode()
        return "v3:" + drawn[:ID_CHARACTERS]
