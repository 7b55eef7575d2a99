"""From a key to an order: aimed at ids frozen when the key was pressed, asked about, sent."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from console.catalog import COMMANDS
from console.catalog.aim import REASON, Cursor, aim, chosen, command_for, now_known, tier_of
from console.core.closed import closed
from console.core.command import Aim, Command, Order, Pane, Target, Tier, Values, queue_of, room_of
from console.core.intents import Asked, Declined
from console.ui.desk import Desk
from console.view.board import Cell, Form
from console.view.earshot import preview
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
        aimed = command.aims is not Aim.NOTHING
        pane, since = self._startled
        if aimed and pane is scene.pane and scene.now.mono - since < LOOK_AGAIN:
            self._decline(f"{command.words}: the row under the cursor has just gone; look again")
            return
        cursor = Cursor(scene.pane, scene.queue, scene.call, scene.room, scene.leg, scene.parked)
        target = aim(command, scene.state, cursor)
        if isinstance(target, str):
            self._decline(f"{command.words}: {target}")
            return
        why = command.why_not(scene.state, target)
        if why is not None:
            self._decline(f"{command.words}: {why}")
            return
        tier = tier_of(command, target, scene.state, scene.now)
        if asking or refused_last(scene.state, command, target) is not None:
            tier = max(tier, Tier.DIALOG)
        if tier is Tier.AT_ONCE:
            known = {**self._used_last(command, target), **now_known(command, target, scene.state)}
            self._desk.post(Asked(self._made(command, target, known, self._desk.new_id())))
        else:
            self._ask(scene, command, target, tier)

    def _used_last(self, command: Command, target: Target) -> Values:
        """What was answered the last time in this room: the same audio on hold."""
        return self._last.get(_place(command, target), {})

    def _ask(self, scene: Scene, command: Command, target: Target, tier: Tier) -> None:
        question = form(scene, command, target, tier, self._used_last(command, target))
        id_ = self._desk.new_id()

        def order(values: Values) -> Order:
            meant = question.read(values)
            aimed = chosen(target, meant)
            known = now_known(command, aimed, scene.state)
            return self._made(command, aimed, {**known, **meant}, id_)

        def answered(values: Values | None) -> None:
            if values is not None:
                kept = {name: said for name, said in values.items() if name != REASON.name}
                self._last[_place(command, target)] = kept
                self._desk.post(Asked(order(values)))

        def look_ahead(values: Values) -> tuple[Cell, ...]:
            return preview(self._scene(), command, target, question.read(values))

        planned = replace(
            question,
            plan=lambda values: curl(command.request(order(values))),
            preview=look_ahead,
        )
        self._ask_for(planned, answered)

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


def _place(command: Command, target: Target) -> tuple[str, str]:
    """Where answers are offered again."""
    return command.name, room_of(target) or queue_of(target) or ""
