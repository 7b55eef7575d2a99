"""Supervisor roles that our own commands gave; no listing and no webhook shows a role.

Telnyx API, Join a conference, Update conference participant and Dial: supervisor_role.
"""

from __future__ import annotations

from dataclasses import replace

from console.core.model.command import Order
from console.core.model.draft import Draft
from console.core.model.entities import Membership, Note, OwnRole, Participant
from console.core.model.listed_resources import Moment
from console.core.model.orders import conference_of
from console.core.model.state import Receipt


def store_given_role(draft: Draft, order: Order, at: Moment) -> None:
    """Store the role that an accepted order gives its one participant.

    It holds for the stay of the participant, until a listing speaks against it.
    """
    role = order.values.get("supervisor_role")
    conference = conference_of(draft, order)
    if role is None or conference is None or len(order.legs) != 1:
        return
    (leg,) = order.legs
    text = order.values.get("whisper_call_control_ids", "") if role == "whisper" else ""
    to = tuple(name for part in text.split(",") if (name := part.strip()))
    person = draft.people.get(conference, leg)
    person = person or Participant(leg, conference, Membership(known_at=at.mono))
    draft.people.put(conference, leg, replace(person, own_role=OwnRole(role, to, at)))


def forget_doubted_roles(draft: Draft, order: Order) -> None:
    """Forget the roles of the targets after an unanswered role change: it may have been done."""
    conference = conference_of(draft, order) if "supervisor_role" in order.values else None
    for leg in order.legs:
        if conference is not None:
            _forget(draft, conference, leg)


def forget_all_roles(draft: Draft) -> None:
    """Forget every role after a restart: nothing shows what changed while the console was off."""
    for conference in draft.people.parts():
        for leg in tuple(draft.people.of(conference)):
            _forget(draft, conference, leg)


def note_dialled_leg(draft: Draft, receipt: Receipt, leg: str, at: Moment) -> Receipt:
    """Note the ringing leg as the operator's own, and return the receipt with it as the target."""
    order = receipt.order
    note = draft.notes.get(leg) or Note(leg)
    draft.notes.put(leg, replace(note, mine=True, at=at))
    named = replace(order, values={**order.values, "call_control_id": leg})
    return replace(receipt, order=named, listed_before={leg: False})


def _forget(draft: Draft, conference: str, leg: str) -> None:
    person = draft.people.get(conference, leg)
    if person is not None and person.own_role is not None:
        draft.people.put(conference, leg, replace(person, own_role=None))
