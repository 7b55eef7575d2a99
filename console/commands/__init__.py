"""The catalogue of operator commands, one record each, with the requests in Telnyx's spelling."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from console.commands.audio import AUDIO
from console.commands.dtmf import DIGITS
from console.commands.move_leg import LEGS
from console.commands.people import PEOPLE
from console.commands.queues import QUEUES
from console.commands.roles import DIAL
from console.commands.whole_conference import CONFERENCES
from console.core.model.command import Command

COMMANDS: Mapping[str, Command] = MappingProxyType(
    {
        command.name: command
        for command in (*PEOPLE, *AUDIO, *DIGITS, *CONFERENCES, *LEGS, *QUEUES, *DIAL)
    }
)
"""Commands by name, in the order of the help screen and the hints line."""
