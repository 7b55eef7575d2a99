"""The health report of the engine, which the receiver serves at ``/healthz``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.core.model.listed_resources import Moment
from console.core.model.state import Health


@dataclass(frozen=True, slots=True)
class HealthReport:
    """The engine's health at one moment."""

    well: bool
    """True if webhooks arrive and are stored, and the clock is right."""
    figures: Mapping[str, object]
    """Ages and lags in seconds, counts, and the names of failed checks; None where unknown."""


def health_report(health: Health, now: Moment, journal_lag: float) -> HealthReport:
    """Return the report. ``journal_lag``: seconds the oldest webhook has waited for the disk."""
    checks = {
        "journal": bool(health.journal_problem),
        "webhooks missing": health.webhooks_missing,
        "clock": health.clock_wrong,
    }
    wrong = [name for name, failed in checks.items() if failed]
    return HealthReport(
        well=not wrong,
        figures={
            "wrong": wrong,
            "key_refused": health.key_refused is not None,
            "last_event_age": _age(health.last_webhook, now),
            "last_answer_age": _age(health.api_ok, now),
            "journal_lag": round(journal_lag, 4),
            "verified": health.verified,
            "repeated": health.duplicates,
            "refused": health.refused,
            "gaps": health.gaps,
            "recovered": health.recovered,
            "clock_offset": None if health.clock_ahead is None else round(health.clock_ahead, 1),
        },
    )


def _age(at: Moment | None, now: Moment) -> float | None:
    return None if at is None else round(max(now.mono - at.mono, 0.0), 1)
