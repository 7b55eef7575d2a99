"""Key bindings and help entries, made from the command records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.binding import Binding

from console.commands.command_line import pane_names
from console.commands.navigation_keys import NAVIGATION
from console.core.model.command import Command, ConfirmationLevel


@dataclass(frozen=True, slots=True)
class HelpKey:
    """One entry of the help screen: the key as printed, what it does, and a note."""

    key: str
    words: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HelpGroup:
    """Help entries under a common title."""

    title: str
    keys: tuple[HelpKey, ...]


ONE_AT_ONCE = "at once for one, asks for more"
LEVELS = {
    ConfirmationLevel.AT_ONCE: "at once",
    ConfirmationLevel.DIALOG: "asks for details",
    ConfirmationLevel.CONFIRM: "asks yes or no",
    ConfirmationLevel.TYPED: "asks for the name, final",
}
OWN = "table."
"""Prefix of the actions whose keys the table widget binds itself."""


def asks(command: Command) -> str:
    """Return the usual confirmation level of a command's key, in words."""
    for_one, at_once = command.confirmation, ConfirmationLevel.AT_ONCE
    more = for_one is at_once and command.confirmation_of_many is not at_once
    return ONE_AT_ONCE if more else LEVELS[for_one]


def bindings(commands: Mapping[str, Command]) -> list[Binding]:
    """Return a binding for each key of the workspace, except the table's own keys.

    A command that is not available keeps its key, which then shows the reason.
    """
    moves = [
        Binding(key.keys, key.action, key.words, show=False)
        for key in NAVIGATION
        if key.keys and not key.action.startswith(OWN)
    ]
    verbs = dict.fromkeys(key for command in commands.values() for key in command.keys)
    return moves + [Binding(key, f"verb('{key}')", show=False) for key in verbs]


def help_groups(commands: Mapping[str, Command]) -> list[HelpGroup]:
    """Return every key for the help screen, in two groups: commands, and navigation."""
    verbs = tuple(
        HelpKey(c.how_to_start, c.words, f"{pane_names(c.panes)}, {asks(c)}. {c.help}")
        for c in commands.values()
    )
    moves = tuple(HelpKey(key.shown, key.words) for key in NAVIGATION)
    return [HelpGroup("Acting on calls", verbs), HelpGroup("Moving and looking", moves)]
