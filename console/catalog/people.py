"""Mute and hold: what is done to chosen people and can be taken back.

Telnyx announces neither by webhook; only the participants listing shows them.
"""

from __future__ import annotations

from console.catalog.building import IN_A_ROOM, action, people, people_gone
from console.core.command import Command, ListingProof, Order, Request, Retry, Tier


def _mute(order: Order) -> Request:
    return action(order, "mute", call_control_ids=people(order))


def _unmute(order: Order) -> Request:
    return action(order, "unmute", call_control_ids=people(order))


def _hold(order: Order) -> Request:
    return action(order, "hold", call_control_ids=people(order))


def _unhold(order: Order) -> Request:
    return action(order, "unhold", call_control_ids=people(order))


PEOPLE = (
    Command(
        name="mute",
        key="m",
        words="mute",
        done="muted",
        panes=IN_A_ROOM,
        wide=False,
        tier=Tier.AT_ONCE,
        retry=Retry.IF_UNSENT,
        proof=ListingProof("muted", value=True),
        request=_mute,
        why_not=people_gone,
        inverse="unmute",
        help="Nobody in the room hears them. On a conference: everyone but supervisors.",
    ),
    Command(
        name="unmute",
        key="M",
        words="unmute",
        done="unmuted",
        panes=IN_A_ROOM,
        wide=False,
        tier=Tier.AT_ONCE,
        retry=Retry.IF_UNSENT,
        proof=ListingProof("muted", value=False),
        request=_unmute,
        why_not=people_gone,
        inverse="mute",
        help="The room hears them again.",
    ),
    Command(
        name="hold",
        key="h",
        words="hold",
        done="held",
        panes=IN_A_ROOM,
        wide=False,
        tier=Tier.AT_ONCE,
        retry=Retry.IF_UNSENT,
        proof=ListingProof("on_hold", value=True),
        request=_hold,
        why_not=people_gone,
        inverse="unhold",
        help="They neither hear nor are heard. On a conference: everyone but supervisors.",
    ),
    Command(
        name="unhold",
        key="H",
        words="take off hold",
        done="taken off hold",
        panes=IN_A_ROOM,
        wide=False,
        tier=Tier.AT_ONCE,
        retry=Retry.IF_UNSENT,
        proof=ListingProof("on_hold", value=False),
        request=_unhold,
        why_not=people_gone,
        inverse="hold",
        help="They are back in the conversation.",
    ),
)
