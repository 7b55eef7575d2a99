"""What exists at Telnyx, as a listing or a webhook spells it: frozen values, no beliefs.

Times are seconds since the epoch on the provider's clock unless a name says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import TypeAlias

Odd: TypeAlias = tuple[tuple[str, str], ...]
"""The members of an answer that do not fit, each with the reason. Their values are None."""


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """An instant on this host: ``mono`` orders and measures, ``wall`` is what people read.

    Both in seconds. Never compare ``wall`` with a provider's time to decide anything.
    """

    mono: float
    wall: float

    def later(self, seconds: float) -> Moment:
        """The moment that lies ``seconds`` after this one."""
        return Moment(self.mono + seconds, self.wall + seconds)


LONG_AGO = Moment(-inf, -inf)


class Source(StrEnum):
    """Where a believed value comes from."""

    WEBHOOK = "w"
    POLL = "p"
    OWN = "j"
    INFERRED = "~"
    API = "a"
    """An event that no webhook brought and Telnyx remembered when asked."""
    NEVER = "?"


class ParticipantStatus(StrEnum):
    """A participant's status (Telnyx API, Participant.status)."""

    JOINING = "joining"
    JOINED = "joined"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Leg:
    """The identifiers a webhook carries for one call leg (Telnyx API, callEnqueued payload)."""

    id: str
    """``call_control_id``: what commands address."""
    leg_id: str | None = None
    session_id: str | None = None
    connection_id: str | None = None
    agent: str | None = None
    """The member ``agent`` of the JSON in ``client_state``, where there is one."""
    name: str | None = None
    """The member ``name`` of it: somebody's name, who need not be an agent."""

    @property
    def called(self) -> str | None:
        """The name its ``client_state`` gives it."""
        return self.agent or self.name


@dataclass(frozen=True, slots=True)
class ConferenceResource:
    """Telnyx API, Conference. None is a value that is not known."""

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
        """Whether it has ended for good: a conference id never comes back to life."""
        return self.status == "completed"


@dataclass(frozen=True, slots=True)
class ParticipantResource:
    """Telnyx API, Participant (the shape of the listing). None is a value that is not known."""

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
    """Telnyx API, Queue. ``average_wait`` in seconds, over the calls now waiting.

    None is a value that is not known.
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
    """Telnyx API, QueueCall. ``position`` 1 is the head; ``waited`` in seconds when listed.

    None is a value that is not known.
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


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong with a request, in the one form the whole console speaks."""

    kind: str
    """``refused`` (a definite 4xx), ``unauthorised``, ``forbidden``, ``missing``, ``limited``,
    ``server``, ``unreachable`` (never left this host), ``late`` (could not be sent in time),
    ``unanswered`` (may have been done), ``shape`` (answered 2xx in words that cannot be read)."""
    status: int | None = None
    code: str | None = None
    title: str = ""
    detail: str = ""
    pointer: str | None = None
    retry_after: float | None = None
    """Seconds the server asked us to wait."""
