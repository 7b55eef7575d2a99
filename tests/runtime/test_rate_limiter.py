from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.core.messages.facts import ApiAnswered
from console.core.model.listed_resources import Moment
from console.runtime.circuit_breaker import PROBE
from console.runtime.rate_limiter import LONGEST_WAIT, RateLimiter, wait_for_read


def pace(budget: float = 5.0, chance: float = 1.0) -> RateLimiter:
    return RateLimiter(budget, 0.0, lambda: chance)


def granted(bucket: RateLimiter, now: float) -> int:
    """Return the number of reads that may go out at this instant, and take them."""
    return next(number for number in count() if bucket.take_read(now) > 0.0)


def told(now: float, remaining: int | None, reset: float | None) -> ApiAnswered:
    return ApiAnswered(Moment(now, 0.0), 0.1, 100, remaining, reset)


def test_reads_leave_a_reserve_and_then_come_at_the_budget() -> None:
    bucket = pace()
    assert granted(bucket, 0.0) == 7
    assert bucket.take_read(0.0) == pytest.approx(0.2)
    assert granted(bucket, 1.0) == 5
    assert granted(bucket, 100.0) == 7


def test_a_command_never_waits_and_reads_pay_for_it() -> None:
    bucket = pace()
    granted(bucket, 0.0)
    for _ in range(5):
        bucket.count_command(0.0)
    assert bucket.take_read(0.0) == pytest.approx(6 / 5)
    assert granted(bucket, 1.0) == 0


def test_a_storm_of_commands_stops_reads_for_seconds_only() -> None:
    bucket = pace()
    for _ in range(1_000):
        bucket.count_command(0.0)
    assert bucket.take_read(0.0) == pytest.approx(24 / 5)


def test_what_the_headers_say_takes_the_place_of_the_budget() -> None:
    bucket = pace()
    granted(bucket, 0.0)
    bucket.apply_headers(told(0.0, remaining=13, reset=5))
    assert bucket.take_read(0.0) == pytest.approx(0.5)
    bucket.apply_headers(told(0.0, remaining=10_000, reset=1))
    assert bucket.take_read(0.0) == pytest.approx(1 / 20)


def test_reads_wait_for_the_reset_when_only_the_reserve_is_left() -> None:
    bucket = pace()
    bucket.apply_headers(told(0.0, remaining=3, reset=9))
    assert bucket.take_read(0.0) == 9.0
    assert bucket.take_read(9.0) == 0.0


@pytest.mark.parametrize(("remaining", "reset"), [(None, 5.0), (0, None), (0, 0.0), (0, -1.0)])
def test_headers_that_say_half_change_nothing(remaining: int | None, reset: float | None) -> None:
    bucket = pace()
    bucket.apply_headers(told(0.0, remaining, reset))
    assert granted(bucket, 0.0) == 7


def test_a_429_pauses_reads_for_what_was_asked_and_halves_their_pace() -> None:
    bucket = pace()
    granted(bucket, 0.0)
    assert bucket.on_limit(0.0, 7.0) == 7.0
    assert bucket.take_read(1.0) == 6.0
    assert granted(bucket, 7.0) == 7
    assert bucket.take_read(7.0) == pytest.approx(1 / 2.5, rel=0.02)
    assert bucket.on_limit(7.0, None) == 1.0


def test_the_pace_comes_back_with_quiet_minutes() -> None:
    bucket = pace()
    bucket.on_limit(0.0, None)
    granted(bucket, 60.0)
    assert bucket.take_read(60.0) == pytest.approx(1 / 2.75)
    granted(bucket, 3_600.0)
    assert bucket.take_read(3_600.0) == pytest.approx(0.2)


def test_weeks_of_quiet_are_not_too_much() -> None:
    assert granted(pace(), 1e9) == 7


def test_reads_that_were_under_way_do_not_lengthen_a_pause() -> None:
    bucket = pace()
    first = bucket.on_limit(0.0, None)
    assert [bucket.on_limit(0.0, None) for _ in range(3)] == [first] * 3


def test_failures_double_the_pause_until_one_read_succeeds() -> None:
    bucket, now, pauses = pace(), 0.0, []
    for _ in range(9):
        while (wait := bucket.take_scheduled_read(now)) > 0.0:
            now += wait
        pauses.append(bucket.on_failure(now))
    assert pauses == [0.5, 1.0, 2.0, 4.0, 5.0, 10.0, 20.0, 40.0, 60.0]
    bucket.on_answer(now)
    assert bucket.on_failure(now) == 0.5


