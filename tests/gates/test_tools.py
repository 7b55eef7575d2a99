"""Gate: ruff and mypy find nothing in the checkout."""

import subprocess
import sys

import pytest

from support.checkout import ROOT


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "--no-fix"],
        ["ruff", "format", "--check"],
        pytest.param(["mypy"], marks=pytest.mark.timeout(300)),  # its first run reads Textual
    ],
    ids=" ".join,
)
def test_the_sources_satisfy(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
