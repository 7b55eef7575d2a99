"""Every number that is a decision and not a fact."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """Every number that is a decision and not a fact. Seconds unless a name says otherwise."""

    sigma: float = 3.0
    """How stale a read may be: an event this recent may not be in a listing yet."""
    skew: float = 2.0
    """How far two of the provider's clocks may stand apart."""
    attempt: float = 5.0
    """What one attempt of a command has, in all."""
    command: float = 25.0
    """When the last attempt of a command must have ended."""
    unsent: float = 5.0
    """How long what has not been done may wait to be sent; then it is dropped."""
    proof: float = 8.0
    """The time after acceptance in which a proof must come."""
    overlay: float = 30.0
    """When a command's pending mark ends, whatever happened."""
    read_only: bool = False
    """Whether no command may be sent at all."""
    offline: float = 10.0
    """How long without an answer before commands are refused rather than tried."""
    waiting: float = 10.0
    """How long a command may wait behind its opposite before it is dropped."""
    undo: float = 10.0
    """How long undo is offered on the receipt line."""
    burst: tuple[float, ...] = (0.3, 0.7, 1.5, 3.0, 4.0)
    """After a command, when its conference is listed again."""
    queues_every: float = 5.0
    calls_watched_every: float = 3.0
    calls_every: float = 15.0
    conferences_every: float = 5.0
    people_watched_every: float = 2.0
    people_every: float = 60.0
    story_every: float = 600.0
    """The pause between two questions about an unknown leg."""
    budget: float = 5.0
    """Requests a second until the rate-limit headers say otherwise."""
    key_every: float = 60.0
    """The pause between two trials of a refused API key."""
    ageing_after: int = 2
    """Intervals without a reading after which a value is ageing."""
    stale_after: int = 5
    """Intervals without a reading after which a value is stale."""
    forget: float = 3600.0
    """How long what is gone is remembered, so that a late event cannot bring it back."""
    told: float = 60.0
    """The time that an ended command's story stays on the receipt line."""
    log: int = 400
    """Log entries kept on screen."""
    repeats: float = 60.0
    """Within which the same refusal of a key is counted in its line of the log."""
    receipts: int = 100
    """Finished commands kept for undo."""
    sla: float = 60.0
    """How long a caller may wait."""
    fuse_soon: float = 900.0
    """Time left of a conference's four hours that is shown as soon."""
    fuse_now: float = 300.0
    """Time left that is shown as now."""
    pause_limit: float = 120.0
    """How long a recording may stay paused."""
    shelf_long: float = 60.0
    """How long a parked leg may hear silence."""
    shelf_read_every: float = 60.0
    """How often it is asked, where the key allows, whether a leg that went has hung up."""
    shelf: float = 3600.0
    """How long a parked leg is remembered."""
    shelf_unsure: float = 600.0
    """How long one that may have hung up is remembered."""
    gone: float = 30.0
    """How long a conference that has ended stays on the screen, struck out."""
    hooks_silent: float = 60.0
    """After how long without a webhook the header says so."""
    haste: float = 2.0
    """How many times as often polls look while webhooks are silent and polls show changes."""
    hooks_missing: float = 180.0
    """After how long without a webhook, while polls show changes, it is an alarm."""
    hooks_missed: int = 3
    """How many such changes it takes."""
    gap_wait: float = 10.0
    """How long a webhook may come after a listing that shows what it tells."""
    away: float = 60.0
    """How long before a start nothing may have been heard before that is a gap."""
    saved_wait: float = 300.0
    """How long a recording may take to be saved."""
    speech_longest: float = 900.0
    """No speech lasts longer: 3,000 characters are some five minutes."""
    missed_every: float = 20.0
    """The pause between two questions to Telnyx for missed events."""
    missed_asks: int = 3
    """How often it is asked for before it is given up."""
    clock_off: float = 60.0
    """How far this host's clock may stand from Telnyx's before that is said."""

    @property
    def eps(self) -> float:
        """What a reading's Date is distrusted by, as a bound on when it was true."""
        return self.skew + self.sigma
