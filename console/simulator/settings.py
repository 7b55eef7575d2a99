"""All that a run needs to know."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

from console.simulator.rules import DEFAULT_LIMIT, Policy, Rules
from console.simulator.scenarios.model import Scenario


@dataclass(frozen=True, slots=True)
class Settings:
    """How to serve; ``delivery.urls`` are the webhook URL and the failover URL.

    With a ``door`` that socket is served, else one at ``host`` and ``port``. The control endpoint
    asks for ``control_token`` as a bearer token, and for none where it is None.
    """

    scenario: Scenario
    host: str = "127.0.0.1"
    port: int = 0
    seed: int = 1
    speed: float = 1.0
    faults: Mapping[str, float] = field(default_factory=dict)
    rate_limit: int = DEFAULT_LIMIT
    rules: Rules = field(default_factory=Rules)
    delivery: Policy = field(default_factory=Policy)
    door: socket.socket | None = None
    control_token: str | None = field(default_factory=secrets.token_urlsafe)
