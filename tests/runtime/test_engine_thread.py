"""Tests for the engine's thread: it starts, ends on request, and reports each failure."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest

from console.runtime.engine_thread import EngineThread

PATIENCE = 5.0


class Watch:
    """Records the failures of an engine."""

    def __init__(self) -> None:
        self.failures: list[BaseException] = []
        self.threads: list[int] = []

    def failed(self, failure: BaseException) -> None:
        self.failures.append(failure)
        self.threads.append(threading.get_ident())


@pytest.fixture
def watch() -> Watch:
    return Watch()


def engine(watch: Watch, main: Callable[[asyncio.Event], Awaitable[None]]) -> EngineThread:
    return EngineThread(main, watch.failed)


async def until_told(stop: asyncio.Event) -> None:
    await stop.wait()


def test_it_runs_on_a_thread_of_its_own_and_ends_when_told(watch: Watch) -> None:
    ran: list[int] = []

    async def main(stop: asyncio.Event) -> None:
        ran.append(threading.get_ident())
        await stop.wait()
        ran.append(threading.get_ident())

    thread = engine(watch, main)
    thread.start()
    assert not thread.join(0.0)
    thread.stop()
    assert thread.join(PATIENCE)
    assert len(ran) == 2
    assert set(ran) != {threading.get_ident()}
    assert watch.failures == []


def test_it_may_be_told_twice_from_any_thread_and_after_its_end(watch: Watch) -> None:
    thread = engine(watch, until_told)
    thread.stop()
    thread.start()
    others = [threading.Thread(target=thread.stop) for _ in range(8)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert thread.join(PATIENCE)
    thread.stop()
    assert thread.join(0.0)
    assert watch.failures == []


def test_what_it_raises_is_told_from_its_thread(watch: Watch) -> None:
    async def main(_: asyncio.Event) -> None:
        raise LookupError("a mistake of ours")

    thread = engine(watch, main)
    thread.start()
    assert thread.join(PATIENCE)
    assert [type(failure) for failure in watch.failures] == [LookupError]
    assert watch.threads != [threading.get_ident()]


def test_so_is_what_its_tasks_raise(watch: Watch) -> None:
    async def fail() -> None:
        raise LookupError("a mistake of ours")

    async def main(stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())
            await stop.wait()

    thread = engine(watch, main)
    thread.start()
    assert thread.join(PATIENCE)
    assert [type(failure) for failure in watch.failures] == [ExceptionGroup]


def test_so_is_what_a_callback_raises_and_the_engine_ends(watch: Watch) -> None:
    def fail() -> None:
        raise LookupError("a mistake of ours")

    async def main(stop: asyncio.Event) -> None:
        asyncio.get_running_loop().call_soon(fail)
        await stop.wait()

    thread = engine(watch, main)
    thread.start()
    assert thread.join(PATIENCE)
    assert [type(failure) for failure in watch.failures] == [LookupError]


def test_what_is_no_failure_of_ours_does_not_end_it(watch: Watch) -> None:
    heard: list[object] = []

    async def main(stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        loop.default_exception_handler = heard.append  # type: ignore[method-assign, assignment]  # only listens
        loop.call_exception_handler({"message": "a peer hung up", "exception": OSError()})
        await stop.wait()

    thread = engine(watch, main)
    thread.start()
    assert not thread.join(0.0)
    thread.stop()
    assert thread.join(PATIENCE)
    assert watch.failures == []
    assert len(heard) == 1


def test_one_that_does_not_end_in_time_is_not_waited_for(watch: Watch) -> None:
    release = threading.Event()

    async def main(stop: asyncio.Event) -> None:
        await stop.wait()
        await asyncio.to_thread(release.wait)

    thread = engine(watch, main)
    thread.start()
    thread.stop()
    assert not thread.join(0.0)
    release.set()
    assert thread.join(PATIENCE)
