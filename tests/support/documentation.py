"""The documentation as data: its pages, its links, and its key table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from console.commands import COMMANDS
from console.commands.command_line import pane_names
from console.commands.navigation_keys import NAVIGATION
from console.core.model.command import Command
from console.ui.keys import asks
from support.checkout import ROOT, project_files

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
MODULE = re.compile(r"(?<![\w/.:-])((?:\w+/)*\w+\.py)\b")
FOLDER = re.compile(r"`((?:\w+/)+)`|^ *((?:\w+/)+)(?= |$)", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """Return every Markdown file of the project."""
    return [path for path in project_files() if path.suffix == ".md"]


def key_table(commands: Mapping[str, Command] = COMMANDS) -> str:
    """Return the key table that the catalogue gives."""
    lines = ["| key | does | where | asks |", "|---|---|---|---|"]
    lines += [
        f"| `{c.how_to_start}` | {c.words} | {pane_names(c.panes)} | {asks(c)} |"
        for c in commands.values()
    ]
    lines += [f"| `{key.shown}` | {key.words} | | |" for key in NAVIGATION]
    return "\n".join(lines)


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path, text: str) -> Iterator[str]:
    """Yield the relative links of a page without an existing file or heading."""
    for link in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        there = target.exists() and ROOT in (target, *target.parents)
        headed = there and (not anchor or anchor in anchors(_read(target, page, text)))
        if not headed:
            yield link


def missing_paths(text: str) -> Iterator[str]:
    """Yield the modules and folders named in ``text`` that no project file's path has in it."""
    paths = [f"/{path.relative_to(ROOT)}" for path in project_files()]
    for module in MODULE.findall(text):
        if not any(path.endswith(f"/{module}") for path in paths):
            yield module
    for folder in (quoted or listed for quoted, listed in FOLDER.findall(text)):
        if not any(f"/{folder}" in path for path in paths):
            yield folder


def _read(target: Path, page: Path, text: str) -> str:
    return text if target == page else target.read_text(encoding="utf-8")
