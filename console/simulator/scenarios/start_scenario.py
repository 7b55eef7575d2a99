"""Start of a scenario: builds its past and plans what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.simulator.faults import Faults
from console.simulator.scenarios.conference_actor import ConferenceActor
from console.simulator.scenarios.environment import Environment
from console.simulator.scenarios.queue_actor import QueueActor
from console.simulator.scenarios.script import Script

if TYPE_CHECKING:
    import random

    from console.simulator.scenarios.scenario_file import Scenario
    from console.simulator.world import World


def start_scenario(
    world: World,
    scenario: Scenario,
    rng: random.Random,
    speed: float = 1.0,
    *,
    faults: Faults | None = None,
) -> None:
    """Build the past of a scenario without webhooks, then plan what comes."""
    environment = Environment(world, rng, speed)
    with world.moment(world.now), world.silence():
        for queue in scenario.queue:
            QueueActor(environment, queue).open_with_past()
        for conference in scenario.conference:
            ConferenceActor(environment, conference).open_with_past()
        for _ in range(scenario.parked):
            environment.caller()
        Script(environment, scenario, faults or Faults(rng)).play_past_and_plan()
