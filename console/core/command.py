"""One record per thing an operator may do, and one order per time it is done.

Everything that shows or performs a command derives from its record: key, footer, help, dialog,
request, retry, proof and inverse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum, StrEnum
from typing import Protocol, TypeAlias

from console.core.beliefs import Person, Room
from console.core.things import Moment


class Pane(StrEnum):
    """Where a row can stand when a key is pressed."""

    QUEUES = "queues"
    CALLS = "calls"
    CONFERENCES = "conferences"
    PEOPLE = "people"
    LOG = "log"


class Tier(IntEnum):
    """How much is asked before a command runs."""

    AT_ONCE = 0
    DIALOG = 1
    CONFIRM = 2
    TYPED = 3


class Retry(Enum):
    """What may be repeated when no answer came."""

    SAME_ID = "same command_id within 60 s"
    IF_UNSENT = "sets a state: resent only when the request never left"
    NEVER = "repeats an effect: resent only when the request never left"


@dataclass(frozen=True, slots=True)
class People:
    """These legs of a room. Never empty: an empty list means everyone to Telnyx."""

    room: str
    legs: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.legs or not all(self.legs):
            raise ValueError("a command needs at least one person")


@dataclass(frozen=True, slots=True)
class WholeRoom:
    """The room itself, or everyone in it where the record says so."""

    room: str


Target: TypeAlias = People | WholeRoom


class Beliefs(Protocol):
    """What a command may look at before it is asked for."""

    @property
    def rooms(self) -> Mapping[str, Room]:
        """By conference id."""

    @property
    def people(self) -> Mapping[str, Mapping[str, Person]]:
        """By conference id and leg."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request in the provider's words. Path segments are not yet percent-encoded."""

    method: str
    path: tuple[str, ...]
    body: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a command's dialog.

    ``default`` is what Telnyx assumes when nothing is sent. ``check`` answers with a sentence
    when the value will be refused, else with None.
    """

    name: str
    words: str
    kind: str = "text"
    """``text``, ``choice`` or ``flag``."""
    choices: tuple[str, ...] = ()
    default: str = ""
    required: bool = False
    limit: int | None = None
    hint: str = ""
    check: Callable[[str], str | None] | None = None


Values: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ListingProof:
    """Seen when a listing shows ``field`` (of core.things.Participant) at ``value``."""

    field: str
    value: bool


@dataclass(frozen=True, slots=True)
class EventProof:
    """Seen when one of these webhooks arrives, in its room form or one per chosen person."""

    kinds: tuple[str, ...]
    """Stems of the event type: ``playback.started`` stands for both of its forms."""


@dataclass(frozen=True, slots=True)
class EndProof:
    """Seen when conference.ended arrives or a read shows the conference completed."""


@dataclass(frozen=True, slots=True)
class NoProof:
    """Telnyx offers nothing to see it with. ``later`` names what may still tell, if anything."""

    later: str | None = None


Proof: TypeAlias = ListingProof | EventProof | EndProof | NoProof


@dataclass(frozen=True, slots=True)
class Command:
    """What an operator may do. ``key`` is pressed in ``panes``; ``words`` name it everywhere."""

    name: str
    key: str
    words: str
    done: str
    """The past tense for the receipt: "muted"."""
    panes: frozenset[Pane]
    wide: bool
    """Whether it addresses the whole room; else it is given explicit people."""
    tier: Tier
    retry: Retry
    proof: Proof
    request: Callable[[Order], Request]
    why_not: Callable[[Beliefs, Target], str | None]
    fields: tuple[Field, ...] = ()
    many: Tier = Tier.CONFIRM
    """The tier with two or more targets."""
    inverse: str | None = None
    """The name of the command that takes it back."""
    help: str = ""
    """One sentence of what it does and what it cannot take back."""
    check: Callable[[Values], Mapping[str, str]] | None = None
    """Cross-field complaints, by field name."""


@dataclass(frozen=True, slots=True)
class Order:
    """A command with its targets and answers, as it stood when the operator asked."""

    id: str
    """Sent as ``command_id`` where the operation has one."""
    at: Moment
    command: Command
    target: Target
    operator: str
    values: Values = field(default_factory=dict)
    region: str | None = None
    undoes: str | None = None

    @property
    def room(self) -> str:
        """The conference it concerns."""
        return self.target.room

    @property
    def legs(self) -> tuple[str, ...]:
        """The people it was aimed at; empty when it addresses the room as such."""
        return self.target.legs if isinstance(self.target, People) else ()
