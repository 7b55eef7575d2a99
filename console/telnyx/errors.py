"""The errors of requests to Telnyx, with their classification from HTTP answers.

TelnyxError
├── SettingRefusedError        a key, proxy or certificate that cannot be used; nothing is open
└── RequestError               a request failed; ``problem`` says why
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
from http.client import responses
from typing import TYPE_CHECKING

from pydantic import ValidationError

from console.core.model.listed_resources import Problem, ProblemKind
from console.telnyx.json_models import ErrorBody

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_WAIT = 60.0
"""Longest wait in seconds that a server may ask for. A longer one is taken as a server's error."""
_NUMBERED = re.compile(r"^\[Errno -?\d+\] ")
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_SHOWN = 300
"""Characters kept of a text from an error body."""


class TelnyxError(Exception):
    """Base class of all errors of this package."""


class SettingRefusedError(TelnyxError):
    """A setting cannot be used; the text says which one and how to correct it."""


class RequestError(TelnyxError):
    """A request failed; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class NotDoneError(RequestError):
    """The request certainly had no effect."""


class RefusedError(NotDoneError):
    """Telnyx refused the request."""


class UnauthorisedError(NotDoneError):
    """The API key is not accepted."""


class ForbiddenError(NotDoneError):
    """The API key may not do this."""


class MissingError(NotDoneError):
    """The addressed resource does not exist."""


class LimitedError(NotDoneError):
    """Too many requests; ``problem.retry_after`` is the wait in seconds, if Telnyx sent one."""


class UnreachableError(NotDoneError):
    """The request failed before any byte was sent."""


class DoubtfulError(RequestError):
    """The request may have had an effect."""


class ServerError(DoubtfulError):
    """Telnyx answered 5xx or 408."""


class UnansweredError(DoubtfulError):
    """Bytes were sent, and no answer came back."""


class ShapeError(DoubtfulError):
    """The answer is an unreadable 2xx. Telnyx can be reached, so this is no outage."""


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
    """Return the exception of a problem's kind, with that problem."""
    return _KINDS[problem.kind](problem)


def unreachable(why: str) -> UnreachableError:
    """Return the error of a request that was not sent, with the reason ``why``."""
    title = "Telnyx cannot be reached"
    return UnreachableError(Problem(ProblemKind.UNREACHABLE, title=title, detail=why))


def unanswered(why: str) -> UnansweredError:
    """Return the error of a request that was sent and whose outcome is unknown."""
    return UnansweredError(Problem(ProblemKind.UNANSWERED, title="no answer", detail=why))


def misread(why: str) -> ShapeError:
    """Return the error of an answer that is a 2xx and cannot be read."""
    return ShapeError(Problem(ProblemKind.SHAPE, 200, title="answer not understood", detail=why))


def words_of(error: BaseException) -> str:
    """Return the cause of a failed request in a few words: the innermost known exception's."""
    below: BaseException | None = error
    while below is not None:
        match below:
            case ConnectionRefusedError():
                return "connection refused"
            case ConnectionResetError():
                return "connection reset"
            case socket.gaierror():
                return "the host name cannot be looked up"
            case ssl.SSLCertVerificationError():
                return below.verify_message
            case BaseExceptionGroup():
                below = below.exceptions[0]
            case _:
                below = below.__cause__ or below.__context__
    return _NUMBERED.sub("", str(error)) or type(error).__name__


def _kind(status: int) -> ProblemKind:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ProblemKind.SERVER
    known: dict[int, ProblemKind] = {
        HTTPStatus.UNAUTHORIZED: ProblemKind.UNAUTHORISED,
        HTTPStatus.FORBIDDEN: ProblemKind.FORBIDDEN,
        HTTPStatus.NOT_FOUND: ProblemKind.MISSING,
        HTTPStatus.TOO_MANY_REQUESTS: ProblemKind.LIMITED,
        HTTPStatus.REQUEST_TIMEOUT: ProblemKind.SERVER,
    }
    return known.get(status, ProblemKind.REFUSED)


def problem_of(status: int, body: bytes, wait: float | None = None) -> Problem:
    """Return the problem stated by an answer that is not 2xx (Telnyx API, Errors).

    Only the HTTP status decides the kind, because Telnyx uses code 10007 for a missing resource
    and for a failed server. A body that is not Telnyx's error envelope (such as a proxy's HTML)
    is ignored. ``wait`` is the wait in seconds that the server asked for.
    """
    phrase = responses.get(status, f"HTTP {status}")
    try:
        first = next(filter(None, ErrorBody.model_validate_json(body).errors))
    except (ValidationError, StopIteration):
        return Problem(_kind(status), status, title=phrase, retry_after=wait)
    return Problem(
        kind=_kind(status),
        status=status,
        code=first.code,
        title=(first.title or phrase)[:_SHOWN],
        detail=(first.detail or first.description or "")[:_SHOWN],
        pointer=(first.source.pointer or first.source.parameter) if first.source else None,
        retry_after=wait,
    )


def http_date(text: str | None) -> float | None:
    """Return an HTTP date in epoch seconds, or None if the text is not an HTTP date."""
    try:
        return None if text is None else parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def _waited(text: str | None) -> float | None:
    """Return a header's seconds, at most LONGEST_WAIT, or None if the text is not a number."""
    if text is None or _SECONDS.fullmatch(text.strip(" \t")) is None:
        return None
    return min(float(text), LONGEST_WAIT)


def asked_wait(status: int, headers: Mapping[str, str], wall: float) -> float | None:
    """Return the wait in seconds that the server asks for, at most LONGEST_WAIT, else None.

    ``Retry-After`` holds seconds or an HTTP date. A date is compared with the Date header, else
    with ``wall`` (epoch seconds). After a 429 the wait is at least ``x-ratelimit-reset`` (Telnyx
    API, Rate limiting: seconds until reset). The names in ``headers`` are in lower case.
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
