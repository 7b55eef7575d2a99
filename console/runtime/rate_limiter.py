"""How fast the API may be asked: commands at once, reads from what is left.

Nothing in here knows the time or chance of itself: both are handed in.
"""

from __future__ import annotations

import asyncio
from math import pow as power
from typing import TYPE_CHECKING, TypeAlias

from console.runtime.breaker import Breaker

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.core.messages.facts import ApiAnswered
    from console.core.model.resources import Moment

Chance: TypeAlias = "Callable[[], float]"

RESERVE = 3.0
"""Tokens that only commands may take."""
BURST = 2.0
"""Seconds of budget that may be saved up."""
CEILING = 4.0
"""Times the budget that the rate-limit headers may grant, since nothing needs more."""
FIRST_WAIT = 0.5
LONGEST_BACKOFF = 30.0
LONGEST_WAIT = 60.0
LONGEST_DEBT = 20.0
"""Tokens that commands may run ahead; reads wait until it is paid."""
SLOWEST = 1 / 16
"""Share of the budget that is left to reads however often they were limited."""
RECOVERY = 1.1
"""Growth of that share for each quiet minute."""
RECOVERED = 60.0
"""Quiet minutes that make up for any number of limits; the growth of more has no use."""
REPEATS = 0.1
"""Share of all requests that may be repetitions of commands that failed."""
MOST_REPEATS = 10.0
"""Repetitions that may be saved up."""


class RateLimiter:
    """A token bucket that commands may overdraw. All times are monotonic seconds.

    Commands go out whatever happened. Reads leave a reserve to them, pause when they were limited
    or failed, and stop altogether, but for a probe, while they only fail. Which read goes next is
    not decided here but by ``sources.schedule``: verification first, then what is looked at.

    ``budget`` is in requests a second, until x-ratelimit-* says otherwise (Telnyx API, Rate
    limiting). ``chance`` gives numbers from 0 to 1.
    """

    def __init__(self, budget: float, now: float, chance: Chance) -> None:
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
    def broken(self) -> float | None:
        """When the next probe goes out; None while reads need none."""
        return self._breaker.until

    def pause(self, now: float) -> float:
        """Seconds until reads go on after they were limited or failed; the breaker aside."""
        return max(self._resumes - now, 0.0)

    @property
    def _capacity(self) -> float:
        return max(self._budget * BURST, RESERVE + 4.0)

    def command(self, now: float) -> None:
        """A command goes out. It never waits: reads pay for it."""
        self._count(now)
        self._tokens = max(self._tokens - 1.0, -LONGEST_DEBT)
        self._earn()

    def repeat(self) -> bool:
        """Whether a command that failed may be sent again, which is then counted.

        Repetitions of everything are what keeps a server down that is just coming back.
        """
        if self._repeats < 1.0:
            return False
        self._repeats -= 1.0
        return True

    def begin(self, now: float) -> float:
        """As ``ask``, for the first request of a reading."""
        wait = self._breaker.wait(now) or self.ask(now)
        if wait == 0.0:
            self._breaker.begun(now)
        return wait

    def insist(self, now: float) -> float:
        """As ``ask``, for the first request of a reading that the operator asked for.

        Neither the breaker nor a pause after failures holds it, and it is no probe. A rate limit
        does: what is left of it is the commands'.
        """
        self._count(now)
        if now < self._limited:
            return self._limited - now
        return self._take(now)

    def ask(self, now: float) -> float:
        """0.0 where a read may go out now, which is then counted; else seconds to wait."""
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

    def heard(self, answer: ApiAnswered) -> None:
        """What an answer said of the limit. A window without an end says nothing."""
        now = answer.at.mono
        if answer.remaining is None or answer.reset is None or answer.reset <= 0.0:
            return
        self._count(now)
        free = answer.remaining - RESERVE
        if free <= 0.0:
            self._limit(now, min(answer.reset, LONGEST_WAIT))
        else:
            self._rate = max(min(free / answer.reset, self._budget * CEILING), 1.0 / LONGEST_WAIT)

    def answered(self, now: float) -> None:
        """A read was answered, be it with a definite no."""
        self._failures = 0
        self._breaker.succeeded(now)

    def limited(self, now: float, asked: float | None) -> float:
        """A read was answered 429: reads pause, and go on at half their pace.

        ``asked`` is what the server asked us to wait. Returns the pause in seconds. Reads that
        were under way when the pause began do not lengthen it.
        """
        self._breaker.succeeded(now)
        if now >= self._resumes:
            self._failures += 1
            self._share = max(self._speed(now) / self._rate / 2.0, SLOWEST)
            self._shared = now
        half = self._backoff() / 2.0
        wait = max(asked or 0.0, half + self._chance() * half)
        return self._limit(now, min(wait, LONGEST_WAIT))

    def failed(self, now: float, asked: float | None = None) -> float:
        """A read failed on the way or at the server: reads pause for the seconds returned.

        ``asked`` is what the server asked us to wait.
        """
        self._breaker.failed(now)
        if self._breaker.until is None and now >= self._resumes:
            self._failures += 1
            self._pause(now, self._chance() * self._backoff())
        self._pause(now, min(asked or 0.0, LONGEST_WAIT))
        return max(self._resumes - now, self._breaker.wait(now))

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


async def turn(pace: RateLimiter, clock: Callable[[], Moment]) -> None:
    """Wait until a read may go out, and count it."""
    while (wait := pace.ask(clock().mono)) > 0.0:  # noqa: ASYNC110  tokens come with time alone
        await asyncio.sleep(wait)
