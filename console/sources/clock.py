"""The only reader of the time. Everyone else is handed ``now``, or a moment."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from zoneinfo import TZPATH, ZoneInfo

from console.core.messages.facts import Ticked
from console.core.model.resources import Moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.core.messages.facts import Fact

_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Goes on while the machine sleeps, where the system has such a clock: ages stay true."""


_LOCALTIME = Path("/etc/localtime")
_LOOK_AGAIN = 1.0
"""Seconds until it is looked again which file holds the rules of the zone; to look takes 0.1 ms."""


class HostZone(tzinfo):
    """The local time of this host, each moment by the rules that hold at that moment.

    The rules are those of the file that TZ names, or of ``localtime``, and are read again when
    another file is there. The C library reads that file only once (tzset(3)). It is asked where TZ
    holds rules instead of a file's name, and where no file was ever read. ``steady`` gives seconds
    that only grow.
    """

    def __init__(
        self,
        localtime: Path = _LOCALTIME,
        steady: Callable[[], float] = lambda: time.clock_gettime(_STEADY),
    ) -> None:
        self._localtime = localtime
        self._steady = steady
        self._looked = float("-inf")
        self._read: tuple[object, ...] | None = None
        self._rules: ZoneInfo | None = None

    def fromutc(self, moment: datetime) -> datetime:
        """Local time, as ``datetime.fromtimestamp`` asks for it."""
        return moment.replace(tzinfo=UTC).astimezone(self._current())

    def utcoffset(self, local: datetime | None) -> timedelta | None:
        """The offset at a local time."""
        return None if local is None else self._at(local).utcoffset()

    def tzname(self, local: datetime | None) -> str | None:
        """The name of the zone at a local time."""
        return None if local is None else self._at(local).tzname()

    def dst(self, _: datetime | None) -> None:
        """Unknown; ``utcoffset`` includes it."""

    def _at(self, local: datetime) -> datetime:
        rules, naive = self._current(), local.replace(tzinfo=None)
        return naive.astimezone() if rules is None else naive.replace(tzinfo=rules)

    def _current(self) -> tzinfo | None:
        """The rules as they are now; None for those of the C library."""
        if self._steady() - self._looked >= _LOOK_AGAIN:
            self._looked = self._steady()
            self._look()
        return self._rules

    def _look(self) -> None:
        path = _zone_file(self._localtime)
        if path is None:
            self._rules = self._read = None
            return
        with suppress(OSError, ValueError):  # it is being replaced, or was never there
            found = path.stat()
            read = (path, found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)
            if read != self._read:
                self._read = read
                with path.open("rb") as file:
                    self._rules = ZoneInfo.from_file(file)


def _zone_file(localtime: Path) -> Path | None:
    """The file that holds the rules; None where TZ holds them itself (tzset(3))."""
    name = os.environ.get("TZ")
    if name is None:
        return localtime
    name = name.removeprefix(":")
    paths = [Path(name)] if name.startswith("/") else [Path(root, name) for root in TZPATH if name]
    return next((path for path in paths if path.is_file()), None)


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
