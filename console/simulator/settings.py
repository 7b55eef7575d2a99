"""The settings of one run of the simulator."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

from console.simulator.scenarios.scenario_file import Scenario
from console.simulator.tunable_limits import DEFAULT_LIMIT, DeliveryPolicy, Rules


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run; ``delivery.urls`` are the webhook URL and the failover URL.

    ``listening_socket`` is a socket that listens already; None opens one at ``host`` and ``port``.
    ``control_token`` is the bearer token of the control endpoint; None requires none.
    """

    scenario: Scenario
    host: str = "127.0.0.1"
    port: int = 0
    seed: int = 1
    speed: float = 1.0
    faults: Mapping[str, float] = field(default_factory=dict)
    rate_limit: int = DEFAULT_LIMIT
    rules: Rules = field(default_factory=Rules)
    delivery: DeliveryPolicy = field(default_factory=DeliveryPolicy)
    listening_socket: socket.socket | None = None
    control_token: str | None = field(default_factory=secrets.token_urlsafe)
