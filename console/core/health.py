"""How well we hear the provider: deliveries counted, readings failed, the receiver's own state."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from console.core.messages.facts import (
    ApiAnswered,
    DeliveryRefused,
    DeliveryRepeated,
    JournalNoted,
    JournalTold,
    LoadingTold,
    PollsPaused,
    PollsResumed,
    ReadingFailed,
    ReceiverClosed,
    ReceiverOpened,
    UnreadableReceived,
)
from console.core.messages.read_scopes import CallEventsScope, DeliveryScope, MissedEventsScope
from console.core.messages.webhooks import Origin
from console.core.model.draft import Draft
from console.core.model.entities import Loading
from console.core.model.frozen_maps import copied, sealed
from console.core.model.resources import Moment, Problem, ProblemKind
from console.core.model.state import Sign

GENERATION = 1024
"""Event ids held in one generation before the next begins."""
GENERATIONS = 64
"""How many generations are remembered."""


def known(draft: Draft, origin: Origin) -> bool:
    """Whether an event of this id was folded before."""
    return any(origin.event_id in generation for generation in draft.heard)


def first_time(draft: Draft, origin: Origin) -> bool:
    """Note an event's arrival; False if its id was folded before (deliveries may repeat)."""
    health = draft.health
    if known(draft, origin):
        draft.health = replace(health, duplicates=health.duplicates + 1, webhook=origin.at)
        return False
    newest = copied(draft.heard[0]) if draft.heard else {}
    newest[origin.event_id] = None
    if len(newest) <= GENERATION:
        draft.heard = (MappingProxyType(newest), *draft.heard[1:])
    else:
        draft.heard = (sealed({origin.event_id: None}), *draft.heard[: GENERATIONS - 1])
    if origin.api:
        draft.health = replace(health, recovered=health.recovered + 1)
        return True
    draft.health = replace(
        health,
        verified=health.verified + 1,
        retried=health.retried + (origin.attempt > 1),
        webhook=origin.at,
        lag=origin.lag,
        unheard=0,
        unheard_since=None,
        deaf=False,
    )
    if health.deaf:
        draft.log(origin.at, Sign.NOTE, "webhooks arrive", "again")
    return True


def unreadable_received(draft: Draft, fact: UnreadableReceived) -> None:
    """A signed body that is no event."""
    health = draft.health
    draft.health = replace(
        health, unreadable=health.unreadable + 1, verified=health.verified + 1, webhook=fact.at
    )
    draft.log(fact.at, Sign.NOTE, "webhook unreadable", fact.reason)


def delivery_refused(draft: Draft, fact: DeliveryRefused) -> None:
    """A delivery that was not trusted changes nothing but is seen.

    A flood of the same is counted, but takes one line of the log.
    """
    health = draft.health
    draft.health = replace(
        health,
        refused=health.refused + 1,
        refused_last=fact.at,
        refused_reason=fact.reason,
    )
    _note_once(draft, fact.at, "webhook refused", f"{fact.status}: {fact.reason}")


def _note_once(draft: Draft, at: Moment, name: str, text: str) -> None:
    last = draft.last_entry
    if last is None or (last.name, last.text) != (name, text):
        draft.log(at, Sign.NOTE, name, text)


def delivery_repeated(draft: Draft, fact: DeliveryRepeated) -> None:
    """What the journal has already changes nothing; with another content it is worth a line."""
    health = draft.health
    draft.health = replace(
        health,
        duplicates=health.duplicates + 1,
        collided=health.collided + fact.collided,
        webhook=fact.at,
    )
    if fact.collided:
        draft.log(fact.at, Sign.NOTE, "webhook differs", f"{fact.event_id} came twice, not alike")


def journal_told(draft: Draft, fact: JournalTold | JournalNoted) -> None:
    """Whether anything can be kept: while not, webhooks are refused and so is what is grave."""
    if isinstance(fact, JournalNoted):
        draft.log(fact.at, Sign.NOTE, "journal", fact.text)
        return
    draft.health = replace(draft.health, journal=fact.reason)
    draft.log(fact.at, Sign.NOTE, "journal", fact.reason or "everything is kept again")


def receiver_changed(draft: Draft, fact: ReceiverOpened | ReceiverClosed) -> None:
    """The receiver listens, or does not."""
    if isinstance(fact, ReceiverOpened):
        draft.health = replace(
            draft.health, receiver=fact.address, receiver_note="", listening=fact.at, since=None
        )
        return
    draft.health = replace(
        draft.health,
        receiver=None,
        receiver_note=fact.reason,
        listening=None,
        since=None,
        unheard=0,
        unheard_since=None,
        deaf=False,
    )
    draft.log(fact.at, Sign.NOTE, "receiver off", fact.reason)


def api_answered(draft: Draft, fact: ApiAnswered) -> None:
    """Any answer shows that the API is there."""
    health = draft.health
    draft.health = replace(
        health,
        api_ok=fact.at,
        rtt=fact.seconds,
        limit=fact.limit if fact.limit is not None else health.limit,
        remaining=fact.remaining if fact.remaining is not None else health.remaining,
        unreachable=None,
        since=fact.date if health.listening and health.since is None else health.since,
    )
    if fact.date is not None:
        _compare_clocks(draft, fact.at, fact.at.wall - fact.seconds / 2 - fact.date - 0.5)


