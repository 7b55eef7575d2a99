"""Tests for the runner: repetitions by retry class, and outcomes that are never overstated."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.commands import COMMANDS
from console.core.messages import facts
from console.core.messages.effects import KeepEvent, KeepNames, KeepNote, Refresh, Send
from console.core.messages.read_scopes import QueuesScope
from console.core.model.command import Order, Retry
from console.core.model.listed_resources import Moment, Problem, ProblemKind
from console.core.model.policy import Policy
from console.runtime.effect_runner import FAULT, SAME_ID_DELAYS, UNSENT_DELAYS, Runner
from support.playbook import at, order

POLICY = Policy()
OF_RETRY = {Retry.SAME_ID: "speak", Retry.SETS_STATE: "mute", Retry.REPEATS_EFFECT: "play"}
KINDS = (
    "refused",
    "unauthorised",
    "forbidden",
    "missing",
    "limited",
    "server",
    "unreachable",
    "unanswered",
    "shape",
)
DATE = 1_800_000_000.0


@dataclass(frozen=True)
class Came:
    """The answer to one attempt, and its duration."""

    problem: Problem | None = None
    took: float = 0.1
    date: float | None = DATE
    leg: str | None = None
    conference: str | None = None


OK = Came()


def no(kind: str, took: float = 0.1, retry_after: float | None = None) -> Came:
    return Came(Problem(ProblemKind(kind), 400, retry_after=retry_after), took)


@dataclass
class Bench:
    """A runner over an API that answers by a list, in virtual time."""

    answers: list[Came]
    passed: float = 0.0
    repeats: int = 99
    permits_after: float = 0.0
    refuses: Problem | None = None
    fault: Exception | None = None
    cannot_permit: Exception | None = None
    sent: list[Order] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    told: list[facts.Fact] = field(default_factory=list)
    refreshed: list[Refresh] = field(default_factory=list)
    noted: list[KeepNote] = field(default_factory=list)
    spawned: list[Coroutine[None, None, None]] = field(default_factory=list)

    def clock(self) -> Moment:
        return at(self.passed)

    async def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.passed += seconds

    def unfit(self, _: Order) -> Problem | None:
        """Return the problem that the test set."""
        return self.refuses

    async def send(self, one: Order) -> Came:
        """Record an attempt and return the next answer."""
        self.sent.append(one)
        self.times.append(self.passed)
        if self.fault is not None:
            raise self.fault
        answer = self.answers[min(len(self.sent), len(self.answers)) - 1]
        self.passed += answer.took
        return answer

    @property
    def runner(self) -> Runner:
        return Runner(
            self,
            policy=POLICY,
            clock=self.clock,
            post=self.told.append,
            refresh=self.refreshed.append,
            spawn=self.spawned.append,
            permit=self.permit,
            keep=self.keep,
            note=self.note,
            may_repeat=self.take_repetition,
        )

    async def note(self, effect: KeepNote) -> None:
        """Record a note, as the journal would."""
        self.noted.append(effect)

    async def permit(self, _: Order) -> bool:
        """Permit an order, as an audit that can be written would."""
        self.passed += self.permits_after
        if self.cannot_permit is not None:
            raise self.cannot_permit
        return True

    def take_repetition(self) -> bool:
        """Return True and count a repetition if one is left."""
        self.repeats -= 1
        return self.repeats >= 0

    async def keep(self, effect: KeepEvent | KeepNames) -> None:
        """Fail: no test here recovers an event from the API."""
        raise AssertionError(effect)

    @property
    def end(self) -> facts.Fact:
        """The last fact posted. Checks that the ones before are the attempts."""
        assert [type(fact) for fact in self.told[:-1]] == [facts.CommandSent] * len(self.sent)
        return self.told[-1]


def run(retry: Retry, *answers: Came) -> Bench:
    """Send a command of this retry class; the last of the answers repeats for ever."""
    bench = Bench(list(answers))
    asked = order(OF_RETRY[retry], 0.0, "v3:a", id_="c")
    drive(bench.runner.send(asked), bench.sleep)
    assert all(one is asked for one in bench.sent), "the same order, so the same id and bytes"
    return bench


def test_the_records_are_of_the_classes_they_stand_for() -> None:
    assert {retry: COMMANDS[name].retry for retry, name in OF_RETRY.items()} == {
        retry: retry for retry in Retry
    }


@pytest.mark.parametrize("retry", Retry)
def test_accepted_at_once_is_one_attempt(retry: Retry) -> None:
    bench = run(retry, OK)
    assert bench.told == [
        facts.CommandSent(at(0.0), "c", 1),
        facts.CommandAccepted(at(0.1), "c", DATE),
    ]


@pytest.mark.parametrize("kind", ["refused", "unauthorised", "forbidden", "missing"])
@pytest.mark.parametrize("retry", Retry)
def test_a_definite_no_is_final(retry: Retry, kind: str) -> None:
    bench = run(retry, no(kind))
    assert len(bench.sent) == 1
    assert bench.end == facts.CommandRefused(at(0.1), "c", Problem(ProblemKind(kind), 400))


@pytest.mark.parametrize("kind", ["server", "unanswered", "shape"])
def test_with_a_command_id_doubt_is_answered_by_sending_the_same_again(kind: str) -> None:
    bench = run(Retry.SAME_ID, no(kind), no(kind), OK)
    assert len(bench.sent) == 3
    assert isinstance(bench.end, facts.CommandAccepted)
    assert [fact.attempt for fact in bench.told if isinstance(fact, facts.CommandSent)] == [1, 2, 3]


@pytest.mark.parametrize("kind", ["server", "unanswered", "shape"])
@pytest.mark.parametrize("retry", [Retry.SETS_STATE, Retry.REPEATS_EFFECT])
def test_without_one_what_may_have_been_done_is_never_repeated(retry: Retry, kind: str) -> None:
    bench = run(retry, no(kind))
    assert len(bench.sent) == 1
    assert bench.end == facts.CommandUnanswered(at(0.1), "c", Problem(ProblemKind(kind), 400))


@pytest.mark.parametrize("kind", ["unreachable", "limited"])
@pytest.mark.parametrize("retry", Retry)
def test_what_surely_was_not_done_may_be_repeated(retry: Retry, kind: str) -> None:
    bench = run(retry, no(kind), OK)
    assert len(bench.sent) == 2
    assert isinstance(bench.end, facts.CommandAccepted)


@pytest.mark.parametrize("retry", Retry)
def test_and_only_so_often(retry: Retry) -> None:
    delays = SAME_ID_DELAYS if retry is Retry.SAME_ID else UNSENT_DELAYS
    away = run(retry, no("unreachable", took=0.0))
    times = [sum(delays[: n + 1]) for n in range(len(delays))]
    assert away.times == [time for time in times if time <= POLICY.unsent]
    assert isinstance(away.end, facts.CommandUnanswered)
    assert away.end.problem.kind == "unreachable"
    limited = run(retry, no("limited", took=0.0))
    assert limited.times == away.times
    assert isinstance(limited.end, facts.CommandRefused)


@pytest.mark.parametrize("first", ["server", "unanswered", "shape"])
@pytest.mark.parametrize("last", ["refused", "missing", "unauthorised", "limited", "unreachable"])
def test_after_a_doubt_no_later_answer_makes_it_certain(first: str, last: str) -> None:
    bench = run(Retry.SAME_ID, no(first), no(last))
    assert isinstance(bench.end, facts.CommandUnanswered)
    assert bench.end.problem.kind == first


def test_the_server_is_waited_for_as_long_as_it_asks() -> None:
    bench = run(Retry.SETS_STATE, no("limited", retry_after=4.0), OK)
    assert bench.times == [0.0, 4.1]
    sooner = run(Retry.SAME_ID, no("limited", retry_after=0.2), OK)
    assert sooner.times == [0.0, 0.6], "but never less than our own patience"


def test_what_has_not_been_done_is_not_done_late() -> None:
    bench = run(Retry.SAME_ID, no("limited", retry_after=5.0), OK)
    assert len(bench.sent) == 1
    assert isinstance(bench.end, facts.CommandRefused)
    assert bench.passed == pytest.approx(0.1), "nobody waits for what will not be sent"


def test_a_command_that_could_not_even_be_begun_in_time_is_dropped() -> None:
    bench = Bench([OK], permits_after=5.1)
    drive(bench.runner.send(order("mute", 0.0, "v3:a", id_="c")), bench.sleep)
    assert bench.sent == []
    assert isinstance(bench.end, facts.CommandUnanswered)
    assert bench.end.problem.kind == "late"


def test_nothing_is_repeated_when_there_are_no_repetitions_to_spare() -> None:
    bench = Bench([no("server")], repeats=1)
    drive(bench.runner.send(order("speak", 0.0, "v3:a", id_="c")), bench.sleep)
    assert len(bench.sent) == 2
    assert isinstance(bench.end, facts.CommandUnanswered)
    assert bench.end.problem.kind == "server"


def test_slow_attempts_leave_time_for_fewer() -> None:
    bench = run(Retry.SAME_ID, no("unanswered", took=POLICY.attempt))
    assert bench.times == [0.0, 5.5, 12.0]
    assert bench.passed <= POLICY.command


came = st.builds(
    no,
    st.sampled_from(KINDS),
    st.floats(0.0, POLICY.attempt),
    st.none() | st.floats(0.0, 60.0),
)


@given(st.sampled_from(Retry), st.lists(came | st.just(OK), min_size=1, max_size=5))
def test_whatever_is_answered_it_ends_in_time_and_says_no_more_than_is_known(
    retry: Retry, answers: list[Came]
) -> None:
    bench = run(retry, *answers)
    assert bench.passed <= POLICY.command
    heard = [answers[min(n, len(answers) - 1)].problem for n in range(len(bench.sent))]
    maybe = [p for p in heard if p is not None and p.kind in {"server", "unanswered", "shape"}]
    match bench.end:
        case facts.CommandAccepted():
            assert heard[-1] is None
        case facts.CommandRefused():
            assert heard[-1] is not None
            assert not maybe
        case facts.CommandUnanswered(problem=problem):
            assert maybe or problem.kind == "unreachable"
        case _:
            pytest.fail(f"a command must end, not {bench.end}")
    doubtful = [p is not None and p.kind in {"server", "unanswered", "shape"} for p in heard]
    for number, time in enumerate(bench.times):
        assert time <= POLICY.unsent or any(doubtful[:number])
    if retry is not Retry.SAME_ID:
        repeated = [p for p in heard[:-1] if p is not None]
        assert {p.kind for p in repeated} <= {"unreachable", "limited"}


def test_what_makes_no_request_is_refused_and_no_attempt_is_told_of() -> None:
    unfit = Problem(ProblemKind.UNFIT)
    bench = Bench([OK], refuses=unfit)
    drive(bench.runner.send(order("mute", 0.0, "v3:a", id_="c")), bench.sleep)
    assert bench.told == [facts.CommandRefused(at(0.0), "c", unfit)]
    assert bench.sent == []


def test_a_fault_of_ours_before_anything_left_refuses_this_one_command_and_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench = Bench([OK], cannot_permit=RuntimeError("a bug"))
    drive(bench.runner.send(order("mute", 0.0, "v3:a", id_="c")), bench.sleep)
    assert bench.told == [facts.CommandRefused(at(0.0), "c", FAULT)]
    assert bench.sent == []
    assert "a bug" in caplog.text


def test_a_fault_of_ours_while_it_may_have_left_leaves_this_one_command_in_doubt_and_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench = Bench([OK], fault=RuntimeError("a bug"))
    drive(bench.runner.send(order("speak", 0.0, "v3:a", id_="c")), bench.sleep)
    assert len(bench.sent) == 1, "what failed so is not repeated"
    assert bench.end == facts.CommandUnanswered(at(0.0), "c", FAULT)
    assert "a bug" in caplog.text


def test_effects_are_begun_and_not_waited_for() -> None:
    bench = Bench([OK])
    refresh = Refresh(QueuesScope(), (0.1, 0.2))
    bench.runner.perform(refresh)
    assert bench.refreshed == [refresh]
    bench.runner.perform(Send(order("mute", 0.0, "v3:a", id_="c")))
    assert bench.sent == []
    (work,) = bench.spawned
    drive(work, bench.sleep)
    assert isinstance(bench.end, facts.CommandAccepted)


def drive(work: Coroutine[Any, Any, None], sleep: Callable[[float], object]) -> None:
    """Run a coroutine with a patched ``asyncio.sleep``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "sleep", sleep)
        with pytest.raises(StopIteration):
            work.send(None)
