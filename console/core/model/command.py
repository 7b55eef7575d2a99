"""The record types that define an operator command.

The key, hint, help, dialog, request, retry rule, proof and undo of a command follow from its
`Command` record. An `Order` is one use of a command.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum, StrEnum
from typing import TYPE_CHECKING, TypeAlias

from console.core.model.entities import RecordingState
from console.core.model.listed_resources import Moment
from console.core.model.orders import NOT_OBSERVED, Observed
from console.core.model.proofs import ListedFlag, Proof, ShownProof
from console.core.model.undo_method import PresentSetting, Undo

if TYPE_CHECKING:
    from console.core.model.state import State


class Pane(StrEnum):
    """A pane of the workspace. Commands are bound to keys per pane."""

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
    """Rule for sending a request again after no answer came."""

    SAME_ID = "same command_id within 60 s"
    SETS_STATE = "sets a state: resent only when the request never left"
    REPEATS_EFFECT = "repeats an effect: resent only when the request never left"


@dataclass(frozen=True, slots=True)
class People:
    """Chosen legs of a conference. Never empty: an empty list means everyone to Telnyx."""

    conference: str
    legs: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.legs or not all(self.legs):
            raise ValueError("a command needs at least one person")


@dataclass(frozen=True, slots=True)
class WholeConference:
    """A whole conference, as a target. Some commands act on everyone in it."""

    conference: str


@dataclass(frozen=True, slots=True)
class Queued:
    """One queued call, as a target."""

    queue: str
    leg: str


@dataclass(frozen=True, slots=True)
class WholeQueue:
    """A whole queue, as a target."""

    queue: str


@dataclass(frozen=True, slots=True)
class AnyLeg:
    """One leg to move, with the place where it was at the key press. No place means parked."""

    leg: str
    from_conference: str | None = None
    from_queue: str | None = None


@dataclass(frozen=True, slots=True)
class NoTarget:
    """The target of a command that creates a conference, queue or call."""


Target: TypeAlias = People | WholeConference | Queued | WholeQueue | AnyLeg | NoTarget


class TargetKind(Enum):
    """The kind of target that a command takes."""

    PEOPLE = "people of a conference"
    ONE = "one person of a conference"
    CONFERENCE = "a conference"
    CALL = "a call in a queue"
    QUEUE = "a queue"
    LEG = "a leg, wherever it is"
    NOTHING = "nothing that is there yet"


def conference_of(target: Target) -> str | None:
    """Return the id of the target's conference, or None if the target is in no conference."""
    return target.conference if isinstance(target, People | WholeConference) else None


def queue_of(target: Target) -> str | None:
    """Return the name of the target's queue, or None if the target is in no queue."""
    return target.queue if isinstance(target, Queued | WholeQueue) else None


def legs_of(target: Target) -> tuple[str, ...]:
    """Return the legs that a target names. Empty for a whole conference or queue."""
    match target:
        case People():
            return target.legs
        case Queued() | AnyLeg():
            return (target.leg,)
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request to Telnyx. Path segments are not yet percent-encoded."""

    method: str
    path: tuple[str, ...]
    body: Mapping[str, object] = field(default_factory=dict)


class Sensitivity(Enum):
    """The part of an answer that is written to disk."""

    TEXT = "its numbers are masked"
    SPOKEN = "its numbers are masked, and it is not remembered for the next session"
    NAME = "names what must be found again: kept whole, sealed where a number would be masked"
    CODE = "that there was one"


class FieldKind(Enum):
    """The kind of answer that a field takes."""

    TEXT = "any text"
    CHOICE = "one of the choices"
    FLAG = "yes or no"
    PICK = "any text; the choices are suggested"
    CONFERENCE = "a conference's name or id; known ones are suggested"
    QUEUE = "a queue's name; known ones are suggested"
    LEG = "a call_control_id; known ones are suggested"
    LEGS = "several call_control_ids; known ones are suggested"


_NAMING = frozenset({FieldKind.CONFERENCE, FieldKind.QUEUE, FieldKind.LEG, FieldKind.LEGS})
"""Kinds of field whose answer is the name or id of a Telnyx resource."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a command's dialog."""

    name: str
    words: str
    kind: FieldKind = FieldKind.TEXT
    choices: tuple[str, ...] = ()
    default: str = ""
    """The value that Telnyx uses when the field is not sent."""
    required: bool = False
    limit: int | None = None
    """Largest number of characters."""
    hint: str = ""
    check: Callable[[str], str | None] | None = None
    """Returns the reason why Telnyx would refuse a value, or None."""
    hidden_at_first: bool = False
    """True if the dialog hides the field until the operator asks for more fields."""
    remembered: bool = True
    """Offer the last answer as the default. False for names, PINs and reasons."""
    sensitivity: Sensitivity = Sensitivity.TEXT

    @property
    def on_disk(self) -> Sensitivity:
        """The part of the answer that is written to disk."""
        return Sensitivity.NAME if self.kind in _NAMING else self.sensitivity


Values: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SideEffect:
    """A further effect of a command: one sentence and the confirmation level that it requires."""

    confirmation: ConfirmationLevel
    text: str
    legs: tuple[str, ...] = ()
    """The affected legs. The dialog names them after the text."""


@dataclass(frozen=True, slots=True)
class RecordingChange:
    """The change that a command makes to the recording of its conference."""

    state: RecordingState
    """The state after the command was accepted."""
    needs_recording: bool = False
    """True if it changes a recording that runs already. It starts none."""


