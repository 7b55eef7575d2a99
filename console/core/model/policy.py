"""Policy numbers: limits and intervals that are decisions of the console."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits and intervals that are decisions of the console. Seconds unless a name differs."""

    sigma: float = 3.0
    """Largest delay until a listing shows an event."""
    skew: float = 2.0
    """Largest difference between two clocks of Telnyx."""
    attempt: float = 5.0
    """Time limit of one attempt of a command."""
    command: float = 25.0
    """Time limit of all attempts of a command."""
    unsent: float = 5.0
    """Longest time that an order may wait to be sent. Then it is dropped."""
    proof: float = 8.0
    """Time after acceptance in which the proof must come."""
    overlay: float = 30.0
    """Longest time that a command is shown as pending."""
    read_only: bool = False
    """True if no command may be sent."""
    offline: float = 10.0
    """Time without an answer of the API after which commands are refused."""
    waiting: float = 10.0
    """Longest time that a command may wait for an opposite command. Then it is dropped."""
    undo: float = 10.0
    """Time for which the receipt line offers undo."""
    burst: tuple[float, ...] = (0.3, 0.7, 1.5, 3.0, 4.0)
    """Delays after a command at which its target is listed again."""
    queues_every: float = 5.0
    calls_watched_every: float = 3.0
    calls_every: float = 15.0
    conferences_every: float = 5.0
    people_watched_every: float = 2.0
    people_every: float = 60.0
    leg_read_every: float = 600.0
    """Interval between two reads about an unknown leg."""
    budget: float = 5.0
    """Requests a second, until rate-limit headers give another number."""
    key_every: float = 60.0
    """Interval between two tries of a refused API key."""
    ageing_after: int = 2
    """Intervals without a reading after which a value is ageing."""
    stale_after: int = 5
    """Intervals without a reading after which a value is stale."""
    gone_kept: float = 3600.0
    """Time for which a gone entity is remembered, so that a late event cannot revive it."""
    receipt_shown: float = 60.0
    """Time for which the receipt of an ended command stays on the screen."""
    log: int = 400
    """Number of log entries kept."""
    repeats: float = 60.0
    """Time in which a repeated refusal is counted in the same log line."""
    receipts: int = 100
    """Number of finished commands kept for undo."""
    sla: float = 60.0
    """Longest time that a caller should wait in a queue."""
    end_soon: float = 900.0
    """Remaining time of a conference's four hours from which its end is shown as soon."""
    end_now: float = 300.0
    """Remaining time from which its end is shown as now."""
    pause_limit: float = 120.0
    """Longest time that a recording should stay paused."""
    parked_long: float = 60.0
    """Longest time that a parked leg should hear silence."""
    parked_read_every: float = 60.0
    """Interval between two reads that check if a parked leg has hung up."""
    parked_kept: float = 3600.0
    """Time for which a parked leg is remembered."""
    parked_unsure: float = 600.0
    """Time for which a parked leg that may have hung up is remembered."""
    ended_shown: float = 30.0
    """Time for which an ended conference stays on the screen, struck out."""
    webhooks_silent: float = 60.0
    """Time without a webhook after which the header says so."""
    poll_factor: float = 2.0
    """Factor by which polls are more frequent while changes come without webhooks."""
    webhooks_missing: float = 180.0
    """Time without a webhook, while polls show changes, after which there is an alarm."""
    webhooks_missed: int = 3
    """Number of polled changes that the alarm needs."""
    gap_wait: float = 10.0
    """Longest time that a webhook may come after a listing that shows its change."""
    start_gap: float = 60.0
    """Time without a receiver before a start from which there is a gap."""
    saved_wait: float = 300.0
    """Longest time that saving a recording may take."""
    speech_longest: float = 900.0
    """Longest time of a speech. 3,000 characters take about five minutes."""
    missed_every: float = 20.0
    """Interval between two reads for missed events."""
    missed_asks: int = 3
    """Number of reads for a missed event. Then it is given up."""
    clock_off: float = 60.0
    """Difference between the clocks of this host and Telnyx from which a warning is shown."""

    @property
    def eps(self) -> float:
        """Margin before and after the Date of a reading in which its content was true."""
        return self.skew + self.sigma
