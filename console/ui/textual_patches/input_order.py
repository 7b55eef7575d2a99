"""Delivery of keys and pastes in the order in which they were typed.

Textual passes a key through the queue of each widget, and reads the next key meanwhile. After a
stall of the connection, text for the next field overtook the tab before it, and ctrl+g ran a dialog
before it had the text typed before. Here the app reads the next key only after all widgets have
handled this one.

It uses private parts of Textual 8.2.8, which is pinned.
"""

from __future__ import annotations

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message import Message

NO_FIELD = "paste ignored: it goes into text fields only"


class NotTaken(Message, bubble=False):
    """Input that did nothing, and the reason for the receipt line."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Key(events.Key, bubble=False):
    """A key that ``deliver`` passes up through the widgets; it must not bubble as well."""


class Paste(events.Paste, bubble=False):
    """A paste that ``deliver`` passes up through the widgets; it must not bubble as well."""


async def deliver(app: App[int], event: events.Key | events.Paste) -> None:
    """Deliver a key or paste to the focused widget, then to its ancestors.

    Returns after all of them have handled it. A paste that no field took is reported.
    """
    app.app_focus = True  # a key proves the focus, also if the terminal reported its loss
    if isinstance(event, events.Paste):
        mine: Key | Paste = Paste(event.text)
    elif await app._check_bindings(event.key, priority=True):  # noqa: SLF001  # no public way
        return
    else:
        mine = Key(event.key, event.character)
    mine._set_forwarded()  # noqa: SLF001  # otherwise the app delivers it again
    await deliver_upwards(app.focused or app.screen, mine)
    if isinstance(mine, Paste) and not mine._stop_propagation:  # noqa: SLF001  # no public way
        app.post_message(NotTaken(NO_FIELD))


async def deliver_upwards(node: DOMNode, message: Message) -> None:
    """Let a widget and its ancestors handle a message now. The message must not bubble."""
    for each in node.ancestors_with_self:
        if not each.check_message_enabled(message):
            return
        await each._on_message(message)  # noqa: SLF001  # no public way
        if message._stop_propagation:  # noqa: SLF001  # no public way
            return