@dataclass(frozen=True, slots=True)
class Command:
    """One operator command. ``key`` works in ``panes``. ``words`` name the command on screen."""

    name: str
    key: str
    words: str
    done: str
    """Past tense for the receipt, as in "muted"."""
    panes: frozenset[Pane]
    target_kind: TargetKind
    confirmation: ConfirmationLevel
    retry: Retry
    proof: Proof
    request: Callable[[Order], Request]
    why_not: Callable[[State, Target], str | None]
    fields: tuple[Field, ...] = ()
    confirmation_of_many: ConfirmationLevel = ConfirmationLevel.CONFIRM
    """The confirmation level for several targets."""
    undo: Undo | None = None
    """The way to take the command back, or None."""
    button: str = ""
    """The verb of the dialog's button; empty if the name will do."""
    toward: str = ""
    """"to" or "from" if the command moves people: the word between them and the place."""
    hint: str = ""
    """Short word on the hints line. Empty if the command is not shown there."""
    hint_priority: int = 4
    """Priority on a narrow hints line. 0 always stays; the highest number is left out first."""
    help: str = ""
    """One sentence about the effect and about what cannot be taken back."""
    check: Callable[[Values], Mapping[str, str]] | None = None
    """Returns error texts by field name, for fields that do not fit together."""
    side_effects: Callable[[State, Target], tuple[SideEffect, ...]] | None = None
    """Returns the side effects of the command in the present state."""
    warning: Callable[[State, Target, Values], str] | None = None
    """Returns a warning about these answers, which the operator confirms, or an empty text."""
    typed_name: str = ""
    """Name on the command line. Empty if ``name`` is used."""
    dials: bool = False
    """True if Telnyx answers with a new leg, which becomes the operator's own leg."""
    extra_proof_time: float = 0.0
    """Seconds added to `Policy.proof`, for example while a phone rings."""
    why_one_at_a_time: str = ""
    """Reason why the command takes one target at a time. Empty if it takes several."""
    prefers_own_leg: bool = False
    """True if the target is the operator's own leg in the conference, unless a row is marked or
    named."""
    current: Callable[[State, Target], Values] | None = None
    """Returns present values that the order keeps with the answers, by field or own name."""
    observe: Callable[[State, Target], Observed] | None = None
    """Returns present facts about the target that the request or the proof needs."""
    second_key: str = ""
    """A second key for the same panes."""
    present_settings: Callable[[State, Target], tuple[PresentSetting, ...]] | None = None
    """Returns the present settings that the command would change. Only for a capital key without
    a dialog: a press that changes nothing is a sign of Caps Lock."""
    unchanged_text: str = ""
    """Text about targets that the command would not change, as in "not muted". Needs ``sights``."""

    recording: RecordingChange | None = None
    """The change to the recording of its conference, if it makes one."""
    parks: bool = False
    """True if its legs are parked afterwards: in no conference and no queue."""

    @property
    def label(self) -> str:
        """The words without the colon that a name follows."""
        return self.words.removesuffix(":")

    @property
    def typed(self) -> str:
        """Name on the command line. Two commands of different panes may share one name."""
        return self.typed_name or self.name.replace("_", " ")

    @property
    def verb(self) -> str:
        """The short name on a button, in a row and in the log: "take out"."""
        return self.button or self.name.removesuffix("_room").replace("_", " ")

    @property
    def inverse(self) -> str | None:
        """Name of the command that takes this one back, or None."""
        return self.undo.command if self.undo is not None else None

    @property
    def how_to_start(self) -> str:
        """The keys of the command, or its colon form if it has no key, for people to read."""
        return " ".join(self.keys) or f":{self.typed}"

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key of the command. Empty if the command can only be typed."""
        return tuple(filter(None, (self.key, self.second_key)))

    @property
    def flag(self) -> ListedFlag | None:
        """The flag of the participants listing that it sets, if it sets just one."""
        return self.proof.flag if isinstance(self.proof, ShownProof) else None

    @property
    def is_for_conference(self) -> bool:
        """True if the command takes a whole conference as its target."""
        return self.target_kind is TargetKind.CONFERENCE


@dataclass(frozen=True, slots=True)
class Order:
    """A command with its target and answers, frozen at the key press."""

    id: str
    """Sent as ``command_id`` if the operation has that member."""
    at: Moment
    command: Command
    target: Target
    operator: str
    values: Values = field(default_factory=dict)
    observed: Observed = NOT_OBSERVED
    repeats: str | None = None
    """The order of unknown outcome that the operator knowingly repeats."""
    region: str | None = None
    undoes: str | None = None
    """Id of the order that this order takes back."""
    redoes: str | None = None
    """Id of the undo order that this order takes back."""
    batch: str | None = None
    """Id that all orders of one key press share. None if the key press made one order."""
    confirmation: ConfirmationLevel = ConfirmationLevel.AT_ONCE
    """The confirmation level that the screen asked for. Not read back from the journal."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Names of the targets on the screen at the key press, by id. Empty for an undo."""

    @property
    def key_press(self) -> str:
        """Id of the key press: the batch id, or the order id if there is no batch."""
        return self.batch or self.id

    @property
    def conference(self) -> str | None:
        """The conference named by the answers, or else the target's conference."""
        return self.values.get("room") or conference_of(self.target)

    @property
    def queue(self) -> str | None:
        """The queue named by the answers, or else the target's queue."""
        return self.values.get("queue_name") or queue_of(self.target)

    @property
    def legs(self) -> tuple[str, ...]:
        """The target's legs, or the leg in the answers. Empty for a whole conference or queue."""
        typed = self.values.get("call_control_id")
        if isinstance(self.target, NoTarget | WholeConference) and typed:
            return (typed,)
        return legs_of(self.target)
