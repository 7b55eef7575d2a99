"""Tests for the demo's folder: it is removed, also after a killed demo, and nothing else is."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from console.runtime.demo_folder import PREFIX, demo_folder


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture(scope="module")
def ended() -> int:
    """Return the id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-S", "-c", ""])
    process.wait()
    return process.pid


def left(folder: Path, pid: int, name: str = "abc") -> Path:
    path = folder / f"{PREFIX}{pid}-{name}"
    path.mkdir()
    (path / "demo.db").write_text("rows")
    return path


def test_it_is_there_for_the_block_and_ours_alone(temporary: Path) -> None:
    with demo_folder() as folder:
        assert folder.parent == temporary
        assert folder.stat().st_mode & 0o777 == 0o700
    assert list(temporary.iterdir()) == []


def test_what_a_killed_demo_left_is_removed_at_the_next_start(temporary: Path, ended: int) -> None:
    left(temporary, ended)
    left(temporary, os.getpid())  # in a container every demo has the same process id
    with demo_folder() as folder:
        assert list(temporary.iterdir()) == [folder]


def test_a_demo_that_runs_keeps_its_folder(temporary: Path, ended: int) -> None:
    unlocked_yet = left(temporary, os.getppid())
    elsewhere = left(temporary, ended)  # of another container, which shares the folder
    handle = os.open(elsewhere, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with demo_folder() as one, demo_folder() as other:
        assert set(temporary.iterdir()) == {one, other, unlocked_yet, elsewhere}
    os.close(handle)
    assert (elsewhere / "demo.db").exists()


def test_nothing_of_another_kind_is_removed(temporary: Path, ended: int, tmp_path: Path) -> None:
    victim = left(tmp_path, 1, "victim")
    (temporary / f"{PREFIX}{ended}-link").symlink_to(victim)
    (temporary / f"{PREFIX}{ended}-file").write_text("a file")
    for name in ("telnyx-console-abc", f"{PREFIX}x-abc", f"{PREFIX}{ended}", f"my-{PREFIX}1-a"):
        (temporary / name).mkdir()
    before = set(temporary.iterdir())
    with demo_folder():
        pass
    assert set(temporary.iterdir()) == before
    assert (victim / "demo.db").exists()


def test_a_folder_of_another_user_is_left_alone(
    temporary: Path, ended: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = left(temporary, ended)
    monkeypatch.setattr(os, "geteuid", lambda: theirs.stat().st_uid + 1)
    with demo_folder():
        pass
    assert (theirs / "demo.db").exists()
