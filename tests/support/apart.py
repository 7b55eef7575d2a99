"""Processes forked from one that has our programs loaded, so that they start at once."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection

from console.simulator import cli

FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["console.simulator.run_until_stopped", "console.headless"])


@contextmanager
def simulator_process(flags: Sequence[str]) -> Iterator[str]:
    """Run a simulator until the block ends or this process dies; yield its ready line."""
    alive, life = FORKING.Pipe(duplex=False)
    heard, said = FORKING.Pipe(duplex=False)
    process = FORKING.Process(target=_simulate, args=(alive, said, ["--with-parent", *flags]))
    process.start()
    alive.close()
    said.close()
    with life, heard, open(heard.fileno(), closefd=False, encoding="utf-8") as lines:
        yield lines.readline()
    process.join(10)
    assert process.exitcode == 0


def _simulate(alive: Connection, said: Connection, argv: Sequence[str]) -> None:
    """Run ``python -m console.simulator`` with the pipes as its standard input and output."""
    os.dup2(alive.fileno(), 0)
    os.dup2(said.fileno(), 1)
    said.close()
    sys.stdout = open(1, "w", closefd=False, encoding="utf-8")  # noqa: SIM115  # until it exits
    sys.exit(cli.main(argv))
