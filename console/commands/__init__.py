"""Every operator command, one record each. Outgoing spelling of Telnyx lives here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from console.commands.audio import AUDIO
from console.commands.conferences import CONFERENCES
from console.commands.dtmf import DIGITS
from console.commands.people import PEOPLE
from console.commands.queues import QUEUES
from console.commands.roles import DIAL
from console.commands.routing import LEGS
from console.core.model.command import Command

COMMANDS: Mapping[str, Command] = MappingProxyType(
    {
        command.name: command
        for command in (*PEOPLE, *AUDIO, *DIGITS, *CONFERENCES, *LEGS, *QUEUES, *DIAL)
    }
)
"""By name, in the order in which help and hints list them."""
