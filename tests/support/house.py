"""The whole program over the loopback: simulator process, engine thread, terminal under a pilot."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr
from textual import _wait
from textual._compositor import Compositor, LayoutUpdate
from textual._context import visible_screen_stack
from textual.pilot import Pilot

from console import composition, interactive, settings
from console.commands import COMMANDS
from console.core.model.command import Command
from console.core.model.entities import Phone
from console.core.model.policy import Policy
from console.core.model.state import Receipt, State
from console.journal.log import Log
from console.runtime.demo_simulator import PHONE
from console.runtime.engine_thread import EngineThread
from console.runtime.state_store import Store
from console.ui.app import ConsoleApp
from console.ui.engine_port import EnginePort
from support.apart import simulator_process

PATIENCE = 20.0
"""Seconds after which a condition that did not come is a failure."""

NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts no authority: all is plain HTTP over the loopback, and loading the real ones is slow."""


class Simulator:
    """A running simulator, used over HTTP alone."""

    def __init__(self, told: dict[str, str]) -> None:
        self.told = told
        self.base_url, self.api_key = told["base_url"], told["api_key"]
        self.public_key = told["public_key"]
        root = self.base_url.removesuffix("/v2")
        moving = {"Authorization": f"Bearer {told['control_token']}"}
        self._control = httpx.Client(
            base_url=f"{root}/control", headers=moving, timeout=10, verify=NOBODY
        )
        bearer = {"Authorization": f"Bearer {self.api_key}"}
        self._api = httpx.Client(base_url=self.base_url, headers=bearer, timeout=10, verify=NOBODY)

    def api(self, method: str, path: str, **body: object) -> dict[str, Any]:
        """Send an API request, as somebody else than the console."""
        answer = self._api.request(method, path, json=body or None)
        answer.raise_for_status()
        return dict(answer.json()) if answer.content else {}

    def control(self, method: str, path: str, **body: object) -> Any:  # noqa: ANN401  # JSON
        """Send a request to the control endpoint."""
        answer = self._control.request(method, path, json=body or None)
        answer.raise_for_status()
        return answer.json()

    def fault(self, name: str, rate: float) -> None:
        """Set the rate of a fault, 0 to 1."""
        self.control("PUT", f"/faults/{name}", rate=rate)

    def caller(self, number: str, **more: object) -> str:
        """Let somebody call in; return the call_control_id."""
        made = self.control("POST", "/calls", **{"from": number, "to": "+15125550199", **more})
        return str(made["call_control_id"])

    def conference(self, name: str, *legs: str) -> str:
        """Create a conference of these legs; return its id."""
        made = self.api("POST", "/conferences", name=name, call_control_id=legs[0])
        for leg in legs[1:]:
            self.api("POST", f"/conferences/{made['data']['id']}/actions/join", call_control_id=leg)
        return str(made["data"]["id"])

    def requests(self, method: str = "POST") -> list[dict[str, Any]]:
        """Return the requests that the API received, oldest first."""
        return [one for one in self.control("GET", "/requests") if one["method"] == method]

    def close(self) -> None:
        """Close the connections."""
        self._control.close()
        self._api.close()


@contextmanager
def simulator(webhook_url: str = "", *flags: str) -> Iterator[Simulator]:
    """Run a simulator process until the block ends."""
    posting = ("--webhook-url", webhook_url) if webhook_url else ()
    with simulator_process([*posting, *flags]) as ready:
        running = Simulator(json.loads(ready))
        try:
            yield running
        finally:
            running.close()


class Seen(ConsoleApp):
    """A console that counts its pictures and reports each."""

    def __init__(self, desk: EnginePort, drawn: Callable[[], None]) -> None:
        super().__init__(desk)
        self.pictures = 0
        self._drawn = drawn

    def post_display_hook(self) -> None:
        """Count a picture; Textual calls this after each."""
        self.pictures += 1
        self._drawn()


