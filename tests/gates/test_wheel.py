"""The wheel holds what the console needs to run, and nothing else."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.checkout import ROOT

OURS = re.compile(
    r"""
    console/(?:[a-z_0-9]+/)*[a-z_0-9]+\.py
  | console/py\.typed
  | console/simulator/scenarios/(?:data/)?[a-z-]+\.toml
  | console/styles/[a-z_]+\.tcss
    """,
    re.VERBOSE,
)
ABOUT = {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """Build the wheel with hatchling; nothing is downloaded."""
    folder = tmp_path_factory.mktemp("wheel")
    command = ["hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(
        [sys.executable, "-P", "-m", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.iterdir()
    with zipfile.ZipFile(built) as opened:
        yield opened


def about(wheel: zipfile.ZipFile, name: str) -> str:
    (path,) = (each for each in wheel.namelist() if each.endswith(f".dist-info/{name}"))
    return wheel.read(path).decode()


def test_nothing_else_is_in_it(wheel: zipfile.ZipFile) -> None:
    rest = {name for name in wheel.namelist() if not OURS.fullmatch(name)}
    assert {name.split("/", 1)[1] for name in rest} == ABOUT
    assert all(re.match(r"telnyx_console-[0-9.]+\.dist-info/", name) for name in rest)


def test_nothing_is_missing(wheel: zipfile.ZipFile) -> None:
    package = {
        path.relative_to(ROOT)
        for pattern in ("*.py", "*.toml", "py.typed")
        for path in (ROOT / "console").rglob(pattern)
    }
    styles = {Path("console", path.relative_to(ROOT)) for path in (ROOT / "styles").iterdir()}
    assert {path.as_posix() for path in package | styles} <= set(wheel.namelist())


def test_it_brings_its_command_and_its_licence(wheel: zipfile.ZipFile) -> None:
    assert "telnyx-console = console.cli:main" in about(wheel, "entry_points.txt")
    assert about(wheel, "licenses/LICENSE") == (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Provides-Extra: test" in about(wheel, "METADATA")
