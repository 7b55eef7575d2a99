"""Guard against key presses that would run a command by mistake.

There are six mistakes: keys that come too fast, a cursor that a data change has just moved, text
typed for a dialog that never opened, Caps Lock, keys typed before a dialog was noticed, and rows
that move under a key. Each guard is a frozen value whose methods return the next value, or a number
of seconds that a screen applies. Times are monotonic seconds. ``console.ui.command_controller``
holds them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from math import inf

HURRY = 6
"""Number of command keys within ``WITHIN`` seconds that make a burst."""
WITHIN = 0.3
"""Seconds. Keys of a burst come faster than a hand presses them one by one."""
MOVED_CURSOR_SECONDS = 1.0
"""Seconds during which commands are ignored after a data change moved the cursor."""
QUIET = 1.5
"""Seconds without a key after which the text for a refused dialog has ended."""
IN_A_ROW = 5.0
"""Seconds within which two capitals count as pressed in a row."""
DIALOG_UNREAD = 0.25
"""Seconds from a dialog's first frame during which it ignores every key but escape."""
ROWS_STILL = 1.5
"""Seconds after a key press during which no row changes its place."""
WRITING = frozenset(
    {
        *("enter", "tab", "shift+tab", "backspace", "delete"),
        *("ctrl+a", "ctrl+e", "ctrl+g", "ctrl+k", "ctrl+t", "ctrl+u", "ctrl+w"),
    }
)
"""Non-printing keys that fill in and run a dialog, in Textual's spelling."""
MOVING = frozenset({"up", "down", "left", "right", "pageup", "pagedown", "home", "end"})
"""Non-printing keys that move the cursor, in Textual's spelling."""


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a command key, and the ids of the orders that it made."""

    key: str
    at: float
    orders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyBurst:
    """The newest command keys and, during a burst, the keys that ran and that were ignored."""

    recent: tuple[Press, ...] = ()
    taken: tuple[Press, ...] = ()
    """Presses of the burst that ran, before the first ignored one."""
    left_out: int = 0
    """Presses ignored so far. 0 means that there is no burst."""

    def press(self, key: str, now: float) -> KeyBurst:
        """Return the burst with one more press. If its ``left_out`` is above 0, ignore the key."""
        recent = (*self.recent[-(HURRY - 1) :], Press(key, now))
        if len(recent) < HURRY or now - recent[0].at >= WITHIN:
            return KeyBurst(recent)
        if self.left_out:
            return KeyBurst(recent, self.taken, self.left_out + 1)
        return KeyBurst(recent, recent[:-1], 1)

    def ordered(self, ids: tuple[str, ...]) -> KeyBurst:
        """Return the burst with the ids of the orders that the newest press made."""
        if not self.recent:
            return self
        newest = replace(self.recent[-1], orders=ids)
        return replace(self, recent=(*self.recent[:-1], newest))


@dataclass(frozen=True, slots=True)
class MovedCursor:
    """The last time that a data change moved the cursor of ``pane`` to another row."""

    pane: str = ""
    at: float = -inf

    def is_active(self, pane: str, now: float) -> bool:
        """True while commands are ignored at the cursor of this pane."""
        return pane == self.pane and now - self.at < MOVED_CURSOR_SECONDS


class KeyMeaning(Enum):
    """The meaning of a key after a refused command."""

    TEXT = "text for the refused dialog"
    END = "the key that ends the text"
    KEY = "a key like any other"


@dataclass(frozen=True, slots=True)
class StrayTyping:
    """Text that is typed for a dialog that did not open, or that closed by itself."""

    command_words: str = ""
    """The command's words; empty while no command was refused."""
    at: float = -inf
    """The time of the refusal or of the newest key of its text."""
    keys: int = 0
    """Keys taken as text so far."""
    since: float = -inf
    """The time of the refusal."""

    @classmethod
    def after(cls, verb: str, now: float) -> StrayTyping:
        """Begin with the command that was just refused."""
        return cls(verb, now, since=now)

    def is_active(self, now: float) -> bool:
        """True while keys count as text for the dialog that did not open."""
        return bool(self.command_words) and now - self.at < QUIET

    def take_key(self, key: str, now: float, *, printable: bool) -> tuple[StrayTyping, KeyMeaning]:
        """Take one key. Escape ends the text and does nothing else; a movement key also moves."""
        if not self.is_active(now):
            return StrayTyping(), KeyMeaning.KEY
        if key == "escape":
            return StrayTyping(), KeyMeaning.END
        if printable or key in WRITING:
            return replace(self, at=now, keys=self.keys + 1), KeyMeaning.TEXT
        return (StrayTyping() if key in MOVING else self), KeyMeaning.KEY


class CapitalEffect(Enum):
    """The effect that a capital key would have on its targets, as far as they are known."""

    NONE = "every target is seen as the command would make it"
    SOME = "some target is seen otherwise, or an order of ours may have made it so"
    UNKNOWN = "unknown"


class CapitalVerdict(Enum):
    """The decision on a capital key that would run a command at once."""

    RUN = "run"
    NO_EFFECT = "refuse: there is nothing to take back"
    IN_A_ROW = "refuse: the second capital in a row that takes back nothing known"


@dataclass(frozen=True, slots=True)
class CapsLockGuard:
    """The last key, if it was a capital that took back nothing known: a sign of Caps Lock."""

    key: str = ""
    at: float = -inf

    def press(
        self, key: str, effect: CapitalEffect, now: float
    ) -> tuple[CapsLockGuard, CapitalVerdict]:
        """Return the next value and the decision on a capital key that would run at once.

        The same capital twice is no sign of Caps Lock: operators unmute several people that way.
        """
        follows = self.key not in {"", key} and now - self.at < IN_A_ROW
        if effect is CapitalEffect.SOME:
            return CapsLockGuard(), CapitalVerdict.RUN
        after = CapsLockGuard(key, now)
        if effect is CapitalEffect.NONE:
            return after, CapitalVerdict.NO_EFFECT
        return after, CapitalVerdict.IN_A_ROW if follows else CapitalVerdict.RUN

    def other(self, key: str, now: float, *, bound: bool, lower_bound: bool) -> CapsLockGuard:
        """Return the next value after any other key.

        An unbound capital whose small letter is bound is a sign of Caps Lock. A bound capital is
        no sign either way. Any other key shows that Caps Lock is off.
        """
        if not is_capital(key):
            return CapsLockGuard()
        return CapsLockGuard(key, now) if lower_bound and not bound else self


def is_capital(key: str) -> bool:
    """True for a single upper-case letter in Textual's spelling of keys."""
    return len(key) == 1 and key.isupper()
