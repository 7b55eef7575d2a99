"""The simulated people: seeded callers with unassigned numbers, and staff with names."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

MAIN_NUMBER = "+15125550100"
UNKNOWN = 0.35
AREAS = ("212", "214", "303", "310", "404", "415", "512", "617", "646", "702", "737", "773", "808")
ABROAD = (
    "+44207946{:04d}",
    "+44770090{:04d}",
    "+4930231252{:02d}",
    "+33199001{:03d}",
    "+3531790{:04d}",
    "+61255501{:03d}",
    "+4684650041{:02d}",
)
SIP = (
    "sip:mueller@gmbh.example",
    "sip:frontdesk@riverside.example",
    "sip:lab-3@clinic.example",
    "sip:desk.204@northwind.example",
)
FIRST = (
    "Alice", "Ben", "Carla", "Dev", "Erik", "Fatima", "Gus", "Helen", "Ivan", "Joy", "Karim",
    "Lena", "Mateo", "Nadia", "Owen", "Pilar", "Quinn", "Rosa", "Samir", "Tess", "Uma", "Vera",
)  # fmt: skip
LAST = (
    "Abbott", "Brandt", "Costa", "Dlamini", "Evans", "Fischer", "Gomez", "Hughes", "Ito", "Jansen",
    "Kaya", "Larsen", "Moreau", "Novak", "Okoye", "Petrov", "Quist", "Rossi", "Singh", "Torres",
)  # fmt: skip
FIRMS = ("Müller GmbH", "Riverside Hotel", "Acme Corp", "Northwind", "Café Zoë", "Łódź Tools")
ABROAD_FROM, SIP_FROM, ANONYMOUS_FROM = 0.72, 0.92, 0.97


@dataclass(frozen=True, slots=True)
class Caller:
    """The number of a call, and the name it shows."""

    number: str
    name: str | None


class CallerGenerator:
    """Draws callers from one stream of random numbers."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def draw(self) -> Caller:
        """Return a caller: most are American, some foreign, a few use SIP or hide the number."""
        kind = self._rng.random()
        if kind < ABROAD_FROM:
            area, line = self._rng.choice(AREAS), self._rng.randrange(100, 200)
            return Caller(f"+1{area}555{line:04d}", self._name())
        if kind < SIP_FROM:
            return Caller(self._abroad(), self._name())
        if kind < ANONYMOUS_FROM:
            return Caller(self._rng.choice(SIP), self._rng.choice(FIRMS))
        return Caller("anonymous", None)

    def _abroad(self) -> str:
        shape = self._rng.choice(ABROAD)
        digits = int(shape[-3])
        return shape.format(self._rng.randrange(10**digits))

    def _name(self) -> str | None:
        if self._rng.random() < UNKNOWN:
            return None
        return f"{self._rng.choice(FIRST)} {self._rng.choice(LAST)}"


def staff_address(name: str) -> str:
    """Return the SIP address of a member of staff."""
    return f"sip:{name.lower().replace(' ', '.')}@floor.example"


def name_state(name: str, role: str = "agent") -> str:
    """Return a client_state that names somebody: Base64 of a JSON object.

    An agent is ``{"agent": name}``, a caller ``{"name": name}``. For a supervisor it has both name
    and role.
    """
    state = {"name": name, "role": role} if role == "supervisor" else {role: name}
    return base64.b64encode(json.dumps(state).encode()).decode()
