"""Records for a setting that a command changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.core.model.command import Order, Values
    from console.core.model.state import State


@dataclass(frozen=True, slots=True)
class Undo:
    """The way to take an order back: its setting is read before it and put back after it.

    A setting belongs to a key: a leg, a conference or a queue. An unknown setting cannot be put
    back.
    """

    command: str
    """Name of the command that puts the setting back."""
    setting_made: Callable[[Order], Values]
    """Returns the setting that an order makes. Empty if the order leaves it unchanged."""
    present_setting: Callable[[State, Order, str, Values | None], Values | None]
    """Returns the present setting of a key, None if unknown. The last argument is the setting that
    the newest own command made, None if there was none."""
    whole: bool = False
    """True if the members of the setting belong together: all are put back or none. False if each
    is put back by itself."""


@dataclass(frozen=True, slots=True)
class PresentSetting:
    """The present setting of one target, compared with the value that a command would set.

    ``same`` is None while the setting is unknown. ``at`` is the time of its evidence, in monotonic
    seconds of this host.
    """

    same: bool | None = None
    at: float = -inf
