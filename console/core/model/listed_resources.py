"""Resources as a listing or webhook of Telnyx gives them.

Times are seconds since the epoch on Telnyx's clock, except in `Moment`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import TypeAlias

Odd: TypeAlias = tuple[tuple[str, str], ...]
"""Members of an answer with an unexpected type, each with the reason. Their values are None."""


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """An instant on this host. ``mono`` orders and measures; ``wall`` is shown to people.

    Both are in seconds. Never compare ``wall`` with a time of Telnyx to decide anything.
    """

    mono: float
    wall: float

    def later(self, seconds: float) -> Moment:
        """Return the moment ``seconds`` after this one."""
        return Moment(self.mono + seconds, self.wall + seconds)


LONG_AGO = Moment(-inf, -inf)


class Source(StrEnum):
    """The source of a value. The members are spelled as the screen shows them."""

    WEBHOOK = "w"
    POLL = "p"
    OWN = "j"
    INFERRED = "~"
    API = "a"
    """An event read from the API because no webhook brought it."""
    NEVER = "?"


class ParticipantStatus(StrEnum):
    """A participant's status (Telnyx API, Participant.status)."""

    JOINING = "joining"
    JOINED = "joined"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Leg:
    """Identifiers of a call leg in a webhook (Telnyx API, callEnqueued payload)."""

    id: str
    """``call_control_id``, which commands address."""
    leg_id: str | None = None
    session_id: str | None = None
    connection_id: str | None = None
    agent: str | None = None
    """Member ``agent`` of the JSON in ``client_state``, if any."""
    name: str | None = None
    """Member ``name`` of the same JSON. It need not be an agent's name."""

    @property
    def called(self) -> str | None:
        """The name in ``client_state``, or None."""
        return self.agent or self.name


@dataclass(frozen=True, slots=True)
class ConferenceResource:
    """Telnyx API, Conference. None is an unknown value."""

    id: str
    name: str | None
    created_at: float | None
    expires_at: float | None
    status: str | None = None
    updated_at: float | None = None
    end_reason: str | None = None
    region: str | None = None
    connection_id: str | None = None
    odd: Odd = ()

    @property
    def completed(self) -> bool:
        """True if the conference has ended. A conference id never becomes live again."""
        return self.status == "completed"


@dataclass(frozen=True, slots=True)
class ParticipantResource:
    """Telnyx API, Participant as it is listed. None is an unknown value."""

    leg: str
    id: str | None
    leg_id: str | None
    status: str | None
    muted: bool | None
    on_hold: bool | None
    end_on_exit: bool | None
    soft_end_on_exit: bool | None
    whisper_to: tuple[str, ...] | None
    created_at: float | None
    updated_at: float | None
    odd: Odd = ()


@dataclass(frozen=True, slots=True)
class QueueResource:
    """Telnyx API, Queue. None is an unknown value.

    ``average_wait`` is in seconds, over the calls that wait now.
    """

    name: str
    id: str | None
    size: int | None
    max_size: int | None
    average_wait: int | None
    created_at: float | None
    updated_at: float | None
    odd: Odd = ()


@dataclass(frozen=True, slots=True)
class QueuedCallResource:
    """Telnyx API, QueueCall. None is an unknown value.

    ``position`` 1 is the head. ``waited`` is in seconds at the time of the listing.
    """

    leg: str
    leg_id: str | None
    session_id: str | None
    from_: str | None
    to: str | None
    enqueued_at: float | None
    waited: int | None
    position: int | None
    alive: bool | None
    connection_id: str | None = None
    odd: Odd = ()


ListedResource: TypeAlias = (
    ParticipantResource | QueuedCallResource | QueueResource | ConferenceResource
)


class ProblemKind(StrEnum):
    """The kind of a failure. The journal spells the members so."""

    REFUSED = "refused"
    """A definite 4xx that is none of the others."""
    UNAUTHORISED = "unauthorised"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    LIMITED = "limited"
    SERVER = "server"
    UNREACHABLE = "unreachable"
    """The request never left this host."""
    LATE = "late"
    """The request could not be sent in time."""
    UNANSWERED = "unanswered"
    """The request may have been carried out."""
    SHAPE = "shape"
    """Telnyx answered 2xx with a body that cannot be read."""
    UNAUDITED = "unaudited"
    """The audit could not be written, so the request was not sent."""
    UNFIT = "unfit"
    """No valid request can be built."""
    FAULT = "fault"
    """A fault of this program."""


@dataclass(frozen=True, slots=True)
class Problem:
    """The failure of a request, independent of HTTP and of the client library."""

    kind: ProblemKind
    status: int | None = None
    code: str | None = None
    title: str = ""
    detail: str = ""
    pointer: str | None = None
    retry_after: float | None = None
    """Seconds to wait, as the server asked."""
