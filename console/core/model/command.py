"""One record per thing an operator may do, and one order per time it is done.

Everything that shows or performs a command derives from its record: key, footer, help, dialog,
request, retry, proof and inverse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum, StrEnum
from typing import TypeAlias

from console.core.model.entities import Beliefs as Beliefs  # noqa: PLC0414  # records take it from here
from console.core.model.proofs import ListedFlag, Proof, ShownProof
from console.core.model.resources import Moment
from console.core.model.undo_record import Sight, Undo


class Pane(StrEnum):
    """Where a row can stand when a key is pressed."""

    QUEUES = "queues"
    CALLS = "calls"
    CONFERENCES = "conferences"
    PEOPLE = "people"
    LOG = "log"
    PARKED = "parked"


class ConfirmationLevel(IntEnum):
    """The confirmation that a command needs before it runs."""

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
    """These legs of a conference. Never empty: an empty list means everyone to Telnyx."""

    conference: str
    legs: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.legs or not all(self.legs):
            raise ValueError("a command needs at least one person")


@dataclass(frozen=True, slots=True)
class WholeConference:
    """The conference itself, or everyone in it where the record says so."""

    conference: str


@dataclass(frozen=True, slots=True)
class Queued:
    """One call in one queue."""

    queue: str
    leg: str


@dataclass(frozen=True, slots=True)
class WholeQueue:
    """The queue itself."""

    queue: str


@dataclass(frozen=True, slots=True)
class AnyLeg:
    """One leg, to be brought elsewhere; where it was when the key was pressed, else parked."""

    leg: str
    from_conference: str | None = None
    from_queue: str | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """What is made anew: nothing is there yet to be aimed at."""


Target: TypeAlias = People | WholeConference | Queued | WholeQueue | AnyLeg | Nothing


class Aim(Enum):
    """Which kind of target a command takes."""

    PEOPLE = "people of a conference"
    ONE = "one person of a conference"
    CONFERENCE = "a conference"
    CALL = "a call in a queue"
    QUEUE = "a queue"
    LEG = "a leg, wherever it is"
    NOTHING = "nothing that is there yet"


def conference_of(target: Target) -> str | None:
    """The conference a target is in, or is."""
    return target.conference if isinstance(target, People | WholeConference) else None


def queue_of(target: Target) -> str | None:
    """The queue a target is in, or is."""
    return target.queue if isinstance(target, Queued | WholeQueue) else None


def legs_of(target: Target) -> tuple[str, ...]:
    """The legs a target names; none where it is a conference or a queue as such."""
    match target:
        case People():
            return target.legs
        case Queued() | AnyLeg():
            return (target.leg,)
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request in the provider's words. Path segments are not yet percent-encoded."""

    method: str
    path: tuple[str, ...]
    body: Mapping[str, object] = field(default_factory=dict)


class Sensitivity(Enum):
    """The part of an answer that is written to disk."""

    TEXT = "its numbers are masked"
    SPOKEN = "its numbers are masked, and it is not remembered for the next session"
    NAME = "names what must be found again: kept whole, sealed where a number would be masked"
    CODE = "that there was one"


_NAMING = frozenset({"room", "queue", "leg", "legs", "one"})
"""Kinds of field that are answered with the name or the id of something at Telnyx."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a command's dialog.

    ``default`` is what Telnyx assumes when nothing is sent. ``check`` answers with a sentence
    when the value will be refused, else with None.
    """

    name: str
    words: str
    kind: str = "text"
    """``text``, ``choice`` or ``flag``; ``pick`` is a text that may be one of ``choices``;
    ``conference``, ``queue``, ``leg`` or ``legs`` one that may also be a known one."""
    choices: tuple[str, ...] = ()
    default: str = ""
    required: bool = False
    limit: int | None = None
    hint: str = ""
    check: Callable[[str], str | None] | None = None
    folded: bool = False
    """Whether it is shown only when asked for."""
    again: bool = True
    """Whether the last answer is offered again: not where it named somebody, was somebody's code
    or said why."""
    sensitivity: Sensitivity = Sensitivity.TEXT

    @property
    def written(self) -> Sensitivity:
        """The part of the answer that is written to disk."""
        return Sensitivity.NAME if self.kind in _NAMING else self.sensitivity


Values: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SideEffect:
    """Something that follows and is easily overlooked: one sentence, and how much it asks."""

    tier: ConfirmationLevel
    text: str
    legs: tuple[str, ...] = ()
    """Who it concerns, to be named after it."""


@dataclass(frozen=True, slots=True)
class RecordingChange:
    """The change that a command makes to the recording of its conference."""

    state: str
    """The state after the command was accepted: ``on``, ``paused`` or ``off``."""
    needs_recording: bool = False
    """True if it changes a recording that runs already. It starts none."""


