"""Keys of the screen that run no command."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavigationKey:
    """A key of the screen. ``keys`` has Textual's spelling, ``shown`` the spelling of the help.

    An action that can only be typed has no ``keys`` and shows its line.
    """

    action: str
    keys: str
    shown: str
    words: str
    hint: str = ""
    """The word on the hints line; empty if the line does not show the key."""
    line: str = ""
    """The text to type after a colon; empty if the key can only be pressed."""
    takes: str = ""
    """A word for the text that may follow the line. The action gets that text as its argument."""
    hint_priority: int = 3
    """Priority on a narrow hints line: see ``Command.hint_priority``."""


ACTING = frozenset({"undo", "redo"})
"""Actions that send orders without being commands."""
NAVIGATION = (
    NavigationKey("pane('queues')", "1", "1", "queues"),
    NavigationKey("pane('calls')", "2", "2", "calls of the queue"),
    NavigationKey("pane('conferences')", "3", "3", "conferences"),
    NavigationKey("pane('people')", "4", "4", "people of the conference"),
    NavigationKey("pane('log')", "5", "5", "log"),
    NavigationKey("pane('parked')", "7", "7", "parked: in no conference and no queue"),
    NavigationKey("step_pane(1)", "tab,right", "tab →", "next pane"),
    NavigationKey("step_pane(-1)", "shift+tab,left", "shift+tab ←", "previous pane"),
    NavigationKey("table.down", "j,down", "j ↓", "down"),
    NavigationKey("table.up", "k,up", "k ↑", "up"),
    NavigationKey("table.page_down", "pagedown", "pgdn", "a page down"),
    NavigationKey("table.page_up", "pageup", "pgup", "a page up"),
    NavigationKey("table.top", "g,home", "g home", "to the top"),
    NavigationKey("table.bottom", "G,end", "G end", "to the bottom"),
    NavigationKey(
        "table.enter", "enter", "enter", "open the queue, the conference or the log line"
    ),
    NavigationKey(
        "back", "escape", "esc", "close; clear the filter, then the marks; one step back"
    ),
    NavigationKey(
        "mark('one')",
        "space",
        "space",
        "mark or unmark this row, and go down",
        "mark",
        hint_priority=5,
    ),
    NavigationKey("mark('range')", "v", "v", "mark from the last marked row to this one"),
    NavigationKey("mark('all')", "asterisk", "*", "mark all rows shown here", "", "mark all"),
    NavigationKey(
        "mark('none')", "backslash", "\\", "clear the marks of this pane", "", "clear marks"
    ),
    NavigationKey(
        "filter",
        "slash",
        "/",
        "show only matching rows: text, !not, muted, hold, rec:?, age>30m, q:vip, re:",
        "filter",
        "filter",
        hint_priority=5,
    ),
    NavigationKey(
        "undo", "z", "z", "undo the last change; again: the change before it", "undo", "undo"
    ),
    NavigationKey("redo", "Z", "Z", "redo what was undone", "", "redo"),
    NavigationKey(
        "inspect",
        "i",
        "i",
        "read this row now, with all its values; a whole log line",
        "",
        "inspect",
    ),
    NavigationKey(
        "refresh", "ctrl+r", "ctrl+r", "poll now; try a refused key again", "", "refresh"
    ),
    NavigationKey("lock", "L", "L", "lock: no key acts on a call until L again", "", "lock"),
    NavigationKey("help", "question_mark", "?", "every key", "keys", "keys", hint_priority=0),
    NavigationKey("command", "colon", ":", "a command by its name; tab completes it"),
    NavigationKey("command", "ctrl+p", "ctrl+p", "every command that can be run here"),
    NavigationKey("alias", "", ":alias", "name the person of this row", line="alias", takes="name"),
    NavigationKey("pin", "", ":pin", "exclude this person when many are muted or held", line="pin"),
    NavigationKey("unpin", "", ":unpin", "include this person again", line="unpin"),
    NavigationKey("me", "", ":me", "mark this leg as your own, or unmark it", line="me"),
    NavigationKey(
        "plan",
        "",
        ":plan",
        "show what a command would send, without sending it",
        line="plan",
        takes="command",
    ),
    NavigationKey("leave", "q,ctrl+q", "q ctrl+q", "back; at the top, leave", "", "quit"),
)
