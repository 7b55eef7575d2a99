"""What Telnyx sends, as it spells it.

Nothing outside this room sees these models: ``resources`` and ``events`` turn them into values.
Members that Telnyx may add are ignored and enumerations stay open strings, so that a new value
is shown and not refused.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, TypeAlias, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

T = TypeVar("T")


def seconds(text: object) -> float | None:
    """Seconds since the epoch of an ISO-8601 text; None where it is not one.

    A text without an offset is taken as UTC, which is what Telnyx means (Telnyx API, timestamps).
    """
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _stamp(text: object) -> float:
    stamp = seconds(text)
    if stamp is None:
        raise ValueError("not an ISO-8601 time")
    return stamp


def _or_none(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    try:
        return handler(value)
    except ValidationError:
        return None


Id: TypeAlias = Annotated[str, StringConstraints(min_length=1)]
Stamp: TypeAlias = Annotated[float, BeforeValidator(_stamp)]
MaybeId: TypeAlias = Annotated[Id | None, WrapValidator(_or_none)]
MaybeText: TypeAlias = Annotated[str | None, WrapValidator(_or_none)]
MaybeWhole: TypeAlias = Annotated[int | None, WrapValidator(_or_none)]
MaybeStamp: TypeAlias = Annotated[Stamp | None, WrapValidator(_or_none)]
MaybeYes: TypeAlias = Annotated[bool | None, WrapValidator(_or_none)]


class Shape(BaseModel):
    """A frozen object of the provider's, whose unknown members are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class ConferenceShape(Shape):
    """Telnyx API, Conference. Only id, name, created_at and expires_at are always there."""

    id: Id
    name: str
    created_at: Stamp
    expires_at: Stamp
    status: MaybeText = None
    updated_at: MaybeStamp = None
    end_reason: MaybeText = None
    region: MaybeText = None
    connection_id: MaybeText = None


class ParticipantShape(Shape):
    """Telnyx API, Participant as the listing shows it: every member is required."""

    id: Id
    call_control_id: Id
    call_leg_id: str
    created_at: Stamp
    updated_at: Stamp
    status: str
    muted: bool
    on_hold: bool
    end_conference_on_exit: bool
    soft_end_conference_on_exit: bool
    whisper_call_control_ids: tuple[str, ...]


class ParticipantRead(Shape):
    """Telnyx API, Participant as a read of one or a PATCH answers it: nothing is required."""

    id: MaybeId = None
    call_control_id: MaybeId = None
    call_leg_id: MaybeText = None
    conference_id: MaybeId = None
    label: MaybeText = None
    created_at: MaybeStamp = None
    updated_at: MaybeStamp = None
    status: MaybeText = None
    muted: MaybeYes = None
    on_hold: MaybeYes = None
    end_conference_on_exit: MaybeYes = None
    soft_end_conference_on_exit: MaybeYes = None
    whisper_call_control_ids: tuple[str, ...] | None = None


class QueueShape(Shape):
    """Telnyx API, Queue: every member is required."""

    id: Id
    name: Id
    created_at: Stamp
    updated_at: Stamp
    current_size: int
    max_size: int
    average_wait_time_secs: int


class QueueCallShape(Shape):
    """Telnyx API, QueueCall. ``is_alive`` may be absent; only dead calls need to say so."""

    call_control_id: Id
    call_leg_id: str
    call_session_id: str
    from_: str = Field(alias="from")
    to: str
    enqueued_at: Stamp
    wait_time_secs: int
    queue_position: int
    is_alive: bool = True
    connection_id: MaybeText = None


class Meta(Shape):
    """Telnyx API, pagination meta of a listing."""

    page_number: MaybeWhole = None
    total_pages: MaybeWhole = None
    total_results: MaybeWhole = None


class Source(Shape):
    """Telnyx API, Error.source: a JSON pointer into the body, or the name of a query member."""

    pointer: MaybeText = None
    parameter: MaybeText = None


class ErrorShape(Shape):
    """Telnyx API, Error. ``code`` is a string of digits; some products say ``description``."""

    code: MaybeText = None
    title: MaybeText = None
    detail: MaybeText = None
    description: MaybeText = None
    source: Annotated[Source | None, WrapValidator(_or_none)] = None


class ErrorBody(Shape):
    """Telnyx API, the error envelope."""

    errors: tuple[Annotated[ErrorShape | None, WrapValidator(_or_none)], ...] = ()


class Payload(Shape):
    """The payload of any webhook this console knows; each event carries some of these."""

    call_control_id: MaybeId = None
    call_leg_id: MaybeId = None
    call_session_id: MaybeId = None
    connection_id: MaybeId = None
    client_state: MaybeText = None
    conference_id: MaybeId = None
    queue: MaybeId = None
    current_position: MaybeWhole = None
    queue_avg_wait_time_secs: MaybeWhole = None
    wait_time_secs: MaybeWhole = None
    reason: MaybeText = None
    media_url: MaybeText = None
    media_name: MaybeText = None
    recording_id: MaybeId = None
    recording_started_at: MaybeStamp = None
    recording_ended_at: MaybeStamp = None
    format: MaybeText = None
    channels: MaybeText = None
    occurred_at: MaybeStamp = None
    occured_at: MaybeStamp = None
    """So spelt in bodies of older versions."""
    from_: MaybeText = Field(default=None, alias="from")
    to: MaybeText = None
    direction: MaybeText = None


class Event(Shape):
    """A webhook's event, wrapped in ``data`` or not (Telnyx API, Receiving webhooks)."""

    event_type: Id
    id: Id
    occurred_at: MaybeStamp = None
    payload: Annotated[Payload, WrapValidator(lambda v, h: _or_none(v, h) or Payload())] = Payload()


class Delivery(Shape):
    """What stands beside the event: ``attempt`` counts deliveries from 1."""

    attempt: MaybeWhole = None


class ClientState(Shape):
    """The JSON that our own and other tools put into ``client_state``."""

    model_config = ConfigDict(coerce_numbers_to_str=False)

    agent: MaybeText = None
    name: MaybeText = None


class DeliveryAnswer(Shape):
    """What the receiving end answered to one attempt."""

    status: MaybeWhole = None


class DeliveryHttp(Shape):
    """One attempt's exchange; there is no response where none came in time."""

    response: DeliveryAnswer | None = None


class DeliveryAttempt(Shape):
    """Telnyx API, webhook delivery attempt."""

    http: DeliveryHttp = DeliveryHttp()


class DeliveredEvent(Shape):
    """Which event a delivery was of."""

    id: Id


class DeliveryShape(Shape):
    """Telnyx API, webhook delivery; ``attempts`` the newest first."""

    status: str
    webhook: DeliveredEvent
    attempts: tuple[DeliveryAttempt, ...] = ()
