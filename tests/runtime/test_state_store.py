"""Tests for the store: messages of any thread, bounded batches, announcements of changes only."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from console.commands import COMMANDS
from console.core.messages import facts, intents
from console.core.messages.effects import Effect, Refresh, Send
from console.core.messages.read_scopes import CallsScope, ParticipantsScope
from console.core.model.policy import Policy
from console.core.model.state import State
from console.runtime import state_store as stores
from console.runtime.state_store import BATCH, Store
from support.playbook import CONFERENCE, Playbook, at, joined, order, participant


def store(state: State | None = None) -> Store:
    return Store(state or State(policy=Policy(log=100_000), commands=COMMANDS))


def drop(_: Effect) -> None:
    """Perform nothing."""


async def settled(kept: Store) -> None:
    """Wait until the inbox is empty."""
    while kept._scheduled or kept._inbox:  # noqa: SLF001, ASYNC110  # the inbox is private
        await asyncio.sleep(0)


def said(number: int) -> intents.Declined:
    return intents.Declined(at(number), str(number))


def texts(kept: Store) -> list[str]:
    return [entry.text for entry in kept.state.log]


async def test_what_was_posted_before_it_opened_is_folded_first() -> None:
    kept = store()
    kept.post(said(1))
    before = kept.state
    assert before.log == ()
    kept.open(asyncio.get_running_loop(), drop)
    kept.post(said(2))
    await settled(kept)
    assert texts(kept) == ["1", "2"]
    assert before.log == (), "a published state is never written"


async def test_what_changed_nothing_is_the_same_state_and_is_not_told() -> None:
    kept, told = store(), 0

    def changed() -> None:
        nonlocal told
        told += 1

    kept.subscribe(changed)
    kept.open(asyncio.get_running_loop(), drop)
    await settled(kept)
    kept.post(facts.Ticked(at(0.0)))
    await settled(kept)
    before = kept.state
    told = 0
    kept.post(facts.Ticked(at(1.0)))
    kept.post(joined(1.0, "v3:a", occurred=-1e12))
    await settled(kept)
    assert kept.state is not before, "a new webhook is counted"
    assert told == 1
    before = kept.state
    kept.post(facts.Ticked(at(2.0)))
    await settled(kept)
    assert kept.state is before
    assert told == 1


async def test_many_messages_are_one_change_and_a_storm_lets_others_in() -> None:
    kept = store()
    lengths: list[int] = []
    between: list[int] = []
    kept.subscribe(lambda: lengths.append(len(kept.state.log)))
    for number in range(2 * BATCH + 10):
        kept.post(said(number))
    loop = asyncio.get_running_loop()
    kept.open(loop, drop)

    def elsewhere() -> None:
        between.append(len(kept.state.log))
        if len(kept.state.log) < 2 * BATCH + 10:
            loop.call_soon(elsewhere)

    loop.call_soon(elsewhere)
    await settled(kept)
    assert lengths == [BATCH, 2 * BATCH, 2 * BATCH + 10]
    assert {BATCH, 2 * BATCH} <= set(between), "the loop had its turn between the batches"
    assert texts(kept) == [str(number) for number in range(2 * BATCH + 10)]


async def test_posts_from_many_threads_all_arrive_each_in_its_own_order() -> None:
    kept, each = store(), 300
    kept.open(asyncio.get_running_loop(), drop)
    gate = threading.Barrier(4)

    def post(number: int) -> None:
        gate.wait()
        for count in range(each):
            kept.post(said(number * each + count))

    async with asyncio.TaskGroup() as group:
        for number in range(4):
            group.create_task(asyncio.to_thread(post, number))
    await settled(kept)
    found = [int(text) for text in texts(kept)]
    assert sorted(found) == list(range(4 * each))
    for number in range(4):
        mine = [one for one in found if one // each == number]
        assert mine == sorted(mine)


async def test_effects_are_handed_on_in_order_once_their_state_is_published() -> None:
    kept = store(Playbook().begin(participant("v3:a")).state)
    performed: list[tuple[Effect, State]] = []
    seen: list[str] = []

    def perform(effect: Effect) -> None:
        performed.append((effect, kept.state))
        seen.append("effect")

    kept.subscribe(lambda: seen.append("change"))
    kept.open(asyncio.get_running_loop(), perform)
    asked = order("mute", 0.0, "v3:a")
    kept.post(intents.WatchAsked(at(0.0), "vip", CONFERENCE))
    kept.post(intents.OrderAsked(asked))
    await settled(kept)
    effects = [effect for effect, _ in performed]
    assert effects == [
        Refresh(CallsScope("vip")),
        Refresh(ParticipantsScope(CONFERENCE)),
        Send(asked),
    ]
    assert all(state is kept.state for _, state in performed)
    assert seen == ["effect"] * 3 + ["change"]


async def test_what_an_effect_posts_is_folded_too() -> None:
    kept = store(Playbook().begin(participant("v3:a")).state)

    def perform(effect: Effect) -> None:
        assert isinstance(effect, Send)
        kept.post(facts.CommandSent(at(0.1), effect.order.id, 1))

    kept.open(asyncio.get_running_loop(), perform)
    asked = order("mute", 0.0, "v3:a")
    kept.post(intents.OrderAsked(asked))
    await settled(kept)
    assert kept.state.receipts[asked.id].sent == at(0.1)


def test_a_post_to_an_engine_that_has_ended_is_lost_without_a_word() -> None:
    kept = store()

    async def live() -> None:
        kept.open(asyncio.get_running_loop(), drop)
        await asyncio.sleep(0)

    asyncio.run(live())
    kept.post(said(1))
    assert texts(kept) == []


def test_so_is_one_while_it_ends() -> None:
    class Closing:
        """A loop that closes between the check and the call."""

        def is_closed(self) -> bool:
            return False

        def call_soon_threadsafe(self, *_: object) -> None:
            raise RuntimeError("Event loop is closed")

    kept = store()
    closing: Any = Closing()
    kept._loop = closing  # noqa: SLF001  # no test can hit this instant otherwise
    kept.post(said(1))
    assert texts(kept) == []


async def test_a_listener_hears_of_changes_until_it_unsubscribes() -> None:
    kept = store()
    first: list[int] = []
    second: list[int] = []
    unsubscribe = kept.subscribe(lambda: first.append(len(kept.state.log)))
    kept.subscribe(lambda: second.append(len(kept.state.log)))
    kept.open(asyncio.get_running_loop(), drop)
    kept.post(said(1))
    await settled(kept)
    unsubscribe()
    kept.post(said(2))
    await settled(kept)
    assert (first, second) == ([1], [1, 2])


async def test_an_error_in_the_fold_leaves_the_store_working(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = store()
    failures: list[BaseException] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: failures.append(context["exception"]))
    kept.open(loop, drop)
    await settled(kept)

    def broken(*_: object) -> None:
        raise ArithmeticError("a mistake of ours")

    with monkeypatch.context() as patch:
        patch.setattr(stores, "update", broken)
        kept.post(said(1))
        await settled(kept)
    assert [type(failure) for failure in failures] == [ArithmeticError]
    kept.post(said(2))
    await settled(kept)
    assert texts(kept) == ["2"]
