"""What a scenario file may say. All times are seconds of the world, which ``--speed`` divides.

A file is TOML. Only ``summary`` is required. ``[[queue]]`` and ``[[room]]`` live by chance, each
round its own figures; ``[[actor]]``, ``[[call]]``, ``[[turn]]`` and ``[[act]]`` are played word by
word, and ``[[fault]]`` says what goes wrong. A time before 0 is the past: rooms and waits are as
old as that when the simulator starts, and no webhook tells of it. ::

    summary = "an angry caller, a supervisor who listens in, and a webhook in ten lost"

    [[actor]]
    name = "Bo Reyes"
    staff = true                # is dialled; client_state {"agent": "Bo Reyes"}

    [[actor]]
    name = "Dana Kowalski"      # calls in; client_state {"name": "Dana Kowalski"}
    number = "+15125550142"

    [[call]]
    actor = "Bo Reyes"
    at_secs = -600              # the room is ten minutes old
    room = "refund"             # opened by the first who goes there
    host = true                 # it ends when he goes

    [[call]]
    actor = "Dana Kowalski"
    at_secs = -580
    room = "refund"

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

Unknown members, wrong types, numbers beyond their limits and names that nobody bears are refused
in one line with the file, the place and what is allowed there.
"""

from __future__ import annotations

import base64
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from console.simulator.faults import FAULTS
from console.simulator.scenarios.fit import Limit, fit

Count = Annotated[int, Limit(0)]
Size = Annotated[int, Limit(1)]
Secs = Annotated[float, Limit(0)]
Some = Annotated[float, Limit(0, over=True)]
Rate = Annotated[float, Limit(0, most=1)]
Deed = Literal[
    "answer", "hangup", "join", "leave", "end", "mute", "unmute", "hold", "unhold", "none", "barge",
    "monitor", "whisper", "play", "speak", "stop", "record", "pause", "resume", "save",
]  # fmt: skip
MOST_PEOPLE = 250
ONE = ("answer", "hangup", "join", "leave", "none", "barge", "monitor", "whisper")


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
        duration_minutes: When it ends at the latest; 0 for four hours.
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
    duration_minutes: Count = 0


@dataclass(frozen=True, slots=True)
class ActorSpec:
    """Somebody the script names.

    Attributes:
        name: What calls, turns and acts call them; staff and callers say it in client_state.
        number: Where they call from or are reached; drawn or made up where it is empty.
        staff: Is dialled instead of calling in.
        client_state: Instead of the one that says their name; Base64.
    """

    name: Annotated[str, Limit(1)]
    number: str = ""
    staff: bool = False
    client_state: str = ""


@dataclass(frozen=True, slots=True)
class CallSpec:
    """An actor calls, or is dialled, and goes to a queue, to a room or nowhere.

    Attributes:
        actor: Who.
        at_secs: When; before 0 for the past.
        queue: Where they wait; made if nobody made it.
        room: Which conference they join; opened if it is not open.
        host: The room ends when they leave.
        role: As which supervisor they join.
        to: To whom they whisper.
        muted: Join muted.
        on_hold: Join on hold.
        rings: Nobody answers.
        for_secs: They hang up after it; 0 for never.
        max_wait_secs: Longest wait in the queue, in whole seconds; 0 for none.
        keep_after_hangup: Their place in the queue is kept when they hang up.
        time_limit_secs: The call ends after it, whatever happens; 0 for never.
        duration_minutes: Of the room this call opens; 0 for four hours.
    """

    actor: str
    at_secs: float = 0.0
    queue: str = ""
    room: str = ""
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
    """An actor takes the floor of the room they are in."""

    actor: str
    at_secs: float = 0.0


@dataclass(frozen=True, slots=True)
class ActSpec:
    """Something is done, to one actor or, without one, to a whole room.

    Attributes:
        do: What; ``join`` brings an actor's call into the room.
        at_secs: When.
        actor: To whom, in whatever room their latest call is.
        room: To which room.
        to: To whom an actor whispers from now on.
        media: URL of what is played, or heard on hold.
        text: What is spoken.
    """

    do: Deed
    at_secs: float = 0.0
    actor: str = ""
    room: str = ""
    to: str = ""
    media: str = "https://media.floor.example/one-moment.mp3"
    text: str = "Please hold the line."


