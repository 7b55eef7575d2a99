"""Effects performed: a command is sent, by its record's own retry class, and told of as facts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Protocol

from console.core.messages.effects import Effect, Keep, KeepNames, KeepNote, Refresh, Send
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
"""Seconds before each attempt of a command that Telnyx recognises by its command_id."""
UNSENT_DELAYS = (0.0, 0.5)
"""Seconds before each attempt of one that may only be resent while nothing has left."""
MAYBE_DONE = frozenset({ProblemKind.UNANSWERED, ProblemKind.SHAPE, ProblemKind.SERVER})
"""Problems after which the command may have been done all the same."""
NEVER_LEFT = frozenset({ProblemKind.UNREACHABLE, ProblemKind.LATE})
"""Problems that say that nothing has left."""

LATE = Problem(ProblemKind.LATE, title="not sent", detail="it could not be sent in time")
"""Why a command is dropped that could not be begun in time: by now it may be wrong."""
UNAUDITED = Problem(ProblemKind.UNAUDITED, title="not sent", detail="the audit cannot be written")
"""Why a grave command is refused while nothing can be kept."""
FAULT = Problem(ProblemKind.FAULT, title="a fault of this program", detail="its log file says more")
"""What came of a command whose sending failed as nothing should."""


class ApiAnswer(Protocol):
    """What came of one attempt: accepted where there is no problem."""

    @property
    def problem(self) -> Problem | None:
        """What went wrong."""

    @property
    def date(self) -> float | None:
        """The provider's HTTP Date in seconds."""

    @property
    def leg(self) -> str | None:
        """The call_control_id that it names."""

    @property
    def conference(self) -> str | None:
        """The id of the conference that it names."""


class Api(Protocol):
    """Sends an order's request once."""

    def unfit(self, order: Order) -> Problem | None:
        """Why no request can be made of it, though it was asked for; None where one can."""

    def send(self, order: Order) -> Awaitable[ApiAnswer]:
        """One attempt, in at most ``policy.attempt`` seconds."""


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
        keep: Callable[[Keep | KeepNames], Coroutine[None, None, None]],
        note: Callable[[KeepNote], Coroutine[None, None, None]],
        spare: Callable[[], bool],
    ) -> None:
        """``permit`` writes down what is about to be done, and is awaited before anything is.

        ``keep`` writes down an event that was had from the API, or names of conferences; ``note``
        what an operator noted, and tells what came of it. ``spare`` is asked before a command is
        repeated, and says whether there are repetitions to spare.
        """
        self._api = api
        self._policy = policy
        self._clock = clock
        self._post = post
        self._refresh = refresh
        self._spawn = spawn
        self._permit = permit
        self._keep = keep
        self._spare = spare
        self._note = note

    def perform(self, effect: Effect) -> None:
        """Begin one effect; what comes of it is posted."""
        match effect:
            case Refresh():
                self._refresh(effect)
            case Send(order):
                self._spawn(self.send(order))
            case Keep() | KeepNames():
                self._spawn(self._keep(effect))
            case KeepNote():
                self._spawn(self._note(effect))

    async def send(self, order: Order) -> None:
        """Send a command, repeat what may be repeated, and say what came of it.

        What may not have been done yet is begun within ``policy.unsent`` seconds or not at all.
        A fault of ours ends this command and no other: webhooks are still to be kept, and the
        supervisor has other commands. It is said of the command, and its trace is logged.
        """
        begun = self._clock().mono
        try:
            refused = await self._refusal(order)
        except Exception:  # noqa: BLE001  # logged with its trace, and said of the command
            _LOG.exception("%s was not sent", order.command.name)
            refused = FAULT
        if refused is not None:
            self._post(CommandRefused(self._clock(), order.id, refused))
            return
        try:
            await self._attempts(order, begun)
        except Exception:  # noqa: BLE001  # logged with its trace, and said of the command
            _LOG.exception("%s was perhaps sent", order.command.name)
            self._post(CommandUnanswered(self._clock(), order.id, FAULT))

    async def _refusal(self, order: Order) -> Problem | None:
        """Why it is not even tried; once it is written down."""
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
            if number > 1 and not self._spare():
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
