"""The README's tables say what the program does."""

from __future__ import annotations

import re
from collections.abc import Mapping

from console.commands import COMMANDS
from console.commands.navigation_keys import NAVIGATION
from console.core.model.command import Command
from console.ui.keys import PANES, asks
from support.checkout import ROOT

README = ROOT / "README.md"


def key_table(commands: Mapping[str, Command] = COMMANDS) -> str:
    """The table as the catalog has it."""
    lines = ["| key | does | where | asks |", "|---|---|---|---|"]
    lines += [
        f"| `{c.shown}` | {c.words} | {PANES[c.panes]} | {asks(c)} |" for c in commands.values()
    ]
    lines += [f"| `{key.shown}` | {key.words} | | |" for key in NAVIGATION]
    return "\n".join(lines)


def test_the_key_table_is_the_catalogs() -> None:
    found = re.search(r"<!-- keys:.*?-->\n(.*?)\n?<!-- /keys -->", README.read_text(), re.DOTALL)
    assert found is not None
    assert found[1].strip() == key_table(), f"the README's key table should be:\n{key_table()}"


def test_every_dependency_has_its_reason() -> None:
    text = README.read_text()
    declared = (ROOT / "pyproject.toml").read_text()
    block = re.findall(r'^  "([A-Za-z0-9-]+)[=><]', declared, re.MULTILINE)
    table = text.split("## Dependencies")[1]
    assert [name for name in block if name not in table] == []
