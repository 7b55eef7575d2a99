"""The runner, which performs effects: sends commands with retries, and posts their outcomes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Protocol

from console.core.messages import facts
from console.core.messages.effects import Effect, KeepEvent, KeepNames, KeepNote, Refresh, Send
from console.core.model.command import Order, Retry
from console.core.model.listed_resources import Moment, Problem, ProblemKind
from console.core.model.policy import Policy

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


@dataclass(frozen=True, slots=True)
class Runner:
    """Performs effects on the engine's loop, on which it also calls its functions."""

    api: Api
    policy: Policy
    clock: Callable[[], Moment]
    post: Callable[[facts.Fact], None]
    refresh: Callable[[Refresh], None]
    """Makes the poller read."""
    spawn: Callable[[Coroutine[None, None, None]], object]
    """Starts a background task."""
    permit: Callable[[Order], Awaitable[bool]]
    """Writes an order to the audit before it is sent. Returns False if it must not be sent."""
    keep: Callable[[KeepEvent | KeepNames], Coroutine[None, None, None]]
    """Writes a recovered event, or names of conferences, to the journal."""
    note: Callable[[KeepNote], Coroutine[None, None, None]]
    """Writes an operator's note and posts the outcome."""
    may_repeat: Callable[[], bool]
    """Counts a repetition of a command and returns True, or returns False if none is left."""

    def perform(self, effect: Effect) -> None:
        """Start one effect. Its outcome is posted as a fact."""
        match effect:
            case Refresh():
                self.refresh(effect)
            case Send(order):
                self.spawn(self.send(order))
            case KeepEvent() | KeepNames():
                self.spawn(self.keep(effect))
            case KeepNote():
                self.spawn(self.note(effect))

    async def send(self, order: Order) -> None:
        """Send a command, repeat it if its retry class allows that, and post the outcome.

        The first attempt starts within ``policy.unsent`` seconds or not at all. An unexpected
        error ends only this command: webhooks must still be stored, and other commands go on.
        The error is posted as the command's outcome, and its traceback is logged.
        """
        begun = self.clock().mono
        try:
            refused = self.api.unfit(order) if await self.permit(order) else UNAUDITED
        except Exception:  # noqa: BLE001  # logged with its traceback, and posted as the outcome
            _LOG.exception("%s was not sent", order.command.name)
            refused = FAULT
        if refused is not None:
            self.post(facts.CommandRefused(self.clock(), order.id, refused))
            return
        try:
            await self._attempts(order, begun)
        except Exception:  # noqa: BLE001  # logged with its traceback, and posted as the outcome
            _LOG.exception("%s may have been sent", order.command.name)
            self.post(facts.CommandUnanswered(self.clock(), order.id, FAULT))

    async def _attempts(self, order: Order, begun: float) -> None:
        delays = SAME_ID_DELAYS if order.command.retry is Retry.SAME_ID else UNSENT_DELAYS
        doubt: Problem | None = None
        problem: Problem | None = None
        for number, delay in enumerate(delays, 1):
            wait = max(delay, (problem and problem.retry_after) or 0.0)
            passed = self.clock().mono + wait - begun
            if doubt is None and passed > self.policy.unsent:
                problem = problem or LATE
                break
            if passed + self.policy.attempt > self.policy.command:
                break
            if number > 1 and not self.may_repeat():
                break
            await asyncio.sleep(wait)
            self.post(facts.CommandSent(self.clock(), order.id, number))
            answer = await self.api.send(order)
            problem = answer.problem
            if problem is None:
                made = answer.leg, answer.conference
                self.post(facts.CommandAccepted(self.clock(), order.id, answer.date, *made))
                return
            if problem.kind in MAYBE_DONE:
                doubt = problem
            if not _may_repeat(order.command.retry, problem):
                break
        self._give_up(order, doubt, problem)

    def _give_up(self, order: Order, doubt: Problem | None, last: Problem | None) -> None:
        if doubt is not None or last is None or last.kind in NEVER_LEFT:
            problem = doubt or last or Problem(ProblemKind.UNANSWERED)
            self.post(facts.CommandUnanswered(self.clock(), order.id, problem))
        else:
            self.post(facts.CommandRefused(self.clock(), order.id, last))


def _may_repeat(retry: Retry, problem: Problem) -> bool:
    if problem.kind in {ProblemKind.UNREACHABLE, ProblemKind.LIMITED}:
        return True
    return retry is Retry.SAME_ID and problem.kind in MAYBE_DONE
