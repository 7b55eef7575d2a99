"""The time format of the API: ISO 8601 in UTC, milliseconds in answers, more in webhooks."""

from __future__ import annotations

from datetime import UTC, datetime


def answer_time(epoch: float) -> str:
    """Return a time as answers write it, such as ``2026-11-22T09:00:02.574Z``."""
    return _iso(epoch, "milliseconds")


def webhook_time(epoch: float) -> str:
    """Return a time as webhooks write it, such as ``2026-11-22T09:00:02.574031Z``."""
    return _iso(epoch, "microseconds")


def _iso(epoch: float, precision: str) -> str:
    return datetime.fromtimestamp(epoch, UTC).isoformat(timespec=precision)[:-6] + "Z"