def test_chance_spreads_the_pauses() -> None:
    assert pace(chance=0.0).on_failure(0.0) == 0.0
    assert pace(chance=0.0).on_limit(0.0, None) == 0.25


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ask", "begin", "command", "limited", "failed", "heard", "answered"]),
            st.floats(0.0, 30.0),
            st.integers(0, 50),
        ),
        max_size=60,
    )
)
def test_reads_always_go_on_and_never_beyond_the_ceiling(
    steps: list[tuple[str, float, int]],
) -> None:
    bucket, now, reads = pace(), 0.0, 0
    for what, passed, number in steps:
        now += passed
        match what:
            case "ask":
                reads += granted(bucket, now)
            case "command":
                bucket.count_command(now)
            case "limited":
                assert 0.0 < bucket.on_limit(now, float(number)) <= LONGEST_WAIT
            case "failed":
                assert 0.0 <= bucket.on_failure(now, float(number)) <= LONGEST_WAIT
            case "begin":
                bucket.take_scheduled_read(now)
            case "heard":
                bucket.apply_headers(told(now, number, number / 7))
            case _:
                bucket.on_answer(now)
    assert reads <= 7 + now * 20
    for _ in range(200):
        wait = bucket.take_scheduled_read(now)
        if wait == 0.0:
            return
        now += wait + 1e-6
    pytest.fail("reads stopped for good")


def test_after_five_failures_in_a_row_one_probe_goes_out_at_a_time() -> None:
    bucket, now = pace(), 0.0
    for _ in range(5):
        now += bucket.on_failure(now)
        last = now
    assert bucket.next_probe == last
    assert [bucket.take_scheduled_read(now - 1.0), bucket.take_scheduled_read(now)] == [1.0, 0.0]
    assert bucket.take_scheduled_read(now) == PROBE
    assert bucket.take_scheduled_read(now + PROBE) == 0.0, "nobody heard of the probe again"
    assert bucket.on_failure(now + PROBE + 1.0) == 10.0
    assert bucket.take_scheduled_read(now + PROBE + 11.0) == 0.0
    bucket.on_answer(now + PROBE + 11.2)
    assert bucket.next_probe is None
    assert granted(bucket, now + 100.0) == 7


def test_a_command_passes_while_reads_are_stopped() -> None:
    bucket = pace()
    for _ in range(5):
        bucket.on_failure(0.0)
    bucket.count_command(0.0)
    assert bucket.take_scheduled_read(1.0) == 4.0


def test_half_of_many_readings_are_enough_though_never_five_in_a_row() -> None:
    bucket = pace(chance=0.0)
    for number in range(5):
        bucket.on_answer(number + 0.5)
        assert bucket.next_probe is None
        bucket.on_failure(number + 1.0)
    assert bucket.next_probe == 5.0 + 2.5
    calm = pace(chance=0.0)
    for number in range(20):
        calm.on_answer(number * 8.0)
        calm.on_failure(number * 8.0 + 1.0)
    assert calm.next_probe is None, "not ten within thirty seconds"


def test_a_definite_no_or_a_limit_is_an_answer() -> None:
    bucket = pace()
    for _ in range(4):
        bucket.on_failure(0.0)
    bucket.on_limit(0.0, None)
    for _ in range(4):
        bucket.on_failure(0.0)
    assert bucket.next_probe is None


def test_a_failing_server_is_given_the_time_it_asks_for() -> None:
    bucket = pace()
    assert bucket.on_failure(0.0, 17.0) == 17.0
    assert bucket.take_scheduled_read(1.0) == 16.0
    assert pace().on_failure(0.0, 600.0) == LONGEST_WAIT


def test_a_tenth_of_all_requests_may_be_repetitions() -> None:
    bucket = pace()
    saved = next(number for number in count() if not bucket.take_repetition())
    assert saved == 10
    for _ in range(100):
        bucket.count_command(0.0)
    assert next(number for number in count() if not bucket.take_repetition()) in {9, 10}


async def test_whoever_waits_for_a_turn_gets_it() -> None:
    bucket, ticks = pace(budget=1_000.0), count()
    for _ in range(2_500):
        await wait_for_read(bucket, lambda: Moment(next(ticks) / 1_000, 0.0))
    assert bucket.take_read(0.0) >= 0.0
