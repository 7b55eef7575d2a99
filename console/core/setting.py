"""A setting of a person, a queue or a recording: how it is read, and what puts it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.core.command import Beliefs, Order, Values


@dataclass(frozen=True, slots=True)
class Undo:
    """How an order is taken back exactly: the setting it changes is read before, and put back.

    A key is a leg, or the one conference or queue. A setting that is not known has no way back.
    """

    by: str
    """The name of the command that puts a setting back."""
    made: Callable[[Order], Values]
    """What an order makes of the setting; nothing where it leaves it alone."""
    now: Callable[[Beliefs, Order, str, Values | None], Values | None]
    """A key's setting as it is believed to be, None where it is not known. Last comes what the
    newest command of our own made of it, None where there was none."""
