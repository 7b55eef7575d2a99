"""What a scenario file may say. All times are seconds of the world, which ``--speed`` divides.

A file is TOML: ``summary``, ``parked``, any number of ``[[queue]]`` and of ``[[room]]``. Unknown
members, wrong types and numbers beyond their limits are refused with their place in the file.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from importlib import resources
from typing import Annotated, Literal

from console.simulator.scenarios.fit import Limit, fit

Count = Annotated[int, Limit(0)]
Size = Annotated[int, Limit(1)]
Secs = Annotated[float, Limit(0)]
Some = Annotated[float, Limit(0, over=True)]


@dataclass(frozen=True, slots=True)
class QueueSpec:
    """A queue, and the agents who take its calls into rooms of two.

    Attributes:
        name: Of the queue.
        max_size: Its limit.
        waiting: How many wait when it opens.
        oldest_secs: How long the first of them has waited.
        lowest: Below it people only come.
        highest: Above it people only go.
        every_secs: Somebody comes or goes every so often, on average; 0 for never.
        agents: Who take calls; each is in one room at a time.
        room_prefix: Their rooms are named by it and a number.
        room_number: The first number.
        talk_secs: How long a talk takes, on average.
        turn_secs: How long one speaks, on average.
        episode_secs: Something else happens in a room every so often, on average.
        talking: Ages of the rooms that are open when it opens.
        recorded: Whether these rooms are recorded.
    """

    name: str
    max_size: Size = 100
    waiting: Count = 0
    oldest_secs: Secs = 0.0
    lowest: Count = 0
    highest: Size = 1
    every_secs: Secs = 0.0
    agents: tuple[str, ...] = ()
    room_prefix: str = "room-"
    room_number: Count = 1
    talk_secs: Some = 120.0
    turn_secs: Some = 9.0
    episode_secs: Some = 60.0
    talking: tuple[Secs, ...] = ()
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class RoomSpec:
    """A standing conference, opened anew some time after it has ended.

    Attributes:
        name: Of the conference; its last number counts up when an operator has ended it.
        age_secs: How long ago it was created when it opens.
        hosts: Staff who stay; the first ends the conference by leaving.
        supervisors: Staff who listen in, muted.
        guests: Callers in it when it opens.
        lowest: Fewer people than that are joined by more.
        highest: More people than that only leave.
        churn_secs: Somebody joins or leaves every so often, on average; 0 for never.
        turn_secs: How long one speaks, on average.
        episode_secs: Something else happens every so often, on average.
        recording: Whether it is recorded, or its recording paused.
        away_secs: How long after its end it is opened anew, on average.
    """

    name: str
    age_secs: Secs = 0.0
    hosts: Annotated[tuple[str, ...], Limit(1)] = ("Bo Reyes",)
    supervisors: tuple[str, ...] = ()
    guests: Count = 1
    lowest: Count = 2
    highest: Count = 4
    churn_secs: Secs = 0.0
    turn_secs: Some = 6.0
    episode_secs: Some = 60.0
    recording: Literal["no", "on", "paused"] = "no"
    away_secs: Some = 45.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """A floor and its people; ``parked`` callers are nowhere yet."""

    summary: str
    parked: Count = 0
    queue: tuple[QueueSpec, ...] = ()
    room: tuple[RoomSpec, ...] = field(default=())


def names() -> list[str]:
    """The scenarios that come with the simulator."""
    files = resources.files(__package__).joinpath("data").iterdir()
    return sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml"))


def load(name: str) -> Scenario:
    """A scenario that comes with the simulator.

    Raises:
        ValueError: For an unknown name, or a file that does not fit the model.
    """
    if name not in names():
        raise ValueError(f"no scenario is named {name}; known are {', '.join(names())}")
    return read(resources.files(__package__).joinpath("data", f"{name}.toml").read_text("utf-8"))


def read(text: str) -> Scenario:
    """A scenario from TOML.

    Raises:
        ValueError: One line that names the place and what is wrong there.
    """
    return fit(Scenario, tomllib.loads(text))
