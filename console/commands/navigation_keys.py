"""Every key that is not a command: how one moves, asks and leaves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the screen. ``keys`` in Textual's spelling, ``shown`` as people write them.

    What has a line only has no ``keys``, and its line is what is shown.
    """

    action: str
    keys: str
    shown: str
    words: str
    hint: str = ""
    """The short word on the hints line; empty where it is not shown there."""
    line: str = ""
    """What is typed after a colon; empty where it can only be pressed."""
    takes: str = ""
    """What may be typed behind the line, in a word; the action is given it as its argument."""
    shed: int = 3
    """As of a command."""


ACTING = frozenset({"undo", "redo"})
"""Actions that send a command though none of them is a command of its own."""
NAVIGATION = (
    Key("pane('queues')", "1", "1", "queues"),
    Key("pane('calls')", "2", "2", "calls of the queue"),
    Key("pane('conferences')", "3", "3", "conferences"),
    Key("pane('people')", "4", "4", "people of the conference"),
    Key("pane('log')", "5", "5", "log"),
    Key("pane('parked')", "7", "7", "parked: in no conference and no queue"),
    Key("next_pane", "tab,right", "tab →", "next pane"),
    Key("previous_pane", "shift+tab,left", "shift+tab ←", "previous pane"),
    Key("table.down", "j,down", "j ↓", "down"),
    Key("table.up", "k,up", "k ↑", "up"),
    Key("table.page_down", "pagedown", "pgdn", "a page down"),
    Key("table.page_up", "pageup", "pgup", "a page up"),
    Key("table.top", "g,home", "g home", "to the top"),
    Key("table.bottom", "G,end", "G end", "to the bottom"),
    Key("table.enter", "enter", "enter", "into the queue or the conference; all of a log line"),
    Key("back", "escape", "esc", "close; clear the filter, then the marks; one step back"),
    Key("mark('one')", "space", "space", "mark this row, or no more, and go down", "mark", shed=5),
    Key("mark('range')", "v", "v", "mark all from the row marked last to this one"),
    Key("mark('all')", "asterisk", "*", "mark all that is shown here", "", "mark all"),
    Key("mark('none')", "backslash", "\\", "clear the marks of this pane", "", "clear marks"),
    Key(
        "filter",
        "slash",
        "/",
        "show only what matches: text, !not, muted, hold, rec:?, age>30m, q:vip, re:",
        "filter",
        "filter",
        shed=5,
    ),
    Key(
        "undo",
        "z",
        "z",
        "undo, exactly as it was before; again: what was before that",
        "undo",
        "undo",
    ),
    Key("redo", "Z", "Z", "redo what was undone", "", "redo"),
    Key(
        "inspect",
        "i",
        "i",
        "read this row now, every member of it; all of a log line",
        "",
        "inspect",
    ),
    Key("refresh", "ctrl+r", "ctrl+r", "poll now; try a refused key again", "", "refresh"),
    Key("lock", "L", "L", "lock: no key does anything to a call until L again", "", "lock"),
    Key("help", "question_mark", "?", "every key", "keys", "keys", shed=0),
    Key("command", "colon", ":", "a command by its name; tab completes it"),
    Key("command", "ctrl+p", "ctrl+p", "every command that can be run here"),
    Key("alias", "", ":alias", "give the person of this row a name", line="alias", takes="name"),
    Key("pin", "", ":pin", "leave them out when many are muted or held", line="pin"),
    Key("unpin", "", ":unpin", "leave them out no more", line="unpin"),
    Key("me", "", ":me", "this leg is your own, or is not any more", line="me"),
    Key(
        "plan",
        "",
        ":plan",
        "what a command would send, and do, without doing it",
        line="plan",
        takes="command",
    ),
    Key("leave", "q,ctrl+q", "q ctrl+q", "back; at the top, leave", "", "quit"),
)
