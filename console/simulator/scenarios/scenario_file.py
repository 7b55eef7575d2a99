"""The members of a scenario file. All times are seconds of the world, divided by ``--speed``.

A file is TOML. Only ``summary`` is required. ``[[queue]]`` and ``[[conference]]`` vary at
random around their figures. ``[[actor]]``, ``[[call]]``, ``[[turn]]`` and ``[[act]]`` follow a
script, and ``[[fault]]`` sets the faults. A time before 0 is the past: conferences and waits are
that old when the simulator starts, and no webhook reports it. ::

    summary = "an angry caller, a supervisor who listens in, and a webhook in ten lost"

    [[actor]]
    name = "Bo Reyes"
    staff = true                # he is dialled; client_state {"agent": "Bo Reyes"}

    [[actor]]
    name = "Dana Kowalski"      # she calls in; client_state {"name": "Dana Kowalski"}
    number = "+15125550142"

    [[call]]
    actor = "Bo Reyes"
    at_secs = -600              # the conference is ten minutes old
    conference = "refund"       # created by the first who joins it
    host = true                 # the conference ends when he leaves

    [[call]]
    actor = "Dana Kowalski"
    at_secs = -580
    conference = "refund"

    [[turn]]
    at_secs = 5
    actor = "Dana Kowalski"     # floor.changed

    [[act]]
    at_secs = 20
    do = "hold"
    actor = "Dana Kowalski"

    [[fault]]
    name = "webhook-drop"
    rate = 0.1

``room``, the former name of ``conference`` in all these places, is still read.

Unknown members, wrong types, numbers beyond their limits and unknown names are refused in one line
with the file, the place and the allowed values.
"""

from __future__ import annotations

import base64
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from console.simulator.faults import FAULTS
from console.simulator.scenarios.schema import Formerly, Limit, parse

Count = Annotated[int, Limit(0)]
Size = Annotated[int, Limit(1)]
Secs = Annotated[float, Limit(0)]
Positive = Annotated[float, Limit(0, over=True)]
Rate = Annotated[float, Limit(0, most=1)]
Action = Literal[
    "answer", "hangup", "join", "leave", "end", "mute", "unmute", "hold", "unhold", "none", "barge",
    "monitor", "whisper", "play", "speak", "stop", "record", "pause", "resume", "save",
]  # fmt: skip
ConferenceName = Annotated[str, Formerly("room")]
MOST_PEOPLE = 250
NEEDS_ACTOR = ("answer", "hangup", "join", "leave", "none", "barge", "monitor", "whisper")


@dataclass(frozen=True, slots=True)
class QueueSpec:
    """A queue, and the agents who take its calls into conferences of two.

    Attributes:
        name: Name of the queue.
        max_size: Size limit.
        waiting: Number of calls at the start.
        oldest_secs: Wait of the first of them.
        lowest: Size below which callers only come.
        highest: Size above which callers only go.
        every_secs: Average time between two callers coming or going; 0 for never.
        agents: Names of the agents; each is in one conference at a time.
        room_prefix: Prefix of the names of their conferences, before a number.
        room_number: The first number.
        talk_secs: Average length of a conference.
        turn_secs: Average time one person speaks.
        episode_secs: Average time between other events in a conference.
        talking: Ages of the conferences at the start.
        recorded: True to record these conferences.
    """

    name: str
    max_size: Size = 100
    waiting: Count = 0
    oldest_secs: Secs = 0.0
    lowest: Count = 0
    highest: Size = 1
    every_secs: Secs = 0.0
    agents: tuple[str, ...] = ()
    conference_prefix: Annotated[str, Formerly("room_prefix")] = "room-"
    conference_number: Annotated[Count, Formerly("room_number")] = 1
    talk_secs: Positive = 120.0
    turn_secs: Positive = 9.0
    episode_secs: Positive = 60.0
    talking: tuple[Secs, ...] = ()
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class ConferenceSpec:
    """A standing conference, created again some time after it has ended.

    Attributes:
        name: Name of the conference; its last number counts up when an operator has ended it.
        age_secs: Age at the start.
        hosts: Staff who stay; the conference ends when the first leaves.
        supervisors: Staff who listen in, muted.
        guests: Number of callers in it at the start.
        lowest: Size below which people only join.
        highest: Size above which people only leave.
        churn_secs: Average time between two people joining or leaving; 0 for never.
        turn_secs: Average time one person speaks.
        episode_secs: Average time between other events.
        recording: State of its recording.
        away_secs: Average time from its end to the next.
        duration_minutes: Longest duration; 0 for four hours.
    """

    name: str
    age_secs: Secs = 0.0
    hosts: Annotated[tuple[str, ...], Limit(1)] = ("Bo Reyes",)
    supervisors: tuple[str, ...] = ()
    guests: Count = 1
    lowest: Count = 2
    highest: Count = 4
    churn_secs: Secs = 0.0
    turn_secs: Positive = 6.0
    episode_secs: Positive = 60.0
    recording: Literal["no", "on", "paused"] = "no"
    away_secs: Positive = 45.0
    duration_minutes: Count = 0


