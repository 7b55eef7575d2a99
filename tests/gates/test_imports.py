"""Gate: the import contracts hold, and each of them finds a violation."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from support.checkout import ROOT

CHECK = (
    "import sys; from importlinter.cli import lint_imports;"
    " sys.exit(lint_imports(limit_to_contracts=tuple(sys.argv[1:]), no_cache=True, no_logo=True))"
)
CONTRACTS: list[dict[str, str]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"][
    "importlinter"
]["contracts"]

# Contract, file of console/ to add to (or to make), text to add.
VIOLATIONS = [
    ("layers", "core/model/listed_resources.py", "from console import settings"),
    ("layers", "ui/violation.py", "import console.sources"),
    ("layers", "runtime/violation.py", "def later() -> None:\n    import console.telnyx"),
    ("layers", "commands/violation.py", "import console.view"),
    ("layers", "attic/__init__.py", ""),
    ("simulator-imports-nothing-of-ours", "simulator/violation.py", "import console.core"),
    ("simulator-is-a-program-of-its-own", "cli.py", "import console.simulator"),
    ("ui-never-reaches-telnyx", "ui/violation.py", "import console.telnyx.errors"),
    ("headless-loads-no-screen", "headless.py", "import console.ui.app"),
    ("pure-packages", "core/violation.py", "import time"),
    ("pure-packages", "view/violation.py", "from logging import getLogger"),
    ("pure-packages", "commands/violation.py", "from pathlib import Path"),
    ("only-ui-draws", "view/violation.py", "from rich.text import Text"),
    ("pure-packages", "view/violation.py", "from rich.cells import cell_len"),
    ("one-door-to-http", "telnyx/violation.py", "import httpx"),
    ("one-door-for-webhooks", "sources/violation.py", "from aiohttp import web"),
    ("one-judge-of-signatures", "sources/violation.py", "from nacl.signing import VerifyKey"),
    ("parsing-stays-at-the-edge", "runtime/violation.py", "import pydantic"),
    ("no-cycles", "view/violation.py", "import console.view.other"),
]
_OTHER_HALF = {"no-cycles": ("view/other.py", "import console.view.violation")}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the package and its contracts, so that a test can break them."""
    caches = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "console", tmp_path / "console", ignore=caches)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the package in this folder, which -c puts first on the path."""
    return subprocess.run(
        [sys.executable, "-c", CHECK, *contracts],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contracts_are_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("contract", "file", "line"), VIOLATIONS)
def test_a_violation_is_caught(copy: Path, contract: str, file: str, line: str) -> None:
    for name, text in filter(None, [(file, line), _OTHER_HALF.get(contract)]):
        path = copy / "console" / name
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as source:
            source.write(f"\n{text}\n")
    done = lint(copy, contract)
    assert "1 broken" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 1


def test_every_contract_is_seen_to_catch_something() -> None:
    assert {contract for contract, _, _ in VIOLATIONS} == {each["id"] for each in CONTRACTS}
