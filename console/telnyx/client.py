"""HTTP client for the Telnyx API: one attempt per call, every failure as a Problem."""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING, Self, TypeAlias
from urllib.parse import quote, urlencode

import httpx

from console.core.messages.facts import ApiAnswered
from console.core.model.listed_resources import Problem, ProblemKind
from console.telnyx import certificates, errors
from console.telnyx.decompression import TooLongError, UndecodableError, decoded
from console.telnyx.errors import RequestError, SettingRefusedError
from console.telnyx.listings import ApiReply, read
from console.telnyx.proxies import ProxyChoice, choose
from console.telnyx.resources import answered, conference_named, leg_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pydantic import SecretStr

    from console.core.messages.facts import Fact, Listed
    from console.core.messages.read_scopes import Scope
    from console.core.model.command import Order
    from console.core.model.listed_resources import Moment
    from console.telnyx.listings import Count, Turn

Clock: TypeAlias = "Callable[[], Moment]"

_LOG = logging.getLogger(__name__)

_UNFIT = "the request cannot be built; see the log file"
UNFIT = Problem(ProblemKind.UNFIT, title="not sent", detail=_UNFIT)
"""The refusal of an order whose request cannot be built."""
LARGEST = 8 * 1024 * 1024
"""Most bytes read of one answer. A page of 250 items has about 200 kB."""
_CONNECT = 0.45
"""Share of an attempt's time for the connection, and again for its TLS handshake. Both end before
the whole attempt, because httpx closes a connection that timed out and leaks a cancelled one."""
_PLAIN = {"Accept-Encoding": "identity"}
_COUNT = re.compile(r"[0-9]{1,9}")
_KEY = re.compile(r"[!-~]+")
_HTTPS = 443
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """The result of one attempt of a command: accepted if ``problem`` is None.

    ``date`` is Telnyx's clock in epoch seconds, from the Date header of the answer.
    """

    date: float | None
    problem: Problem | None = None
    leg: str | None = None
    """The ``call_control_id`` in the answer, if there is one (Telnyx API, Dial)."""
    conference: str | None = None
    """The id of the created conference (Telnyx API, Create conference: data.id)."""


