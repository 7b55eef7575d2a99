"""The catalog's keys as Textual's bindings and as help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.binding import Binding

from console.commands.command_line import pane_names
from console.commands.navigation_keys import NAVIGATION
from console.core.model.command import Command, ConfirmationLevel


@dataclass(frozen=True, slots=True)
class HelpKey:
    """A key as it is printed, what it does in few words, and what else is worth knowing."""

    key: str
    words: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HelpGroup:
    """Keys that belong together."""

    title: str
    keys: tuple[HelpKey, ...]


ONE_AT_ONCE = "at once for one, asks for more"
TIERS = {
    ConfirmationLevel.AT_ONCE: "at once",
    ConfirmationLevel.DIALOG: "asks for details",
    ConfirmationLevel.CONFIRM: "asks yes or no",
    ConfirmationLevel.TYPED: "asks for the name, final",
}
OWN = "table."
"""What a table does with its own keys."""


def asks(command: Command) -> str:
    """Return the usual confirmation level of a command's key, in words."""
    more = (
        command.tier is ConfirmationLevel.AT_ONCE and command.many is not ConfirmationLevel.AT_ONCE
    )
    return ONE_AT_ONCE if more else TIERS[command.tier]


def bindings(commands: Mapping[str, Command]) -> list[Binding]:
    """Every key the workspace answers to; one that is off says why."""
    moves = [
        Binding(key.keys, key.action, key.words, show=False)
        for key in NAVIGATION
        if key.keys and not key.action.startswith(OWN)
    ]
    verbs = dict.fromkeys(key for command in commands.values() for key in command.keys)
    return moves + [Binding(key, f"verb('{key}')", show=False) for key in verbs]


def help_groups(commands: Mapping[str, Command]) -> list[HelpGroup]:
    """Every key, for the help screen."""
    verbs = tuple(
        HelpKey(c.shown, c.words, f"{pane_names(c.panes)}, {asks(c)}. {c.help}")
        for c in commands.values()
    )
    moves = tuple(HelpKey(key.shown, key.words) for key in NAVIGATION)
    return [HelpGroup("Acting on calls", verbs), HelpGroup("Moving and looking", moves)]
