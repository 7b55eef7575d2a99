"""The demo's simulator, run as a child process that cannot outlive the console."""

from __future__ import annotations

import json
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

PHONE: Mapping[str, str] = {
    "connection_id": "2963500000000000123",
    "from_number": "+15125550100",
    "operator_number": "+15125550150",
}
"""Settings with which a demo dials the operator's own phone."""
PATIENCE_AT_START = 20.0
"""Seconds within which the simulator must report that it listens."""
PATIENCE = 3.0
"""Seconds between the request to end and killing the simulator."""


class SimulatorFailedError(Exception):
    """The simulator did not start. The text is one line for the operator."""


@dataclass(frozen=True, slots=True)
class SimulatorProcess:
    """Connection details of a running simulator: its URL, its API key, its signing key."""

    base_url: str
    api_key: str
    public_key: str


@contextmanager
def simulator(
    webhook_url: str, *, scenario: str, seed: int, speed: float
) -> Iterator[SimulatorProcess]:
    """Run a simulator that posts its webhooks to ``webhook_url`` until the block ends.

    Raises SimulatorFailedError if it does not start.
    """
    command = [sys.executable, "-P", "-m", "console.simulator", "--with-parent"]
    command += ["--webhook-url", webhook_url, "--scenario", scenario]
    command += ["--seed", str(seed), "--speed", str(speed)]
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(  # noqa: S603  # our own program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        ) as child,
    ):
        try:
            yield _ready(child, errors)
        finally:
            if child.stdin is not None:
                child.stdin.close()
            try:
                child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()


def _ready(child: subprocess.Popen[bytes], errors: IO[bytes]) -> SimulatorProcess:
    line = b""
    if child.stdout is not None and select.select([child.stdout], [], [], PATIENCE_AT_START)[0]:
        line = child.stdout.readline()
    try:
        ready = json.loads(line)
        return SimulatorProcess(ready["base_url"], ready["api_key"], ready["public_key"])
    except (ValueError, KeyError, TypeError):
        child.kill()
        child.wait()
        errors.seek(0)
        lines = errors.read().decode(errors="replace").strip().splitlines()
        raise SimulatorFailedError(lines[-1] if lines else "the simulator did not start") from None
