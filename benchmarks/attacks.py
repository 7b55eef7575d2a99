"""Whether slow and oversized senders are cut off, while a good one is served.

    python -m benchmarks.attacks

Seven attacks run against the receiver of a real console, one after another: a silent connection, a
header and a body that dribble, a body that stalls, a length of 10 MB, a compressed body, and 200
connections at once. Each must be over within 3.5 s. All the while a good sender delivers signed
webhooks on a connection of its own. About 20 seconds.
"""

from __future__ import annotations

import select
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from benchmarks.hooks import Sender, body, closed_api, console, request
from benchmarks.judge import Judge
from benchmarks.terminal import pause

BOUND_S = 3.5
DRIBBLE_S = 0.2
FLOOD = 200
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
        """Send; a connection that was cut off already is what is hoped for."""
        with suppress(OSError):
            self._socket.sendall(wire)

    def cut_off(self, patience: float = GIVE_UP_S) -> bool:
        """Whether the receiver closes the connection within so many seconds."""
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
        """Hang up."""
        self._socket.close()


def _alone(first: bytes, dribble: bytes = b"") -> Callable[[int], float]:
    """Send ``first``, then ``dribble`` byte by byte; seconds until the connection was cut off."""

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


def _flood(port: int) -> float:
    """Two hundred silent connections; seconds until the last was cut off."""
    began = time.perf_counter()
    attackers = [Attacker(port) for _ in range(FLOOD)]
    for attacker in attackers:
        attacker.cut_off(max(0.0, GIVE_UP_S - (time.perf_counter() - began)))
    for attacker in attackers:
        attacker.close()
    return time.perf_counter() - began


ATTACKS: Mapping[str, Callable[[int], float]] = {
    "a silent connection": _alone(b""),
    "headers that dribble": _alone(HEAD[:40], HEAD[40:]),
    "a body that stalls": _alone(WHOLE[:-20]),
    "a body that dribbles": _alone(HEAD + b"\r\n\r\n", CONTENT),
    "a length of 10 MB": _alone(
        b"POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n" + b"x" * 1000
    ),
    "a compressed body": _alone(
        HEAD + b"\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + CONTENT
    ),
    f"{FLOOD} connections at once": _flood,
}


class GoodSender(threading.Thread):
    """Signed webhooks at an even pace on one connection, until told to stop."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._sender = Sender(port)
        self._ended = threading.Event()
        self.statuses: list[int] = []
        self.worst = 0.0

    def run(self) -> None:
        """Send."""
        while not self._ended.wait(1 / GOOD_RATE):
            wire = request(body("conference.floor.changed", f"good{len(self.statuses)}"))
            try:
                status, took = self._sender.ask(wire)
            except OSError:
                status, took = 0, 0.0
                self._sender.close()
            self.statuses.append(status)
            self.worst = max(self.worst, took)

    def end(self) -> None:
        """Stop sending."""
        self._ended.set()
        self.join()


def main() -> int:
    """Attack and judge."""
    judge = Judge()
    with closed_api() as url, console(url) as running:
        pause(1)
        good = GoodSender(running.port)
        good.start()
        pause(1)
        for name, attack in ATTACKS.items():
            judge.most(name, attack(running.port), BOUND_S, "s")
        good.end()
        newcomer, _ = Sender(running.port).ask(request(body("conference.floor.changed", "new")))
    judge.say("a good sender meanwhile: webhooks", len(good.statuses), "")
    judge.same("  answered 200", good.statuses.count(200), len(good.statuses), "")
    judge.most("  the slowest of them", good.worst, 2.0, "s")
    judge.same("a new sender afterwards", newcomer, 200, "")
    return judge.code()


if __name__ == "__main__":
    sys.exit(main())
