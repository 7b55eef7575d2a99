"""A dialogue with the core: messages in, effects out, in the words of the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from console.commands import COMMANDS
from console.core.messages import facts, intents, webhooks
from console.core.messages.effects import Effect, Send
from console.core.model.command import Order, People, Target, WholeConference
from console.core.model.entities import Phone
from console.core.model.policy import Policy
from console.core.model.resources import (
    ConferenceResource,
    Leg,
    Moment,
    ParticipantResource,
    Problem,
    ProblemKind,
    QueuedCallResource,
    QueueResource,
)
from console.core.model.stage import Stage
from console.core.model.state import Receipt, State
from console.core.update import Message, update

EPOCH = 1_800_000_000.0
"""The provider's clock at the beginning of every dialogue, in seconds."""
PHONE = Phone("2963500000000000123", "+15125550100", "+15125550150")
"""The operator's own phone, and what it is dialled with."""
CONFERENCE = "7c1f0e52-0000-4000-8000-000000000001"


def at(seconds: float) -> Moment:
    """So many seconds into the dialogue; this host's monotonic clock began elsewhere."""
    return Moment(5_000.0 + seconds, EPOCH + seconds)


def reading(asked: float, *, took: float = 0.05, atomic: bool = True) -> facts.Reading:
    """A reading that was asked for so many seconds into the dialogue."""
    return facts.Reading(at(asked), at(asked + took), at(asked + took), EPOCH + asked, atomic)


def origin(
    seconds: float, name: str, *, occurred: float | None = None, id_: str = ""
) -> webhooks.Origin:
    """A webhook that arrived at ``seconds``; it occurred then unless another time is given."""
    stamp = EPOCH + (seconds if occurred is None else occurred)
    return webhooks.Origin(at(seconds), id_ or f"{name}@{seconds}", name, stamp)


def participant(
    leg: str, *, muted: bool = False, held: bool = False, since: float = -60.0
) -> ParticipantResource:
    """A person as a listing shows them."""
    stamp = EPOCH + since
    return ParticipantResource(
        leg, f"id-{leg}", f"leg-{leg}", "joined", muted, held, False, False, (), stamp, stamp
    )  # the listing's own order


def listed_conference(
    id_: str = CONFERENCE, name: str = "board-q3", status: str = "in_progress"
) -> ConferenceResource:
    """A conference as a listing shows it."""
    return ConferenceResource(id_, name, EPOCH - 600, EPOCH + 13_800, status, EPOCH - 600)


def queue(name: str, size: int = 0, most: int = 300) -> QueueResource:
    """A queue as a listing shows it."""
    return QueueResource(name, f"id-{name}", size, most, 0, EPOCH - 600, EPOCH - 600)


def queued(leg: str, place: int = 1, *, alive: bool = True) -> QueuedCallResource:
    """A waiting call as a listing shows it."""
    return QueuedCallResource(
        leg, f"leg-{leg}", f"s-{leg}", "+15125550199", "+1", EPOCH - 60, 60, place, alive
    )


def people_listed(
    asked: float, *items: ParticipantResource, conference: str = CONFERENCE
) -> facts.ParticipantsListed:
    """A whole listing of a conference's people."""
    return facts.ParticipantsListed(reading(asked), conference, items)


def joined(
    seconds: float, leg: str, *, conference: str = CONFERENCE, occurred: float | None = None
) -> webhooks.ParticipantJoined:
    """participant.joined."""
    said = origin(
        seconds, "conference.participant.joined", occurred=occurred, id_=f"j{leg}{seconds}"
    )
    return webhooks.ParticipantJoined(said, Leg(leg), conference)


def left(
    seconds: float, leg: str, *, conference: str = CONFERENCE, occurred: float | None = None
) -> webhooks.ParticipantLeft:
    """participant.left."""
    said = origin(seconds, "conference.participant.left", occurred=occurred, id_=f"l{leg}{seconds}")
    return webhooks.ParticipantLeft(said, Leg(leg), conference)


def order(
    name: str,
    seconds: float,
    *legs: str,
    id_: str = "",
    conference: str = CONFERENCE,
    values: Mapping[str, str] | None = None,
) -> Order:
    """An order as a key press makes it."""
    target: Target = People(conference, legs) if legs else WholeConference(conference)
    return Order(
        id_ or f"{name}-{seconds}", at(seconds), COMMANDS[name], target, "ana", values or {}
    )


@dataclass
class Playbook:
    """Says messages one after another and keeps what came of the last."""

    state: State = field(
        default_factory=lambda: State(policy=Policy(), commands=COMMANDS, phone=PHONE)
    )
    effects: tuple[Effect, ...] = ()

    def say(self, *messages: Message) -> Playbook:
        """Fold these messages as one batch."""
        self.state, self.effects = update(self.state, messages)
        return self

    def begin(self, *legs: ParticipantResource) -> Playbook:
        """A conference with these people, listed a second ago."""
        return self.say(
            facts.ConferencesListed(reading(-1.0), "in_progress", (listed_conference(),)),
            people_listed(-1.0, *legs),
        )

    def ask(
        self, name: str, seconds: float, *legs: str, id_: str = "", **values: str
    ) -> Receipt | None:
        """Press a key; the receipt of the order, if one was made."""
        asked = order(name, seconds, *legs, id_=id_, values=values)
        self.say(intents.Asked(asked))
        return self.state.receipts.get(asked.id)

    def accept(self, seconds: float, id_: str) -> Playbook:
        """Telnyx says ok."""
        return self.say(
            facts.CommandSent(at(seconds - 0.1), id_, 1),
            facts.CommandAccepted(at(seconds), id_, EPOCH + seconds),
        )

    def refuse(self, seconds: float, id_: str, kind: str = "refused") -> Playbook:
        """Telnyx says no."""
        return self.say(
            facts.CommandRefused(at(seconds), id_, Problem(ProblemKind(kind), 422, "90018", "no"))
        )

    def pass_(self, seconds: float) -> Playbook:
        """Time passes."""
        return self.say(facts.Ticked(at(seconds)))

    def stage(self, id_: str) -> Stage:
        """Where a command is."""
        return self.state.receipts[id_].stage

    @property
    def sent(self) -> list[str]:
        """The names of the commands that the last step sent."""
        return [effect.order.command.name for effect in self.effects if isinstance(effect, Send)]

    def policy(self, **numbers: object) -> Playbook:
        """Another policy."""
        self.state = replace(self.state, policy=replace(self.state.policy, **numbers))  # type: ignore[arg-type]  # names are Policy's own
        return self
