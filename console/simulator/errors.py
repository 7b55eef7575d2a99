"""The errors a client can cause (Telnyx API, error examples of the call-control family).

A code is a string of digits. Where the documentation does not say which code applies, this module
chooses one and marks it INFERRED.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from console.simulator.http_types import Json, Response, json_response

DOCS = "https://developers.telnyx.com/docs/overview/errors/"


@dataclass(frozen=True, slots=True)
class Problem:
    """One member of ``errors``; ``pointer`` is a body member, ``parameter`` a query parameter."""

    code: str
    title: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None
    documented: bool = False
    meta: Mapping[str, Json] | None = None

    def as_json(self) -> Json:
        """Return this problem as one item of the API's ``errors`` list."""
        member: dict[str, Json] = {"code": self.code, "title": self.title, "detail": self.detail}
        if self.pointer is not None:
            member["source"] = {"pointer": self.pointer}
        elif self.parameter is not None:
            member["source"] = {"parameter": self.parameter}
        if self.documented:
            member["meta"] = {"url": DOCS + self.code}
        if self.meta is not None:
            member["meta"] = self.meta
        return member


class ApiError(Exception):
    """A refused request: an HTTP status with the reasons."""

    def __init__(self, status: int, *problems: Problem) -> None:
        super().__init__(status, problems)
        self.status = status
        self.problems = problems

    def response(self) -> Response:
        """Return the response that reports the error."""
        return json_response(self.status, {"errors": [p.as_json() for p in self.problems]})


def refused(status: int, problems: Iterable[Problem]) -> ApiError:
    """Return an error with several reasons."""
    return ApiError(status, *problems)


def bad_request(detail: str) -> ApiError:
    """Return the error for a body that is not a JSON object."""
    return ApiError(400, Problem("10015", "Bad Request", detail, documented=True))


def undecodable() -> ApiError:
    """Return the error for a body that is not UTF-8."""
    detail = "The request body is not valid UTF-8."
    return ApiError(400, Problem("10028", "Character encoding error", detail, documented=True))


def queue_not_empty(name: str) -> ApiError:
    """Return the error for deleting a queue that still holds calls."""
    detail = f"The queue {name} is not empty: only empty queues can be deleted."
    return ApiError(400, Problem("90050", "Unable to delete queue", detail))


def unauthenticated() -> ApiError:
    """Return the error for a missing or wrong API key."""
    detail = "Could not understand the provided credentials."
    return ApiError(401, Problem("10009", "Authentication failed", detail, documented=True))


def forbidden() -> ApiError:
    """Return the error for an API key without the permission."""
    detail = "You do not have permission to perform the requested action on this resource."
    return ApiError(403, Problem("10010", "Authorization failed", detail, documented=True))


def no_conference(conference: str) -> ApiError:
    """Return the error for a text that is no conference id and no active conference's name."""
    detail = f"The conference {conference} does not exist."
    return ApiError(404, Problem("90058", "Invalid conference_id", detail))


def not_found() -> ApiError:
    """Return the error for an unknown queue, participant, queued call or call (INFERRED: 10007)."""
    detail = "The requested resource or URL could not be found."
    return ApiError(404, Problem("10007", "Resource not found", detail))


def no_recording() -> ApiError:
    """Return the error for an unknown recording, or none running (INFERRED for an omitted id)."""
    detail = "The recording could not be found."
    return ApiError(404, Problem("10005", "Recording not found", detail, "/recording_id"))


def missing(pointer: str) -> Problem:
    """Return the problem of a required member that is absent."""
    return Problem(
        "10004", "Missing required parameter", f"The {pointer[1:]} parameter is required.", pointer
    )


def invalid(pointer: str, detail: str) -> Problem:
    """Return the problem of a value with the wrong type or form."""
    title = f"Invalid value for {pointer[1:]}"
    if pointer == "/connection_id":
        title += " (Call Control App ID)"
    return Problem("10015", title, detail, pointer)


def not_e164(pointer: str) -> Problem:
    """Return the problem of a phone number that is not in +E164 format."""
    detail = f"The {pointer[1:]} parameter must be a phone number in +E164 format or a SIP URI."
    return Problem("10016", "Phone number must be in +E164 format", detail, pointer)


def not_one_of(pointer: str, allowed: Iterable[str]) -> Problem:
    """Return the problem of a value outside an enumeration; the detail lists the allowed values."""
    detail = f"The value must be one of: {', '.join(allowed)}."
    return Problem("10032", "Invalid enumerated value", detail, pointer)


