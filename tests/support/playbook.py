"""A dialogue with the core: messages in, effects out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from console.commands import COMMANDS
from console.core.messages import facts, intents, webhooks
from console.core.messages.effects import Effect, Send
from console.core.model.command import Order, People, Target, WholeConference
from console.core.model.entities import Phone
from console.core.model.listed_resources import (
    ConferenceResource,
    Leg,
    Moment,
    ParticipantResource,
    Problem,
    ProblemKind,
    QueuedCallResource,
    QueueResource,
)
from console.core.model.policy import Policy
from console.core.model.stage import Stage
from console.core.model.state import Receipt, State
from console.core.update import Message, update

EPOCH = 1_800_000_000.0
"""The provider's clock at the start of every dialogue, in seconds."""
PHONE = Phone("2963500000000000123", "+15125550100", "+15125550150")
"""The operator's own phone, with the numbers to dial it."""
CONFERENCE = "7c1f0e52-0000-4000-8000-000000000001"


def at(seconds: float) -> Moment:
    """Return a time ``seconds`` into the dialogue; the monotonic clock has another origin."""
    return Moment(5_000.0 + seconds, EPOCH + seconds)


def reading(asked: float, *, took: float = 0.05, atomic: bool = True) -> facts.Reading:
    """Return a reading that was requested ``asked`` seconds into the dialogue."""
    return facts.Reading(at(asked), at(asked + took), at(asked + took), EPOCH + asked, atomic)


def origin(
    seconds: float, name: str, *, occurred: float | None = None, id_: str = ""
) -> webhooks.Origin:
    """Return the origin of a webhook that arrived at ``seconds``, and occurred then by default."""
    stamp = EPOCH + (seconds if occurred is None else occurred)
    return webhooks.Origin(at(seconds), id_ or f"{name}@{seconds}", name, stamp)


def participant(
    leg: str, *, muted: bool = False, held: bool = False, since: float = -60.0
) -> ParticipantResource:
    """Return a participant as a listing shows it."""
    stamp = EPOCH + since
    return ParticipantResource(
        leg, f"id-{leg}", f"leg-{leg}", "joined", muted, held, False, False, (), stamp, stamp
    )  # the listing's own order


def listed_conference(
    id_: str = CONFERENCE, name: str = "board-q3", status: str = "in_progress"
) -> ConferenceResource:
    """Return a conference as a listing shows it."""
    return ConferenceResource(id_, name, EPOCH - 600, EPOCH + 13_800, status, EPOCH - 600)


def queue(name: str, size: int = 0, most: int = 300) -> QueueResource:
    """Return a queue as a listing shows it."""
    return QueueResource(name, f"id-{name}", size, most, 0, EPOCH - 600, EPOCH - 600)


def queued(leg: str, place: int = 1, *, alive: bool = True) -> QueuedCallResource:
    """Return a queued call as a listing shows it."""
    return QueuedCallResource(
        leg, f"leg-{leg}", f"s-{leg}", "+15125550199", "+1", EPOCH - 60, 60, place, alive
    )


def people_listed(
    asked: float, *items: ParticipantResource, conference: str = CONFERENCE
) -> facts.ParticipantsListed:
    """Return a whole listing of a conference's participants."""
    return facts.ParticipantsListed(reading(asked), conference, items)


def joined(
    seconds: float, leg: str, *, conference: str = CONFERENCE, occurred: float | None = None
) -> webhooks.ParticipantJoined:
    """Return a participant.joined."""
    said = origin(
        seconds, "conference.participant.joined", occurred=occurred, id_=f"j{leg}{seconds}"
    )
    return webhooks.ParticipantJoined(said, Leg(leg), conference)


def left(
    seconds: float, leg: str, *, conference: str = CONFERENCE, occurred: float | None = None
) -> webhooks.ParticipantLeft:
    """Return a participant.left."""
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
    """Return an order as a key press makes it."""
    target: Target = People(conference, legs) if legs else WholeConference(conference)
    return Order(
        id_ or f"{name}-{seconds}", at(seconds), COMMANDS[name], target, "ana", values or {}
    )


@dataclass
class Playbook:
    """Gives messages to the core one after another, and keeps the effects of the last."""

    state: State = field(
        default_factory=lambda: State(policy=Policy(), commands=COMMANDS, phone=PHONE)
    )
    effects: tuple[Effect, ...] = ()

    def say(self, *messages: Message) -> Playbook:
        """Apply these messages as one batch."""
        self.state, self.effects = update(self.state, messages)
        return self

    def begin(self, *legs: ParticipantResource) -> Playbook:
        """Start with a conference of these people, listed a second ago."""
        return self.say(
            facts.ConferencesListed(reading(-1.0), "in_progress", (listed_conference(),)),
            people_listed(-1.0, *legs),
        )

    def ask(
        self, name: str, seconds: float, *legs: str, id_: str = "", **values: str
    ) -> Receipt | None:
        """Press a key; return the receipt of the order, or None if there was no order."""
        asked = order(name, seconds, *legs, id_=id_, values=values)
        self.say(intents.OrderAsked(asked))
        return self.state.receipts.get(asked.id)

    def accept(self, seconds: float, id_: str) -> Playbook:
        """Answer an order with success."""
        return self.say(
            facts.CommandSent(at(seconds - 0.1), id_, 1),
            facts.CommandAccepted(at(seconds), id_, EPOCH + seconds),
        )

    def refuse(self, seconds: float, id_: str, kind: str = "refused") -> Playbook:
        """Answer an order with a refusal."""
        problem = Problem(ProblemKind(kind), 422, "90018", "no")
        return self.say(facts.CommandRefused(at(seconds), id_, problem))

    def pass_(self, seconds: float) -> Playbook:
        """Let time pass until ``seconds``."""
        return self.say(facts.Ticked(at(seconds)))

    def stage(self, id_: str) -> Stage:
        """Return the stage of an order."""
        return self.state.receipts[id_].stage

    @property
    def sent(self) -> list[str]:
        """The names of the commands that the last step sent."""
        return [effect.order.command.name for effect in self.effects if isinstance(effect, Send)]

    def policy(self, **numbers: object) -> Playbook:
        """Change numbers of the policy."""
        self.state = replace(self.state, policy=replace(self.state.policy, **numbers))  # type: ignore[arg-type]  # names are Policy's own
        return self
