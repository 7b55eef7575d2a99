"""From a key to an order: aimed at ids frozen when the key was pressed, asked about, sent."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from console.catalog.aim import Cursor, aim, command_for, now_known, tier_of
from console.core.closed import closed
from console.core.command import Aim, Command, Order, Pane, Target, Tier, Values, queue_of, room_of
from console.core.intents import Asked, Declined
from console.ui.desk import Desk
from console.view.board import Form
from console.view.form import form
from console.view.naming import Meant
from console.view.plan import curl
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

    def __init__(
        self, desk: Desk, scene: Callable[[], Scene], ask: Ask, show: Callable[[Form], None]
    ) -> None:
        """``show`` puts a form before the operator as a plan: nothing comes of it."""
        self._desk = desk
        self._ask_for = ask
        self._show = show
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
        command = command_for(scene.state.commands, key, scene.pane)
        if command is None:
            self._decline(f"{key} does nothing in {scene.pane.value}")
            return
        aimed = command.aims is not Aim.NOTHING
        pane, since = self._startled
        if aimed and pane is scene.pane and scene.now.mono - since < LOOK_AGAIN:
            self._decline(f"{command.words}: the row under the cursor has just gone; look again")
            return
        self._begin(command, scene, {})

    def run(self, name: str, meant: Meant, *, plan: bool = False) -> None:
        """A command that was chosen by its name, aimed at what was shown when it was."""
        now = self._scene()
        scene, command = (
            replace(meant.scene, state=now.state, now=now.now),
            now.state.commands[name],
        )
        if scene.pane not in command.panes:
            self._decline(f"{command.words} is not for {scene.pane.value}")
        elif plan:
            self._plan(command, scene, meant.values)
        else:
            self._begin(command, scene, meant.values)

    def _begin(self, command: Command, scene: Scene, told: Values) -> None:
        if self._hurried(scene.now.mono):
            self._decline("too many keys at once: nothing was done")
            return
        why = closed(scene.state, scene.now)
        if why is not None:
            self._decline(f"{command.words}: {why}")
            return
        target = self._aimed(command, scene)
        if target is None:
            return
        tier = tier_of(command, target, scene.state, scene.now)
        if tier is Tier.AT_ONCE:
            known = now_known(command, target, scene.state)
            self._desk.post(Asked(self._made(command, target, known, self._desk.new_id())))
            return
        question, order = self._question(scene, command, target, tier, told)

        def answered(values: Values | None) -> None:
            if values is not None:
                self._last[_remembered(command, target)] = question.read(values)
                self._desk.post(Asked(order(values)))

        self._ask_for(question, answered)

    def _plan(self, command: Command, scene: Scene, told: Values) -> None:
        """Show what would be done, also of what would be done at once."""
        target = self._aimed(command, scene)
        if target is not None:
            tier = tier_of(command, target, scene.state, scene.now)
            question, _ = self._question(scene, command, target, tier, told)
            self._show(question)

    def _aimed(self, command: Command, scene: Scene) -> Target | None:
        """The target, frozen now; None once it was said why there is none."""
        cursor = Cursor(scene.pane, scene.queue, scene.call, scene.room, scene.leg, scene.parked)
        target = aim(command, scene.state, cursor)
        why = target if isinstance(target, str) else command.why_not(scene.state, target)
        if why is not None:
            self._decline(f"{command.words}: {why}")
        return None if why is not None or isinstance(target, str) else target

    def _question(
        self, scene: Scene, command: Command, target: Target, tier: Tier, told: Values
    ) -> tuple[Form, Callable[[Values], Order]]:
        """What is asked, and the order that the answers make."""
        last = self._last.get(_remembered(command, target), {})
        question = form(scene, command, target, tier, last, told=told)
        known = now_known(command, target, scene.state)
        id_ = self._desk.new_id()

        def order(values: Values) -> Order:
            return self._made(command, target, {**known, **question.read(values)}, id_)

        planned = replace(question, plan=lambda values: curl(command.request(order(values))))
        return planned, order

    def _made(self, command: Command, target: Target, values: Values, id_: str) -> Order:
        return Order(
            id=id_,
            at=self._desk.clock(),
            command=command,
            target=target,
            operator=self._desk.operator,
            values=dict(values),
            region=self._desk.region,
        )

    def _decline(self, text: str) -> None:
        self._desk.post(Declined(self._desk.clock(), text))

    def _hurried(self, now: float) -> bool:
        self._pressed.append(now)
        return len(self._pressed) == HURRY and now - self._pressed[0] < WITHIN


def _remembered(command: Command, target: Target) -> tuple[str, str]:
    """Under what the last answers are kept: the same question about the same room or queue."""
    return command.name, room_of(target) or queue_of(target) or ""
