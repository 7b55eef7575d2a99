"""Every request is for the rows that the screen showed at the key press, or is not sent.

Rows move, leave and are replaced meanwhile. The controller, ``update`` and the client are the real
ones, and the requests are caught where httpx would write them. The expected rows come from the
cursors and marks alone.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from ui.bench import Bench
from ui.keyboard import BEGIN, CONFERENCES, LEGS, NAME, QUEUES, Floor, Shown
from view.desks import Sitting

from console.commands import COMMANDS
from console.core.model.command import Order, Pane
from console.telnyx.client import Client
from support.playbook import (
    Playbook,
)
from support.playbook import at as moment

EVERYONE = {"play_room", "stop_room", "speak_room", "dtmf_room"}
"""The records that say everyone, and mean it."""
TAKE_A_LIST = {"mute", "unmute", "hold", "unhold", "play", "speak", "stop", "send_dtmf"}
"""Where a list that is absent or empty means everyone (Telnyx API, conference commands)."""
NUMBERS = st.sampled_from([0, 0, 0, 1, 1, 2, 3])
"""Most of what happens is where the operator looks."""
WORLD = st.one_of(
    st.tuples(st.just("again")),
    st.tuples(st.just("reply"), st.sampled_from(["yes", "yes", "no", "lost", "never left"])),
    st.tuples(st.just("people"), NUMBERS, st.sets(NUMBERS)),
    st.tuples(st.just("conferences"), st.sets(NUMBERS)),
    st.tuples(st.just("calls"), NUMBERS, st.lists(NUMBERS, unique=True)),
    st.tuples(st.just("queues"), st.sets(NUMBERS)),
    st.tuples(st.just("joined"), NUMBERS, NUMBERS),
    st.tuples(st.just("left"), NUMBERS, NUMBERS),
    st.tuples(st.just("ended"), NUMBERS),
    st.tuples(st.just("enqueued"), NUMBERS, NUMBERS),
    st.tuples(st.just("dequeued"), NUMBERS, NUMBERS),
    st.tuples(st.just("tick"), st.sampled_from([0.1, 2.0, 11.0, 40.0])),
    st.tuples(st.just("shift"), NUMBERS, NUMBERS),
    st.tuples(st.just("engine")),
    st.tuples(st.just("undo")),
)
HERE = [(command, pane) for command in COMMANDS.values() for pane in sorted(command.panes)]
NAMES = ("", "", *LEGS, *CONFERENCES, *QUEUES, NAME, "*")

MOVED: st.SearchStrategy[list[tuple[Any, ...]]] = st.sampled_from(
    [[], [], [("shift", 0, 1)], [("shift", 1, 2)], [("people", 0, {1, 2})]]
)
"""Other rows come under the cursors: while a line is typed, and while a dialog is open."""


@st.composite
def acts(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """A key or a command line, and the events before the answer and before the sending."""
    command, pane = draw(st.sampled_from(HERE))
    look = ("look", pane, draw(NUMBERS), draw(NUMBERS), draw(NUMBERS))
    named = f"{command.typed} {draw(st.sampled_from(NAMES))}"
    ways = [("press", command.key), ("type", named)] if command.key else [("type", named)]
    start = draw(st.sampled_from(ways))
    marks = draw(st.sampled_from([None, None, {0}, {0, 1}, {1, 2}, {1, 3}]))
    marked: list[tuple[Any, ...]] = [] if marks is None else [("mark", marks)]
    fresh = [("again",)] if draw(st.sampled_from([True, True, True, False])) else []
    some = st.lists(WORLD, max_size=2)
    answered = ("answer", draw(st.sampled_from([True, True, False])))
    return [
        *fresh,
        look,
        *marked,
        start,
        *draw(some),
        *draw(MOVED),
        ("enter",),
        *draw(some),
        *draw(MOVED),
        answered,
        *draw(some),
        ("engine",),
    ]


STEPS = st.lists(acts(), min_size=6, max_size=16).map(lambda many: [s for one in many for s in one])


class Accepted(httpx.AsyncByteStream):
    """Yields the body of an answer that accepts a command."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"data": {"result": "ok"}}'


class Wire:
    """The real client, with a transport that keeps its requests."""

    def __init__(self) -> None:
        self._caught: list[httpx.Request] = []
        self._client = Client(
            "https://api.example/v2",
            SecretStr("KEY"),
            clock=lambda: moment(0.0),
            report=lambda _: None,
            agent="test",
            attempt=5.0,
        )
        asyncio.run(self._client._http.aclose())  # noqa: SLF001  # where the wire begins
        caught = httpx.MockTransport(self._catch)
        self._client._http = httpx.AsyncClient(transport=caught)  # noqa: SLF001  # the same

    def _catch(self, request: httpx.Request) -> httpx.Response:
        self._caught.append(request)
        return httpx.Response(200, stream=Accepted())

    def requests(self, orders: list[Order]) -> list[httpx.Request]:
        """Return the requests for these orders."""
        self._caught.clear()

        async def send() -> None:
            for order in orders:
                await self._client.send(order)

        asyncio.run(send())
        return list(self._caught)


def judge(order: Order, request: httpx.Request, shown: Shown) -> None:
    """Check that the request itself names the rows shown."""
    path = [unquote(part) for part in request.url.raw_path.decode().split("/")[2:]]
    body = json.loads(request.content) if request.content else {}
    name = shown.command
    if path[-1] in TAKE_A_LIST and name not in EVERYONE:
        assert body["call_control_ids"], "an empty or missing list means everyone"
        assert set(body["call_control_ids"]) <= shown.legs
    else:
        assert "call_control_ids" not in body
    if "call_control_id" in body and name != "create":
        assert body["call_control_id"] in shown.legs
    assert order.command.request(order).method == request.method
    in_its_place(path, body, shown)


