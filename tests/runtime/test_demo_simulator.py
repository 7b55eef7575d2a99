"""Tests for the demo's simulator: it starts, ends with the block, and says why it did not start."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import httpx
import pytest

from console.runtime import demo_simulator
from console.runtime.demo_simulator import SimulatorFailedError, simulator

NOWHERE = "http://127.0.0.1:9/webhooks"


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Return the list that each started process is added to."""
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401  # Popen's own
            super().__init__(*args, **more)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return started


def test_it_comes_up_and_is_gone_after_the_block(
    children: list[subprocess.Popen[bytes]],
) -> None:
    with simulator(NOWHERE, scenario="empty", seed=1, speed=1.0) as there:
        assert there.base_url.startswith("http://127.0.0.1:")
        assert there.public_key
        bearer = {"Authorization": f"Bearer {there.api_key}"}
        answer = httpx.get(f"{there.base_url}/conferences", headers=bearer)
        assert answer.status_code == 200
        assert answer.json()["data"] == []
    assert [child.returncode for child in children] == [0]
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{there.base_url}/conferences")


def test_it_is_gone_after_an_error_in_the_block_too(
    children: list[subprocess.Popen[bytes]],
) -> None:
    with (
        pytest.raises(LookupError),
        simulator(NOWHERE, scenario="empty", seed=1, speed=1.0),
    ):
        raise LookupError("the console failed")
    assert [child.returncode for child in children] == [0]


def test_what_it_cannot_play_is_one_line_and_leaves_nothing_behind(
    children: list[subprocess.Popen[bytes]],
) -> None:
    with (
        pytest.raises(SimulatorFailedError) as failure,
        simulator(NOWHERE, scenario="no-such-play", seed=1, speed=1.0),
    ):
        pytest.fail("there is no such scenario")
    told = str(failure.value)
    assert "no-such-play" in told
    assert len(told.splitlines()) == 1
    assert "Traceback" not in told
    assert children[0].poll() is not None


def test_one_that_says_nothing_and_one_that_says_nonsense_are_failures(
    monkeypatch: pytest.MonkeyPatch, children: list[subprocess.Popen[bytes]]
) -> None:
    for program, told in (("/bin/true", "the simulator did not start"), ("/bin/echo", "start")):
        monkeypatch.setattr(sys, "executable", program)
        with (
            pytest.raises(SimulatorFailedError, match=told),
            simulator(NOWHERE, scenario="empty", seed=1, speed=1.0),
        ):
            pytest.fail("that is no simulator")
    assert all(child.poll() is not None for child in children)


def test_one_that_does_not_end_when_told_is_killed(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    children: list[subprocess.Popen[bytes]],
) -> None:
    deaf = tmp_path_factory.mktemp("deaf") / "simulator"
    ready = '{"base_url": "b", "api_key": "k", "public_key": "p"}'
    deaf.write_text(f"#!/bin/sh\necho '{ready}'\nexec /bin/sleep 600 </dev/null\n")
    deaf.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(deaf))
    monkeypatch.setattr(demo_simulator, "PATIENCE", 0.05)
    with simulator(NOWHERE, scenario="empty", seed=1, speed=1.0) as there:
        assert (there.base_url, there.api_key, there.public_key) == ("b", "k", "p")
    assert children[0].returncode == -9
