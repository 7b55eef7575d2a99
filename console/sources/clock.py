"""The only module that reads the time; all others get moments as arguments."""

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
from console.core.model.listed_resources import Moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.core.messages.facts import Fact

_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""The monotonic clock, one that also counts while the machine sleeps if the system has it."""
_LOCALTIME = Path("/etc/localtime")
_LOOK_AGAIN = 1.0
"""Seconds between two checks of the zone file. One check takes 0.1 ms."""


class HostZone(tzinfo):
    """The time zone of this host, which follows a change of the zone file while the program runs.

    The rules come from the file that TZ names, else from ``localtime``. They are read again when
    the file is replaced; the C library reads the file only once (tzset(3)). The C library is used
    if TZ holds rules instead of a file name, or if no file could be read. ``steady`` returns
    monotonic seconds.
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
        """Return local time for a UTC time. ``datetime.fromtimestamp`` calls this."""
        return moment.replace(tzinfo=UTC).astimezone(self._current())

    def utcoffset(self, local: datetime | None) -> timedelta | None:
        """Return the offset from UTC at a local time."""
        return None if local is None else self._at(local).utcoffset()

    def tzname(self, local: datetime | None) -> str | None:
        """Return the name of the zone at a local time."""
        return None if local is None else self._at(local).tzname()

    def dst(self, _: datetime | None) -> None:
        """Return None, since ``utcoffset`` includes daylight saving time."""

    def _at(self, local: datetime) -> datetime:
        rules, naive = self._current(), local.replace(tzinfo=None)
        return naive.astimezone() if rules is None else naive.replace(tzinfo=rules)

    def _current(self) -> tzinfo | None:
        """Return the current rules, or None if the C library is to be used."""
        if self._steady() - self._looked >= _LOOK_AGAIN:
            self._looked = self._steady()
            self._look()
        return self._rules

    def _look(self) -> None:
        path = _zone_file(self._localtime)
        if path is None:
            self._rules = self._read = None
            return
        with suppress(OSError, ValueError):  # the file is being replaced, or does not exist
            found = path.stat()
            read = (path, found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)
            if read != self._read:
                self._read = read
                with path.open("rb") as file:
                    self._rules = ZoneInfo.from_file(file)


def _zone_file(localtime: Path) -> Path | None:
    """Return the file with the zone's rules, or None if TZ holds the rules itself (tzset(3))."""
    name = os.environ.get("TZ")
    if name is None:
        return localtime
    name = name.removeprefix(":")
    paths = [Path(name)] if name.startswith("/") else [Path(root, name) for root in TZPATH if name]
    return next((path for path in paths if path.is_file()), None)


def now() -> Moment:
    """Return the current moment. Do not compare its ``mono`` with an event loop's time."""
    return Moment(mono=time.clock_gettime(_STEADY), wall=time.time())


def boot() -> str:
    """Return an id of this start of the host. ``mono`` of two starts cannot be compared."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:  # outside Linux: the time at which the host was started
        return f"{time.time() - time.clock_gettime(_STEADY):.0f}"


async def tick(every: float, post: Callable[[Fact], None]) -> NoReturn:
    """Post a Ticked fact every ``every`` seconds until cancelled."""
    while True:
        await asyncio.sleep(every)
        post(Ticked(now()))
