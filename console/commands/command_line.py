"""Lines that can be typed after a colon, made from the records of the commands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from console.commands.navigation_keys import NAVIGATION
from console.core.model.command import (
    Command,
    ConfirmationLevel,
    Field,
    FieldKind,
    Pane,
    TargetKind,
)

ALIASES = {
    "q": "quit",
    "help": "keys",
    "take out": "leave",
    "add": "join",
    "u": "undo",
    "w": "role",
    "options": "opt",
    "record": "rec start",
    "conceal": "rec pause",
    "continue": "rec resume",
    "dial tones": "dtmf",
    "digits": "dtmf",
    "what if": "plan",
}
"""Other words for a line."""
ASKS = {
    ConfirmationLevel.AT_ONCE: "at once",
    ConfirmationLevel.DIALOG: "asks",
    ConfirmationLevel.CONFIRM: "yes or no",
    ConfirmationLevel.TYPED: "final",
}
IF_SEVERAL = "asks if >1"
"""Confirmation level of a command that runs at once for one target and asks for several."""
WHOM = {
    TargetKind.PEOPLE: "who",
    TargetKind.ONE: "who",
    TargetKind.LEG: "who",
    TargetKind.CALL: "who",
    TargetKind.CONFERENCE: "conference",
    TargetKind.QUEUE: "queue",
}
"""The kind of name that follows a line, by the target of the command."""
SMALLEST_FIRST = (Pane.CALLS, Pane.PEOPLE, Pane.CONFERENCES, Pane.QUEUES, Pane.PARKED, Pane.LOG)
PLAN = "plan"
"""The line that shows the plan of the line after it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A line that can be typed, with its command or action."""

    line: str
    key: str
    words: str
    command: str = ""
    """The name of the command it runs, if it runs one."""
    action: str = ""
    """The screen's action if it runs no command. The text after the line is its argument."""
    takes: str = ""
    """A word for the text that may follow the line; empty if none may."""
    asks: str = ""
    """The confirmation level in words."""
    help: str = ""
    """A sentence that explains it."""


def pane_names(panes: Collection[Pane]) -> str:
    """Return the names of these panes as a list in words, smallest rows first."""
    names = [pane.value for pane in SMALLEST_FIRST if pane in panes]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def field_of(command: Command) -> Field | None:
    """Return the question that the text after the line answers.

    None: the text names the target of the command.
    """
    asked = (field for field in command.fields if field.required and field.kind != FieldKind.LEG)
    return next(asked, None)


def offers(commands: Mapping[str, Command], pane: Pane) -> tuple[Offer, ...]:
    """Return every line that works in this pane, commands first."""
    mine = [_offer(c) for c in commands.values() if pane in c.panes]
    moves = [
        Offer(key.line, key.shown.split()[0], key.words, action=key.action, takes=key.takes)
        for key in NAVIGATION
        if key.line
    ]
    return (*mine, *moves)


def _offer(command: Command) -> Offer:
    field = field_of(command)
    return Offer(
        command.typed,
        command.key,
        command.words,
        command=command.name,
        takes=WHOM.get(command.target_kind, "") if field is None else field.words,
        asks=_asks(command),
        help=command.help,
    )


def _asks(command: Command) -> str:
    """Return the confirmation level of a line, which opens the dialog of a command with fields."""
    if command.confirmation is not ConfirmationLevel.AT_ONCE:
        return ASKS[command.confirmation]
    if command.fields:
        return ASKS[ConfirmationLevel.DIALOG]
    many = command.confirmation_of_many
    return ASKS[many] if many is ConfirmationLevel.AT_ONCE else IF_SEVERAL


def split_line(text: str, among: tuple[Offer, ...]) -> tuple[Offer, str] | None:
    """Return the longest line that ``text`` begins with and the text after it, or None."""
    words = text.split()
    for count in range(len(words), 0, -1):
        wanted = " ".join(words[:count]).lower()
        wanted = ALIASES.get(wanted, wanted)
        for offer in among:
            if offer.line == wanted:
                behind = text.split(None, count)
                return offer, behind[count].strip() if len(behind) > count else ""
    return None


def matching_offers(text: str, among: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """Return the offers whose line or description contains every word of ``text``.

    Offers whose line begins with the text come first.
    """
    wanted = " ".join(text.lower().split())
    found = [
        offer
        for offer in among
        if all(word in f"{offer.line} {offer.words}".lower() for word in wanted.split())
    ]
    return tuple(sorted(found, key=lambda offer: not offer.line.startswith(wanted)))


def why_not_here(commands: Mapping[str, Command], text: str) -> str:
    """Return the reason why a line does not work in this pane: the panes where it works, if any."""
    found = split_line(text, tuple(map(_offer, commands.values())))
    if found is None:
        return "there is no such command"
    panes = {pane for c in commands.values() if c.typed == found[0].line for pane in c.panes}
    return f"{found[0].line} is for {pane_names(panes)}"
