"""History operations: events and commands of calls, and deliveries of webhooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from console.simulator import errors, paging, webhook_events
from console.simulator.history import USER_ID
from console.simulator.operation import Operation, ParsedRequest
from console.simulator.routes import common
from console.simulator.webhook_events import webhook_time

if TYPE_CHECKING:
    from console.simulator.history import Entry, WebhookRecord
    from console.simulator.http_types import Json

DAY_SECS = 86_400
OCCURRED = "filter[occurred_at]"
FILTERS: Mapping[str, Callable[[Entry], str]] = {
    "filter[leg_id]": lambda one: one.call.call_leg_id,
    "filter[application_session_id]": lambda one: one.call.call_session_id,
    "filter[connection_id]": lambda one: one.call.connection_id,
    "filter[type]": lambda one: one.kind,
    "filter[name]": lambda one: one.name,
    "filter[failed]": lambda one: str(one.failed).lower(),
    "filter[from]": lambda one: one.call.from_,
    "filter[to]": lambda one: one.call.to,
    "filter[product]": lambda _one: "call_control",
}


def list_events(request: ParsedRequest) -> Json:
    """List events by time, the oldest first (INFERRED).

    Without a filter on a leg or session, only the last 24 hours are listed. Unknown filters are
    ignored. INFERRED: a second comparison of occurred_at is refused.
    """
    query = request.query
    paging.choice(query, "filter[type]", ("command", "webhook"))
    paging.choice(query, "filter[product]", ("call_control", "fax", "texml"))
    paging.flag(query, "filter[failed]")
    wanted = [(read, query[name]) for name, read in FILTERS.items() if name in query]
    within = paging.time_window(query, OCCURRED, only_one=True)
    alone = "filter[leg_id]" not in query and "filter[application_session_id]" not in query
    since = request.world.now - DAY_SECS if alone else float("-inf")
    found = sorted(
        (
            one
            for one in request.world.history
            if one.at >= since
            and all(read(one) == value for read, value in wanted)
            and within(one.at)
        ),
        key=lambda one: one.at,
    )
    return paging.listing(
        common.page_of(request),
        len(found),
        lambda start, stop: [_event(one) for one in found[start:stop]],
    )


def list_deliveries(request: ParsedRequest) -> Json:
    """List the deliveries that have ended, the newest first."""
    query = request.query
    status = paging.choice(query, "filter[status][eq]", ("delivered", "failed"))
    kinds = query.get("filter[event_type]", "").split(",")
    text, attempts = query.get("filter[webhook][contains]"), query.get("filter[attempts][contains]")
    started = paging.time_window(query, "filter[started_at]")
    finished = paging.time_window(query, "filter[finished_at]")
    found = [
        one
        for one in request.world.history.deliveries()
        if status in (None, one.status)
        and (kinds == [""] or one.name in kinds)
        and (text is None or text in str(webhook_events.original_event(one.event)))
        and (attempts is None or attempts in str([each.as_json() for each in one.attempts]))
        and started(one.attempts[0].started_at)
        and finished(one.attempts[-1].finished_at)
    ]
    return paging.listing(
        common.page_of(request),
        len(found),
        lambda start, stop: [_delivery(one) for one in found[start:stop]],
    )


def read_delivery(request: ParsedRequest) -> Json:
    """Read one delivery by its id."""
    for one in request.world.history.deliveries():
        if one.delivery_id == request.id:
            return _delivery(one)
    raise errors.not_found()


def _event(one: Entry) -> Json:
    return {
        "record_type": "call_event",
        "call_leg_id": one.call.call_leg_id,
        "call_session_id": one.call.call_session_id,
        "event_timestamp": webhook_time(one.at),
        "name": one.name,
        "type": one.kind,
        "metadata": one.metadata(),
    }


def _delivery(one: WebhookRecord) -> Json:
    return {
        "id": one.delivery_id,
        "user_id": USER_ID,
        "record_type": "webhook_delivery",
        "status": one.status,
        "webhook": webhook_events.original_event(one.event),
        "started_at": webhook_time(one.attempts[0].started_at),
        "finished_at": webhook_time(one.attempts[-1].finished_at),
        "attempts": [each.as_json() for each in reversed(one.attempts)],
    }


OPERATIONS = (
    Operation("list_call_events", "GET", "/call_events", list_events, whole=True),
    Operation("list_deliveries", "GET", "/webhook_deliveries", list_deliveries, whole=True),
    Operation("read_delivery", "GET", "/webhook_deliveries/{id}", read_delivery),
)
