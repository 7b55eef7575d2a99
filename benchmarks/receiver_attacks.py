"""Measure that the receiver cuts off slow and oversized senders, and still serves a good one.

    python -m benchmarks.receiver_attacks

Eight attacks run against the receiver of a real console, one after another: a silent connection, a
header and a body sent byte by byte, a body that stalls, a length of 10 MB, a compressed body, and
200 and 900 silent connections at once. Each must be cut off within 3.5 s, the last within 6.
Meanwhile one good sender delivers signed webhooks over one connection, and another opens a new
connection for each. At the end an API answers a console with gzip within gzip that expands to 700
MB. It takes about 40 seconds.
"""

from __future__ import annotations

import gzip
import io
import select
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from benchmarks.console_under_test import (
    REFUSAL,
    Sender,
    answering_api,
    body,
    closed_api,
    console,
    request,
)
from benchmarks.pseudo_terminal import pause
from benchmarks.targets import Targets

BOUND_S, GREAT_BOUND_S = 3.5, 6.0
"""Seconds. A silent connection is given 3 s after it is accepted; accepting 900 takes 1 to 2 s."""
DRIBBLE_S = 0.2
FLOOD, GREAT_FLOOD = 200, 900
BOMB_MB, MEMORY_MB = 700, 64
"""Megabytes that the answer expands to, and that the console may use for it."""
BOMB_S = 4.0
"""Seconds for which a console reads such answers."""
GOOD_RATE = 20
GIVE_UP_S = 10.0

WHOLE = request(body("conference.floor.changed", "attack"))
HEAD, _, CONTENT = WHOLE.partition(b"\r\n\r\n")


class Attacker:
    """One connection to the receiver."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=GIVE_UP_S)
        self.began = time.perf_counter()

    def send(self, wire: bytes) -> None:
        """Send bytes. A connection that is cut off already is the desired result, and no error."""
        with suppress(OSError):
            self._socket.sendall(wire)

    def cut_off(self, patience: float = GIVE_UP_S) -> bool:
        """Return True if the receiver closes the connection within ``patience`` seconds."""
        deadline = time.perf_counter() + patience
        while (left := deadline - time.perf_counter()) > 0:
            if select.select([self._socket], [], [], left)[0]:
                try:
                    if not self._socket.recv(65536):
                        return True
                except OSError:
                    return True
        return False

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


def _alone(first: bytes, dribble: bytes = b"") -> Callable[[int], float]:
    """Return an attack that sends ``first``, then ``dribble`` byte by byte.

    The attack returns the seconds until its connection was cut off.
    """

    def attack(port: int) -> float:
        attacker = Attacker(port)
        attacker.send(first)
        for byte in dribble:
            if attacker.cut_off(DRIBBLE_S):
                break
            attacker.send(bytes([byte]))
            if time.perf_counter() - attacker.began > GIVE_UP_S:
                break
        else:
            attacker.cut_off()
        attacker.close()
        return time.perf_counter() - attacker.began

    return attack


def _flood(number: int) -> Callable[[int], float]:
    """Return an attack that opens ``number`` silent connections.

    The attack returns the seconds from the last connection until all were cut off.
    """

    def attack(port: int) -> float:
        attackers = [Attacker(port) for _ in range(number)]
        began = time.perf_counter()
        for attacker in attackers:
            attacker.cut_off(max(0.0, GIVE_UP_S - (time.perf_counter() - began)))
        for attacker in attackers:
            attacker.close()
        return time.perf_counter() - began

    return attack


ATTACKS: Mapping[str, Callable[[int], float]] = {
    "a silent connection": _alone(b""),
    "headers sent byte by byte": _alone(HEAD[:40], HEAD[40:]),
    "a body that stalls": _alone(WHOLE[:-20]),
    "a body sent byte by byte": _alone(HEAD + b"\r\n\r\n", CONTENT),
    "a length of 10 MB": _alone(
        b"POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n" + b"x" * 1000
    ),
    "a compressed body": _alone(
        HEAD + b"\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + CONTENT
    ),
    f"{FLOOD} connections at once": _flood(FLOOD),
    f"{GREAT_FLOOD} connections at once": _flood(GREAT_FLOOD),
}


class GoodSender(threading.Thread):
    """Sends signed webhooks at an even pace until ended; over one connection if it ``stays``."""

    def __init__(self, port: int, *, stays: bool = True) -> None:
        super().__init__(daemon=True)
        self._sender = Sender(port)
        self._stays = stays
        self._ended = threading.Event()
        self.statuses: list[int] = []
        self.worst = 0.0

    def run(self) -> None:
        """Send until ended."""
        while not self._ended.wait(1 / GOOD_RATE):
            name = f"good{self._stays}{len(self.statuses)}"
            wire = request(body("conference.floor.changed", name))
            try:
                status, took = self._sender.ask(wire)
            except OSError:
                status, took = 0, 0.0
                self._sender.close()
            if not self._stays:
                self._sender.close()
            self.statuses.append(status)
            self.worst = max(self.worst, took)

    def end(self) -> None:
        """Stop sending."""
        self._ended.set()
        self.join()


def _bomb() -> bytes:
    """Return an HTTP answer of a few kilobytes, gzip within gzip, that expands to ``BOMB_MB``."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1) as packer:
        for _ in range(BOMB_MB):
            packer.write(b" " * (1024 * 1024))
    content = gzip.compress(packed.getvalue())
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip, gzip\r\n"
        f"Content-Length: {len(content)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + content


def _peak_mb(answer: bytes) -> float:
    """Return the peak memory in MB (proc(5), VmHWM) of a console whose API gives this answer."""
    with answering_api(answer) as url, console(url) as running:
        pause(BOMB_S)
        status = Path(f"/proc/{running.pty.process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> int:
    """Run the attacks, compare with the targets and return the exit code."""
    targets = Targets()
    with closed_api() as url, console(url) as running:
        pause(1)
        good, newcomers = GoodSender(running.port), GoodSender(running.port, stays=False)
        good.start()
        newcomers.start()
        pause(1)
        for name, attack in ATTACKS.items():
            bound = GREAT_BOUND_S if name.startswith(str(GREAT_FLOOD)) else BOUND_S
            targets.at_most(name, attack(running.port), bound, "s")
        good.end()
        newcomers.end()
    for who, sender in ("a good sender", good), ("a good sender, new connections", newcomers):
        targets.show(f"{who}: webhooks sent meanwhile", len(sender.statuses), "")
        targets.equal("  answered 200", sender.statuses.count(200), len(sender.statuses), "")
        targets.at_most("  slowest answer", sender.worst, 2.0, "s")
    usual, bombed = _peak_mb(REFUSAL), _peak_mb(_bomb())
    targets.at_most(f"memory for {BOMB_MB} MB of gzip in gzip", bombed - usual, MEMORY_MB, "MB")
    return targets.exit_code()


if __name__ == "__main__":
    sys.exit(main())
