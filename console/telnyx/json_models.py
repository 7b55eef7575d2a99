"""Pydantic models of Telnyx's JSON, with Telnyx's member names.

They are used only inside this package: ``resources`` and ``events`` convert them. Unknown members
are ignored, and enumerations are plain strings, so that a new value is shown and not refused. An
invalid value becomes None; ``console.telnyx.validation`` returns the reason.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, ClassVar, TypeAlias, TypeVar

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

LONGEST_ID = 1_024
"""Most characters of an id or queue name; Telnyx's ids have less than 300."""
LONGEST_TEXT = 4_096
"""Most characters of a text that is no id."""
LONGEST_STATE = 65_536
"""Most characters of a client_state. A whole webhook is shorter."""
LARGEST = 2**31 - 1
"""Largest valid count or number of seconds."""
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
LATEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
"""Bounds of a valid time, in epoch seconds. A wrong time in the far future would count as newer
than every other for ever."""


def seconds(text: object) -> float | None:
    """Return an ISO-8601 time in epoch seconds, or None if the text is not such a time.

    A time without an offset is UTC (Telnyx API, timestamps).
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
    if stamp is None or not EARLIEST <= stamp < LATEST:
        raise ValueError("not an ISO-8601 time of this century")
    return stamp


def _no_flag(value: object) -> object:
    """Raise ValueError for true and false, which pydantic reads as 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("not a number")  # noqa: TRY004  # pydantic turns only this into an error
    return value


def _or_none(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    try:
        return handler(value)
    except ValidationError:
        return None


Id: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_ID)]
Key: TypeAlias = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=LONGEST_ID)]
"""An identity. A JSON number is invalid: converted to text, it might name another resource."""
Ids: TypeAlias = tuple[Key, ...]
Text: TypeAlias = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
State: TypeAlias = Annotated[str, StringConstraints(max_length=LONGEST_STATE)]
Stamp: TypeAlias = Annotated[float, BeforeValidator(_stamp)]
Whole: TypeAlias = Annotated[int, Field(ge=0, le=LARGEST), BeforeValidator(_no_flag)]
Flag: TypeAlias = Annotated[bool, Field(strict=True)]
Maybe: TypeAlias = Annotated[T | None, WrapValidator(_or_none)]
MaybeText: TypeAlias = Maybe[str]
"""A text of any length, which its user shortens."""