def made(body: dict[str, object], shown: Shown) -> None:
    """Check that a new conference has the picked leg, and a new leg the conference shown."""
    match shown.command:
        case "create":
            assert body["call_control_id"] == shown.picked["call_control_id"]
            assert body["call_control_id"] in LEGS
        case "dial":
            config = body["conference_config"]
            assert isinstance(config, dict)
            assert config["id"] in shown.conferences
        case other:
            assert other == "create_with"


def in_its_place(path: list[str], body: dict[str, object], shown: Shown) -> None:
    """Check that conference, queue and leg in the path are those shown or picked."""
    name = shown.command
    match path:
        case ["conferences", conference, "actions", "join"]:
            assert conference == shown.picked["room"]
        case ["conferences", conference, *_]:
            assert conference in shown.conferences
        case ["conferences" | "calls"]:
            made(body, shown)
        case ["queues", queue_, "calls", leg]:
            assert queue_ in shown.queues
            assert leg in shown.legs
        case ["queues", queue_]:
            assert queue_ in shown.queues
        case ["queues"]:
            assert body["queue_name"] == "vip"
        case ["calls", leg, "actions", "enqueue"] if name == "enqueue_leg":
            assert leg == shown.picked["call_control_id"]
        case ["calls", leg, "actions", _]:
            assert leg in shown.legs
        case _:
            raise AssertionError(path)


WIRE = Wire()


def run(steps: Sequence[tuple[Any, ...]]) -> list[Order]:
    """Send everything, and check each request."""
    floor = Floor(Bench(Sitting(Playbook()), {"pane": Pane.PEOPLE, "conference": CONFERENCES[0]}))
    floor.bench.looking |= {"leg": LEGS[0], "queue": QUEUES[0], "call": LEGS[2]}
    for kind, *args in (*BEGIN, *steps, ("engine",)):
        floor.step(kind, *args)
    for order, request in zip(floor.orders, WIRE.requests(floor.orders), strict=True):
        meant = floor.shown.get(order.undoes or order.id)
        assert meant is not None, "nothing is sent that nobody asked for"
        back = COMMANDS[meant.command].inverse if order.undoes else meant.command
        assert order.command.name == back
        judge(order, request, meant)
    return floor.orders


@settings(max_examples=80, phases=(Phase.reuse, Phase.generate))  # shrinks slowly
@given(STEPS)
def test_no_request_is_for_anybody_but_who_was_shown(steps: list[tuple[Any, ...]]) -> None:
    run(steps)


ANA, CONFERENCE, CALL = (
    ("look", Pane.PEOPLE, 0, 0, 0),
    ("look", Pane.CONFERENCES, 0, 0, 0),
    ("look", Pane.CALLS, 0, 2, 0),
)
UNMUTED = (("press", "M"), ("engine",), ("reply", "yes"), ("people", 3, {0, 1}))
REPLACED = (("ended", 0), ("conferences", {1, 2}), ("joined", 0, 1))
YES = ("answer", True)


@pytest.mark.parametrize(
    ("steps", "sent"),
    [
        ((ANA, ("press", "m")), ["mute"]),
        ((ANA, ("mark", {0, 1}), ("press", "m"), YES), ["mute"]),
        ((ANA, ("mark", {0, 1}), ("press", "x"), YES), ["leave", "leave"]),
        ((ANA, ("mark", {0, 1}), ("press", "x"), ("left", 1, 0), YES), ["leave"]),
        ((ANA, ("mark", {2, 3}), ("press", "m"), YES), []),
        ((ANA, ("mark", {0}), ("type", "mute bob1"), ("enter",)), ["mute"]),
        ((CONFERENCE, ("mark", {0, 1}), ("press", "p"), *REPLACED, YES), ["play_room"]),
        ((ANA, ("press", "m"), ("left", 0, 0)), []),
        ((ANA, ("press", "x"), YES), ["leave"]),
        ((ANA, ("press", "x"), *REPLACED, YES), []),
        ((ANA, ("press", "x"), ("shift", 0, 1), YES), ["leave"]),
        ((ANA, ("mark", {1, 3}), ("press", "x"), YES), ["leave"]),
        ((ANA, ("mark", {1}), ("press", "x"), ("people", 0, {0, 2}), YES), []),
        ((ANA, ("mark", {0, 1}), ("type", "leave bob1"), ("enter",), YES), ["leave"]),
        ((ANA, ("type", "mute bob1"), ("left", 1, 0), ("enter",)), []),
        ((ANA, ("type", "leave bob1"), ("left", 0, 0), ("enter",), YES), ["leave"]),
        ((ANA, ("type", "leave"), ("left", 0, 0), ("shift", 0, 1), ("enter",), YES), []),
        ((CONFERENCE, ("press", "m"), ("joined", 2, 0), YES), ["mute"]),
        ((CONFERENCE, ("press", "p"), *REPLACED, YES), []),
        ((CONFERENCE, ("press", "e"), ("joined", 2, 1), YES), ["end"]),
        ((CALL, ("press", "a"), ("joined", 0, 1), YES), ["join"]),
        ((CALL, ("press", "x"), ("dequeued", 2, 0), ("enqueued", 2, 1), YES), []),
        ((ANA, *UNMUTED, ("undo",)), ["unmute", "mute"]),
        ((ANA, *UNMUTED, ("left", 0, 0), ("joined", 0, 1), ("undo",)), ["unmute"]),
    ],
)
def test_who_moved_meanwhile_is_left_alone(
    steps: tuple[tuple[Any, ...], ...], sent: list[str]
) -> None:
    assert [order.command.name for order in run(steps)] == sent
