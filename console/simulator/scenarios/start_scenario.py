"""Start of a scenario: builds its past and plans what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.simulator.faults import Faults
from console.simulator.scenarios.conference_actor import Meeting
from console.simulator.scenarios.environment import Stage
from console.simulator.scenarios.queue_actor import Line
from console.simulator.scenarios.script import Script

if TYPE_CHECKING:
    import random

    from console.simulator.scenarios.scenario_file import Scenario
    from console.simulator.world import World


def direct(
    world: World,
    scenario: Scenario,
    rng: random.Random,
    speed: float = 1.0,
    *,
    faults: Faults | None = None,
) -> None:
    """Build the past of a scenario without webhooks, then plan what comes in the world's agenda."""
    stage = Stage(world, rng, speed)
    with world.moment(world.now), world.silence():
        for queue in scenario.queue:
            Line(stage, queue).open_aged()
        for conference in scenario.conference:
            Meeting(stage, conference).open_aged()
        for _ in range(scenario.parked):
            stage.caller()
        Script(stage, scenario, faults or Faults(rng)).rehearse()
