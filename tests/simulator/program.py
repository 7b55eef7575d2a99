"""A simulator that runs as a program."""

import json
import os
import subprocess
import sys
from pathlib import Path

import console

PROGRAM = [sys.executable, "-P", "-m", "console.simulator"]


ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(console.__file__).parents[1])}


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )


def ready(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    ready_line = json.loads(process.stdout.readline())
    assert set(ready_line) - {"control_token"} == {"base_url", "api_key", "public_key"}
    assert ready_line["base_url"].startswith("http://127.0.0.1:")
    assert ready_line["base_url"].endswith("/v2")
    return dict(ready_line)
