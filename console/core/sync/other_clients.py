"""Log changes that a poll shows, that this console did not make and that no webhook announces.

Telnyx announces neither mute, hold, whisper nor the exit flags (Telnyx API, Participant); only the
participants listing shows them. A change counts as made by this console while one of its commands
on that person and that value is open or was closed of late. Any other value may be a read that lags
behind that command, or behind the change that was logged last: it is weighed again at the next
reading, so that no change is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from console.core.messages.facts import Reading
from console.core.model.command import Order
from console.core.model.draft import Draft
from console.core.model.entities import Accounted, Conference, Participant
from console.core.model.orders import conference_of
from console.core.model.proofs import EndProof
from console.core.model.resources import ConferenceResource, Moment, ParticipantResource
from console.core.model.stage import FAILED, Stage
from console.core.model.state import Receipt, Sign

NOT_OURS = "not by this console"
FLAGS = {"muted": ("muted", "unmuted"), "on_hold": ("on hold", "off hold")}
"""By field of core.model.resources.Participant, the words for True and for False."""
EXITS = {"end_on_exit": "end_conference_on_exit", "soft_end_on_exit": "soft_end_conference_on_exit"}
"""By field of core.model.resources.Participant, the answer of a command that sets it."""
FIELDS = (*FLAGS, *EXITS, "whisper_to")
MANY = 5
"""Changes of one kind in one reading that have a line each; more have one line together."""
ANY = object()
"""The value that a command makes of a field, where it may be any."""


class Maker(Enum):
    """The maker of a change."""

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
    """Log changes that one reading shows: a line for each, or one line where they are many."""
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
    """Compare a listed person with what is accounted for: what is then, and what is to be told."""
    known = person.accounted
    changes: list[OtherClientChange] = []
    if known is None or known.fields.id != item.id:
        return Accounted(item), changes
    fields, asked = known.fields, reading.asked.mono
    for field in FIELDS:
        value = getattr(item, field)
        if value == getattr(fields, field):
            continue
        maker = _maker(draft, person, field, value, reading)
        lags = asked <= known.logged + draft.policy.sigma
        if maker is Maker.UNSURE or (maker is Maker.OTHER and lags):
            continue
        if maker is Maker.OTHER:
            changes.append(OtherClientChange(person.leg, *_words(field, value)))
        fields = replace(fields, **{field: value})
    now = Accounted(fields, asked if changes else known.logged)
    return (known if fields is known.fields else now), changes


def ended(draft: Draft, conference: Conference, item: ConferenceResource, reading: Reading) -> None:
    """Log the end of a conference that was live, where no webhook of its end can be expected."""
    health = draft.health
    heard = health.listening is not None and item.connection_id in health.connections
    ours = any(
        isinstance(receipt.order.command.proof, EndProof)
        and receipt.order.conference == conference.id
        and receipt.stage not in FAILED
        for receipt in draft.receipts.entries.values()
    )
    if conference.listed is not None and not conference.listed.completed and not heard and not ours:
        text = (item.end_reason or NOT_OURS).replace("_", " ")
        draft.log(reading.answered, Sign.POLL, "ended", text, conference=conference.id)


def _words(field: str, value: object) -> tuple[str, str]:
    """The name and the text of the log line of a change."""
    if field in FLAGS:
        return FLAGS[field][0 if value else 1], NOT_OURS
    if field in EXITS:
        name = "end on exit" if field == "end_on_exit" else "soft end on exit"
        return name, f"{'on' if value else 'off'}, {NOT_OURS}"
    count = len(value) if isinstance(value, tuple) else 0
    to = "1 person" if count == 1 else f"{count} people" if count else "nobody"
    return "whisper", f"to {to}, {NOT_OURS}"


def _maker(draft: Draft, person: Participant, field: str, value: object, reading: Reading) -> Maker:
    found = Maker.OTHER
    for receipt in draft.receipts.entries.values():
        if receipt.stage in FAILED or receipt.stage is Stage.WAITING:
            continue
        order = receipt.order
        if person.leg not in order.legs or conference_of(draft, order) != person.conference:
            continue
        made = _made(order, field)
        if made is None:
            continue
        if made in (ANY, value) and _recent(draft, receipt, reading, unproved=True):
            return Maker.OURS
        if _recent(draft, receipt, reading, unproved=False):
            found = Maker.UNSURE
    return found


def _recent(draft: Draft, receipt: Receipt, reading: Reading, *, unproved: bool) -> bool:
    """True while a command is open, and for as long after its end as a read may lag.

    With ``unproved``, a command that was never seen counts as long as it may still be done.
    """
    if receipt.stage.open or receipt.closed is None:
        return True
    since, policy = reading.asked.mono, draft.policy
    late = unproved and receipt.stage is not Stage.SEEN
    if late and since <= receipt.order.at.mono + policy.overlay:
        return True
    return since <= receipt.closed.mono + policy.sigma


def _made(order: Order, field: str) -> object | None:
    """The value that an order makes of a field; None where it leaves the field alone."""
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
