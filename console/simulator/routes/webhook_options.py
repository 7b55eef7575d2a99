"""The webhook URLs and retries of a call, as the bodies of dial and answer give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from console.simulator import errors
from console.simulator.body_fields import Body, Choice, Field, Text
from console.simulator.errors import Problem
from console.simulator.http_types import Json
from console.simulator.models import WebhookOptions

MOST_RETRIES = 5
LONGEST_MILLIS = 60_000


@dataclass(frozen=True, slots=True)
class UrlLists:
    """An object of event types with lists of URLs (Telnyx API, dial, webhook_urls)."""

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Return the problem of any other value."""
        lists = value.values() if isinstance(value, Mapping) else [None]
        for one in lists:
            if not isinstance(one, list) or not all(isinstance(url, str) for url in one):
                return errors.invalid(pointer, "Each member must be a list of URLs.")
        return None


@dataclass(frozen=True, slots=True)
class RetryPolicies:
    """At most five pauses for an event type, 60 s in all (webhook_retries_policies)."""

    def problem(self, value: Json, pointer: str) -> Problem | None:
        """Return the problem of any other value."""
        for one in value.values() if isinstance(value, Mapping) else [None]:
            pauses = one.get("retries_ms") if isinstance(one, Mapping) else None
            if not isinstance(pauses, list) or not all(type(each) is int for each in pauses):
                return errors.invalid(pointer, "Each member needs retries_ms, a list of integers.")
            whole = cast("list[int]", pauses)
            if (
                len(whole) > MOST_RETRIES
                or sum(whole) > LONGEST_MILLIS
                or min(whole, default=0) < 0
            ):
                return errors.out_of_range(
                    pointer, f"At most {MOST_RETRIES} retries, {LONGEST_MILLIS} ms in all."
                )
        return None


FIELDS = (
    Field("webhook_url", Text(1)),
    Field(
        "webhook_url_method", Choice(("POST",))
    ),  # INFERRED: GET is refused, because it is not simulated
    Field("webhook_urls", UrlLists()),
    Field("webhook_retries_policies", RetryPolicies()),
)


def webhook_options_of(body: Body) -> WebhookOptions | None:
    """Return the webhook settings of a body, or None if it has none."""
    if not any(one.name in body for one in FIELDS):
        return None
    urls = cast("Mapping[str, Sequence[str]]", body.values.get("webhook_urls", {}))
    policies = cast(
        "Mapping[str, Mapping[str, Sequence[int]]]", body.values.get("webhook_retries_policies", {})
    )
    return WebhookOptions(
        body.text("webhook_url"),
        {kind: tuple(some) for kind, some in urls.items()},
        {kind: tuple(ms / 1000 for ms in one["retries_ms"]) for kind, one in policies.items()},
    )
