"""A console over a simulated account, in a real terminal."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from support.house import Simulator, simulator
from support.signing import PUBLIC
from support.terminal import Terminal

CONSOLE = [sys.executable, "-P", "-m", "console"]


@contextmanager
def account() -> Iterator[tuple[Terminal, Simulator, str]]:
    """Run a console over a simulated account in a terminal; it also trusts the tests' own key."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}/webhooks"
    with simulator(url, "--scenario", "empty") as sim:
        env = {
            "TELNYX_API_KEY": sim.api_key,
            "TELNYX_PUBLIC_KEY": f"{sim.public_key},{PUBLIC}",
            "TELNYX_BASE_URL": sim.base_url,
        }
        command = [*CONSOLE, "--listen", f"127.0.0.1:{port}"]
        with Terminal(command, size=(120, 36), env=env) as terminal:
            terminal.wait_for("No conference is live.", timeout=20)
            yield terminal, sim, url
