"""Every operator command, one record each. Outgoing spelling of Telnyx lives here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from console.catalog.audio import AUDIO
from console.catalog.digits import DIGITS
from console.catalog.legs import LEGS
from console.catalog.people import PEOPLE
from console.catalog.queues import QUEUES
from console.catalog.roles import DIAL
from console.catalog.rooms import ROOMS
from console.core.model.command import Command

COMMANDS: Mapping[str, Command] = MappingProxyType(
    {command.name: command for command in (*PEOPLE, *AUDIO, *DIGITS, *ROOMS, *LEGS, *QUEUES, *DIAL)}
)
"""By name, in the order in which help and hints list them."""
