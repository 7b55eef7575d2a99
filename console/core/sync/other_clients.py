"""Log changes that a poll shows and that another client made.

Telnyx sends no webhook for mute, hold, whisper and the exit flags (Telnyx API, Participant). Only
the participants listing shows them. A change counts as made by this console while one of its
commands on that participant and value is open or was closed recently. Any other value may come from
a reading that lags behind that command or behind the last logged change. It is compared again at
the next reading, so that no change is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from console.core.messages.facts import Reading
from console.core.model.command import Order
from console.core.model.draft import Draft
from console.core.model.entities import Accounted, Conference, Participant
from console.core.model.listed_resources import ConferenceResource, Moment, ParticipantResource
from console.core.model.orders import conference_of
from console.core.model.proofs import EndProof
from console.core.model.stage import FAILED, Stage
from console.core.model.state import Receipt, Sign

NOT_OURS = "not by this console"
FLAGS = {"muted": ("muted", "unmuted"), "on_hold": ("on hold", "off hold")}
"""By field of ``ParticipantResource``, the words for True and for False."""
EXITS = {"end_on_exit": "end_conference_on_exit", "soft_end_on_exit": "soft_end_conference_on_exit"}
"""By field of ``ParticipantResource``, the command's form field that sets it."""
FIELDS = (*FLAGS, *EXITS, "whisper_to")
MANY = 5
"""Most changes of one kind in one reading that get a log line each. More share one line."""
ANY = object()
"""Stands for the value of a field that a command changes to a value it does not name."""


class Maker(Enum):
    """The client that made a change."""

    OURS = "this console"
    UNSURE = "this console, or a read that lags"
    OTHER = "another client"


@dataclass(frozen=True, slots=True)
class OtherClientChange:
    """A change that another client made to a participant, in the words of the log."""

    leg: str
    name: str
    text: str


def log_changes(
    draft: Draft, conference: str, changes: Sequence[OtherClientChange], at: Moment
) -> None:
    """Log the changes of one reading: a line each, or one line for more than ``MANY`` alike."""
    alike: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        alike.setdefault((change.name, change.text), []).append(change.leg)
    for (name, text), legs in alike.items():
        if len(legs) > MANY:
            draft.log(at, Sign.POLL, name, text, conference=conference, legs=tuple(legs))
        else:
            for leg in legs:
                draft.log(at, Sign.POLL, name, text, conference=conference, leg=leg)


def account_for(
    draft: Draft, person: Participant, item: ParticipantResource, reading: Reading
) -> tuple[Accounted, list[OtherClientChange]]:
    """Compare a listed participant. Return the values accounted for now, and the changes to log."""
    known = person.accounted
    changes: list[OtherClientChange] = []
    if known is None or known.fields.id != item.id:
        return Accounted(item), changes
    fields, asked = known.fields, reading.asked.mono
    for field in FIELDS:
        value = getattr(item, field)
        if value == getattr(fields, field):
            continue
        maker = _maker_of(draft, person, field, value, reading)
        lags = asked <= known.logged + draft.policy.sigma
        if maker is Maker.UNSURE or (maker is Maker.OTHER and lags):
            continue
        if maker is Maker.OTHER:
            changes.append(OtherClientChange(person.leg, *_log_words(field, value)))
        fields = replace(fields, **{field: value})
    now = Accounted(fields, asked if changes else known.logged)
    return (known if fields is known.fields else now), changes


def log_conference_end(
    draft: Draft, conference: Conference, item: ConferenceResource, reading: Reading
) -> None:
    """Log the end of a live conference if neither a webhook nor a command of ours explains it."""
    health = draft.health
    heard = health.listening_since is not None and item.connection_id in health.connections
    ours = any(
        isinstance(receipt.order.command.proof, EndProof)
        and receipt.order.conference == conference.id
        and receipt.stage not in FAILED
        for receipt in draft.receipts.entries.values()
    )
    if conference.listed is not None and not conference.listed.completed and not heard and not ours:
        text = (item.end_reason or NOT_OURS).replace("_", " ")
        draft.log(reading.answered, Sign.POLL, "ended", text, conference=conference.id)


def _log_words(field: str, value: object) -> tuple[str, str]:
    if field in FLAGS:
        return FLAGS[field][0 if value else 1], NOT_OURS
    if field in EXITS:
        name = "end on exit" if field == "end_on_exit" else "soft end on exit"
        return name, f"{'on' if value else 'off'}, {NOT_OURS}"
    count = len(value) if isinstance(value, tuple) else 0
    to = "1 person" if count == 1 else f"{count} people" if count else "nobody"
    return "whisper", f"to {to}, {NOT_OURS}"


def _maker_of(
    draft: Draft, person: Participant, field: str, value: object, reading: Reading
) -> Maker:
    """Return who set a participant's field to the value that a reading shows."""
    found = Maker.OTHER
    for receipt in draft.receipts.entries.values():
        if receipt.stage in FAILED or receipt.stage is Stage.WAITING:
            continue
        order = receipt.order
        if person.leg not in order.legs or conference_of(draft, order) != person.conference:
            continue
        made = _value_set(order, field)
        if made is None:
            continue
        if made in (ANY, value) and _is_recent(draft, receipt, reading, unproved=True):
            return Maker.OURS
        if _is_recent(draft, receipt, reading, unproved=False):
            found = Maker.UNSURE
    return found


def _is_recent(draft: Draft, receipt: Receipt, reading: Reading, *, unproved: bool) -> bool:
    """True while a command is open, and after its end for as long as a reading may lag.

    With ``unproved``, a command without proof counts for as long as it may still be carried out.
    """
    if receipt.stage.open or receipt.closed is None:
        return True
    since, policy = reading.asked.mono, draft.policy
    late = unproved and receipt.stage is not Stage.SEEN
    if late and since <= receipt.order.at.mono + policy.overlay:
        return True
    return since <= receipt.closed.mono + policy.sigma


def _value_set(order: Order, field: str) -> object | None:
    """Return the value that an order sets the field to; None if it leaves the field alone."""
    sets, values = order.command.flag, order.values
    if sets is not None and sets.field == field:
        return sets.value
    if field in EXITS:
        wish = values.get(EXITS[field], "")
        return {"on": True, "yes": True, "off": False, "no": False}.get(wish)
    role = values.get("supervisor_role")
    if role is not None and field in {"muted", "whisper_to"}:
        return ANY
    flag = {"muted": "mute", "on_hold": "hold"}.get(field, "")
    return {"yes": True}.get(values.get(flag, ""))