class Client:
    """A client for one Telnyx account, at the URL ``base`` (``https://api.telnyx.com/v2``).

    ``report`` is called with an ApiAnswered for every answer. ``region`` is added to the reads
    that accept one. ``attempt`` limits one request, in seconds.
    """

    def __init__(
        self,
        base: str,
        key: SecretStr,
        *,
        clock: Clock,
        report: Callable[[Fact], None],
        agent: str,
        attempt: float,
        region: str | None = None,
    ) -> None:
        """Raise SettingRefusedError in the same cases as ``check``."""
        _check_key(key)
        for chatty in ("httpx", "httpcore"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        self._base = base.rstrip("/")
        self._key = key
        self._clock = clock
        self._report = report
        self._attempt = attempt
        self._region = region
        url = httpx.URL(base)
        tls = certificates.without_authorities()
        if url.scheme == "https":
            tls = certificates.authorities(httpx.create_ssl_context)
        choice = _proxy_of(url)
        for note in choice.left_out():
            _LOG.warning("%s", note)
        with _proxy_refused(choice):
            self._http = httpx.AsyncClient(
                verify=tls,
                headers={"User-Agent": agent, "Accept": "application/json", **_PLAIN},
                timeout=httpx.Timeout(attempt, connect=attempt * _CONNECT),
                limits=httpx.Limits(max_connections=32, keepalive_expiry=30.0),
                proxy=choice.url,
                trust_env=False,  # the environment was read here, one variable at a time
            )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    def unfit(self, order: Order) -> Problem | None:
        """Return UNFIT if the request of an order cannot be built, else None. Send nothing.

        A failure is a fault of this program (the command record or ``segment`` raised), so its
        traceback is logged.
        """
        try:
            request = order.command.request(order)
            self._built(request.method, request.path, body=request.body)
        except Exception:  # noqa: BLE001  # logged, and the order is refused
            _LOG.exception("the request of %s cannot be built", order.command.name)
            return UNFIT
        return None

    async def send(self, order: Order) -> HttpAnswer:
        """Send the request of an order once and return the result.

        Network and API failures are returned as ``problem``. Call ``unfit`` first.
        """
        request = order.command.request(order)
        try:
            reply = await self._once(request.method, request.path, body=request.body)
            data: object = None
            if reply.problem is None and reply.status != HTTPStatus.NO_CONTENT:
                data = answered(reply.body).get("data")
        except RequestError as error:
            return HttpAnswer(None, error.problem)
        made = conference_named(data) if request.path == ("conferences",) else None
        return HttpAnswer(reply.date, reply.problem, leg_named(data), made)

    async def read(
        self, scope: Scope, turn: Turn | None = None, count: Count | None = None
    ) -> Listed:
        """Return everything in a scope. Raise RequestError if that fails.

        ``turn`` is awaited before each request after the first, because long listings take
        several. ``count`` is called for each page of such a listing.
        """
        return await read(scope, partial(self._once, "GET"), self._region, turn, count)

    async def _once(
        self,
        method: str,
        path: tuple[str, ...],
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> ApiReply:
        request, trail = self._built(method, path, query, body), _Trail()
        request.extensions["trace"] = trail.step
        asked = self._clock()
        failure: RequestError | None = None
        try:
            async with asyncio.timeout(self._attempt):
                reply = await self._exchange(request, asked)
        except TimeoutError:
            failure = trail.judge(f"no answer within {self._attempt:g} s")
        except _NEVER_LEFT as error:
            failure = errors.unreachable(_words(error))
        except httpx.HTTPError as error:
            failure = trail.judge(_words(error))
        # Raised out here, so that no httpx exception with its request hangs on it.
        if failure is not None:
            raise failure
        self._report(
            ApiAnswered(
                at=reply.answered,
                seconds=reply.answered.mono - reply.asked.mono,
                limit=_count(reply.headers.get("x-ratelimit-limit")),
                remaining=_count(reply.headers.get("x-ratelimit-remaining")),
                reset=_count(reply.headers.get("x-ratelimit-reset")),
                date=reply.date,
            )
        )
        return reply

    def _built(
        self,
        method: str,
        path: tuple[str, ...],
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> httpx.Request:
        url = "/".join((self._base, *map(segment, path)))
        if query:
            url += f"?{urlencode(query, safe='', quote_via=quote)}"
        return self._http.build_request(method, url, json=dict(body) if body else None)

    def _authorised(self, request: httpx.Request) -> httpx.Request:
        """Add the API key to a request as it is sent, so that no built request has it."""
        request.headers["Authorization"] = f"Bearer {self._key.get_secret_value()}"
        return request

    async def _exchange(self, request: httpx.Request, asked: Moment) -> ApiReply:
        send = self._http.send
        response = await send(request, auth=self._authorised, stream=True, follow_redirects=False)
        try:
            raw = bytearray()
            async for chunk in response.aiter_raw():
                raw += chunk
                if len(raw) > LARGEST:
                    raise _unread("the answer is too long", response.status_code)
        finally:
            await response.aclose()
        status, body, at = response.status_code, _content(bytes(raw), response), self._clock()
        headers = {name.lower(): value for name, value in response.headers.items()}
        problem = None
        if not response.is_success:
            wait = errors.asked_wait(status, headers, at.wall)
            problem = errors.problem_of(status, body, wait)
        date = errors.http_date(headers.get("date"))
        return ApiReply(status, headers, body, asked, at, date, problem)


def _content(raw: bytes, response: httpx.Response) -> bytes:
    """Return the content of an answer, decompressed if it came compressed without being asked."""
    try:
        return decoded(raw, response.headers.get_list("Content-Encoding"), LARGEST)
    except TooLongError:
        why = "the answer is too long"
    except UndecodableError as encoding:
        why = str(encoding)
    raise _unread(why, response.status_code)


def check(base: str, key: SecretStr) -> tuple[str, ...]:
    """Check the API key, and the proxy and certificate settings of the environment.

    Open no connection. Return one sentence for each setting that is ignored. Raise
    SettingRefusedError for a key that no HTTP header can carry, and for a proxy or certificates
    that cannot be used. Faster than making a Client, which loads the certificates of httpx.
    """
    _check_key(key)
    url = httpx.URL(base)
    if url.scheme == "https" and certificates.is_configured():
        certificates.authorities(httpx.create_ssl_context)
    choice = _proxy_of(url)
    with _proxy_refused(choice):
        httpx.AsyncClient(
            verify=certificates.without_authorities(), proxy=choice.url, trust_env=False
        )
    return choice.left_out()


def _check_key(key: SecretStr) -> None:
    if _KEY.fullmatch(key.get_secret_value()) is None:
        raise SettingRefusedError(
            "the API key has a character that keys cannot have: copy TELNYX_API_KEY again"
        )


def _proxy_of(base: httpx.URL) -> ProxyChoice:
    """Return the proxy for a base URL: the environment's for https, none for this host itself."""
    if base.scheme != "https" or _is_loopback(base.host):
        return ProxyChoice(None)
    return choose(base.host, base.port or _HTTPS)


@contextmanager
def _proxy_refused(choice: ProxyChoice) -> Iterator[None]:
    try:
        choice.check()
        yield
    except ImportError:
        why = "a SOCKS proxy is not supported"
    except (ValueError, httpx.InvalidURL):
        why = "its address is malformed"
    else:
        return
    raise SettingRefusedError(f"the proxy cannot be used ({why}): set {choice.variable} to another")


class _Trail:
    """The progress of a request, from the trace of httpx: not sent, or possibly sent."""

    def __init__(self) -> None:
        self._left = False

    async def step(self, name: str, _: Mapping[str, object]) -> None:
        """Record a step of the request (httpx, extensions, trace)."""
        if name.endswith(".send_request_headers.started"):
            self._left = True

    def judge(self, why: str) -> RequestError:
        """Return the error of a failed request.

        It is "unanswered" if bytes may have been sent, since Telnyx may have carried it out.
        Otherwise it is "unreachable".
        """
        return errors.unanswered(why) if self._left else errors.unreachable(why)


def segment(text: str) -> str:
    """Percent-encode one path segment, so that a name with ``/`` or ``..`` stays one segment.

    Raise ValueError for an empty segment: the URL would address another resource.
    """
    if not text:
        raise ValueError("an empty path segment")
    return text.replace(".", "%2E") if text in {".", ".."} else quote(text, safe="")


def _words(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.LocalProtocolError):  # its text repeats the invalid header
        return "the request could not be written"
    if isinstance(error, httpx.RemoteProtocolError) and "without sending" in str(error):
        return "the connection was closed without an answer"
    return errors.words_of(error)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _unread(why: str, status: int) -> RequestError:
    """Return the error for an answer with unreadable content: misread for a 2xx."""
    if httpx.codes.is_success(status):
        return errors.misread(why)
    return errors.error_of(replace(errors.problem_of(status, b""), detail=why))


def _count(text: str | None) -> int | None:
    return int(text) if text is not None and _COUNT.fullmatch(text) else None
