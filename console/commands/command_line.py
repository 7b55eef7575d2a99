"""Commands by what is typed after a colon, from the same records as the keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.commands.navigation_keys import NAVIGATION
from console.core.model.command import Aim, Command, ConfirmationLevel, Field, FieldKind, Pane

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
"""Other words for the same."""
ASKS = {
    ConfirmationLevel.AT_ONCE: "at once",
    ConfirmationLevel.DIALOG: "asks",
    ConfirmationLevel.CONFIRM: "yes or no",
    ConfirmationLevel.TYPED: "final",
}
IF_SEVERAL = "asks if >1"
"""At once for one, a question for two and more."""
WHOM = {
    Aim.PEOPLE: "who",
    Aim.ONE: "who",
    Aim.LEG: "who",
    Aim.CALL: "who",
    Aim.CONFERENCE: "conference",
    Aim.QUEUE: "queue",
}
"""What a name behind a line is the name of."""
PLAN = "plan"
"""The line that shows what the line behind it would do."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One line that may be typed, and what it does."""

    line: str
    key: str
    words: str
    command: str = ""
    """The name of the command it runs, if it runs one."""
    action: str = ""
    """The action of the screen it runs otherwise; what is typed behind it is its argument."""
    takes: str = ""
    """What may be typed behind it, in a word; empty where nothing may."""
    asks: str = ""
    """Return the confirmation level in words."""
    help: str = ""
    """One sentence of what it does."""


def field_of(command: Command) -> Field | None:
    """The question that what is typed behind its line answers.

    Without one it names whom or what the command is aimed at.
    """
    asked = (field for field in command.fields if field.required and field.kind != FieldKind.LEG)
    return next(asked, None)


def offers(commands: Mapping[str, Command], pane: Pane) -> tuple[Offer, ...]:
    """Every line that means something in this pane, commands first."""
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
        command.said,
        command.key,
        command.words,
        command=command.name,
        takes=WHOM.get(command.aims, "") if field is None else field.words,
        asks=_asks(command),
        help=command.help,
    )


def _asks(command: Command) -> str:
    """Return the confirmation level. A typed line shows its dialog if the command has questions."""
    if command.tier is not ConfirmationLevel.AT_ONCE:
        return ASKS[command.tier]
    if command.fields:
        return ASKS[ConfirmationLevel.DIALOG]
    return (
        ASKS[ConfirmationLevel.AT_ONCE] if command.many is ConfirmationLevel.AT_ONCE else IF_SEVERAL
    )


def split(text: str, among: tuple[Offer, ...]) -> tuple[Offer, str] | None:
    """The line that ``text`` begins with, the longest there is, and what stands behind it."""
    words = text.split()
    for count in range(len(words), 0, -1):
        wanted = " ".join(words[:count]).lower()
        wanted = ALIASES.get(wanted, wanted)
        for offer in among:
            if offer.line == wanted:
                behind = text.split(None, count)
                return offer, behind[count].strip() if len(behind) > count else ""
    return None


def matching(text: str, among: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """All whose line or words have every word of ``text`` in them.

    Those whose line begins with the text come first.
    """
    wanted = " ".join(text.lower().split())
    found = [
        offer
        for offer in among
        if all(word in f"{offer.line} {offer.words}".lower() for word in wanted.split())
    ]
    return tuple(sorted(found, key=lambda offer: not offer.line.startswith(wanted)))


def elsewhere(commands: Mapping[str, Command], text: str) -> str:
    """Why a line means nothing here: where it would, if it is one at all."""
    every = tuple(_offer(c) for c in commands.values())
    found = split(text, every)
    if found is None:
        return "there is no such command"
    panes = {pane.value for c in commands.values() if c.said == found[0].line for pane in c.panes}
    return f"{found[0].line} is for {' and '.join(sorted(panes))}"
