"""The API as a function of the world: ``answer(world, request) -> response``.

Keys, rate limits and slow lines belong to the server; here is what Telnyx does with a request
that has got in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from console.simulator import errors, fields
from console.simulator.errors import ApiError
from console.simulator.operation import OK, Ask, Operation, Strikes
from console.simulator.routes import OPERATIONS
from console.simulator.wire import EMPTY, Json, Request, Response, json_response

if TYPE_CHECKING:
    from console.simulator.world import World

REMEMBERED_SECS = 60.0


def never(_fault: str) -> bool:
    """No fault ever takes effect."""
    return False


def answer(world: World, request: Request, strikes: Strikes = never) -> Response:
    """Let the world catch up, then do what the request asks.

    ``strikes(name)`` is asked where a fault could take effect; see ``faults``.
    """
    world.catch_up()
    try:
        return _run(world, request, strikes)
    except ApiError as error:
        return error.response()


def _run(world: World, request: Request, strikes: Strikes) -> Response:
    operation, path = _find(request)
    sent = _body(request) if operation.method in ("POST", "PATCH") else {}
    ask = Ask(world, path, request.query, fields.read(operation.fields, sent), strikes)
    key = _memory_key(operation, ask)
    if key is not None and (known := _recall(world, key)) is not None:
        first, said = known
        return _respond(operation, said if first == operation.name else OK)
    if operation.command and strikes("not-applied"):
        return _respond(operation, OK if operation.method == "POST" else None)
    said = operation.answer(ask)
    if key is not None:
        world.commands[key] = (world.now, operation.name, said)
    return _respond(operation, said)


def _respond(operation: Operation, said: Json) -> Response:
    if said is None:
        return EMPTY
    return json_response(200, said if operation.whole else {"data": said})


def _find(request: Request) -> tuple[Operation, Mapping[str, str]]:
    """The operation and its path values.

    Raises:
        ApiError: 404 where no operation has that path and method (INFERRED: 10005).
    """
    segments = request.path.strip("/").split("/")
    for operation in OPERATIONS:
        if operation.method == request.method:
            path = _match(operation.path.strip("/").split("/"), segments)
            if path is not None:
                return operation, path
    raise errors.no_route()


def _match(pattern: list[str], segments: list[str]) -> dict[str, str] | None:
    if len(pattern) != len(segments):
        return None
    values: dict[str, str] = {}
    for wanted, found in zip(pattern, segments, strict=True):
        if wanted.startswith("{"):
            values[wanted[1:-1]] = unquote(found)
        elif wanted != found:
            return None
    return values


def _body(request: Request) -> Mapping[str, Json]:
    """The JSON object that was sent; no body is an empty one.

    Raises:
        ApiError: 400 where it is not UTF-8, not JSON or not an object.
    """
    if not request.body.strip():
        return {}
    try:
        sent = json.loads(request.body.decode())
    except UnicodeDecodeError:
        raise errors.undecodable() from None
    except (ValueError, RecursionError):
        raise errors.bad_request("The request body is not valid JSON.") from None
    if not isinstance(sent, dict):
        raise errors.bad_request("The request body must be a JSON object.")
    return cast("Mapping[str, Json]", sent)


def _memory_key(operation: Operation, ask: Ask) -> tuple[str, ...] | None:
    """Where a command_id is remembered: per call, per conference or for the whole account."""
    command_id = ask.body.text("command_id")
    if command_id is None or operation.scope == "none":
        return None
    if operation.scope == "account":
        return (operation.scope, command_id)
    return (operation.scope, ask.id, command_id)


def _recall(world: World, key: tuple[str, ...]) -> tuple[str, Json] | None:
    """What the command answered within the last 60 s.

    INFERRED: an ignored duplicate answers what the first one answered; one that was sent to
    another operation answers ``result: ok``. A command that was refused is not remembered.
    """
    oldest = world.now - REMEMBERED_SECS
    while world.commands and next(iter(world.commands.values()))[0] < oldest:
        del world.commands[next(iter(world.commands))]
    known = world.commands.get(key)
    return None if known is None else (known[1], known[2])