@dataclass
class House:
    """A console at work on a simulator."""

    sim: Simulator
    app: Seen
    pilot: Pilot[int]
    store: Store
    url: str
    changed: asyncio.Event
    _read: tuple[int, str] = (0, "")
    """Number and text of the picture that was read last."""

    @property
    def state(self) -> State:
        """The state of the console."""
        return self.store.state

    def text(self) -> str:
        """The text on the screen."""
        if self._read[0] != self.app.pictures:
            visible_screen_stack.set(self.app._background_screens)  # noqa: SLF001  # no public way
            strips = self.app.screen._compositor.render_strips()  # noqa: SLF001  # the same
            lines = ("".join(segment.text for segment in strip) for strip in strips)
            self._read = self.app.pictures, "\n".join(lines)
        return self._read[1]

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait until a condition holds and all work started by then is done.

        The condition is checked after every change of the state and of the screen.
        """
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self.changed.clear()
                try:
                    async with asyncio.timeout(0.05):
                        await self.changed.wait()
                except TimeoutError:
                    pass
                await asyncio.sleep(0)
            assert condition(), what
            await self.pilot._wait_for_screen()  # noqa: SLF001  # no public way without a rest

    async def see(self, text: str) -> None:
        """Wait until the text is on the screen."""
        try:
            await self.until(lambda: text in self.text())
        except TimeoutError:
            raise AssertionError(f"{text!r} never came; the screen:\n{self.text()}") from None

    async def press(self, *keys: str) -> None:
        """Press keys, each once the work started by the one before is done."""
        for key in keys:
            await self.pilot.press(key)

    async def receipt(self, name: str, stage: str) -> Receipt:
        """Wait until the newest command of this name is at a stage."""

        def there() -> bool:
            found = self.newest(name)
            return found is not None and found.stage == stage

        try:
            await self.until(there)
        except TimeoutError:
            told = f"{name} is {self.newest(name)}, not {stage}; the screen:\n{self.text()}"
            raise AssertionError(told) from None
        found = self.newest(name)
        assert found is not None
        return found

    def newest(self, name: str) -> Receipt | None:
        """Return the newest receipt of this command, or None."""
        mine = [r for r in self.state.receipts.values() if r.order.command.name == name]
        return mine[-1] if mine else None


@asynccontextmanager
async def impatient() -> AsyncIterator[None]:
    """Shorten the rest that Textual's pilot waits for after each key: an engine seldom rests.

    Less than a third of the usual time counts as rest.
    """
    kept = _wait.SLEEP_GRANULARITY, _wait.SLEEP_IDLE
    _wait.SLEEP_GRANULARITY, _wait.SLEEP_IDLE = 0.005, 0.0015
    try:
        yield
    finally:
        _wait.SLEEP_GRANULARITY, _wait.SLEEP_IDLE = kept


@asynccontextmanager
async def unpainted() -> AsyncIterator[None]:
    """Skip painting: a picture is made only when ``House.text`` reads it.

    tests/ui and the journeys in a real terminal check what is painted.
    """
    kept = Compositor.render_update

    def noted(compositor: Compositor, *_: object, **__: object) -> LayoutUpdate:
        compositor._dirty_regions.clear()  # noqa: SLF001  # as painting them does
        return LayoutUpdate([], compositor.size.region)

    Compositor.render_update = noted  # type: ignore[method-assign,assignment]  # it is what paints
    try:
        yield
    finally:
        Compositor.render_update = kept  # type: ignore[method-assign]  # as it was


@asynccontextmanager
async def house(
    *flags: str,
    size: tuple[int, int] = (120, 36),
    policy: Policy | None = None,
    trust: tuple[str, ...] = (),
    log: Log | None = None,
    phoned: bool = True,
    commands: Mapping[str, Command] = COMMANDS,
) -> AsyncIterator[House]:
    """Run the whole program on a simulator started with these flags.

    ``trust``: the public keys of its receiver, if they are not the simulator's. ``log``: its
    journal, if it must outlive the process. ``phoned``: the settings have a phone to dial with.
    ``commands``: another catalogue than ours.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/webhooks"
    with listener, simulator(url, *flags) as sim:
        chosen = settings.for_demo({"operator": "ana"}).model_copy(
            update={
                "base_url": sim.base_url,
                "api_key": SecretStr(sim.api_key),
                "public_keys": trust or (sim.public_key,),
                **PHONE,
            }
        )
        phone = Phone(*(PHONE.values() if phoned else ()))
        store = Store(State(policy=policy or Policy(), commands=commands, phone=phone))
        engine = composition.engine(chosen, (listener,), store, log)
        desk = interactive.engine_port(chosen, store, demo=True)
        loop, changed = asyncio.get_running_loop(), asyncio.Event()

        app = Seen(desk, changed.set)

        def wake() -> None:
            loop.call_soon_threadsafe(changed.set)

        store.subscribe(wake)
        thread = EngineThread(engine.live, app.fail)
        try:
            async with impatient(), unpainted(), app.run_test(size=size) as pilot:
                thread.start()
                yield House(sim, app, pilot, store, url, changed)
        finally:
            thread.stop()
            assert thread.join(5)
        if app.failure is not None:
            raise app.failure
