"""What an operation of the API is: one record, which the routes fill in and ``api`` runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from console.simulator.fields import Body, Field
from console.simulator.wire import Json
from console.simulator.world import World

Strikes: TypeAlias = Callable[[str], bool]
Scope = Literal["none", "account", "call", "conference"]


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, understood: path values, query and a checked body.

    ``strikes`` tells whether a fault of that name takes effect now, and counts it if so.
    """

    world: World
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Body
    strikes: Strikes

    @property
    def id(self) -> str:
        """The first value of the path."""
        return next(iter(self.path.values()))


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        name: For the log.
        method: Upper case.
        path: Below ``/v2``, with ``{…}`` for values.
        answer: What it does; gives the ``data`` of the answer, or None for 204.
        fields: Members of its body.
        scope: Within what a ``command_id`` is remembered (Telnyx API, command_id).
        command: Answers only ``result: ok``, so that it can be accepted and not applied.
        whole: The answer is all of the body (``data`` and ``meta``), not only its ``data``.
    """

    name: str
    method: str
    path: str
    answer: Callable[[Ask], Json]
    fields: tuple[Field, ...] = ()
    scope: Scope = "none"
    command: bool = False
    whole: bool = False


OK: dict[str, Json] = {"result": "ok"}
