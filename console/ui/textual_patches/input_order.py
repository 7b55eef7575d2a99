"""What is typed is done in the order in which it was typed.

Textual hands a key on through the queue of each widget that may want it, and reads the next one
meanwhile: after a stall of the line a tab was overtaken by what was typed into the next field, and
ctrl+g ran a dialog before the text that was typed before it stood there. Here a key, or what was
pasted, has reached whoever wants it before the next is looked at.

It reaches into Textual 8.2.8, which is pinned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.message import Message

if TYPE_CHECKING:
    from textual.app import App
    from textual.dom import DOMNode

NO_FIELD = "pasted text goes into text fields only: nothing was done"


class NotTaken(Message, bubble=False):
    """Input that did nothing, and the reason for the receipt line."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Key(events.Key, bubble=False):
    """A key that goes up through the widgets at once."""


class Paste(events.Paste, bubble=False):
    """A paste that does."""


async def typed(app: App[int], event: events.Key | events.Paste) -> None:
    """Let whoever has the focus, and whoever it is in, take a key or a paste."""
    app.app_focus = True  # who types is there, whatever the terminal said
    if isinstance(event, events.Paste):
        mine: Key | Paste = Paste(event.text)
    elif await app._check_bindings(event.key, priority=True):  # noqa: SLF001  # no public way
        return
    else:
        mine = Key(event.key, event.character)
    mine._set_forwarded()  # noqa: SLF001  # else the app takes it for a new one
    await up(app.focused or app.screen, mine)
    if isinstance(mine, Paste) and not mine._stop_propagation:  # noqa: SLF001  # no public way
        app.post_message(NotTaken(NO_FIELD))


async def up(node: DOMNode, message: Message) -> None:
    """Tell a widget, and all that it is in, before anything else happens. It must not bubble."""
    for each in node.ancestors_with_self:
        if not each.check_message_enabled(message):
            return
        await each._on_message(message)  # noqa: SLF001  # no public way
        if message._stop_propagation:  # noqa: SLF001  # no public way
            return