@dataclass(frozen=True, slots=True)
class Command:
    """What an operator may do. ``key``, if any, is pressed in ``panes``; ``words`` name it."""

    name: str
    key: str
    words: str
    done: str
    """The past tense for the receipt: "muted"."""
    panes: frozenset[Pane]
    aims: Aim
    tier: ConfirmationLevel
    retry: Retry
    proof: Proof
    request: Callable[[Order], Request]
    why_not: Callable[[Beliefs, Target], str | None]
    fields: tuple[Field, ...] = ()
    many: ConfirmationLevel = ConfirmationLevel.CONFIRM
    """The tier with two or more people; at once where it concerns the conference as such."""
    undo: Undo[Beliefs, Order] | None = None
    """How it is taken back, where it can be."""
    button: str = ""
    """The verb on the dialog's button, if it is not the name."""
    hint: str = ""
    """The short word on the hints line; empty where it is not shown there."""
    shed: int = 4
    """How soon a narrow hints line leaves it out: 0 stays, else the highest goes first."""
    help: str = ""
    """One sentence of what it does and what it cannot take back."""
    check: Callable[[Values], Mapping[str, str]] | None = None
    """Cross-field complaints, by field name."""
    trips: Callable[[Beliefs, Target], tuple[SideEffect, ...]] | None = None
    """What it would also bring about, as it looks now."""
    warn: Callable[[Beliefs, Target, Values], str] | None = None
    """What these answers would also bring about; asked about again. Empty where nothing."""
    line: str = ""
    """What is typed after a colon, where the name would not do."""
    dials: bool = False
    """Its answer names a new leg, which is the operator's own."""
    patience: float = 0.0
    """Seconds that its proof may take beyond the policy's: a phone rings."""
    alone: str = ""
    """Why it is done to one at a time; empty where several may be marked for it."""
    own_first: bool = False
    """Aimed at the operator's own leg where that is in the conference, unless a row is marked or
    named."""
    current: Callable[[Beliefs, Target], Values] | None = None
    """What is known now and is kept with the answers, by field name or under a name of its own."""
    also: str = ""
    """A second key, pressed in the same panes."""
    sights: Callable[[Beliefs, Target], tuple[Sight, ...]] | None = None
    """The settings that it would change, as they are seen now. Only for a capital that runs at
    once: pressed where it changes nothing, it is taken for a sign of Caps Lock."""
    in_vain: str = ""
    """Said of targets that it would not change: "not muted". Set along with ``sights``."""

    recording: RecordingChange | None = None
    """The change to the recording of its conference, if it makes one."""
    parks: bool = False
    """True if its legs are parked afterwards: in no conference and no queue."""

    @property
    def verb(self) -> str:
        """The short name on a button and in a row: "take out"."""
        return self.button or self.name.replace("_", " ")

    @property
    def label(self) -> str:
        """The words without the colon that a name follows."""
        return self.words.removesuffix(":")

    @property
    def said(self) -> str:
        """What is typed after a colon. Two records may share it in different panes."""
        return self.line or self.name.replace("_", " ")

    @property
    def inverse(self) -> str | None:
        """The name of the command that takes it back."""
        return self.undo.by if self.undo is not None else None

    @property
    def shown(self) -> str:
        """How it is begun, as people write it."""
        return " ".join(self.keys) or f":{self.said}"

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that begins it; none where it can only be typed."""
        return tuple(filter(None, (self.key, self.also)))

    @property
    def flag(self) -> ListedFlag | None:
        """The flag of the participants listing that it sets, if it sets just one."""
        return self.proof.flag if isinstance(self.proof, ShownProof) else None

    @property
    def wide(self) -> bool:
        """Whether it addresses a whole conference; else it is given explicit people."""
        return self.aims is Aim.CONFERENCE


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
    """The order it takes back."""
    redoes: str | None = None
    """The undoing it takes back."""
    batch: str | None = None
    """What it shares with the orders that were asked for in the same breath."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The names shown at the key press for what it is aimed at, by id. Empty of an undoing."""

    @property
    def act(self) -> str:
        """What one key did, whether that took one order or several."""
        return self.batch or self.id

    @property
    def conference(self) -> str | None:
        """The conference it concerns: the one it was brought to, else the one it is aimed at."""
        return self.values.get("room") or conference_of(self.target)

    @property
    def queue(self) -> str | None:
        """The queue it concerns: the one it was sent to, else the one it is aimed at."""
        return self.values.get("queue_name") or queue_of(self.target)

    @property
    def legs(self) -> tuple[str, ...]:
        """The people it was aimed at; empty when it addresses a conference or a queue as such."""
        typed = self.values.get("call_control_id")
        if isinstance(self.target, Nothing | WholeConference) and typed:
            return (typed,)
        return legs_of(self.target)
