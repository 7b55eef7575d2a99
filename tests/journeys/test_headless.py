"""A receiver without a terminal, and the consoles that start while it runs."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from console import composition, headless, settings
from console.commands import COMMANDS
from console.core.model.state import State
from console.journal.locations import file_of, home
from console.journal.lock import Lock
from console.journal.schema import rows
from console.runtime.state_store import Store
from support.house import NOBODY, PATIENCE, Simulator, simulator
from support.signing import PUBLIC, event, headers
from support.terminal import Terminal

CONSOLE = [sys.executable, "-P", "-m", "console"]


def account(sim: Simulator) -> dict[str, str]:
    return {
        "TELNYX_API_KEY": sim.api_key,
        "TELNYX_PUBLIC_KEY": PUBLIC,
        "TELNYX_BASE_URL": sim.base_url,
    }


@contextmanager
def receiver(sim: Simulator) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    with subprocess.Popen(
        [*CONSOLE, "receiver", "--listen", "127.0.0.1:0"],
        env={**os.environ, **account(sim)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        try:
            yield "http://" + said.split(" at ")[1].strip(), process
        finally:
            process.kill()


def post(url: str, id_: str, queue: str) -> int:
    body = event("call.enqueued", id_=id_, queue=queue)
    answer = httpx.post(url, content=body, headers=headers(body), timeout=PATIENCE, verify=NOBODY)
    return answer.status_code


async def test_a_console_started_later_reads_on_from_the_receivers_journal() -> None:
    with simulator() as sim, receiver(sim) as (url, process):
        assert await asyncio.to_thread(post, url, "before", "vip") == 200
        path = file_of(home(), "default")
        assert "before" in [row.record.id for row in rows(path, 0, 99)]
        chosen = settings.load({"receiver": False}).model_copy(
            update={"base_url": sim.base_url, "api_key": SecretStr(sim.api_key)}
        )
        store = Store(State(commands=COMMANDS))
        log = composition.open_journal(chosen, home(), store)
        engine = composition.engine(chosen, None, store, log, follows=path)
        changed, stop = asyncio.Event(), asyncio.Event()
        store.subscribe(changed.set)

        async def until(queue: str | None) -> None:
            while (
                queue not in store.state.queues
                if queue
                else store.state.health.receiver is not None
            ):
                changed.clear()
                await changed.wait()

        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
            group.create_task(engine.live(stop))
            await until("vip")
            assert await asyncio.to_thread(post, url, "after", "sales") == 200
            await until("sales")
            assert store.state.health.receiver is not None
            process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(process.wait, 10) == 0
            await until(None)
            assert store.state.health.receiver_note == "the receiver has ended"
            stop.set()


async def test_nobody_is_there_and_a_key_that_was_refused_is_found_to_work_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELNYX_PUBLIC_KEY", PUBLIC)
    with simulator() as sim, socket.create_server(("127.0.0.1", 0)) as listener:
        monitor = "http://{}:{}/healthz".format(*listener.getsockname())
        chosen = settings.load({}).model_copy(
            update={"base_url": sim.base_url, "api_key": SecretStr(sim.api_key)}
        )
        policy = replace(headless.SELDOM, budget=50.0, key_every=0.05)
        store = Store(State(policy=policy, commands=COMMANDS))
        engine = composition.engine(chosen, (listener,), store)
        changed, stop = asyncio.Event(), asyncio.Event()
        store.subscribe(headless.note_logger(store))
        store.subscribe(changed.set)

        async def until(*, refused: bool) -> None:
            while (store.state.health.key_refused is not None) is not refused:
                changed.clear()
                await changed.wait()
            answer = await asyncio.to_thread(httpx.get, monitor, timeout=PATIENCE)
            assert (answer.status_code, answer.json()["key_refused"]) == (200, refused)

        sim.fault("http-401", 1.0)
        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
            group.create_task(engine.live(stop))
            await until(refused=True)
            sim.fault("http-401", 0.0)
            await until(refused=False)
            stop.set()
        assert sim.requests("POST") == []
        assert [line for line in caplog.messages if line.startswith("key ")] == [
            "key refused: polls stopped; ctrl+r retries, else every 0.05 s",
            "key accepted: polls go on",
        ]


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGQUIT])
def test_told_to_end_as_soon_as_it_says_that_it_receives_it_ends_in_order(
    number: signal.Signals,
) -> None:
    with simulator() as sim, receiver(sim) as (_, process):
        process.send_signal(number)
        assert process.wait(PATIENCE) == 0
    assert (home() / "receiver.log").exists()


@pytest.fixture(autouse=True)
def some_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELNYX_API_KEY", "KEY0")


def test_a_second_console_of_the_profile_says_so_in_one_line() -> None:
    with simulator() as sim, Lock(file_of(home(), "default"), {"pid": 4242, "role": "console"}):
        command = [*CONSOLE, "--listen", "127.0.0.1:0"]
        with Terminal(command, size=(200, 24), env=account(sim)) as terminal:
            assert terminal.wait_exit() == 2
            said = [line for line in terminal.text() if line.strip()]
            assert len(said) == 1
            assert "4242" in said[0]
            assert "--no-receiver" in said[0]
        with Terminal([*CONSOLE, "--no-receiver"], size=(80, 24), env=account(sim)) as terminal:
            terminal.wait_for("No conference is live.", timeout=PATIENCE)
            terminal.send("q")
            assert terminal.wait_exit() == 0
        assert file_of(home(), "default", 2).exists()


def test_a_demo_leaves_nothing_behind_not_even_one_that_was_killed(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command, env = [*CONSOLE, "demo", "empty"], {"TMPDIR": str(temporary)}
    with Terminal(command, size=(80, 24), env=env) as terminal:
        terminal.wait_for("No conference is live.", timeout=PATIENCE)
        terminal.signal(signal.SIGKILL)
        assert terminal.wait_exit() == -signal.SIGKILL
    assert list(temporary.iterdir()) != []
    with Terminal(command, size=(80, 24), env=env) as terminal:
        terminal.wait_for("No conference is live.", timeout=PATIENCE)
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert list(temporary.iterdir()) == []
    assert not home().exists()
