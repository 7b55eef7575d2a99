"""Learn the names of legs and conferences from listings, webhooks and answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import inf

from console.core.messages.effects import KeepNames
from console.core.messages.facts import CallsListed, ParticipantsListed, ResourceRead
from console.core.model.command import Order
from console.core.model.draft import Draft
from console.core.model.entities import Identity
from console.core.model.listed_resources import ConferenceResource, Leg, Moment, Source


def record_conference_names(draft: Draft, *named: ConferenceResource) -> None:
    """Remember the names of listed conferences, and write new names to the journal."""
    listed = ((item.id, item.name) for item in named if item.name is not None)
    names = tuple((id_, name) for id_, name in listed if draft.names.get(id_) != name)
    remember_names(draft, names)
    if names:
        draft.effects.append(KeepNames(names))


def remember_names(draft: Draft, names: Iterable[tuple[str, str]]) -> None:
    """Remember pairs of conference id and name."""
    for id_, name in names:
        draft.names.put(id_, name)


def name_created_conference(draft: Draft, order: Order, conference: str | None) -> None:
    """Remember a created conference's name from the order: the answer has only its id."""
    name = order.values.get("name")
    if conference is not None and name:
        remember_names(draft, [(conference, name)])
        draft.effects.append(KeepNames(((conference, name),)))


def learn_callers(draft: Draft, fact: CallsListed) -> None:
    """Learn each caller's number from a queue's listing. No queue webhook carries it."""
    for item in fact.items or ():
        leg, at = Leg(item.leg, item.leg_id, item.session_id), fact.reading.answered
        learn_identity(draft, leg, at, number=item.from_, caller=True, source=Source.POLL)


def learn_participants(draft: Draft, fact: ParticipantsListed) -> None:
    """Learn the ``call_leg_id`` of each listed participant. Some resources name only that id."""
    for item in fact.items or ():
        known = draft.identities.get(item.leg)
        if known is None or known.leg_id is None:
            leg, at = Leg(item.leg, item.leg_id), fact.reading.answered
            learn_identity(draft, leg, at, source=Source.POLL)


def learn_label(draft: Draft, fact: ResourceRead) -> None:
    """Learn a label. Only Telnyx API, Retrieve a conference participant, shows it."""
    if "participants" not in fact.scope.path or fact.members is None:
        return
    members = {name: value for name, value in fact.members if value not in {"", "null"}}
    if "call_control_id" in members:
        leg, at = Leg(members["call_control_id"], members.get("call_leg_id")), fact.reading.answered
        learn_identity(draft, leg, at, label=members.get("label"), source=Source.POLL)


def learn_identity(
    draft: Draft,
    leg: Leg,
    at: Moment,
    *,
    number: str | None = None,
    label: str | None = None,
    caller: bool = False,
    source: Source = Source.WEBHOOK,
) -> None:
    """Merge new details into a leg's identity, which all queues and conferences share.

    Values that are None or empty leave the known ones. ``caller`` marks the leg as a caller.
    """
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
