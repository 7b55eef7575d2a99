"""Answers of the API into things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import from_json

from console.core.things import Conference, Participant, Queue, QueuedCall
from console.telnyx.errors import unanswered
from console.telnyx.shapes import (
    ConferenceShape,
    Meta,
    ParticipantShape,
    QueueCallShape,
    QueueShape,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.telnyx.errors import UnansweredError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a listing. ``total`` pages, where the answer says."""

    items: tuple[T, ...]
    total: int | None


def page(body: bytes, convert: Callable[[object], T]) -> Page[T]:
    """A page of a listing.

    Raises UnansweredError where an item cannot be read: to leave it out would say it is gone.
    """
    top = answered(body)
    rows = top.get("data")
    if not isinstance(rows, list):
        raise _misread("data is not a list")
    meta = top.get("meta")
    total = Meta.model_validate(meta).total_pages if isinstance(meta, dict) else None
    return Page(tuple(_read(row, convert) for row in rows), total)


def single(body: bytes, convert: Callable[[object], T]) -> T:
    """The one thing that was read. Raises UnansweredError where it cannot be understood."""
    return _read(answered(body).get("data"), convert)


def answered(body: bytes) -> dict[str, object]:
    """The JSON object of an answer. Raises UnansweredError where it is none."""
    try:
        top = from_json(body)
    except ValueError:
        raise _misread("the answer is not JSON") from None
    if not isinstance(top, dict):
        raise _misread("the answer is not a JSON object")
    return top


def _misread(why: str) -> UnansweredError:
    return unanswered(why, 200)


def _read(row: object, convert: Callable[[object], T]) -> T:
    try:
        return convert(row)
    except ValidationError as refusal:
        first = refusal.errors(include_input=False, include_url=False)[0]
        member = ".".join(map(str, first["loc"])) or "item"
        raise _misread(f"{member}: {first['type']}") from None


def conference(row: object) -> Conference:
    """Telnyx API, Conference."""
    said = ConferenceShape.model_validate(row)
    return Conference(
        id=said.id,
        name=said.name,
        created_at=said.created_at,
        expires_at=said.expires_at,
        status=said.status,
        updated_at=said.updated_at,
        end_reason=said.end_reason,
        region=said.region,
        connection_id=said.connection_id,
    )


def participant(row: object) -> Participant:
    """Telnyx API, Participant, in the shape of the listing."""
    said = ParticipantShape.model_validate(row)
    return Participant(
        leg=said.call_control_id,
        id=said.id,
        leg_id=said.call_leg_id,
        status=said.status,
        muted=said.muted,
        on_hold=said.on_hold,
        end_on_exit=said.end_conference_on_exit,
        soft_end_on_exit=said.soft_end_conference_on_exit,
        whisper_to=said.whisper_call_control_ids,
        created_at=said.created_at,
        updated_at=said.updated_at,
    )


def queue(row: object) -> Queue:
    """Telnyx API, Queue."""
    said = QueueShape.model_validate(row)
    return Queue(
        name=said.name,
        id=said.id,
        size=said.current_size,
        max_size=said.max_size,
        average_wait=said.average_wait_time_secs,
        created_at=said.created_at,
        updated_at=said.updated_at,
    )


def queued_call(row: object) -> QueuedCall:
    """Telnyx API, QueueCall."""
    said = QueueCallShape.model_validate(row)
    return QueuedCall(
        leg=said.call_control_id,
        leg_id=said.call_leg_id,
        session_id=said.call_session_id,
        from_=said.from_,
        to=said.to,
        enqueued_at=said.enqueued_at,
        waited=said.wait_time_secs,
        position=said.queue_position,
        alive=said.is_alive,
        connection_id=said.connection_id,
    )
