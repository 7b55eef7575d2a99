"""The API as a function of the world: ``answer(world, request) -> response``.

API keys, rate limits and delays belong to ``gateway`` and ``server``. This module carries out a
request that they have let in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from console.simulator import body_fields, errors
from console.simulator.body_fields import Body
from console.simulator.errors import ApiError
from console.simulator.history import CommandRecord
from console.simulator.http_types import EMPTY, Json, Request, Response, json_response
from console.simulator.operation import OK, Operation, ParsedRequest, Strikes
from console.simulator.routes import OPERATIONS
from console.simulator.webhook_events import recorded_call

if TYPE_CHECKING:
    from console.simulator.models import Leg
    from console.simulator.world import World

BODIES = ("POST", "PATCH", "PUT")
COMMANDS = ("POST", "PUT")
RACES = ("create_conference", "join", "enqueue", "bridge", "transfer")


def _routes() -> dict[tuple[str, int], list[tuple[list[str], Operation]]]:
    """Group the operations by method and number of path segments, to try few patterns."""
    found: dict[tuple[str, int], list[tuple[list[str], Operation]]] = {}
    for operation in OPERATIONS:
        pattern = operation.path.strip("/").split("/")
        found.setdefault((operation.method, len(pattern)), []).append((pattern, operation))
    return found


ROUTES = _routes()


def never(_fault: str) -> bool:
    """Return False: the predicate for a run without faults."""
    return False


def answer(world: World, request: Request, strikes: Strikes = never) -> Response:
    """Advance the world, carry out the request, and record it if it is a command for a call.

    The operation asks ``strikes(name)`` at each place where the fault of that name could take
    effect; see ``faults``.
    """
    world.catch_up()
    try:
        operation, path = _find(request)
        sent = _body(request) if operation.method in BODIES else {}
    except ApiError as error:
        return error.response()
    leg = _leg_of(world, path, sent) if operation.method in COMMANDS else None
    try:
        response = _run(ParsedRequest(world, path, request.query, Body(), strikes), operation, sent)
    except ApiError as error:
        response = error.response()
    if leg is not None:
        record = CommandRecord(world.now, operation.name, recorded_call(leg), sent, response.status)
        world.history.add_command(record)
    return response


def _run(unread: ParsedRequest, operation: Operation, sent: Mapping[str, Json]) -> Response:
    request = replace(unread, body=body_fields.read(operation.fields, sent))
    world = request.world
    key = _memory_key(operation, request)
    if key is not None and (known := _recall(world, key)) is not None:
        first, data = known
        return _respond(operation, data if first == operation.name else OK)
    if operation.name in RACES and request.strikes("answer-race"):
        raise errors.not_answered()
    if operation.command and request.strikes("not-applied"):
        return _respond(operation, None if operation.method in ("PATCH", "DELETE") else OK)
    data = operation.answer(request)
    if key is not None:
        world.commands[key] = (world.now, operation.name, data)
    return _respond(operation, data)


def _leg_of(world: World, path: Mapping[str, str], sent: Mapping[str, Json]) -> Leg | None:
    """Return the call to record a command under: the one it names, or its conference's creator."""
    named = path.get("call_control_id") or sent.get("call_control_id")
    leg = world.legs.get(named) if isinstance(named, str) else None
    id_or_name = path.get("id", "")
    conference = world.conferences.get(id_or_name) or world.live_names.get(id_or_name)
    return leg or (conference.creator if conference is not None else None)


def _respond(operation: Operation, data: Json) -> Response:
    if data is None:
        return EMPTY
    return json_response(200, data if operation.whole else {"data": data})


def _find(request: Request) -> tuple[Operation, Mapping[str, str]]:
    """Return the operation of a request with the values in its path.

    Raises:
        ApiError: 404 if no operation has that path and method (INFERRED: 10005).
    """
    segments = request.path.strip("/").split("/")
    for pattern, operation in ROUTES.get((request.method, len(segments)), ()):
        path = _match(pattern, segments)
        if path is not None:
            return operation, path
    raise errors.no_route()


def _match(pattern: list[str], segments: list[str]) -> dict[str, str] | None:
    values: dict[str, str] = {}
    for wanted, found in zip(pattern, segments, strict=True):
        if wanted.startswith("{"):
            values[wanted[1:-1]] = unquote(found)
        elif wanted != found:
            return None
    return values


def _body(request: Request) -> Mapping[str, Json]:
    """Return the JSON object of the request body, or an empty one if there is no body.

    Raises:
        ApiError: 400 if the body is not UTF-8, not JSON or not an object.
    """
    if not request.body.strip():
        return {}
    try:
        sent = json.loads(request.body.decode())
        if b"\\u" in request.body:  # an escaped lone surrogate is valid JSON and not valid text
            json.dumps(sent, ensure_ascii=False).encode()
    except UnicodeError:
        raise errors.undecodable() from None
    except (ValueError, RecursionError):
        raise errors.bad_request("The request body is not valid JSON.") from None
    if not isinstance(sent, dict):
        raise errors.bad_request("The request body must be a JSON object.")
    return cast("Mapping[str, Json]", sent)


def _memory_key(operation: Operation, request: ParsedRequest) -> tuple[str, ...] | None:
    """Return the key to remember a command_id under, or None if the operation remembers none.

    The key is per call, per conference or for the whole account.
    """
    command_id = request.body.text("command_id")
    if command_id is None or operation.scope == "none":
        return None
    if operation.scope == "account":
        return (operation.scope, command_id)
    return (operation.scope, request.id, command_id)


def _recall(world: World, key: tuple[str, ...]) -> tuple[str, Json] | None:
    """Return the operation and answer of the same command within ``Rules.remembered_secs`` (60 s).

    INFERRED: an ignored duplicate gets the answer of the first. A duplicate that was sent to
    another operation gets ``result: ok``. A refused command is not remembered.
    """
    oldest = world.now - world.rules.remembered_secs
    while world.commands and next(iter(world.commands.values()))[0] < oldest:
        del world.commands[next(iter(world.commands))]
    known = world.commands.get(key)
    return None if known is None else (known[1], known[2])
