"""From a key to an order: aimed at ids frozen when the key was pressed, asked about, sent."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from console.catalog.aim import Cursor, command_for, now_known
from console.catalog.bulk import INCLUDE, Aimed, aimed, as_answered, rows_are_meant, tier_for
from console.core.beliefs import Answers
from console.core.closed import closed
from console.core.command import Aim, Command, Order, Pane, Target, Tier, Values, queue_of, room_of
from console.core.intents import Answered, Asked, Declined
from console.ui.desk import Desk
from console.view.board import Form
from console.view.bulk import widened
from console.view.form import form, kept_true
from console.view.naming import Meant
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

    def __init__(
        self, desk: Desk, scene: Callable[[], Scene], ask: Ask, show: Callable[[Form], None]
    ) -> None:
        """``show`` puts a form before the operator as a plan: nothing comes of it."""
        self._desk = desk
        self._ask_for = ask
        self._show = show
        self._scene = scene
        self._given: dict[tuple[str, str], Values] = {}
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
        at_the_cursor = command.aims is not Aim.NOTHING and not _on_marks(command, scene)
        pane, since = self._startled
        if at_the_cursor and pane is scene.pane and scene.now.mono - since < LOOK_AGAIN:
            self._decline(f"{_verb(command)}: the row under the cursor has just gone; look again")
            return
        self._begin(command, scene, {})

    def run(self, name: str, meant: Meant, *, plan: bool = False) -> None:
        """A command that was chosen by its name, aimed at what was shown when it was."""
        now = self._scene()
        command = now.state.commands[name]
        scene = replace(meant.scene, state=now.state, now=now.now)
        if scene.pane not in command.panes:
            self._decline(f"{command.words} is not for {scene.pane.value}")
        elif plan:
            self._plan(command, scene, meant.values)
        else:
            self._begin(command, scene, meant.values, asking=bool(command.fields))

    def _begin(self, command: Command, scene: Scene, told: Values, *, asking: bool = False) -> None:
        if self._hurried(scene.now.mono):
            self._decline("too many keys at once: nothing was done")
            return
        why = closed(scene.state, scene.now)
        if why is not None:
            self._decline(f"{_verb(command)}: {why}")
            return
        meant = self._aimed(command, scene)
        if meant is None:
            return
        tier = self._tier(command, meant, scene)
        if asking:
            tier = max(tier, Tier.DIALOG)
        if tier is Tier.AT_ONCE:
            last = self._last(command, meant, scene)
            self._send(self._made(command, meant.targets, scene, last, self._ids(meant)))
            return
        question, orders = self._question(scene, command, meant, tier, told)

        def answered(values: Values | None) -> None:
            if values is not None:
                self._remember(command, meant, question, values)
                self._send(orders(values))

        self._ask_for(question, answered)

    def _plan(self, command: Command, scene: Scene, told: Values) -> None:
        """Show what would be done, also of what would be done at once."""
        meant = self._aimed(command, scene)
        if meant is not None:
            tier = self._tier(command, meant, scene)
            self._show(self._question(scene, command, meant, tier, told)[0])

    def _aimed(self, command: Command, scene: Scene) -> Aimed | None:
        """Everything it is meant for, frozen now; None once it was said why there is nothing."""
        cursor = Cursor(
            *(scene.pane, scene.queue, scene.call, scene.room, scene.leg, scene.parked),
            marked=scene.marked,
            named=scene.named,
        )
        meant = aimed(command, scene.state, cursor)
        if isinstance(meant, str):
            self._decline(f"{_verb(command)}: {meant}")
            return None
        return meant

    def _tier(self, command: Command, meant: Aimed, scene: Scene) -> Tier:
        tier = tier_for(command, meant, scene.state, scene.now)
        if _on_marks(command, scene) and scene.unseen:  # none of them unasked if off the screen
            tier = max(tier, command.many)
        if refused_last(scene.state, command, meant.targets[0]) is not None:
            tier = max(tier, Tier.DIALOG)
        return tier

    def _question(
        self, scene: Scene, command: Command, meant: Aimed, tier: Tier, told: Values
    ) -> tuple[Form, Callable[[Values], tuple[Order, ...]]]:
        """What is asked, and the orders that the answers make."""
        first = meant.targets[0]
        last = self._last(command, meant, scene)
        alone = form(scene, command, first, tier, last, told=told)
        question = widened(scene, alone, command, meant, tier)
        ids = self._ids(meant)

        def orders(values: Values) -> tuple[Order, ...]:
            said = {n: v for n, v in question.read(values).items() if n != INCLUDE}
            return self._made(command, as_answered(meant, values).targets, scene, said, ids)

        def plan(values: Values) -> str:
            return "\n".join(curl(one.command.request(one)) for one in orders(values))

        def look() -> Scene:
            now = self._scene()  # the cursor may have moved; the dialog is for what was shown
            return replace(scene, state=now.state, now=now.now)

        return replace(kept_true(question, look, command, meant), plan=plan), orders

    def _ids(self, meant: Aimed) -> tuple[str, ...]:
        """An id for each order there may be."""
        return tuple(self._desk.new_id() for _ in range(max(len(meant.targets), len(meant.whole))))

    def _made(
        self,
        command: Command,
        targets: tuple[Target, ...],
        scene: Scene,
        said: Values,
        ids: tuple[str, ...],
    ) -> tuple[Order, ...]:
        """One order for each target; several share a batch."""
        batch = ids[0] if len(targets) > 1 else None
        asked = zip(ids, targets, strict=False)
        return tuple(
            Order(
                id=id_,
                at=self._desk.clock(),
                command=command,
                target=target,
                operator=self._desk.operator,
                values={**now_known(command, target, scene.state), **said},
                region=self._desk.region,
                batch=batch,
            )
            for id_, target in asked
        )

    def _remember(self, command: Command, meant: Aimed, question: Form, values: Values) -> None:
        """Offer these answers again; those about a place also after a restart.

        They are at hand before they are on the disk, for the next key.
        """
        said = question.read(values)
        kept = {f.name: said[f.name] for f in question.fields if f.again and f.name in said}
        place = _place(meant)
        self._given[command.name, place] = kept
        if place:
            answers = Answers(command.name, place, kept)
            self._desk.post(Answered(self._desk.clock(), answers))

    def _last(self, command: Command, meant: Aimed, scene: Scene) -> Values:
        """What was last answered to the same question about the same conference or queue."""
        key = command.name, _place(meant)
        before = scene.state.answers.get(key)
        return self._given.get(key, before.values if before is not None else {})

    def _send(self, orders: tuple[Order, ...]) -> None:
        """Send them off, stamped with one moment."""
        now = self._desk.clock()
        for order in orders:
            self._desk.post(Asked(replace(order, at=now)))

    def _decline(self, text: str) -> None:
        self._desk.post(Declined(self._desk.clock(), text))

    def _hurried(self, now: float) -> bool:
        self._pressed.append(now)
        return len(self._pressed) == HURRY and now - self._pressed[0] < WITHIN


def _verb(command: Command) -> str:
    return command.words.removesuffix(":")


def _on_marks(command: Command, scene: Scene) -> bool:
    """Whether it is for what is marked, and not for what the cursor is on."""
    return bool(scene.marked) and rows_are_meant(command, scene.pane)


def _place(meant: Aimed) -> str:
    """The conference or the queue it is about; empty where it is about neither."""
    first = meant.targets[0]
    return room_of(first) or queue_of(first) or ""
