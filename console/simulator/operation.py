"""The record type of an API operation, filled in by the routes and run by ``api``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from console.simulator.body_fields import Body, Field
from console.simulator.http_types import Json
from console.simulator.world import World

Strikes: TypeAlias = Callable[[str], bool]
Scope = Literal["none", "account", "call", "conference"]


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """One parsed request: path values, query and a checked body.

    ``strikes(name)`` returns True if the fault of that name takes effect now, and counts it.
    """

    world: World
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Body
    strikes: Strikes

    @property
    def id(self) -> str:
        """The first value in the path."""
        return next(iter(self.path.values()))


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API.

    Attributes:
        name: Name in the history.
        method: HTTP method in upper case.
        path: Path below ``/v2``, with ``{…}`` for values.
        answer: Function that carries it out; returns the ``data`` of the answer, or None for 204.
        fields: Members of its body.
        scope: Scope in which a ``command_id`` is remembered (Telnyx API, command_id).
        command: True if it answers only ``result: ok``, so that it can be accepted and not applied.
        whole: True if the answer is the whole body (``data`` and ``meta``), not only ``data``.
    """

    name: str
    method: str
    path: str
    answer: Callable[[ParsedRequest], Json]
    fields: tuple[Field, ...] = ()
    scope: Scope = "none"
    command: bool = False
    whole: bool = False


OK: dict[str, Json] = {"result": "ok"}
