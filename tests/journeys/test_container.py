"""The console in a container: under an unknown user id, without a home."""

from __future__ import annotations

import os
import subprocess

import pytest

from support.house import PATIENCE, simulator
from support.signing import PUBLIC
from support.stranger import as_stranger, folder_of_stranger
from support.terminal import Terminal

READY = "No conference is live."
ACCOUNT = {"TELNYX_API_KEY": "KEY0123secret", "TELNYX_PUBLIC_KEY": PUBLIC}


def test_the_console_keeps_its_journal_where_xdg_state_home_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME")
    with simulator("", "--scenario", "empty") as sim, folder_of_stranger() as state:
        env = {
            "TELNYX_API_KEY": sim.api_key,
            "TELNYX_PUBLIC_KEY": sim.public_key,
            "TELNYX_BASE_URL": sim.base_url,
            "XDG_STATE_HOME": str(state),
        }
        with Terminal(as_stranger("--listen", "127.0.0.1:0"), env=env) as terminal:
            terminal.wait_for(READY, timeout=PATIENCE)
            terminal.send("q")
            assert terminal.wait_exit() == 0
            assert terminal.modes_restored()
        kept = sorted(path.name for path in (state / "telnyx-console").iterdir())
        assert {"default.db", "console.log"} <= set(kept)


ODD = {
    "COLUMNS": "200",
    "LINES": "60",
    "LANG": "C",
    "LC_ALL": "xx_YY.UTF-8",
    "TERM": "",
    "PYTHONOPTIMIZE": "2",
    "PYTHONWARNINGS": "error",
}
"""Variables that shells and images set. The demo uses its terminal alone."""


def test_the_demo_needs_no_home_and_heeds_no_odd_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        monkeypatch.delenv(name)
    with folder_of_stranger() as folder:
        with Terminal(as_stranger("demo", "empty"), env={**ODD, "TMPDIR": str(folder)}) as terminal:
            terminal.wait_for(READY, timeout=PATIENCE)
            assert terminal.text()[-1].rstrip().endswith("? keys"), "80 columns and 24 lines"
            terminal.send("q")
            assert terminal.wait_exit() == 0
        assert list(folder.iterdir()) == []


def test_without_a_folder_the_variable_that_names_one_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        monkeypatch.delenv(name)
    done = subprocess.run(
        as_stranger("receiver", "--listen", "127.0.0.1:0"),
        env={**os.environ, **ACCOUNT},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("telnyx-console: ")
    assert done.stderr.count("\n") == 1
    assert "set XDG_STATE_HOME to the absolute path of a folder" in done.stderr