@dataclass(frozen=True, slots=True)
class ActorSpec:
    """A person of the script.

    Attributes:
        name: Name in calls, turns and acts, and in client_state.
        number: Number or address; empty to draw or derive one.
        staff: True for a person who is dialled instead of calling in.
        client_state: Replaces the one made from the name; Base64.
    """

    name: Annotated[str, Limit(1)]
    number: str = ""
    staff: bool = False
    client_state: str = ""


@dataclass(frozen=True, slots=True)
class CallSpec:
    """A call of an actor, to a queue, to a conference or parked.

    Attributes:
        actor: Name of the actor.
        at_secs: Time of the call; before 0 for the past.
        queue: Queue to wait in; created if it does not exist.
        conference: Conference to join; created if it does not exist.
        host: True if the conference ends when the actor leaves.
        role: Supervisor role.
        to: Actor who hears the whisper.
        muted: True to join muted.
        on_hold: True to join on hold.
        rings: True if nobody answers.
        for_secs: Time until the actor hangs up; 0 for never.
        max_wait_secs: Longest wait in the queue, in whole seconds; 0 for none.
        keep_after_hangup: True to keep the place in the queue after a hang-up.
        time_limit_secs: Time until the call ends in any case; 0 for never.
        duration_minutes: Longest duration of a conference that this call creates; 0 for four hours.
    """

    actor: str
    at_secs: float = 0.0
    queue: str = ""
    conference: ConferenceName = ""
    host: bool = False
    role: Literal["none", "barge", "monitor", "whisper"] = "none"
    to: str = ""
    muted: bool = False
    on_hold: bool = False
    rings: bool = False
    for_secs: Secs = 0.0
    max_wait_secs: Secs = 0.0
    keep_after_hangup: bool = False
    time_limit_secs: Secs = 0.0
    duration_minutes: Count = 0


@dataclass(frozen=True, slots=True)
class TurnSpec:
    """An actor takes the floor of their conference."""

    actor: str
    at_secs: float = 0.0


@dataclass(frozen=True, slots=True)
class ActSpec:
    """An action on one actor or, without an actor, on a whole conference.

    Attributes:
        do: The action; ``join`` brings an actor's call into the conference.
        at_secs: Time of the action.
        actor: Actor it is for, in the conference of their latest call.
        conference: Conference it is for.
        to: Actor who hears the whisper from now on.
        media: URL of the audio to play, or to hear on hold.
        text: Text to speak.
    """

    do: Action
    at_secs: float = 0.0
    actor: str = ""
    conference: ConferenceName = ""
    to: str = ""
    media: str = "https://media.floor.example/one-moment.mp3"
    text: str = "Please hold the line."


