"""The errors a client can cause (Telnyx API, error examples of the call-control family).

A code is a string of digits. Where the documentation does not say which code applies, the choice
is made here, once, and marked INFERRED.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from console.simulator.wire import Json, Response, json_response

DOCS = "https://developers.telnyx.com/docs/overview/errors/"


@dataclass(frozen=True, slots=True)
class Problem:
    """One member of ``errors``; a pointer is into the body, a parameter names a query member."""

    code: str
    title: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None
    documented: bool = False
    meta: Mapping[str, Json] | None = None

    def as_json(self) -> Json:
        """The member as the API writes it."""
        said: dict[str, Json] = {"code": self.code, "title": self.title, "detail": self.detail}
        if self.pointer is not None:
            said["source"] = {"pointer": self.pointer}
        elif self.parameter is not None:
            said["source"] = {"parameter": self.parameter}
        if self.documented:
            said["meta"] = {"url": DOCS + self.code}
        if self.meta is not None:
            said["meta"] = self.meta
        return said


class ApiError(Exception):
    """A request that is refused: an HTTP status and the reasons."""

    def __init__(self, status: int, *problems: Problem) -> None:
        super().__init__(status, problems)
        self.status = status
        self.problems = problems

    def response(self) -> Response:
        """The answer that says so."""
        return json_response(self.status, {"errors": [p.as_json() for p in self.problems]})


def refused(status: int, problems: Iterable[Problem]) -> ApiError:
    """Several reasons at once."""
    return ApiError(status, *problems)


def bad_request(detail: str) -> ApiError:
    """A body that is not a JSON object."""
    return ApiError(400, Problem("10015", "Bad Request", detail, documented=True))


def undecodable() -> ApiError:
    """A body that is not UTF-8."""
    detail = "The request body is not valid UTF-8."
    return ApiError(400, Problem("10028", "Character encoding error", detail, documented=True))


def queue_not_empty(name: str) -> ApiError:
    """DELETE of a queue that still holds calls."""
    detail = f"The queue {name} is not empty: only empty queues can be deleted."
    return ApiError(400, Problem("90050", "Unable to delete queue", detail))


def unauthenticated() -> ApiError:
    """No key, or a wrong one."""
    detail = "Could not understand the provided credentials."
    return ApiError(401, Problem("10009", "Authentication failed", detail, documented=True))


def forbidden() -> ApiError:
    """A key that may not do this."""
    detail = "You do not have permission to perform the requested action on this resource."
    return ApiError(403, Problem("10010", "Authorization failed", detail, documented=True))


def no_conference(conference: str) -> ApiError:
    """Neither an id nor the name of an active conference."""
    detail = f"The conference {conference} does not exist."
    return ApiError(404, Problem("90058", "Invalid conference_id", detail))


def not_found() -> ApiError:
    """A queue, a participant, a queued call or a call that is not there (INFERRED: 10007)."""
    detail = "The requested resource or URL could not be found."
    return ApiError(404, Problem("10007", "Resource not found", detail))


def no_recording() -> ApiError:
    """No such recording in this conference, or none that runs (INFERRED for an omitted id)."""
    detail = "The recording could not be found."
    return ApiError(404, Problem("10005", "Recording not found", detail, "/recording_id"))


def missing(pointer: str) -> Problem:
    """A required member that is absent."""
    return Problem(
        "10004", "Missing required parameter", f"The {pointer[1:]} parameter is required.", pointer
    )


def invalid(pointer: str, detail: str) -> Problem:
    """A value of the wrong type or form."""
    title = f"Invalid value for {pointer[1:]}"
    if pointer == "/connection_id":
        title += " (Call Control App ID)"
    return Problem("10015", title, detail, pointer)


def not_e164(pointer: str) -> Problem:
    """A phone number in another form."""
    detail = f"The {pointer[1:]} parameter must be a phone number in +E164 format or a SIP URI."
    return Problem("10016", "Phone number must be in +E164 format", detail, pointer)


def not_one_of(pointer: str, allowed: Iterable[str]) -> Problem:
    """A value outside an enumeration; the detail lists what is allowed."""
    detail = f"The value must be one of: {', '.join(allowed)}."
    return Problem("10032", "Invalid enumerated value", detail, pointer)


def out_of_range(pointer: str, detail: str) -> Problem:
    """A number or length beyond its limits."""
    return Problem("10033", "Value outside of range", detail, pointer)


def unprocessable(*problems: Problem) -> ApiError:
    """422 with the given reasons."""
    return ApiError(422, *problems)


def unknown_call(pointer: str = "/call_control_id") -> ApiError:
    """A call_control_id nobody knows, or one that is not in this conference (INFERRED)."""
    detail = "The call_control_id provided was not valid."
    return unprocessable(Problem("90015", "Invalid Call Control ID", detail, pointer))


def call_ended() -> ApiError:
    """A command for a call that has hung up."""
    detail = "This call is no longer active and can't receive commands."
    return unprocessable(Problem("90018", "Call has already ended", detail))


def conference_ended() -> ApiError:
    """A command for a conference that has ended or no longer takes joiners."""
    detail = "This conference is no longer active and can't receive commands."
    return unprocessable(Problem("90019", "Conference has already ended", detail))


def no_audio_yet() -> ApiError:
    """Recording before the conference has started."""
    title = "Call recording triggered before audio started"
    detail = "Recording can't start before the audio has started."
    return unprocessable(Problem("90020", title, detail))


def conference_full(limit: int) -> ApiError:
    """One participant too many."""
    detail = f"The conference has reached its limit of {limit} participants."
    return unprocessable(Problem("90032", "Maximum number of participants reached", detail))


def name_taken(name: str) -> ApiError:
    """An active conference bears the name already."""
    detail = f"A conference with the name {name} already exists and is active."
    return unprocessable(Problem("90033", "Unable to execute command", detail))


def cannot(detail: str) -> ApiError:
    """A command that the state of things does not allow (INFERRED: 90033)."""
    return unprocessable(Problem("90033", "Unable to execute command", detail))


def gone_from_queue(call_control_id: str, from_: str, to: str) -> ApiError:
    """A bridge with a caller who has hung up; ``meta`` holds what is needed to call back."""
    detail = "The first call in the queue has hung up and is no longer in it."
    meta = {"call_control_id": call_control_id, "from": from_, "to": to}
    return unprocessable(Problem("90018", "Call has already ended", detail, meta=meta))


def no_audio_file(pointer: str) -> ApiError:
    """A media name that is not in the library."""
    detail = "The audio file could not be found."
    return ApiError(404, Problem("10005", "Audio file not found", detail, pointer))


def no_download(pointer: str) -> ApiError:
    """An audio URL that cannot be fetched."""
    detail = "The audio file could not be downloaded."
    return ApiError(400, Problem("90040", "Downloading audio file failed", detail, pointer))


def not_answered() -> ApiError:
    """A command for a call that still rings."""
    detail = "This call can't receive this command because it has not been answered yet."
    return unprocessable(Problem("90034", "Call not answered yet", detail))


def queue_full(name: str) -> ApiError:
    """No room in the queue."""
    return unprocessable(Problem("90036", "Queue full", f"The '{name}' queue is full."))


def already_queued(name: str) -> ApiError:
    """The call waits in that very queue."""
    detail = f"The call is already in the '{name}' queue."
    return unprocessable(Problem("90038", "Call already in queue", detail))


def too_many_requests() -> ApiError:
    """The rate limit is reached."""
    detail = "You have exceeded the maximum number of allowed requests."
    return ApiError(429, Problem("10011", "Too many requests", detail, documented=True))


def too_many_dials(per_second: int) -> ApiError:
    """More dials than the account may make (INFERRED title)."""
    detail = f"You have exceeded the limit of {per_second} dials per second."
    return ApiError(429, Problem("90103", "Dials per second limit exceeded", detail))


def internal() -> ApiError:
    """The API's own fault; it bears the code of a generic 404."""
    return ApiError(500, Problem("10007", "Internal server error", "An unexpected error occurred."))


def unavailable() -> ApiError:
    """The API is down for a moment; the same code again."""
    detail = "The service is temporarily unavailable."
    return ApiError(503, Problem("10007", "Service unavailable", detail))


def no_route() -> ApiError:
    """No operation has that path and method (INFERRED: 10005)."""
    detail = "The requested resource or URL could not be found."
    return ApiError(404, Problem("10005", "Resource not found", detail, documented=True))
