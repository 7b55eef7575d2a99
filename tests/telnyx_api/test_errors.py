from __future__ import annotations

import json
import socket
import ssl
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.core.model.listed_resources import Problem, ProblemKind
from console.telnyx import errors
from console.telnyx.errors import (
    RequestError,
    asked_wait,
    error_of,
    http_date,
    problem_of,
    words_of,
)

REFUSED = OSError("All connection attempts failed")
REFUSED.__cause__ = ExceptionGroup("", [ConnectionRefusedError(111, "Connect call failed")])
EXPIRED = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify")
EXPIRED.verify_message = "certificate has expired"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (REFUSED, "connection refused"),
        (ConnectionResetError(104, "Connection reset by peer"), "connection reset"),
        (socket.gaierror(-2, "Name or service not known"), "the host name cannot be looked up"),
        (EXPIRED, "certificate has expired"),
        (OSError(101, "Network is unreachable"), "Network is unreachable"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_why_no_answer_came_is_told_in_few_words(error: Exception, words: str) -> None:
    assert words_of(error) == words


NOW = 1_800_000_000.0
DATE = "Fri, 15 Jan 2027 08:00:00 GMT"


def body(*found: dict[str, Any]) -> bytes:
    return json.dumps({"errors": found}).encode()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, "refused"), (400, "refused"), (401, "unauthorised"), (403, "forbidden"),
        (404, "missing"), (405, "refused"), (408, "server"), (409, "refused"), (422, "refused"),
        (429, "limited"), (499, "refused"), (500, "server"), (502, "server"), (599, "server"),
    ],
)  # fmt: skip
def test_the_status_alone_decides(status: int, kind: str) -> None:
    same = body({"code": "10007", "title": "Resource not found"})
    assert problem_of(status, same).kind == kind
    assert problem_of(status, b"<html>oops</html>").kind == kind


def test_what_an_error_says_is_kept() -> None:
    first = {"code": "90015", "title": "Invalid", "detail": "no such leg",
             "source": {"pointer": "/call_control_id"}}  # fmt: skip
    told = problem_of(422, body(first, {"code": "1", "title": "second"}), 2.0)
    assert told == Problem(
        ProblemKind.REFUSED, 422, "90015", "Invalid", "no such leg", "/call_control_id", 2.0
    )
    other = {"code": 404, "description": "gone", "source": {"parameter": "filter"}}
    assert problem_of(404, body(other)) == Problem(
        ProblemKind.MISSING, 404, "404", "Not Found", "gone", "filter"
    )


@pytest.mark.parametrize(
    "said",
    [b"", b"<html>", b"{}", b"[]", b"\xff", b'{"errors":null}', b'{"errors":[]}',
     b'{"errors":["no"]}', b'{"errors":{"code":"1"}}', b"[" * 9_999],
)  # fmt: skip
def test_a_body_that_is_no_error_adds_nothing(said: bytes) -> None:
    assert problem_of(503, said) == Problem(ProblemKind.SERVER, 503, title="Service Unavailable")


def test_a_long_text_is_cut() -> None:
    told = problem_of(400, body({"title": "x" * 9_999, "detail": "y" * 9_999}))
    assert (len(told.title), len(told.detail)) == (300, 300)


@given(st.integers(100, 999), st.binary(max_size=100))
def test_no_answer_whatever_raises(status: int, said: bytes) -> None:
    error = error_of(problem_of(status, said))
    assert error.problem.status == status


def test_every_kind_has_its_exception_and_a_side() -> None:
    sides = {
        errors.NotDoneError: {"refused", "unauthorised", "forbidden", "missing", "limited",
                              "unreachable"},
        errors.DoubtfulError: {"server", "unanswered", "shape"},
    }  # fmt: skip
    for side, kinds in sides.items():
        for kind in kinds:
            error = error_of(Problem(ProblemKind(kind)))
            assert isinstance(error, side)
            assert isinstance(error, RequestError)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("0.5", 0.5),
        ("3600", 60.0),
        ("Fri, 15 Jan 2027 08:00:09 GMT", 9.0),
        ("Fri, 15 Jan 2027 09:00:00 GMT", 60.0),
        ("Fri, 15 Jan 2027 07:00:00 GMT", 0.0),
        ("-3", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("1_0", None),
        ("+5", None),
        ("", None),
        ("\u0667", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(said: str | None, wait: float | None) -> None:
    headers = {"date": DATE} | ({} if said is None else {"retry-after": said})
    assert asked_wait(503, headers, 0.0) == wait


def test_without_a_date_the_host_s_clock_has_to_do() -> None:
    assert asked_wait(503, {"retry-after": "Fri, 15 Jan 2027 08:00:09 GMT"}, NOW) == 9.0


def test_a_429_waits_for_the_reset_too() -> None:
    headers = {"retry-after": "2", "x-ratelimit-reset": "11"}
    assert asked_wait(429, headers, NOW) == 11.0
    assert asked_wait(503, headers, NOW) == 2.0
    assert asked_wait(429, {"x-ratelimit-reset": "500"}, NOW) == 60.0
    assert asked_wait(429, {"x-ratelimit-reset": "?"}, NOW) is None


@given(st.text())
@example("0\x1f")
def test_no_header_whatever_raises(said: str) -> None:
    wait = asked_wait(429, {"retry-after": said, "x-ratelimit-reset": said, "date": said}, NOW)
    assert wait is None or 0.0 <= wait <= 60.0
    http_date(said)
