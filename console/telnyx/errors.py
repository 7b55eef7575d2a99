"""Everything that can go wrong with Telnyx, and how an answer is told apart.

TelnyxError
├── SettingRefusedError        a key, proxy or certificate that cannot be used; nothing is open
└── RequestError               a request brought nothing; ``problem`` says why
    ├── NotDoneError           it was certainly not done
    │   ├── RefusedError       a definite 4xx, or a redirect, which is not followed
    │   ├── UnauthorisedError  401
    │   ├── ForbiddenError     403
    │   ├── MissingError       404
    │   ├── LimitedError       429
    │   └── UnreachableError   it never left this host
    └── DoubtfulError          it may have been done
        ├── ServerError        5xx, and 408
        ├── UnansweredError    bytes left, and no answer came back
        └── ShapeError         2xx came back, in a shape that cannot be read
"""

from __future__ import annotations

import re
import socket
import ssl
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from pydantic import ValidationError

from console.core.model.resources import Problem, ProblemKind
from console.telnyx.shapes import ErrorBody

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_WAIT = 60.0
"""Seconds: what a server may ask us to wait; more is a mistake of its own."""
_NUMBERED = re.compile(r"^\[Errno -?\d+\] ")
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_SHOWN = 300
"""Characters kept of a text from an error body."""


class TelnyxError(Exception):
    """The family's root."""


class SettingRefusedError(TelnyxError):
    """A setting that cannot be used; its text says what and how to mend it."""


class RequestError(TelnyxError):
    """A request that brought nothing."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class NotDoneError(RequestError):
    """It was certainly not done."""


class RefusedError(NotDoneError):
    """A definite no."""


class UnauthorisedError(NotDoneError):
    """The API key is not accepted."""


class ForbiddenError(NotDoneError):
    """The API key may not do this."""


class MissingError(NotDoneError):
    """What was addressed does not exist."""


class LimitedError(NotDoneError):
    """Too many requests; ``problem.retry_after`` is what the server asked for, if it did."""


class UnreachableError(NotDoneError):
    """It failed before it could have been read."""


class DoubtfulError(RequestError):
    """It may have been done."""


class ServerError(DoubtfulError):
    """The server failed at it."""


class UnansweredError(DoubtfulError):
    """No answer came back."""


class ShapeError(DoubtfulError):
    """The answer is a 2xx that cannot be read: Telnyx is there, and this is no outage."""


_KINDS: Mapping[ProblemKind, type[RequestError]] = {
    ProblemKind.REFUSED: RefusedError,
    ProblemKind.UNAUTHORISED: UnauthorisedError,
    ProblemKind.FORBIDDEN: ForbiddenError,
    ProblemKind.MISSING: MissingError,
    ProblemKind.LIMITED: LimitedError,
    ProblemKind.UNREACHABLE: UnreachableError,
    ProblemKind.SERVER: ServerError,
    ProblemKind.UNANSWERED: UnansweredError,
    ProblemKind.SHAPE: ShapeError,
}


def error_of(problem: Problem) -> RequestError:
    """The exception that stands for a problem."""
    return _KINDS[problem.kind](problem)


def unreachable(why: str) -> UnreachableError:
    """It never left this host."""
    return UnreachableError(
        Problem(ProblemKind.UNREACHABLE, title="Telnyx cannot be reached", detail=why)
    )


def unanswered(why: str) -> UnansweredError:
    """It left, and what became of it is not known."""
    return UnansweredError(Problem(ProblemKind.UNANSWERED, title="no answer", detail=why))


def misread(why: str) -> ShapeError:
    """Return the error of an answer that is a 2xx and cannot be read."""
    problem = Problem(
        ProblemKind.SHAPE, int(HTTPStatus.OK), title="answer not understood", detail=why
    )
    return ShapeError(problem)


def words_of(error: BaseException) -> str:
    """Why no answer came, in few words: what lies at the bottom of it, where that is told."""
    below: BaseException | None = error
    while below is not None:
        match below:
            case ConnectionRefusedError():
                return "connection refused"
            case ConnectionResetError():
                return "connection reset"
            case socket.gaierror():
                return "its name cannot be looked up"
            case ssl.SSLCertVerificationError():
                return below.verify_message
            case BaseExceptionGroup():
                below = below.exceptions[0]
            case _:
                below = below.__cause__ or below.__context__
    return _NUMBERED.sub("", str(error)) or type(error).__name__


def _kind(status: int) -> ProblemKind:
    known = {
        HTTPStatus.UNAUTHORIZED: ProblemKind.UNAUTHORISED,
        HTTPStatus.FORBIDDEN: ProblemKind.FORBIDDEN,
        HTTPStatus.NOT_FOUND: ProblemKind.MISSING,
        HTTPStatus.TOO_MANY_REQUESTS: ProblemKind.LIMITED,
        HTTPStatus.REQUEST_TIMEOUT: ProblemKind.SERVER,
    }
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ProblemKind.SERVER
    return (
        known.get(HTTPStatus(status), ProblemKind.REFUSED)
        if status in _STATUSES
        else ProblemKind.REFUSED
    )


_STATUSES = frozenset(int(status) for status in HTTPStatus)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in _STATUSES else f"HTTP {status}"


def problem_of(status: int, body: bytes, wait: float | None = None) -> Problem:
    """What an answer that is not 2xx says (Telnyx API, Errors).

    Told apart by HTTP status alone: code 10007 means a missing resource and a failed server
    both. A body that is not the error envelope (a proxy's HTML) adds nothing.
    ``wait`` is what the server asked us to wait, in seconds.
    """
    try:
        found = [error for error in ErrorBody.model_validate_json(body).errors if error]
    except ValidationError:
        found = []
    if not found:
        return Problem(_kind(status), status, title=_phrase(status), retry_after=wait)
    first = found[0]
    source = first.source
    return Problem(
        kind=_kind(status),
        status=status,
        code=first.code,
        title=(first.title or _phrase(status))[:_SHOWN],
        detail=(first.detail or first.description or "")[:_SHOWN],
        pointer=(source.pointer or source.parameter) if source else None,
        retry_after=wait,
    )


def http_date(text: str | None) -> float | None:
    """Seconds since the epoch of an HTTP date; None where it is not one."""
    if text is None:
        return None
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def _waited(text: str | None) -> float | None:
    """A number of seconds from 0 to the longest wait; None where it is not a number."""
    if text is None or _SECONDS.fullmatch(text.strip(" \t")) is None:
        return None
    return min(float(text), LONGEST_WAIT)


def asked_wait(status: int, headers: Mapping[str, str], wall: float) -> float | None:
    """Seconds the server asked us to wait, at most a minute; None where it did not.

    ``Retry-After`` is in seconds or an HTTP date, weighed against the answer's own Date, else
    against ``wall``. After a 429 it is at least ``x-ratelimit-reset`` (Telnyx API, Rate limiting:
    seconds until reset). Keys of ``headers`` are matched in lower case.
    """
    retry = headers.get("retry-after")
    wait = _waited(retry)
    until = http_date(retry) if wait is None else None
    if until is not None:
        now = http_date(headers.get("date")) or wall
        wait = min(max(until - now, 0.0), LONGEST_WAIT)
    if status != HTTPStatus.TOO_MANY_REQUESTS:
        return wait
    waits = (wait, _waited(headers.get("x-ratelimit-reset")))
    return max((each for each in waits if each is not None), default=None)
