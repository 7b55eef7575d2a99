"""Learn who a leg is, and the name of each conference, from listings, webhooks and answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import inf

from console.core.messages.effects import KeepNames
from console.core.messages.facts import CallsListed, ParticipantsListed, ResourceRead
from console.core.model.command import Order
from console.core.model.draft import Draft
from console.core.model.entities import Identity
from console.core.model.resources import ConferenceResource, Leg, Moment, Source

POLL = Source.POLL


def conferences_named(draft: Draft, *named: ConferenceResource) -> None:
    """Remember names that a listing or a read shows, and write down those that are new."""
    names = tuple(
        (item.id, item.name)
        for item in named
        if item.name is not None and draft.names.get(item.id) != item.name
    )
    remember_names(draft, names)
    if names:
        draft.effects.append(KeepNames(names))


def remember_names(draft: Draft, names: Iterable[tuple[str, str]]) -> None:
    """Remember names of conferences, each with its id."""
    for id_, name in names:
        draft.names.put(id_, name)


def conference_made(draft: Draft, order: Order, conference: str | None) -> None:
    """The answer to a creation has the id of the conference, and the order has its name."""
    name = order.values.get("name")
    if conference is not None and name:
        remember_names(draft, [(conference, name)])
        draft.effects.append(KeepNames(((conference, name),)))


def callers_listed(draft: Draft, fact: CallsListed) -> None:
    """A queue's listing tells the number of each caller, which no webhook of a queue does."""
    for item in fact.items or ():
        leg = Leg(item.leg, item.leg_id, item.session_id)
        learn(draft, leg, fact.reading.answered, number=item.from_, caller=True, source=POLL)


def people_listed(draft: Draft, fact: ParticipantsListed) -> None:
    """A listing of people tells which call leg each is, by which others may know them."""
    for item in fact.items or ():
        known = draft.identities.get(item.leg)
        if known is None or known.leg_id is None:
            learn(draft, Leg(item.leg, item.leg_id), fact.reading.answered, source=POLL)


def thing_read(draft: Draft, fact: ResourceRead) -> None:
    """The read of one participant is the only one that shows a label.

    Telnyx API, Retrieve a conference participant: label.
    """
    if "participants" not in fact.scope.path or fact.members is None:
        return
    told = {name: value for name, value in fact.members if value not in {"", "null"}}
    if "call_control_id" in told:
        leg = Leg(told["call_control_id"], told.get("call_leg_id"))
        learn(draft, leg, fact.reading.answered, label=told.get("label"), source=POLL)


def learn(
    draft: Draft,
    leg: Leg,
    at: Moment,
    *,
    number: str | None = None,
    label: str | None = None,
    caller: bool = False,
    source: Source = Source.WEBHOOK,
) -> None:
    """Keep whatever tells who a leg is, across queues and conferences."""
    known = draft.identities.get(leg.id) or Identity()
    learnt = replace(
        known,
        number=number or known.number,
        agent=leg.agent or known.agent,
        name=leg.name or known.name,
        label=label or known.label,
        caller=caller or known.caller,
        leg_id=leg.leg_id or known.leg_id,
        session_id=leg.session_id or known.session_id,
    )
    if learnt != known or known.seen.mono == -inf:
        draft.identities.put(leg.id, replace(learnt, source=source, seen=at))
