"""Runs a program with injected faults in its clock, disk and name resolution.

    python -m benchmarks.chaos_rig.faulty_host MODULE [ARGUMENTS]

The program runs unchanged on real files and sockets. Three parts of its host are wrapped: the wall
clock (``time.time``, which the console reads in one place), the disk below SQLite
(`benchmarks.chaos_rig.failing_vfs`) and the resolver (``socket.getaddrinfo``). The environment sets
the faults at the start, and a socket changes them later: one JSON object in, one out.
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

from benchmarks.chaos_rig.failing_vfs import Disk

FAULTS_VARIABLE = "RIG_ILLS"
"""Environment variable: ``clock`` in seconds, ``disk`` from vfs.FAILURES, ``dns`` true or false."""


def control_address(pid: int) -> str:
    """Return the address of the control socket of a process (unix(7), abstract)."""
    return f"\0rig of {pid}"


class Host:
    """The wrapped parts of the host."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._nameless = False
        self._unnamed = 0
        self._disk = Disk()
        self._time = time.time
        self._resolve = socket.getaddrinfo
        setattr(time, "time", lambda: self._time() + self._ahead)  # noqa: B010  # like a step of the clock
        setattr(socket, "getaddrinfo", self._named)  # noqa: B010

    def set_faults(self, faults: dict[str, Any]) -> dict[str, object]:
        """Change the given faults and keep the others; return the current effects."""
        self._ahead = faults.get("clock", self._ahead)
        if "disk" in faults:
            self._disk.fail(faults["disk"])
        if "dns" in faults:
            self._nameless, self._unnamed = faults["dns"], 0
        return {"wall": time.time(), "disk": self._disk.refused, "dns": self._unnamed}

    def _named(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # arguments are passed on
        if self._nameless:
            self._unnamed += 1
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return self._resolve(*args, **kwargs)

    def listen(self) -> None:
        """Accept changes of the faults until the process ends."""
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(control_address(os.getpid()))
            listener.listen()
            while True:
                with suppress(OSError, ValueError), listener.accept()[0] as line:
                    faults = self.set_faults(json.loads(line.recv(4096)))
                    line.sendall(json.dumps(faults).encode() + b"\n")


def main() -> None:
    """Wrap the host, then run the program."""
    host = Host()
    host.set_faults(json.loads(os.environ.pop(FAULTS_VARIABLE, "{}")))
    threading.Thread(target=host.listen, name="ills", daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