def out_of_range(pointer: str, detail: str) -> Problem:
    """Return the problem of a number or length beyond its limits."""
    return Problem("10033", "Value outside of range", detail, pointer)


def unprocessable(*problems: Problem) -> ApiError:
    """Return a 422 error with the given reasons."""
    return ApiError(422, *problems)


def unknown_call(pointer: str = "/call_control_id") -> ApiError:
    """Return the error for a call_control_id unknown or not in this conference (INFERRED)."""
    detail = "The call_control_id provided was not valid."
    return unprocessable(Problem("90015", "Invalid Call Control ID", detail, pointer))


def call_ended() -> ApiError:
    """Return the error for a command to a call that has hung up."""
    detail = "This call is no longer active and can't receive commands."
    return unprocessable(Problem("90018", "Call has already ended", detail))


def conference_ended() -> ApiError:
    """Return the error for a conference that has ended or is closed to new participants."""
    detail = "This conference is no longer active and can't receive commands."
    return unprocessable(Problem("90019", "Conference has already ended", detail))


def no_audio_yet() -> ApiError:
    """Return the error for recording before the conference has started."""
    title = "Call recording triggered before audio started"
    detail = "Recording can't start before the audio has started."
    return unprocessable(Problem("90020", title, detail))


def conference_full(limit: int) -> ApiError:
    """Return the error for joining a conference at its limit of participants."""
    detail = f"The conference has reached its limit of {limit} participants."
    return unprocessable(Problem("90032", "Maximum number of participants reached", detail))


def name_taken(name: str) -> ApiError:
    """Return the error for a name that an active conference has already."""
    detail = f"A conference with the name {name} already exists and is active."
    return unprocessable(Problem("90033", "Unable to execute command", detail))


def not_allowed(detail: str) -> ApiError:
    """Return the error for a command that the current state does not allow (INFERRED: 90033)."""
    return unprocessable(Problem("90033", "Unable to execute command", detail))


def gone_from_queue(call_control_id: str, from_: str, to: str) -> ApiError:
    """Return the error for bridging a caller who hung up; ``meta`` has the data to call back."""
    detail = "The first call in the queue has hung up and is no longer in it."
    meta = {"call_control_id": call_control_id, "from": from_, "to": to}
    return unprocessable(Problem("90018", "Call has already ended", detail, meta=meta))


def no_audio_file(pointer: str) -> ApiError:
    """Return the error for a media name that is not in the library."""
    detail = "The audio file could not be found."
    return ApiError(404, Problem("10005", "Audio file not found", detail, pointer))


def no_download(pointer: str) -> ApiError:
    """Return the error for an audio URL that cannot be fetched."""
    detail = "The audio file could not be downloaded."
    return ApiError(400, Problem("90040", "Downloading audio file failed", detail, pointer))


def not_answered() -> ApiError:
    """Return the error for a command to a call that is still ringing."""
    detail = "This call can't receive this command because it has not been answered yet."
    return unprocessable(Problem("90034", "Call not answered yet", detail))


def queue_full(name: str) -> ApiError:
    """Return the error for adding a call to a queue at its limit."""
    return unprocessable(Problem("90036", "Queue full", f"The '{name}' queue is full."))


def already_queued(name: str) -> ApiError:
    """Return the error for adding a call to the queue it waits in already."""
    detail = f"The call is already in the '{name}' queue."
    return unprocessable(Problem("90038", "Call already in queue", detail))


def too_many_requests() -> ApiError:
    """Return the error for exceeding the rate limit."""
    detail = "You have exceeded the maximum number of allowed requests."
    return ApiError(429, Problem("10011", "Too many requests", detail, documented=True))


def too_many_dials(per_second: int) -> ApiError:
    """Return the error for exceeding the dials per second of the account (INFERRED title)."""
    detail = f"You have exceeded the limit of {per_second} dials per second."
    return ApiError(429, Problem("90103", "Dials per second limit exceeded", detail))


def internal() -> ApiError:
    """Return a 500 error. Telnyx gives it the code of a generic 404."""
    return ApiError(500, Problem("10007", "Internal server error", "An unexpected error occurred."))


def unavailable() -> ApiError:
    """Return a 503 error. Telnyx gives it the code of a generic 404."""
    detail = "The service is temporarily unavailable."
    return ApiError(503, Problem("10007", "Service unavailable", detail))


def no_route() -> ApiError:
    """Return the error for a path and method without an operation (INFERRED: 10005)."""
    detail = "The requested resource or URL could not be found."
    return ApiError(404, Problem("10005", "Resource not found", detail, documented=True))
