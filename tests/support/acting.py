"""A twin whose supervisor acts: orders reach the world as requests, and answers come back."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from console.commands import COMMANDS
from console.commands.targeting import frozen_values, observed
from console.core.messages import facts
from console.core.messages.effects import Effect, Send
from console.core.messages.intents import OrderAsked, UndoAsked
from console.core.model.command import Order, Target
from console.core.model.listed_resources import Problem, ProblemKind
from console.core.update import Message
from support.twin import START, Twin


class Acting(Twin):
    """A twin whose console acts. All callers are in one conference, and one call waits in a queue.

    ``others`` are further conferences of two people each.
    """

    def __init__(self, *, people: int, others: int = 0) -> None:
        super().__init__(callers=people + 1 + 2 * others)
        self.sends: list[Order] = []
        self.legs = [self.leg(number) for number in range(people)]
        self.call("POST", "/conferences", name="board-q3", call_control_id=self.legs[0])
        (self.conference,) = self.world.conferences
        for leg in self.legs[1:]:
            self.act("join", call_control_id=leg)
        self.call("POST", "/queues", queue_name="vip", max_size=50)
        self.queued = self.leg(people)
        self.call("POST", f"/calls/{quote(self.queued)}/actions/enqueue", queue_name="vip")
        self.conferences = [self.conference, *(self._beside(number) for number in range(others))]
        self.settle()

    def _beside(self, number: int) -> str:
        first = len(self.legs) + 1 + 2 * number
        known = set(self.world.conferences)
        self.call("POST", "/conferences", name=f"b{number}", call_control_id=self.leg(first))
        (conference,) = set(self.world.conferences) - known
        path = f"/conferences/{conference}/actions/join"
        self.call("POST", path, call_control_id=self.leg(first + 1))
        return conference

    def inside(self, conference: str) -> tuple[str, ...]:
        """Return the legs in a conference."""
        return tuple(self.world.conferences[conference].people)

    def fold(self, message: Message) -> tuple[Effect, ...]:
        """Apply one message to the core, and keep the requests that it wants to send."""
        effects = super().fold(message)
        self.sends += [effect.order for effect in effects if isinstance(effect, Send)]
        return effects

    def act(self, name: str, *, conference: str = "", **sent: object) -> int:
        """Carry out an action on a conference, as somebody else than the console."""
        return self.call(
            "POST", f"/conferences/{conference or self.conference}/actions/{name}", **sent
        )

    def exits(self, leg: str, **sent: bool) -> None:
        """Set exit flags, as somebody else than the console."""
        one = self.world.conferences[self.conference].people[leg]
        self.call("PATCH", f"/conferences/{self.conference}/participants/{one.id}", **sent)

    def order(self, name: str, target: Target, values: Mapping[str, str] | None = None) -> str:
        """Press the key of a command; return the id of the order."""
        command = COMMANDS[name]
        id_ = f"{name}@{self.now}"
        answers = {**frozen_values(command, target, self.state), **(values or {})}
        seen = observed(command, target, self.state)
        self.fold(OrderAsked(Order(id_, self.moment(), command, target, "ana", answers, seen)))
        self.settle()
        return id_

    def orders(self, name: str, *targets: Target) -> tuple[str, ...]:
        """Press the key of a command that needs several requests; return the ids of the orders."""
        ids = tuple(f"{name}@{self.now}.{number}" for number in range(len(targets)))
        for id_, target in zip(ids, targets, strict=True):
            order = Order(id_, self.moment(), COMMANDS[name], target, "ana", batch=ids[0])
            self.fold(OrderAsked(order))
        self.settle()
        return ids

    def take_back(self, *, redo: bool = False) -> str:
        """Press ``z`` or ``Z``; return the id of the undo order."""
        id_ = f"{'Z' if redo else 'z'}@{self.now}"
        self.fold(UndoAsked(self.moment(), id_, "ana", redo))
        self.settle()
        return id_

    def settle(self) -> None:
        """Send and answer all requests, then read everything again, late enough to count."""
        while self.sends:
            order = self.sends.pop(0)
            request = order.command.request(order)
            path = "/" + "/".join(quote(part, safe="") for part in request.path)
            self.fold(facts.CommandSent(self.moment(), order.id, 1))
            status = self.call(request.method, path, **request.body)
            if status < 300:
                date = float(int(START + self.now))
                self.fold(facts.CommandAccepted(self.moment(), order.id, date))
            else:
                self.fold(
                    facts.CommandRefused(
                        self.moment(), order.id, Problem(ProblemKind.REFUSED, status)
                    )
                )
        self.wait(4.0)
        self.poll()
        if any(receipt.stage.open for receipt in self.state.receipts.values()):
            self.wait(5.0)
            self.fold(facts.Ticked(self.moment()))

    def people(self) -> dict[str, dict[str, object]]:
        """Return the true state of every participant, by leg."""
        return {
            leg: {
                "muted": one.muted,
                "held": one.on_hold,
                "end": one.end_on_exit,
                "soft": one.soft_end_on_exit,
                "role": one.role,
                "whisper": sorted(one.whisper_to),
            }
            for conference in self.world.conferences.values()
            for leg, one in conference.people.items()
        }

    def everything(self) -> dict[str, object]:
        """Return the true state of everything that can be undone."""
        conference, queues = self.world.conferences[self.conference], self.world.queues.values()
        return {
            "people": self.people(),
            "recordings": [one.state for one in conference.recordings],
            "sizes": [queue.max_size for queue in queues],
            "kept": [call.keep_after_hangup for queue in queues for call in queue],
        }