@dataclass(frozen=True, slots=True)
class FaultSpec:
    """A fault of ``--fault``, from a time on; ``for_secs`` 0 is for ever."""

    name: str
    rate: Rate = 1.0
    at_secs: Secs = 0.0
    for_secs: Secs = 0.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """A floor and its people; ``parked`` callers are nowhere yet."""

    summary: str
    parked: Count = 0
    queue: tuple[QueueSpec, ...] = ()
    room: tuple[RoomSpec, ...] = ()
    actor: tuple[ActorSpec, ...] = ()
    call: tuple[CallSpec, ...] = ()
    turn: tuple[TurnSpec, ...] = ()
    act: tuple[ActSpec, ...] = ()
    fault: tuple[FaultSpec, ...] = ()


def names() -> list[str]:
    """The scenarios that come with the simulator."""
    files = resources.files(__package__).joinpath("data").iterdir()
    return sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml"))


def load(name: str) -> Scenario:
    """A scenario that comes with the simulator, or that of a file whose path ends in ``.toml``.

    Raises:
        ValueError: For an unknown name, a file that cannot be read or one that does not fit.
    """
    if name.endswith(".toml"):
        try:
            text = Path(name).read_text("utf-8")
        except OSError as error:
            raise ValueError(f"{name}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise ValueError(f"{name}: this is not UTF-8") from None
        return read(text, name)
    if name not in names():
        known = ", ".join(names())
        raise ValueError(f"no scenario is named {name}; known are {known}, or a path to a .toml")
    return read(resources.files(__package__).joinpath("data", f"{name}.toml").read_text("utf-8"))


def read(text: str, file: str = "the scenario") -> Scenario:
    """A scenario from TOML.

    Raises:
        ValueError: One line that names the file, the place and what is wrong there.
    """
    try:
        scenario = fit(Scenario, tomllib.loads(text))
        _check_names(scenario)
        _check_rooms(scenario)
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from None
    return scenario


def _check_rooms(scenario: Scenario) -> None:
    """No name is borne twice, no room is too full, every client_state is Base64."""
    for kind in ("queue", "room", "actor"):
        names = [one.name for one in getattr(scenario, kind)]
        for at, name in enumerate(names):
            if name in names[:at]:
                raise ValueError(f"{kind}.{at}.name: there is a [[{kind}]] {name!r} already")
    for at, room in enumerate(scenario.room):
        people = len(room.hosts) + len(room.supervisors) + room.guests
        if people > MOST_PEOPLE:
            raise ValueError(f"room.{at}.guests: at most {MOST_PEOPLE} people fit, not {people}")
    for at, actor in enumerate(scenario.actor):
        try:
            base64.b64decode(actor.client_state, validate=True)
        except ValueError:
            raise ValueError(f"actor.{at}.client_state: this must be Base64") from None


def _check_names(scenario: Scenario) -> None:
    """Everyone who is named has been introduced, and every fault exists."""
    actors = [one.name for one in scenario.actor]
    for kind, said in (("call", scenario.call), ("turn", scenario.turn), ("act", scenario.act)):
        for at, one in enumerate(said):
            for member in ("actor", "to"):
                name = getattr(one, member, "")
                if name and name not in actors:
                    known = ", ".join(actors) or "none yet"
                    raise ValueError(
                        f"{kind}.{at}.{member}: there is no [[actor]] {name!r}; there is {known}"
                    )
    for at, act in enumerate(scenario.act):
        if not act.actor and (not act.room or act.do in ONE):
            raise ValueError(f"act.{at}.actor: {act.do} needs an actor")
        if act.do == "join" and not act.room:
            raise ValueError(f"act.{at}.room: join needs a room")
    for at, fault in enumerate(scenario.fault):
        if fault.name not in FAULTS:
            raise ValueError(
                f"fault.{at}.name: no fault is named {fault.name!r}; known are {', '.join(FAULTS)}"
            )
