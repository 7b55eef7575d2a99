"""Commands by what is typed after a colon, from the same records as the keys."""

from __future__ import annotations

from dataclasses import dataclass

from console.catalog import COMMANDS
from console.catalog.keys import ACTING, NAVIGATION
from console.core.command import Pane

ALIASES = {
    "q": "quit",
    "help": "keys",
    "take out": "leave",
    "add": "join",
    "u": "undo",
    "w": "role",
    "conceal": "rec pause",
    "continue": "rec resume",
    "dial tones": "dtmf",
}
"""Other words for the same."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One line that may be typed, and what it does."""

    line: str
    key: str
    words: str
    command: str = ""
    """The name of the command it runs, if it runs one."""
    action: str = ""
    """The action of the screen it runs otherwise."""


def offers(pane: Pane, *, read_only: bool) -> tuple[Offer, ...]:
    """Every line that means something in this pane, commands first."""
    commands = [
        Offer(c.said, c.key, c.words, command=c.name) for c in COMMANDS.values() if pane in c.panes
    ]
    moves = [
        Offer(key.line, key.shown.split()[0], key.words, action=key.action)
        for key in NAVIGATION
        if key.line and not (read_only and key.action in ACTING)
    ]
    return (*(() if read_only else commands), *moves)


def matching(text: str, among: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """Those meant by ``text``: the one of this very name alone, else all that every word is in.

    Those whose line begins with the text come first.
    """
    wanted = " ".join(text.lower().split())
    wanted = ALIASES.get(wanted, wanted)
    exact = tuple(offer for offer in among if offer.line == wanted)
    if exact:
        return exact
    found = [
        offer
        for offer in among
        if all(word in f"{offer.line} {offer.words}".lower() for word in wanted.split())
    ]
    return tuple(sorted(found, key=lambda offer: not offer.line.startswith(wanted)))


def elsewhere(text: str) -> str:
    """Why a line means nothing here: where it would, if it is one at all."""
    wanted = " ".join(text.lower().split())
    wanted = ALIASES.get(wanted, wanted)
    panes = {pane.value for c in COMMANDS.values() if c.said == wanted for pane in c.panes}
    return f"{wanted} is for {' and '.join(sorted(panes))}" if panes else "there is no such command"
