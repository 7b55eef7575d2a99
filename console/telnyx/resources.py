"""Conversion of API answers into the resources of the core."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic_core import from_json

from console.core.model.listed_resources import (
    ConferenceResource,
    ParticipantResource,
    QueuedCallResource,
    QueueResource,
)
from console.telnyx import json_models
from console.telnyx.errors import misread
from console.telnyx.json_models import CommandAnswer
from console.telnyx.validation import NamelessError, described, row

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_DIGITS = 400
"""Most digits of an integer. A longer one is read as infinite, which no member accepts."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a listing. ``total`` is the number of pages, if the answer says it."""

    items: tuple[T, ...]
    total: int | None
    left_out: tuple[str, ...] = ()
    """For each item without a valid identity, the reason."""

    @property
    def size(self) -> int:
        """The number of items in the answer, including those left out."""
        return len(self.items) + len(self.left_out)


def page(body: bytes, convert: Callable[[object], T]) -> Page[T]:
    """Return a page of a listing. ``convert`` raises NamelessError for an item without identity.

    Raise ShapeError if the answer has no list of items.
    """
    top = answered(body)
    items = top.get("data")
    if not isinstance(items, list):
        raise misread(f"data is {described(items)} and no list")
    found: list[T] = []
    left_out: list[str] = []
    for item in items:
        try:
            found.append(convert(item))
        except NamelessError as why:
            left_out.append(str(why))
    meta = top.get("meta")
    total = json_models.Meta.model_validate(meta).total_pages if isinstance(meta, dict) else None
    return Page(tuple(found), total or None, tuple(left_out))


def single(body: bytes, convert: Callable[[object], T]) -> T:
    """Return the one resource in an answer. Raise ShapeError if it has no valid identity."""
    try:
        return convert(answered(body).get("data"))
    except NamelessError as why:
        raise misread(str(why)) from None


def _parsed(body: bytes) -> object:
    """Return parsed JSON. If the fast parser refuses an answer, the standard one reads it.

    The fast one refuses values that are nested deeper than 200, have thousands of digits or hold
    a lone surrogate.
    """
    try:
        return from_json(body)
    except ValueError:
        return json.loads(body, parse_int=_number)


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _DIGITS else inf


def answered(body: bytes) -> dict[str, object]:
    """Return the JSON object in an answer's body. Raise ShapeError if there is none."""
    try:
        top = _parsed(body)
    except (ValueError, RecursionError):
        raise misread("the answer is not JSON") from None
    if not isinstance(top, dict):
        raise misread("the answer is not a JSON object")
    return top


def leg_named(data: object) -> str | None:
    """Return the ``call_control_id`` in the data of a command's answer, if it is valid."""
    return CommandAnswer.model_validate(data).call_control_id if isinstance(data, dict) else None


def conference_named(data: object) -> str | None:
    """Return the conference's id in the data of the answer that created it, if it is valid."""
    return CommandAnswer.model_validate(data).id if isinstance(data, dict) else None


def conference(item: object) -> ConferenceResource:
    """Return the conference of a JSON object (Telnyx API, Conference)."""
    found, odd = row(json_models.ConferenceShape, item)
    return ConferenceResource(
        id=found.id,
        name=found.name,
        created_at=found.created_at,
        expires_at=found.expires_at,
        status=found.status,
        updated_at=found.updated_at,
        end_reason=found.end_reason,
        region=found.region,
        connection_id=found.connection_id,
        odd=odd,
    )


def participant(item: object) -> ParticipantResource:
    """Return the participant of a row of the listing (Telnyx API, Participant)."""
    found, odd = row(json_models.ParticipantShape, item)
    return ParticipantResource(
        leg=found.call_control_id,
        id=found.id,
        leg_id=found.call_leg_id,
        status=found.status,
        muted=found.muted,
        on_hold=found.on_hold,
        end_on_exit=found.end_conference_on_exit,
        soft_end_on_exit=found.soft_end_conference_on_exit,
        whisper_to=found.whisper_call_control_ids,
        created_at=found.created_at,
        updated_at=found.updated_at,
        odd=odd,
    )


def queue(item: object) -> QueueResource:
    """Return the queue of a JSON object (Telnyx API, Queue)."""
    found, odd = row(json_models.QueueShape, item)
    return QueueResource(
        name=found.name,
        id=found.id,
        size=found.current_size,
        max_size=found.max_size,
        average_wait=found.average_wait_time_secs,
        created_at=found.created_at,
        updated_at=found.updated_at,
        odd=odd,
    )


def queued_call(item: object) -> QueuedCallResource:
    """Return the queued call of a JSON object (Telnyx API, QueueCall)."""
    found, odd = row(json_models.QueueCallShape, item)
    return QueuedCallResource(
        leg=found.call_control_id,
        leg_id=found.call_leg_id,
        session_id=found.call_session_id,
        from_=found.from_,
        to=found.to,
        enqueued_at=found.enqueued_at,
        waited=found.wait_time_secs,
        position=found.queue_position,
        alive=found.is_alive,
        connection_id=found.connection_id,
        odd=odd,
    )