class Shape(BaseModel):
    """A frozen object of Telnyx's JSON, whose unknown members are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class ItemShape(Shape):
    """An item of a listing, in which only the member ``identity`` is required.

    ``absent`` names the members that Telnyx may leave out or send as null. Any other missing
    member is reported as odd.
    """

    identity: ClassVar[str] = "id"
    absent: ClassVar[frozenset[str]] = frozenset()


class ConferenceShape(ItemShape):
    """Telnyx API, Conference. Only id, name, created_at and expires_at are always there."""

    absent: ClassVar[frozenset[str]] = frozenset(
        {"status", "updated_at", "end_reason", "region", "connection_id"}
    )

    id: Key
    name: Text | None = None
    created_at: Stamp | None = None
    expires_at: Stamp | None = None
    status: Text | None = None
    updated_at: Stamp | None = None
    end_reason: Text | None = None
    region: Text | None = None
    connection_id: Text | None = None


class ParticipantShape(ItemShape):
    """Telnyx API, Participant as the listing shows it: every member is always there."""

    identity: ClassVar[str] = "call_control_id"

    call_control_id: Key
    id: Id | None = None
    call_leg_id: Id | None = None
    created_at: Stamp | None = None
    updated_at: Stamp | None = None
    status: Text | None = None
    muted: Flag | None = None
    on_hold: Flag | None = None
    end_conference_on_exit: Flag | None = None
    soft_end_conference_on_exit: Flag | None = None
    whisper_call_control_ids: Ids | None = None


class QueueShape(ItemShape):
    """Telnyx API, Queue: every member is always there. Commands address a queue by its name."""

    identity: ClassVar[str] = "name"

    name: Key
    id: Id | None = None
    created_at: Stamp | None = None
    updated_at: Stamp | None = None
    current_size: Whole | None = None
    max_size: Whole | None = None
    average_wait_time_secs: Whole | None = None


class QueueCallShape(ItemShape):
    """Telnyx API, QueueCall. Telnyx does not document the meaning of an absent ``is_alive``."""

    identity: ClassVar[str] = "call_control_id"
    absent: ClassVar[frozenset[str]] = frozenset({"connection_id"})

    call_control_id: Key
    call_leg_id: Id | None = None
    call_session_id: Id | None = None
    from_: Text | None = Field(default=None, alias="from")
    to: Text | None = None
    enqueued_at: Stamp | None = None
    wait_time_secs: Whole | None = None
    queue_position: Whole | None = None
    is_alive: Flag | None = None
    connection_id: Text | None = None


class CommandAnswer(Shape):
    """Telnyx API, answer to a command: Dial returns a call leg, a creation the new resource."""

    call_control_id: Maybe[Id] = None
    id: Maybe[Id] = None


class Meta(Shape):
    """Telnyx API, pagination meta of a listing."""

    total_pages: Maybe[Whole] = None


class ErrorSource(Shape):
    """Telnyx API, Error.source: a JSON pointer into the body, or the name of a query member."""

    pointer: MaybeText = None
    parameter: MaybeText = None


class ErrorShape(Shape):
    """Telnyx API, Error. ``code`` is a string of digits; some products say ``description``."""

    code: Maybe[Id] = None
    title: MaybeText = None
    detail: MaybeText = None
    description: MaybeText = None
    source: Maybe[ErrorSource] = None


class ErrorBody(Shape):
    """Telnyx API, the error envelope."""

    errors: tuple[Maybe[ErrorShape], ...] = ()


class Payload(Shape):
    """The members of all known webhook payloads; each event has some of them."""

    call_control_id: Key | None = None
    call_leg_id: Id | None = None
    call_session_id: Id | None = None
    connection_id: Id | None = None
    client_state: State | None = None
    conference_id: Key | None = None
    queue: Key | None = None
    current_position: Whole | None = None
    queue_avg_wait_time_secs: Whole | None = None
    wait_time_secs: Whole | None = None
    reason: Text | None = None
    media_url: Text | None = None
    media_name: Text | None = None
    recording_id: Id | None = None
    recording_started_at: Stamp | None = None
    recording_ended_at: Stamp | None = None
    format: Text | None = None
    channels: Text | None = None
    occurred_at: Stamp | None = None
    occured_at: Stamp | None = None
    """The spelling in webhooks of older API versions."""
    from_: Text | None = Field(default=None, alias="from")
    to: Text | None = None
    direction: Text | None = None


class Event(Shape):
    """A webhook's event, wrapped in ``data`` or not (Telnyx API, Receiving webhooks)."""

    event_type: Id
    id: Id
    occurred_at: Stamp | None = None


class Envelope(Shape):
    """The ``meta`` beside a webhook's event: ``attempt`` counts its deliveries from 1."""

    attempt: Maybe[Whole] = None


class ClientState(Shape):
    """The JSON in ``client_state``, as this console and other programs write it."""

    model_config = ConfigDict(coerce_numbers_to_str=False)

    agent: MaybeText = None
    name: MaybeText = None


class DeliveryAnswer(Shape):
    """The answer of a webhook receiver to one delivery attempt."""

    status: Maybe[Whole] = None


class DeliveryHttp(Shape):
    """The HTTP exchange of one delivery attempt; ``response`` is None after a timeout."""

    response: Maybe[DeliveryAnswer] = None


class DeliveryAttempt(Shape):
    """One attempt to deliver a webhook (Telnyx API, webhook delivery attempt)."""

    http: Maybe[DeliveryHttp] = None

    @property
    def answer(self) -> str:
        """The HTTP status of this attempt, ``no answer``, or ``?`` if unreadable."""
        if self.http is None:
            return "?"
        if self.http.response is None:
            return "no answer"
        status = self.http.response.status
        return "?" if status is None else str(status)


class DeliveredEvent(Shape):
    """The event of a delivery."""

    id: Id


class DeliveryShape(Shape):
    """The delivery of one webhook (Telnyx API, webhook delivery); newest attempt first."""

    status: MaybeText = None
    webhook: DeliveredEvent
    attempts: Maybe[tuple[Maybe[DeliveryAttempt], ...]] = ()
