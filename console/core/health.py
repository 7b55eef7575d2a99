"""Keep the health of the connection to Telnyx: webhook counts, failed readings, receiver, clock."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from console.core.messages import facts
from console.core.messages.read_scopes import UnspecifiedScope
from console.core.messages.webhooks import Origin
from console.core.model.draft import Draft
from console.core.model.entities import Loading
from console.core.model.frozen_maps import copied
from console.core.model.listed_resources import Moment, Problem, ProblemKind
from console.core.model.state import Sign

IDS_PER_GENERATION = 1024
"""Event ids in one generation before the next generation begins."""
GENERATIONS = 64
"""Generations of event ids kept to recognise duplicates."""


def is_known_event(draft: Draft, origin: Origin) -> bool:
    """True if an event of this id was applied before."""
    return any(origin.event_id in generation for generation in draft.seen_event_ids)


def count_event(draft: Draft, origin: Origin) -> bool:
    """Count an event and remember its id. False if Telnyx delivered the same id before."""
    health = draft.health
    if is_known_event(draft, origin):
        draft.health = replace(health, duplicates=health.duplicates + 1, last_webhook=origin.at)
        return False
    known = draft.seen_event_ids
    full = not known or len(known[0]) >= IDS_PER_GENERATION
    newest = {} if full else copied(known[0])
    newest[origin.event_id] = None
    older = known[: GENERATIONS - 1] if full else known[1:]
    draft.seen_event_ids = (MappingProxyType(newest), *older)
    if origin.api:
        draft.health = replace(health, recovered=health.recovered + 1)
        return True
    draft.health = replace(
        health,
        verified=health.verified + 1,
        retried=health.retried + (origin.attempt > 1),
        last_webhook=origin.at,
        lag=origin.lag,
        polled_changes=0,
        polled_changes_since=None,
        webhooks_missing=False,
    )
    if health.webhooks_missing:
        draft.log(origin.at, Sign.NOTE, "webhooks arrive", "again")
    return True


def unreadable_received(draft: Draft, fact: facts.UnreadableReceived) -> None:
    """Count and log a signed body that is not an event."""
    health = draft.health
    draft.health = replace(
        health, unreadable=health.unreadable + 1, verified=health.verified + 1, last_webhook=fact.at
    )
    draft.log(fact.at, Sign.NOTE, "webhook unreadable", fact.reason)


def delivery_refused(draft: Draft, fact: facts.DeliveryRefused) -> None:
    """Count and log a delivery that failed verification. Equal refusals share one log line."""
    health = draft.health
    refused = health.refused + 1
    draft.health = replace(
        health, refused=refused, refused_last=fact.at, refused_reason=fact.reason
    )
    _log_once(draft, fact.at, "webhook refused", f"{fact.status}: {fact.reason}")


def _log_once(draft: Draft, at: Moment, name: str, text: str) -> None:
    """Log a note unless it equals the newest log line."""
    last = draft.last_entry
    if last is None or (last.name, last.text) != (name, text):
        draft.log(at, Sign.NOTE, name, text)


def delivery_repeated(draft: Draft, fact: facts.DeliveryRepeated) -> None:
    """Count a delivery that the journal has already, and log it if its content differs."""
    health = draft.health
    draft.health = replace(
        health,
        duplicates=health.duplicates + 1,
        collided=health.collided + fact.collided,
        last_webhook=fact.at,
    )
    if fact.collided:
        text = f"{fact.event_id} came twice with different content"
        draft.log(fact.at, Sign.NOTE, "webhook differs", text)


def journal_changed(
    draft: Draft, fact: facts.JournalHealthReported | facts.JournalMessageReported
) -> None:
    """Log a note of the journal, or record that it can or cannot be written.

    While it cannot be written, webhooks are refused and so are commands that ask for confirmation.
    """
    if isinstance(fact, facts.JournalMessageReported):
        draft.log(fact.at, Sign.NOTE, "journal", fact.text)
        return
    draft.health = replace(draft.health, journal_problem=fact.reason)
    draft.log(fact.at, Sign.NOTE, "journal", fact.reason or "everything is kept again")


def receiver_changed(draft: Draft, fact: facts.ReceiverOpened | facts.ReceiverClosed) -> None:
    """Record that the receiver listens at an address, or does not listen and why."""
    if isinstance(fact, facts.ReceiverOpened):
        draft.health = replace(
            draft.health,
            receiver=fact.address,
            receiver_note="",
            listening_since=fact.at,
            listening_since_telnyx=None,
        )
        return
    draft.health = replace(
        draft.health,
        receiver=None,
        receiver_note=fact.reason,
        listening_since=None,
        listening_since_telnyx=None,
        polled_changes=0,
        polled_changes_since=None,
        webhooks_missing=False,
    )
    draft.log(fact.at, Sign.NOTE, "receiver off", fact.reason)


def api_answered(draft: Draft, fact: facts.ApiAnswered) -> None:
    """Record the round trip, rate limit and clock of an API answer. Any answer ends an outage."""
    health = draft.health
    draft.health = replace(
        health,
        api_ok=fact.at,
        rtt=fact.seconds,
        limit=fact.limit if fact.limit is not None else health.limit,
        remaining=fact.remaining if fact.remaining is not None else health.remaining,
        unreachable=None,
    )
    if health.listening_since and health.listening_since_telnyx is None:
        draft.health = replace(draft.health, listening_since_telnyx=fact.date)
    if fact.date is not None:
        _compare_clocks(draft, fact.at, fact.at.wall - fact.seconds / 2 - fact.date - 0.5)


def _compare_clocks(draft: Draft, at: Moment, ahead: float) -> None:
    """Record by how many seconds this host's clock is ahead of Telnyx's, and log a large error.

    The receiver compares the two clocks to reject old signatures, so a wrong clock loses webhooks.
    """
    health = draft.health
    wrong = abs(ahead) > draft.policy.clock_off
    draft.health = replace(health, clock_ahead=ahead, clock_wrong=wrong)
    if wrong and not health.clock_wrong:
        side = "ahead of" if ahead > 0 else "behind"
        text = f"{abs(ahead):.0f} s {side} Telnyx's: webhooks will be refused as too old or too new"
        draft.log(at, Sign.NOTE, "clock wrong", text)
    elif health.clock_wrong and not wrong:
        draft.log(at, Sign.NOTE, "clock right", "again")


def polls_paused(draft: Draft, fact: facts.PollsPaused | facts.PollsResumed) -> None:
    """Record that polls pause after repeated failures, or go on."""
    paused = draft.health.polls_paused_until
    if isinstance(fact, facts.PollsResumed):
        draft.health = replace(draft.health, polls_paused_until=None)
        draft.log(fact.at, Sign.NOTE, "polls go on", "Telnyx answers again")
        return
    draft.health = replace(draft.health, polls_paused_until=fact.at.later(fact.seconds))
    if paused is None:
        text = "one poll tries now and then; commands still go out"
        draft.log(fact.at, Sign.NOTE, "polls pause", text)


def reading_failed(draft: Draft, fact: facts.ReadingFailed) -> None:
    """Record a failed reading. The entities of its scope stay as they are, and grow older."""
    known = draft.coverage_of(fact.scope)
    failures = known.failures + 1
    failed = replace(known, problem=fact.problem, failed=fact.at, failures=failures, loading=None)
    draft.coverage.put(fact.scope, failed)
    if fact.pause > 0.0:
        draft.health = replace(draft.health, polls_held_until=fact.at.later(fact.pause))
    health = draft.health
    if health.key_refused is not None:
        health = replace(health, key_refused=fact.at)
    match fact.problem.kind:
        case ProblemKind.UNAUTHORISED:
            if health.key_refused is None:
                text = f"polls stopped; ctrl+r retries, else every {draft.policy.key_every:g} s"
                draft.log(fact.at, Sign.NOTE, "key refused", text)
            draft.health = replace(health, key_refused=fact.at)
        case ProblemKind.FORBIDDEN | ProblemKind.MISSING | ProblemKind.REFUSED | ProblemKind.SHAPE:
            clear_key_refused(draft, fact.at, fact.at.later(-draft.policy.attempt))
        case ProblemKind.LIMITED:
            wait = fact.problem.retry_after or 1.0
            draft.health = replace(health, polls_resume=fact.at.later(wait))
        case ProblemKind.UNREACHABLE | ProblemKind.UNANSWERED:
            draft.health = replace(health, unreachable=health.unreachable or fact.at)
        case _:
            draft.health = health
    told = fact.problem.kind in {ProblemKind.UNAUTHORISED, ProblemKind.LIMITED}
    if failures == 1 and not told and not isinstance(fact.scope, UnspecifiedScope):
        _log_once(draft, fact.at, *_failure_words(fact.problem))


def clear_key_refused(draft: Draft, at: Moment, asked: Moment) -> None:
    """Clear the key-refused stop once a request sent after the refusal is answered.

    ``asked`` is when the request was sent. Polls go on. Commands are not repeated.
    """
    stopped = draft.health.key_refused
    if stopped is not None and asked > stopped:
        draft.health = replace(draft.health, key_refused=None)
        draft.log(at, Sign.NOTE, "key accepted", "polls go on")


def loading_progressed(draft: Draft, fact: facts.LoadingProgressed) -> None:
    """Record the progress of the first reading of a scope. Later readings show no progress."""
    known = draft.coverage_of(fact.scope)
    if known.answered is not None:
        return
    since = known.loading.since if fact.page and known.loading is not None else fact.at
    loading = Loading(since, fact.page, fact.pages, fact.again)
    draft.coverage.put(fact.scope, replace(known, loading=loading))


def _failure_words(problem: Problem) -> tuple[str, str]:
    if problem.kind == ProblemKind.UNREACHABLE:
        return "not reached", problem.detail or problem.title
    if problem.kind == ProblemKind.SHAPE:
        return "not understood", problem.detail
    status = f"{problem.status} " if problem.status else ""
    why = f": {problem.detail}" if problem.kind == ProblemKind.UNANSWERED and problem.detail else ""
    return "reading failed", f"{status}{problem.title or problem.kind}{why}"


def failure_text(problem: Problem) -> str:
    """Return in one line why a reading failed."""
    return ": ".join(part for part in _failure_words(problem) if part)