@dataclass(frozen=True, slots=True)
class FaultSpec:
    """A fault of ``--fault`` from a given time on; ``for_secs`` 0 means without end."""

    name: str
    rate: Rate = 1.0
    at_secs: Secs = 0.0
    for_secs: Secs = 0.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """A world and its people; ``parked`` is the number of parked callers."""

    summary: str
    parked: Count = 0
    queue: tuple[QueueSpec, ...] = ()
    conference: Annotated[tuple[ConferenceSpec, ...], Formerly("room")] = ()
    actor: tuple[ActorSpec, ...] = ()
    call: tuple[CallSpec, ...] = ()
    turn: tuple[TurnSpec, ...] = ()
    act: tuple[ActSpec, ...] = ()
    fault: tuple[FaultSpec, ...] = ()


def names() -> list[str]:
    """Return the names of the scenarios that come with the simulator."""
    files = resources.files(__package__).joinpath("data").iterdir()
    return sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml"))


def load(name: str) -> Scenario:
    """Return a scenario that comes with the simulator, or that of a path ending in ``.toml``.

    Raises:
        ValueError: For an unknown name, an unreadable file or invalid content.
    """
    if name.endswith(".toml"):
        try:
            text = Path(name).read_text("utf-8")
        except OSError as error:
            raise ValueError(f"{name}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise ValueError(f"{name}: not UTF-8") from None
        return read(text, name)
    if name not in names():
        known = ", ".join(names())
        raise ValueError(
            f"no scenario is named {name}; known are {known}, or a path to a .toml file"
        )
    return read(resources.files(__package__).joinpath("data", f"{name}.toml").read_text("utf-8"))


def read(text: str, file: str = "the scenario") -> Scenario:
    """Return the scenario of a TOML text; ``file`` names it in errors.

    Raises:
        ValueError: One line with the file, the place and the error.
    """
    try:
        scenario = parse(Scenario, tomllib.loads(text))
        _check_names(scenario)
        _check_values(scenario)
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from None
    return scenario


def _check_values(scenario: Scenario) -> None:
    """Check that names are unique, conferences not too full, and every client_state Base64."""
    for kind in ("queue", "conference", "actor"):
        names = [one.name for one in getattr(scenario, kind)]
        for at, name in enumerate(names):
            if name in names[:at]:
                raise ValueError(f"{kind}.{at}.name: there is a [[{kind}]] {name!r} already")
    for at, conference in enumerate(scenario.conference):
        people = len(conference.hosts) + len(conference.supervisors) + conference.guests
        if people > MOST_PEOPLE:
            raise ValueError(
                f"conference.{at}.guests: at most {MOST_PEOPLE} people fit, not {people}"
            )
    for at, actor in enumerate(scenario.actor):
        try:
            base64.b64decode(actor.client_state, validate=True)
        except ValueError:
            raise ValueError(f"actor.{at}.client_state: this must be Base64") from None


def _check_names(scenario: Scenario) -> None:
    """Check that every named actor and fault exists, and that acts have the members they need."""
    actors = [one.name for one in scenario.actor]
    for kind, specs in (("call", scenario.call), ("turn", scenario.turn), ("act", scenario.act)):
        for at, one in enumerate(specs):
            for member in ("actor", "to"):
                name = getattr(one, member, "")
                if name and name not in actors:
                    known = ", ".join(actors) or "none yet"
                    raise ValueError(
                        f"{kind}.{at}.{member}: there is no [[actor]] {name!r}; there is {known}"
                    )
    for at, act in enumerate(scenario.act):
        if not act.actor and (not act.conference or act.do in NEEDS_ACTOR):
            raise ValueError(f"act.{at}.actor: {act.do} needs an actor")
        if act.do == "join" and not act.conference:
            raise ValueError(f"act.{at}.conference: join needs a conference")
    for at, fault in enumerate(scenario.fault):
        if fault.name not in FAULTS:
            raise ValueError(
                f"fault.{at}.name: no fault is named {fault.name!r}; known are {', '.join(FAULTS)}"
            )
