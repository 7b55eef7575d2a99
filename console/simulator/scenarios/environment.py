"""The services that all actors of a scenario share: the world, random numbers, pace, callers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.simulator import legs
from console.simulator.models import Leg, LegState
from console.simulator.scenarios import people

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from console.simulator.world import World

LONGEST = 3.0
SHORTEST = 0.3
IDLE_CHECK_SECS = 60.0
IDLE_CHECKS = 2
STAY_CHECKS = 40


class Environment:
    """The shared services; ``speed`` divides every wait of the actors and nothing else."""

    def __init__(self, world: World, rng: random.Random, speed: float) -> None:
        self.world = world
        self.rng = rng
        self.callers = people.CallerGenerator(rng)
        self._speed = speed

    def after(self, secs: float, act: Callable[[], None]) -> None:
        """Plan an action in exactly ``secs`` seconds divided by ``speed``."""
        self.world.after(secs / self._speed, act)

    def after_about(self, mean_secs: float, act: Callable[[], None]) -> None:
        """Plan an action in ``mean_secs`` on average, between 0.3 and 3 times that."""
        drawn = self.rng.expovariate(1.0)
        self.after(mean_secs * min(LONGEST, max(SHORTEST, drawn)), act)

    def caller(self) -> Leg:
        """Return an answered, parked call from a random caller, named in client_state if known."""
        who = self.callers.draw()
        state = None if who.name is None else people.name_state(who.name, "name")
        leg = legs.incoming(
            self.world, who.number, people.MAIN_NUMBER, client_state=state, name=who.name
        )
        legs.answer(self.world, leg)
        self._watch(leg, 0, 0)
        return leg

    def staff(self, name: str, role: str = "agent") -> Leg:
        """Return an answered call to a member of staff, whose client_state has name and role."""
        address, state = people.staff_address(name), people.name_state(name, role)
        leg = legs.outgoing(self.world, people.MAIN_NUMBER, address, client_state=state)
        legs.answer(self.world, leg)
        self._watch(leg, 0, 0)
        return leg

    def _watch(self, leg: Leg, idle: int, stayed: int) -> None:
        """Hang up a call that stays parked too long, or too long where an operator moved it."""

        def look() -> None:
            if leg.state is LegState.ENDED:
                return
            now_idle = idle + 1 if leg.placement is None else 0
            now_stayed = stayed + 1 if leg.operated else 0
            if now_idle > IDLE_CHECKS or now_stayed > STAY_CHECKS:
                legs.hang_up(self.world, leg, source="caller")
            else:
                self._watch(leg, now_idle, now_stayed)

        self.after(IDLE_CHECK_SECS, look)
