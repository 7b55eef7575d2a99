"""A program in a process whose host can ail: its clock, its disk, its names.

    python -m benchmarks.rig.ailing MODULE [ARGUMENTS]

The program is run as it is, on real files and real sockets. What it has of its host goes by a door
of ours first: the wall clock (``time.time``, which the console reads in one place), the disk below
SQLite (`benchmarks.rig.vfs`) and the resolver (``socket.getaddrinfo``). Which of them ails stands
in the environment at the start, and is told at a socket later: a JSON object in, one out.
"""

from __future__ import annotations

import json
import os
import runpy
import socket
import sys
import threading
import time
from contextlib import suppress
from typing import Any

from benchmarks.rig.vfs import Disk

ILLS = "RIG_ILLS"
"""In the environment: ``clock`` in seconds, ``disk`` as in vfs.FAILURES, ``dns`` true or false."""


def door(pid: int) -> str:
    """Where a process is told of its ills (unix(7), abstract)."""
    return f"\0rig of {pid}"


class Host:
    """What of the host can ail."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._nameless = False
        self._unnamed = 0
        self._disk = Disk()
        self._time = time.time
        self._resolve = socket.getaddrinfo
        setattr(time, "time", lambda: self._time() + self._ahead)  # noqa: B010  # as a step does
        setattr(socket, "getaddrinfo", self._named)  # noqa: B010

    def ail(self, told: dict[str, Any]) -> dict[str, object]:
        """From now on as told, and what is not told of as before; how it is."""
        self._ahead = told.get("clock", self._ahead)
        if "disk" in told:
            self._disk.fail(told["disk"])
        if "dns" in told:
            self._nameless, self._unnamed = told["dns"], 0
        return {"wall": time.time(), "disk": self._disk.refused, "dns": self._unnamed}

    def _named(self, *asked: Any, **how: Any) -> Any:  # noqa: ANN401  # as it is handed on
        if self._nameless:
            self._unnamed += 1
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return self._resolve(*asked, **how)

    def listen(self) -> None:
        """Hear what ails, until the process ends."""
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(door(os.getpid()))
            listener.listen()
            while True:
                with suppress(OSError, ValueError), listener.accept()[0] as line:
                    told = self.ail(json.loads(line.recv(4096)))
                    line.sendall(json.dumps(told).encode() + b"\n")


def main() -> None:
    """Be the program."""
    host = Host()
    host.ail(json.loads(os.environ.pop(ILLS, "{}")))
    threading.Thread(target=host.listen, name="ills", daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
