"""The gateway before ``api``: API key, rate limit, faults and the request log.

It is pure like the core. A delay or a dropped connection is described in the ``Reply``, and the
server carries it out.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.simulator import api, errors, odd_values
from console.simulator.errors import ApiError
from console.simulator.http_types import Json, Request, Response
from console.simulator.tunable_limits import DEFAULT_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.simulator.faults import Faults
    from console.simulator.world import World

WINDOW_SECS = 60
KEPT_REQUESTS = 5_000
KEPT_READS = 200
KEPT_ANSWERS = 20
READ_ONLY = "_READ_ONLY"
REFUSALS: dict[str, Callable[[], ApiError]] = {
    "http-401": errors.unauthenticated,
    "http-403": errors.forbidden,
    "http-422": errors.unknown_call,
    "http-429": errors.too_many_requests,
    "http-429-bare": errors.too_many_requests,
    "http-500": errors.internal,
    "http-503": errors.unavailable,
}
HTML = b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"


@dataclass(frozen=True, slots=True)
class Reply:
    """A response to send after ``delay_secs``. A response of None drops the connection."""

    response: Response | None
    delay_secs: float = 0.0


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request as received; ``status`` is None if no answer was sent."""

    number: int
    at: float
    request: Request
    status: int | None

    def as_json(self) -> Json:
        """Return the request as the control endpoint shows it."""
        return {
            "number": self.number,
            "at": self.at,
            "method": self.request.method,
            "path": self.request.path,
            "query": dict(self.request.query),
            "body": _readable(self.request.body),
            "status": self.status,
        }


class Gateway:
    """Answers every request to ``/v2``, at most ``limit`` of them in each minute.

    The read-only key is the API key followed by ``_READ_ONLY``. It may read everything but the
    balance.
    """

    def __init__(
        self, world: World, faults: Faults, api_key: str, limit: int = DEFAULT_LIMIT
    ) -> None:
        self.api_key = api_key
        self.read_only_key = api_key + READ_ONLY
        self._world = world
        self._faults = faults
        self._limit = limit
        self._window = 0
        self._used = 0
        self._reads: dict[tuple[str, str], deque[tuple[float, Response]]] = {}
        self._log: deque[LoggedRequest] = deque(maxlen=KEPT_REQUESTS)
        self._count = 0

    def receive(self, request: Request) -> Reply:
        """Answer one request and log it."""
        reply = self._limited(request)
        self._count += 1
        status = None if reply.response is None else reply.response.status
        self._log.append(LoggedRequest(self._count, self._world.now, request, status))
        return reply

    def requests_since(self, number: int) -> Json:
        """Return the logged requests after that number, oldest first."""
        return [logged.as_json() for logged in self._log if logged.number > number]

    def _limited(self, request: Request) -> Reply:
        """Check the rate limit and add its headers to the answer (the reset is in seconds)."""
        now = self._world.now
        window = int(now // WINDOW_SECS)
        if window != self._window:
            self._window, self._used = window, 0
        self._used += 1
        left = max(0, self._limit - self._used)
        reset = max(1, int((window + 1) * WINDOW_SECS - now))
        if self._used > self._limit:
            reply = Reply(errors.too_many_requests().response())
        else:
            reply = self._faulty(request)
        if reply.response is None:
            return reply
        headers = {
            **reply.response.headers,
            "x-ratelimit-limit": str(self._limit),
            "x-ratelimit-remaining": str(left),
            "x-ratelimit-reset": str(reset),
        }
        answered = Response(reply.response.status, headers, reply.response.body)
        return Reply(answered, reply.delay_secs)

    def _faulty(self, request: Request) -> Reply:
        refused = self._judge_key(request)
        if refused is not None:
            return Reply(refused.response())
        if self._faults.strikes("timeout-before"):
            return Reply(None)
        for name, refusal in REFUSALS.items():
            if self._faults.strikes(name):
                return Reply(_with_retry_after(refusal().response(), name))
        if self._faults.strikes("http-502"):
            return Reply(Response(502, {"Content-Type": "text/html"}, HTML))
        answered = self._read_or_run(request)
        if request.method == "GET" and self._faults.is_armed("odd-values"):
            answered = odd_values.insert_odd_value(answered, self._faults)
        if self._faults.strikes("timeout-after"):
            return Reply(None)
        if answered.body and self._faults.strikes("truncated-json"):
            half = answered.body[: len(answered.body) // 2]
            answered = Response(answered.status, answered.headers, half)
        return Reply(answered, self._world.rules.slow_secs if self._faults.strikes("slow") else 0.0)

    def _judge_key(self, request: Request) -> ApiError | None:
        bearer = request.headers.get("authorization")
        if bearer == f"Bearer {self.api_key}":
            return None
        if bearer != f"Bearer {self.read_only_key}":
            return errors.unauthenticated()
        may = request.method == "GET" and request.path.strip("/") != "balance"
        return None if may else errors.forbidden()

    def _read_or_run(self, request: Request) -> Response:
        answered = api.answer(self._world, request, self._faults.strikes)
        if request.method != "GET" or not self._faults.is_armed("stale-read"):
            return answered
        key = (request.path, json.dumps(dict(request.query), sort_keys=True))
        past = self._reads.setdefault(key, deque(maxlen=KEPT_ANSWERS))
        past.append((self._world.now, answered))
        if len(self._reads) > KEPT_READS:
            del self._reads[next(iter(self._reads))]
        old = self._world.now - self._world.rules.stale_secs
        while len(past) > 1 and past[1][0] <= old:
            past.popleft()
        if past[0][0] <= old and self._faults.strikes("stale-read"):
            return past[0][1]
        return answered


def _with_retry_after(response: Response, fault: str) -> Response:
    if fault != "http-429":
        return response
    return Response(response.status, {**response.headers, "Retry-After": "1"}, response.body)


def _readable(body: bytes) -> Json:
    if not body:
        return None
    try:
        return json.loads(body)  # type: ignore[no-any-return]
    except ValueError:
        return body.decode(errors="replace")
