"""Injected faults: each has a rate from 0 to 1 and a count of the times it took effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

T = TypeVar("T")

FAULTS: Mapping[str, str] = {
    "not-applied": "a command is answered 200 and changes nothing",
    "role-not-shown": "a role update is answered 200 and the old role stays listed",
    "answer-race": "a command for an answered call is refused with 90034, as if it were ringing",
    "page-shift": "every page after the first skips one entry",
    "odd-values": "one member of one item of a listing is absent or has an odd value",
    "stale-read": "a read gets the answer that the same read had about a second ago",
    "http-401": "a request is answered 401",
    "http-403": "a request is answered 403",
    "http-422": "a request is answered 422",
    "http-429": "a request is answered 429 with Retry-After",
    "http-429-bare": "a request is answered 429 without Retry-After",
    "http-500": "a request is answered 500, not executed",
    "http-503": "a request is answered 503, not executed",
    "http-502": "a request is answered 502 with HTML, not executed",
    "truncated-json": "a request is executed, and only half of the answer is sent",
    "slow": "a request is executed and answered after 8 s",
    "timeout-before": "the connection is dropped and the request is not executed",
    "timeout-after": "the request is executed, then the connection is dropped",
    "webhook-drop": "a webhook is never sent",
    "webhook-duplicate": "a webhook is sent twice",
    "webhook-delay": "a webhook is sent 5 s late",
    "webhook-reorder": "a webhook is sent after those of the next second",
    "webhook-bad-signature": "a webhook is signed with another key",
    "webhook-old": "a webhook has a valid signature with a time ten minutes ago",
}


class Faults:
    """The rate of each fault, and the number of times it took effect."""

    def __init__(self, rng: random.Random, rates: Mapping[str, float] | None = None) -> None:
        self._rng = rng
        self._rates = dict.fromkeys(FAULTS, 0.0)
        self._counts = dict.fromkeys(FAULTS, 0)
        for name, rate in (rates or {}).items():
            self.set_rate(name, rate)

    def set_rate(self, name: str, rate: float) -> None:
        """Set the rate of a fault.

        Raises:
            ValueError: For an unknown name or a rate outside 0 to 1.
        """
        if name not in self._rates:
            raise ValueError(f"no fault is named {name}; known are {', '.join(FAULTS)}")
        if not 0.0 <= rate <= 1.0:
            raise ValueError(f"the rate of {name} must be from 0 to 1, not {rate}")
        self._rates[name] = rate

    def is_armed(self, name: str) -> bool:
        """Return True if the rate of the fault is above 0."""
        return self._rates[name] > 0

    def strikes(self, name: str) -> bool:
        """Return True if the fault takes effect now, and count it.

        A rate of 0 draws no random number, so that the other numbers stay the same.
        """
        rate = self._rates[name]
        if not rate or self._rng.random() >= rate:
            return False
        self._counts[name] += 1
        return True

    def pick(self, options: Sequence[T]) -> T:
        """Return a random member of ``options``, from the random numbers of ``strikes``."""
        return options[self._rng.randrange(len(options))]

    def as_json(self) -> dict[str, dict[str, float]]:
        """Return the rate of each fault, and the number of times that it took effect."""
        return {
            name: {"rate": self._rates[name], "count": self._counts[name]} for name in self._rates
        }
