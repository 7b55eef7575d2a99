"""How the engine does, in figures: what ``/healthz`` answers to whoever asks on this host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from console.core.model.resources import Moment
    from console.core.model.state import Health


@dataclass(frozen=True, slots=True)
class HealthReport:
    """Whether what is sent is received and kept, and figures: seconds and counts, or None."""

    well: bool
    figures: Mapping[str, object]


def health_report(health: Health, now: Moment, journal_lag: float) -> HealthReport:
    """``journal_lag`` is how long the oldest delivery has waited for the disk, in seconds."""
    wrong = [
        name
        for name, is_so in (
            ("journal", bool(health.journal)),
            ("webhooks missing", health.deaf),
            ("clock", health.clock_wrong),
        )
        if is_so
    ]
    return HealthReport(
        well=not wrong,
        figures={
            "wrong": wrong,
            "key_refused": health.stopped is not None,
            "last_event_age": _age(health.webhook, now),
            "last_answer_age": _age(health.api_ok, now),
            "journal_lag": round(journal_lag, 4),
            "verified": health.verified,
            "repeated": health.duplicates,
            "refused": health.refused,
            "gaps": health.gaps,
            "recovered": health.recovered,
            "clock_offset": None if health.clock is None else round(health.clock, 1),
        },
    )


def _age(at: Moment | None, now: Moment) -> float | None:
    return None if at is None else round(max(now.mono - at.mono, 0.0), 1)
