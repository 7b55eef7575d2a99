"""The runner, which performs effects: sends commands with retries, and posts their outcomes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Protocol

from console.core.messages.effects import Effect, KeepEvent, KeepNames, KeepNote, Refresh, Send
from console.core.messages.facts import (
    CommandAccepted,
    CommandRefused,
    CommandSent,
    CommandUnanswered,
    Fact,
)
from console.core.model.command import Order, Retry
from console.core.model.policy import Policy
from console.core.model.resources import Moment, Problem, ProblemKind

_LOG = logging.getLogger(__name__)

SAME_ID_DELAYS = (0.0, 0.5, 1.5, 4.0)
"""Seconds before each attempt of a command that Telnyx deduplicates by its command_id."""
UNSENT_DELAYS = (0.0, 0.5)
"""Seconds before each attempt of a command that may be repeated only if it was not sent."""
MAYBE_DONE = frozenset({ProblemKind.UNANSWERED, ProblemKind.SHAPE, ProblemKind.SERVER})
"""Kinds of problems after which the command may have been carried out."""
NEVER_LEFT = frozenset({ProblemKind.UNREACHABLE, ProblemKind.LATE})
"""Kinds of problems that prove that nothing was sent."""

LATE = Problem(ProblemKind.LATE, title="not sent", detail="it could not be sent in time")
"""Problem of a command that waited too long for its first attempt: it may be wrong by now."""
UNAUDITED = Problem(ProblemKind.UNAUDITED, title="not sent", detail="the audit cannot be written")
"""Problem of a command that needs an audit entry while the journal cannot be written."""
FAULT = Problem(ProblemKind.FAULT, title="a fault of this program", detail="see its log file")
"""Problem of a command during which this program raised an unexpected error."""


class ApiAnswer(Protocol):
    """The answer to one attempt."""

    @property
    def problem(self) -> Problem | None:
        """The reason why the command was not accepted; None if it was accepted."""

    @property
    def date(self) -> float | None:
        """The answer's HTTP Date in seconds since 1970."""

    @property
    def leg(self) -> str | None:
        """The call_control_id in the answer."""

    @property
    def conference(self) -> str | None:
        """The conference id in the answer."""


class Api(Protocol):
    """Sends the request of an order."""

    def unfit(self, order: Order) -> Problem | None:
        """Return the reason why no request can be built from the order; None if one can."""

    def send(self, order: Order) -> Awaitable[ApiAnswer]:
        """Make one attempt, which takes at most ``policy.attempt`` seconds."""


class Runner:
    """Performs effects on the engine's loop."""

    def __init__(
        self,
        api: Api,
        *,
        policy: Policy,
        clock: Callable[[], Moment],
        post: Callable[[Fact], None],
        refresh: Callable[[Refresh], None],
        spawn: Callable[[Coroutine[None, None, None]], object],
        permit: Callable[[Order], Awaitable[bool]],
        keep: Callable[[KeepEvent | KeepNames], Coroutine[None, None, None]],
        note: Callable[[KeepNote], Coroutine[None, None, None]],
        may_repeat: Callable[[], bool],
    ) -> None:
        """Make a runner; the functions are called on the engine's loop.

        ``post`` takes facts. ``refresh`` makes the poller read. ``spawn`` starts a background
        task. ``permit`` writes an order to the audit before it is sent, and returns False if it
        must not be sent. ``keep`` writes a recovered event, or names of conferences, to the
        journal. ``note`` writes an operator's note and posts the outcome. ``may_repeat`` counts a
        repetition of a command and returns True, or returns False if none is left.
        """
        self._api = api
        self._policy = policy
        self._clock = clock
        self._post = post
        self._refresh = refresh
        self._spawn = spawn
        self._permit = permit
        self._keep = keep
        self._take_repetition = may_repeat
        self._note = note

    def perform(self, effect: Effect) -> None:
        """Start one effect. Its outcome is posted as a fact."""
        match effect:
            case Refresh():
                self._refresh(effect)
            case Send(order):
                self._spawn(self.send(order))
            case KeepEvent() | KeepNames():
                self._spawn(self._keep(effect))
            case KeepNote():
                self._spawn(self._note(effect))

    async def send(self, order: Order) -> None:
        """Send a command, repeat it if its retry class allows that, and post the outcome.

        The first attempt starts within ``policy.unsent`` seconds or not at all. An unexpected
        error ends only this command: webhooks must still be stored, and other commands go on.
        The error is posted as the command's outcome, and its traceback is logged.
        """
        begun = self._clock().mono
        try:
            refused = await self._refusal(order)
        except Exception:  # noqa: BLE001  # logged with its traceback, and posted as the outcome
            _LOG.exception("%s was not sent", order.command.name)
            refused = FAULT
        if refused is not None:
            self._post(CommandRefused(self._clock(), order.id, refused))
            return
        try:
            await self._attempts(order, begun)
        except Exception:  # noqa: BLE001  # logged with its traceback, and posted as the outcome
            _LOG.exception("%s may have been sent", order.command.name)
            self._post(CommandUnanswered(self._clock(), order.id, FAULT))

    async def _refusal(self, order: Order) -> Problem | None:
        """Write the order to the audit. Return the reason not to send it, or None."""
        if not await self._permit(order):
            return UNAUDITED
        return self._api.unfit(order)

    async def _attempts(self, order: Order, begun: float) -> None:
        delays = SAME_ID_DELAYS if order.command.retry is Retry.SAME_ID else UNSENT_DELAYS
        doubt: Problem | None = None
        problem: Problem | None = None
        for number, delay in enumerate(delays, 1):
            wait = max(delay, (problem and problem.retry_after) or 0.0)
            passed = self._clock().mono + wait - begun
            if doubt is None and passed > self._policy.unsent:
                problem = problem or LATE
                break
            if passed + self._policy.attempt > self._policy.command:
                break
            if number > 1 and not self._take_repetition():
                break
            await asyncio.sleep(wait)
            self._post(CommandSent(self._clock(), order.id, number))
            answer = await self._api.send(order)
            problem = answer.problem
            if problem is None:
                self._post(
                    CommandAccepted(
                        self._clock(), order.id, answer.date, answer.leg, answer.conference
                    )
                )
                return
            if problem.kind in MAYBE_DONE:
                doubt = problem
            if not _may_repeat(order.command.retry, problem):
                break
        self._give_up(order, doubt, problem)

    def _give_up(self, order: Order, doubt: Problem | None, last: Problem | None) -> None:
        if doubt is not None or last is None or last.kind in NEVER_LEFT:
            problem = doubt or last or Problem(ProblemKind.UNANSWERED)
            self._post(CommandUnanswered(self._clock(), order.id, problem))
        else:
            self._post(CommandRefused(self._clock(), order.id, last))


def _may_repeat(retry: Retry, problem: Problem) -> bool:
    if problem.kind in {ProblemKind.UNREACHABLE, ProblemKind.LIMITED}:
        return True
    return retry is Retry.SAME_ID and problem.kind in MAYBE_DONE
