"""The only reader of the time. Everyone else is handed ``now``, or a moment."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from console.core.facts import Ticked
from console.core.things import Moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.core.facts import Fact

_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Goes on while the machine sleeps, where the system has such a clock: ages stay true."""


def now() -> Moment:
    """This instant. ``mono`` is not comparable with an event loop's own time."""
    return Moment(mono=time.clock_gettime(_STEADY), wall=time.time())


def boot() -> str:
    """Which start of this host it is: ``mono`` of two of them cannot be compared."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:  # no such file outside Linux; then it is the moment the host was started
        return f"{time.time() - time.clock_gettime(_STEADY):.0f}"


async def tick(every: float, post: Callable[[Fact], None]) -> NoReturn:
    """Post that time passed, once every ``every`` seconds, until cancelled."""
    while True:
        await asyncio.sleep(every)
        post(Ticked(now()))
