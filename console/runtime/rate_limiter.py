"""The rate limiter for API requests: commands go at once, reads get the rest of the budget.

The caller passes in the time and the random numbers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import pow as power

from console.core.messages.facts import ApiAnswered
from console.core.model.listed_resources import Moment
from console.runtime.circuit_breaker import Breaker

RESERVE = 3.0
"""Tokens that only commands may take."""
BURST = 2.0
"""Seconds of budget that the bucket can hold."""
CEILING = 4.0
"""Highest rate that the rate-limit headers may grant, as a multiple of the budget."""
FIRST_WAIT = 0.5
"""Longest pause in seconds after the first failure; each further failure doubles it."""
LONGEST_BACKOFF = 30.0
"""Upper limit in seconds of that doubling."""
LONGEST_WAIT = 60.0
"""Upper limit in seconds of a wait that the server asks for."""
LONGEST_DEBT = 20.0
"""Tokens that commands may overdraw. Reads wait until they are earned back."""
SLOWEST = 1 / 16
"""Lowest share of the budget for reads, however often they were limited."""
RECOVERY = 1.1
"""Growth factor of that share for each minute without a limit."""
RECOVERED = 60.0
"""Minutes after which the share no longer grows. Guards against overflow."""
REPEATS = 0.1
"""Share of all requests that may be repetitions of failed commands."""
MOST_REPEATS = 10.0
"""Most repetitions that can be saved up."""


class RateLimiter:
    """A token bucket that commands may overdraw. All times are monotonic seconds.

    Commands are never held. Reads leave a reserve for commands and pause after a limit or a
    failure. While all reads fail, only probes go out. ``sources.schedule`` decides which read is
    next: checks of commands first, then what is on the screen.

    ``budget`` is in requests per second, until the x-ratelimit-* headers say otherwise (Telnyx
    API, Rate limiting). ``chance`` returns random numbers from 0 to 1.
    """

    def __init__(self, budget: float, now: float, chance: Callable[[], float]) -> None:
        self._budget = budget
        self._rate = budget
        self._tokens = self._capacity
        self._counted = now
        self._resumes = now
        self._limited = now
        self._failures = 0
        self._share = 1.0
        self._shared = now
        self._chance = chance
        self._breaker = Breaker(chance)
        self._repeats = MOST_REPEATS

    @property
    def next_probe(self) -> float | None:
        """Time of the breaker's next probe; None while the breaker is closed."""
        return self._breaker.next_probe

    def pause_left(self, now: float) -> float:
        """Return the seconds left of a pause after a limit or a failure, without the breaker's."""
        return max(self._resumes - now, 0.0)

    @property
    def _capacity(self) -> float:
        return max(self._budget * BURST, RESERVE + 4.0)

    def count_command(self, now: float) -> None:
        """Count a command that goes out now. Commands never wait; reads wait longer instead."""
        self._count(now)
        self._tokens = max(self._tokens - 1.0, -LONGEST_DEBT)
        self._earn()

    def take_repetition(self) -> bool:
        """Return True if a failed command may be sent again, and count the repetition.

        A server that is coming back goes down again if every client repeats everything.
        """
        if self._repeats < 1.0:
            return False
        self._repeats -= 1.0
        return True

    def take_scheduled_read(self, now: float) -> float:
        """Do what ``take_read`` does, for the first request of a read. The breaker may delay it."""
        wait = self._breaker.delay(now) or self.take_read(now)
        if wait == 0.0:
            self._breaker.on_start(now)
        return wait

    def take_manual_read(self, now: float) -> float:
        """Do what ``take_read`` does, for the first request of a read that the operator asked for.

        The breaker and pauses after failures do not delay it, and it does not count as a probe.
        A rate limit does delay it, since the rest of the limit is for commands.
        """
        self._count(now)
        if now < self._limited:
            return self._limited - now
        return self._take(now)

    def take_read(self, now: float) -> float:
        """Return 0.0 and count a read if it may go out now; else return the seconds to wait."""
        self._count(now)
        if now < self._resumes:
            return self._resumes - now
        return self._take(now)

    def _take(self, now: float) -> float:
        lacking = RESERVE + 1.0 - self._tokens
        if lacking > 0.0:
            return lacking / self._speed(now)
        self._tokens -= 1.0
        self._earn()
        return 0.0

    def apply_headers(self, answer: ApiAnswered) -> None:
        """Adapt the rate to the x-ratelimit-* headers of an answer; ignore incomplete ones."""
        now = answer.at.mono
        if answer.remaining is None or answer.reset is None or answer.reset <= 0.0:
            return
        self._count(now)
        free = answer.remaining - RESERVE
        if free <= 0.0:
            self._limit(now, min(answer.reset, LONGEST_WAIT))
        else:
            self._rate = max(min(free / answer.reset, self._budget * CEILING), 1.0 / LONGEST_WAIT)

    def on_answer(self, now: float) -> None:
        """Record that a read was answered, also if the answer was a refusal."""
        self._failures = 0
        self._breaker.on_answer(now)

    def on_limit(self, now: float, asked: float | None) -> float:
        """Pause reads after a 429, then let them go on at half their rate.

        ``asked`` is the wait in seconds that the server asked for. Returns the pause in seconds.
        Reads that were sent before the pause began do not lengthen it.
        """
        self._breaker.on_answer(now)
        if now >= self._resumes:
            self._failures += 1
            self._share = max(self._speed(now) / self._rate / 2.0, SLOWEST)
            self._shared = now
        half = self._backoff() / 2.0
        wait = max(asked or 0.0, half + self._chance() * half)
        return self._limit(now, min(wait, LONGEST_WAIT))

    def on_failure(self, now: float, asked: float | None = None) -> float:
        """Pause reads after a network or server failure. Return the pause in seconds.

        ``asked`` is the wait in seconds that the server asked for.
        """
        self._breaker.on_failure(now)
        if self._breaker.next_probe is None and now >= self._resumes:
            self._failures += 1
            self._pause(now, self._chance() * self._backoff())
        self._pause(now, min(asked or 0.0, LONGEST_WAIT))
        return max(self._resumes - now, self._breaker.delay(now))

    def _earn(self) -> None:
        self._repeats = min(self._repeats + REPEATS, MOST_REPEATS)

    def _backoff(self) -> float:
        doublings = min(max(self._failures - 1, 0), 10)
        return min(FIRST_WAIT * 2.0**doublings, LONGEST_BACKOFF)

    def _limit(self, now: float, wait: float) -> float:
        self._limited = max(self._limited, now + wait)
        return self._pause(now, wait)

    def _pause(self, now: float, wait: float) -> float:
        self._resumes = max(self._resumes, now + wait)
        return self._resumes - now

    def _speed(self, now: float) -> float:
        quiet = min(max(now - self._shared, 0.0) / 60.0, RECOVERED)
        return self._rate * min(self._share * power(RECOVERY, quiet), 1.0)

    def _count(self, now: float) -> None:
        passed = max(now - self._counted, 0.0)
        self._tokens = min(self._tokens + passed * self._speed(now), self._capacity)
        self._counted = now


async def wait_for_read(limiter: RateLimiter, clock: Callable[[], Moment]) -> None:
    """Wait until a read may go out, and count it."""
    while (wait := limiter.take_read(clock().mono)) > 0.0:  # noqa: ASYNC110  tokens are earned by time alone
        await asyncio.sleep(wait)
