"""What Telnyx sends, as it spells it.

Nothing outside this package sees these models: ``resources`` and ``events`` turn them into values.
Members that Telnyx may add are ignored and enumerations stay open strings, so that a new value
is shown and not refused. A value that does not fit its member is None; ``console.telnyx.fitting``
tells why.
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
"""Characters of an id or of a queue's name; Telnyx's own have less than 300."""
LONGEST_TEXT = 4_096
"""Characters of a text that is no id."""
LONGEST_STATE = 65_536
"""Characters of a client_state; a whole webhook has no more."""
LARGEST = 2**31 - 1
"""The largest count or number of seconds that is taken for one."""
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
LATEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
"""Epoch seconds. A time outside of these is a mistake, and would outrank every other for ever."""


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
    if stamp is None or not EARLIEST <= stamp < LATEST:
        raise ValueError("not an ISO-8601 time of this century")
    return stamp


def _no_flag(value: object) -> object:
    """Refuse true and false, which pydantic takes for 1 and 0."""
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
"""An id by which a thing is known: a number is not taken for one, for it may be another thing."""
Ids: TypeAlias = tuple[Key, ...]
Text: TypeAlias = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
State: TypeAlias = Annotated[str, StringConstraints(max_length=LONGEST_STATE)]
Stamp: TypeAlias = Annotated[float, BeforeValidator(_stamp)]
Whole: TypeAlias = Annotated[int, Field(ge=0, le=LARGEST), BeforeValidator(_no_flag)]
Flag: TypeAlias = Annotated[bool, Field(strict=True)]
MaybeId: TypeAlias = Annotated[Id | None, WrapValidator(_or_none)]
MaybeText: TypeAlias = Annotated[str | None, WrapValidator(_or_none)]
"""Of any length: it is cut where it is used."""
MaybeWhole: TypeAlias = Annotated[Whole | None, WrapValidator(_or_none)]


class Shape(BaseModel):
    """A frozen object of the provider's, whose unknown members are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class ItemShape(Shape):
    """An item of a listing: nothing but ``identity`` has to fit.

    ``absent`` names the members that Telnyx may leave out or answer null; all others are odd
    where they are missing.
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
    """Telnyx API, QueueCall. ``is_alive`` may be left out; nobody says what that means."""

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
    """Telnyx API, the answer to a command: Dial names a call leg, a creation its resource."""

    call_control_id: MaybeId = None
    id: MaybeId = None


class Meta(Shape):
    """Telnyx API, pagination meta of a listing."""

    page_number: MaybeWhole = None
    total_pages: MaybeWhole = None
    total_results: MaybeWhole = None


class ErrorSource(Shape):
    """Telnyx API, Error.source: a JSON pointer into the body, or the name of a query member."""

    pointer: MaybeText = None
    parameter: MaybeText = None


class ErrorShape(Shape):
    """Telnyx API, Error. ``code`` is a string of digits; some products say ``description``."""

    code: MaybeId = None
    title: MaybeText = None
    detail: MaybeText = None
    description: MaybeText = None
    source: Annotated[ErrorSource | None, WrapValidator(_or_none)] = None


class ErrorBody(Shape):
    """Telnyx API, the error envelope."""

    errors: tuple[Annotated[ErrorShape | None, WrapValidator(_or_none)], ...] = ()


class Payload(Shape):
    """The payload of any webhook this console knows; each event carries some of these."""

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
    """So spelt in bodies of older versions."""
    from_: Text | None = Field(default=None, alias="from")
    to: Text | None = None
    direction: Text | None = None


class Event(Shape):
    """A webhook's event, wrapped in ``data`` or not (Telnyx API, Receiving webhooks)."""

    event_type: Id
    id: Id
    occurred_at: Stamp | None = None


class Envelope(Shape):
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

    response: Annotated[DeliveryAnswer | None, WrapValidator(_or_none)] = None


class DeliveryAttempt(Shape):
    """Telnyx API, webhook delivery attempt."""

    http: Annotated[DeliveryHttp | None, WrapValidator(_or_none)] = None


class DeliveredEvent(Shape):
    """Which event a delivery was of."""

    id: Id


class DeliveryShape(Shape):
    """Telnyx API, webhook delivery; ``attempts`` the newest first."""

    status: MaybeText = None
    webhook: DeliveredEvent
    attempts: Annotated[
        tuple[Annotated[DeliveryAttempt | None, WrapValidator(_or_none)], ...] | None,
        WrapValidator(_or_none),
    ] = ()
