"""From a key to an order: aimed at ids frozen when the key was pressed, asked about, sent."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from console.catalog import COMMANDS
from console.catalog.aim import Cursor, command_for, now_known
from console.catalog.bulk import Aimed, aimed, rows_are_meant, tier_for
from console.core.closed import closed
from console.core.command import Aim, Command, Order, Pane, Target, Tier, Values, queue_of, room_of
from console.core.intents import Asked, Declined
from console.ui.desk import Desk
from console.view.board import Cell, Form
from console.view.earshot import preview
from console.view.bulk import INCLUDE, chips, widened
from console.view.form import form
from console.view.plan import curl
from console.view.refusals import refused_last
from console.view.scene import Scene

HURRY = 6
"""So many verb keys within ``WITHIN`` seconds are a paste, not a hand."""
WITHIN = 0.3
LOOK_AGAIN = 1.0
"""Seconds for which no verb runs in a pane whose cursor was moved by what happened, by no hand."""


Ask: TypeAlias = Callable[[Form, Callable[[Values | None], None]], None]
"""Puts a form before the operator; the answers, or None where they would not."""


class Hands:
    """What a supervisor's verb keys do."""

    def __init__(self, desk: Desk, scene: Callable[[], Scene], ask: Ask) -> None:
        self._desk = desk
        self._ask_for = ask
        self._scene = scene
        self._last: dict[tuple[str, str], Values] = {}
        self._pressed: deque[float] = deque(maxlen=HURRY)
        self._startled: tuple[Pane | None, float] = (None, 0.0)

    def startled(self) -> None:
        """A row under a cursor went away, and the cursor is on another that nobody chose."""
        self._startled = (self._scene().pane, self._desk.clock().mono)

    def press(self, key: str) -> None:
        """A verb key: run it, ask about it, or say why not."""
        scene = self._scene()
        command = command_for(key, scene.pane)
        if command is None:
            self._decline(f"{key} does nothing in {scene.pane.value}")
            return
        self._begin(command, scene)

    def run(self, name: str) -> None:
        """A command that was chosen by its name."""
        scene, command = self._scene(), COMMANDS[name]
        if scene.pane in command.panes:
            self._begin(command, scene, asking=bool(command.fields))
        else:
            self._decline(f"{command.words} is not for {scene.pane.value}")

    def _begin(self, command: Command, scene: Scene, *, asking: bool = False) -> None:
        if self._hurried(scene.now.mono):
            self._decline("too many keys at once: nothing was done")
            return
        why = closed(scene.state, scene.now)
        if why is not None:
            self._decline(f"{command.words}: {why}")
            return
        marked = bool(scene.marked) and rows_are_meant(command, scene.pane)
        at_the_cursor = command.aims is not Aim.NOTHING and not marked
        pane, since = self._startled
        if at_the_cursor and pane is scene.pane and scene.now.mono - since < LOOK_AGAIN:
            self._decline(f"{command.words}: the row under the cursor has just gone; look again")
            return
        cursor = Cursor(
            *(scene.pane, scene.queue, scene.call, scene.room, scene.leg, scene.parked),
            marked=scene.marked,
        )
        meant = aimed(command, scene.state, cursor)
        if isinstance(meant, str):
            self._decline(f"{command.words}: {meant}")
            return
        tier = tier_for(command, meant, scene.state, scene.now)
        if marked and scene.unseen:  # no verb runs unasked on a row that is not on the screen
            tier = max(tier, command.many)
        if tier is Tier.AT_ONCE:
            self._order(self._made(command, meant.targets, scene))
        else:
            self._ask(scene, command, meant, tier)

    def _ask(self, scene: Scene, command: Command, meant: Aimed, tier: Tier) -> None:
        first = meant.targets[0]
        remembered = (command.name, room_of(first) or queue_of(first) or "")
        last = self._last.get(remembered, {})
        question = widened(scene, form(scene, command, first, tier, last), command, meant, tier)
        made = {some: self._made(command, some, scene) for some in (meant.targets, meant.whole)}

        def orders(values: Values) -> tuple[Order, ...]:
            chosen = meant.whole if values.get(INCLUDE) == "yes" else meant.targets
            said = {name: told for name, told in question.read(values).items() if name != INCLUDE}
            return tuple(replace(one, values={**one.values, **said}) for one in made[chosen])

        def answered(values: Values | None) -> None:
            if values is not None:
                self._last[remembered] = {n: v for n, v in values.items() if n != INCLUDE}
                self._order(orders(values))

        def plan(values: Values) -> str:
            return "\n".join(curl(one.command.request(one)) for one in orders(values))

        def look() -> Cell:
            return chips(self._scene(), meant) or question.targets

        self._ask_for(replace(question, plan=plan, look=look), answered)

    def _made(
        self, command: Command, targets: tuple[Target, ...], scene: Scene
    ) -> tuple[Order, ...]:
        """One order for each target, with ids of their own; several share a batch."""
        ids = [self._desk.new_id() for _ in targets]
        return tuple(
            Order(
                id=id_,
                at=self._desk.clock(),
                command=command,
                target=target,
                operator=self._desk.operator,
                values=now_known(command, target, scene.state),
                region=self._desk.region,
                batch=ids[0] if len(ids) > 1 else None,
            )
            for id_, target in zip(ids, targets, strict=True)
        )

    def _order(self, orders: tuple[Order, ...]) -> None:
        """Send them off, stamped with one moment."""
        now = self._desk.clock()
        for order in orders:
            self._desk.post(Asked(replace(order, at=now)))

    def _decline(self, text: str) -> None:
        self._desk.post(Declined(self._desk.clock(), text))

    def _hurried(self, now: float) -> bool:
        self._pressed.append(now)
        return len(self._pressed) == HURRY and now - self._pressed[0] < WITHIN


def _place(command: Command, target: Target) -> tuple[str, str]:
    """Where answers are offered again."""
    return command.name, room_of(target) or queue_of(target) or ""