def _compare_clocks(draft: Draft, at: Moment, ahead: float) -> None:
    """This host's clock decides nothing but whether a signature is too old; then it must be right.

    Telnyx's own is told in whole seconds.
    """
    health = draft.health
    wrong = abs(ahead) > draft.policy.clock_off
    draft.health = replace(health, clock=ahead, clock_wrong=wrong)
    if wrong and not health.clock_wrong:
        side = "ahead of" if ahead > 0 else "behind"
        text = f"{abs(ahead):.0f} s {side} Telnyx's: webhooks will be refused as too old or too new"
        draft.log(at, Sign.NOTE, "clock wrong", text)
    elif health.clock_wrong and not wrong:
        draft.log(at, Sign.NOTE, "clock right", "again")


def polls_paused(draft: Draft, fact: PollsPaused | PollsResumed) -> None:
    """Polls pause because they keep failing, or go on."""
    paused = draft.health.paused
    if isinstance(fact, PollsResumed):
        draft.health = replace(draft.health, paused=None)
        draft.log(fact.at, Sign.NOTE, "polls go on", "Telnyx answers again")
        return
    draft.health = replace(draft.health, paused=fact.at.later(fact.seconds))
    if paused is None:
        text = "one in a while tries; commands go out"
        draft.log(fact.at, Sign.NOTE, "polls pause", text)


def reading_failed(draft: Draft, fact: ReadingFailed) -> None:
    """A reading brought nothing: what we had is kept, and its age goes on."""
    known = draft.covered(fact.scope)
    failures = known.failures + 1
    draft.coverage.put(
        fact.scope,
        replace(known, problem=fact.problem, failed=fact.at, failures=failures, loading=None),
    )
    if fact.pause > 0.0:
        draft.health = replace(draft.health, held=fact.at.later(fact.pause))
    health = draft.health
    if health.stopped is not None:
        health = replace(health, stopped=fact.at)
    match fact.problem.kind:
        case ProblemKind.UNAUTHORISED:
            if health.stopped is None:
                every = f"{draft.policy.key_every:g} s"
                text = f"polls stopped; ctrl+r retries, else every {every}"
                draft.log(fact.at, Sign.NOTE, "key refused", text)
            draft.health = replace(health, stopped=fact.at)
        case ProblemKind.FORBIDDEN | ProblemKind.MISSING | ProblemKind.REFUSED | ProblemKind.SHAPE:
            key_known(draft, fact.at, fact.at.later(-draft.policy.attempt))
        case ProblemKind.LIMITED:
            wait = fact.problem.retry_after or 1.0
            draft.health = replace(health, resumes=fact.at.later(wait))
        case ProblemKind.UNREACHABLE | ProblemKind.UNANSWERED:
            draft.health = replace(health, unreachable=health.unreachable or fact.at)
        case _:
            draft.health = health
    optional = isinstance(fact.scope, CallEventsScope | MissedEventsScope | DeliveryScope)
    if (
        failures == 1
        and not optional
        and fact.problem.kind not in {ProblemKind.UNAUTHORISED, ProblemKind.LIMITED}
    ):
        _note_once(draft, fact.at, *_failed(fact.problem))


def key_known(draft: Draft, at: Moment, asked: Moment) -> None:
    """Something asked then, or later, was answered to this key: if it was refused, it is no more.

    What was asked before the refusal says nothing of it. Polls go on; no command does.
    """
    stopped = draft.health.stopped
    if stopped is not None and asked > stopped:
        draft.health = replace(draft.health, stopped=None)
        draft.log(at, Sign.NOTE, "key accepted", "polls go on")


def loading_told(draft: Draft, fact: LoadingTold) -> None:
    """How far the first reading of a scope has come; later ones replace what is shown already."""
    known = draft.covered(fact.scope)
    if known.answered is not None:
        return
    since = known.loading.since if fact.page and known.loading is not None else fact.at
    loading = Loading(since, fact.page, fact.pages, fact.again)
    draft.coverage.put(fact.scope, replace(known, loading=loading))


def _failed(problem: Problem) -> tuple[str, str]:
    """What is said of a reading that failed; of a Telnyx out of reach the reason alone."""
    if problem.kind == ProblemKind.UNREACHABLE:
        return "not reached", problem.detail or problem.title
    if problem.kind == ProblemKind.SHAPE:
        return "not understood", problem.detail
    status = f"{problem.status} " if problem.status else ""
    why = f": {problem.detail}" if problem.kind == ProblemKind.UNANSWERED and problem.detail else ""
    return "reading failed", f"{status}{problem.title or problem.kind}{why}"


def in_words(problem: Problem) -> str:
    """Say in one line why a reading failed."""
    return ": ".join(part for part in _failed(problem) if part)
