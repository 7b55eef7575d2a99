"""The way from a command key to an order: freeze the targets, ask what must be asked, send it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from console.commands import bulk_targeting, targeting
from console.commands.bulk_targeting import TargetSelection
from console.commands.caps_lock import effect_of
from console.core import key_guards
from console.core.key_guards import CapitalVerdict, KeyMeaning, StrayTyping
from console.core.lifecycle.availability import why_nothing_can_be_sent
from console.core.messages.intents import AnswersAsked, Declined, KeysTooFast, OrderAsked
from console.core.model.command import (
    Command,
    ConfirmationLevel,
    Order,
    Target,
    TargetKind,
    Values,
    conference_of,
    legs_of,
    queue_of,
)
from console.core.model.entities import Answers
from console.ui.engine_port import EnginePort
from console.view.context import ViewContext
from console.view.dialogs.bulk import form_for_all
from console.view.dialogs.form import form, live_form
from console.view.dialogs.plan_preview import curl
from console.view.screen_elements import Form
from console.view.text.error_text import refused_last
from console.view.text.labels import clean, leg_name, people_count, place_name
from console.view.text.names_for_audit import names_of
from console.view.typed_names import LineTarget

Ask: TypeAlias = Callable[[Form, Callable[[Values | None], None]], None]
"""Opens a dialog. Calls back with the answers, or with None if the dialog was cancelled."""


@dataclass(frozen=True, slots=True)
class _Use:
    """A command with its frozen targets, and the view context of that moment."""

    command: Command
    aimed: TargetSelection
    scene: ViewContext

    @property
    def place(self) -> str:
        """The conference or queue of the first target; empty if it is in neither."""
        first = self.aimed.targets[0]
        return conference_of(first) or queue_of(first) or ""

    @property
    def level(self) -> ConfirmationLevel:
        command, scene = self.command, self.scene
        level = bulk_targeting.level_for(command, self.aimed, scene.state, scene.now)
        if _on_marks(command, scene) and scene.cursor.unseen:  # a filter hides marked rows
            level = max(level, command.confirmation_of_many)
        if refused_last(scene.state, command, self.aimed.targets[0]) is not None:
            level = max(level, ConfirmationLevel.DIALOG)
        return level

    @property
    def subject(self) -> str:
        """The targets in few words: a name, a count, or the conference."""
        legs = [leg for target in self.aimed.targets for leg in legs_of(target)]
        if len(legs) == 1:
            return leg_name(self.scene.state, legs[0])
        if legs:
            return people_count(len(legs))
        return place_name(self.scene.state, conference_of(self.aimed.targets[0]), None)


class CommandController:
    """Runs command keys and typed commands of the workspace."""

    def __init__(
        self,
        desk: EnginePort,
        scene: Callable[[], ViewContext],
        ask: Ask,
        show: Callable[[Form], None],
    ) -> None:
        """``scene`` returns the view context of now. ``show`` displays a form as a plan."""
        self._engine = desk
        self._ask_for = ask
        self._show = show
        self._scene = scene
        self._given: dict[tuple[str, str], Values] = {}
        self._burst = key_guards.KeyBurst()
        self._startle = key_guards.MovedCursor()
        self._typing = StrayTyping()
        self._capitals = key_guards.CapsLockGuard()

    def ignore_commands_at_cursor(self) -> None:
        """Ignore commands for a moment: a data change moved the cursor of the focused pane."""
        pane = self._scene().cursor.pane.value
        self._startle = key_guards.MovedCursor(pane, self._engine.clock().mono)

    def intercept_key(self, key: str, text: str, known: Collection[str]) -> bool:
        """Check a key before it acts. Return True if it must not act.

        It must not if it is text for a refused dialog, or if nothing is bound to it. ``text`` is
        the character that the key writes, empty for an unprintable key. ``known`` are the keys
        that are bound here, in Textual's spelling as ``key`` is.
        """
        now = self._engine.clock()
        verb = self._typing.command_words
        about = f"text of {verb} from {self._typing.since}"
        self._typing, heard = self._typing.take_key(key, now.mono, printable=bool(text))
        if heard is KeyMeaning.TEXT:
            keys = "1 key" if self._typing.keys == 1 else f"{self._typing.keys} keys"
            self._decline(f"{verb}: refused; {keys} typed for it did nothing; esc ends this", about)
        elif heard is KeyMeaning.END:
            self._decline(f"{verb}: keys act again", about)
        if heard is not KeyMeaning.KEY:
            return True
        bound, lower_bound = key in known, key.lower() in known
        if not (bound and key in _capitals(self._engine.latest().commands)):
            capitals = self._capitals
            self._capitals = capitals.other(key, now.mono, bound=bound, lower_bound=lower_bound)
        if not bound:
            hint = (
                "Caps Lock?" if key_guards.is_capital(key) and lower_bound else "? shows the keys"
            )
            self._decline(f"{clean(text or key, 16)} does nothing here: {hint}")
        return not bound

    def press(self, key: str) -> None:
        """Run the command of a key, open its dialog, or show the reason for a refusal."""
        scene = self._scene()
        self._burst = self._burst.press(key, scene.now.mono)
        command = targeting.command_for(scene.state.commands, key, scene.cursor.pane)
        if self._burst.left_out:
            self._engine.post(KeysTooFast(scene.now, self._burst.taken, self._burst.left_out))
        elif command is None:
            self._decline(f"{key} does nothing in {scene.cursor.pane.value}")
        elif self._begin(command, scene, {}, key):
            return
        self._expect_text(key, command)

    def _is_startled(self, command: Command, scene: ViewContext) -> bool:
        if command.target_kind is TargetKind.NOTHING or _on_marks(command, scene):
            return False
        return self._startle.is_active(scene.cursor.pane.value, scene.now.mono)

    def _expect_text(self, key: str, command: Command | None) -> None:
        """Take the next keys as text, if the refused key opens a dialog here or elsewhere.

        The operator may already be typing the answers of that dialog.
        """
        commands = self._engine.latest().commands.values()
        here = [command] if command is not None else [c for c in commands if key in c.keys]
        asks = next((c for c in here if c.confirmation is not ConfirmationLevel.AT_ONCE), None)
        if asks is not None:
            self._typing = StrayTyping.after(asks.label, self._engine.clock().mono)

    def run(self, name: str, meant: LineTarget, *, plan: bool = False) -> None:
        """Run a command by name, or show its plan. ``meant`` was frozen as the palette opened."""
        now = self._scene()
        command = now.state.commands[name]
        scene = replace(now, cursor=meant.cursor)
        if scene.cursor.pane not in command.panes:
            self._decline(f"{command.label} is not for {scene.cursor.pane.value}")
            self._expect_text(command.key, command)
        elif plan:
            use = self._aimed(command, scene)
            if use is not None:
                self._show(self._question(use, use.level, meant.values)[0])
        elif not self._begin(command, scene, meant.values):
            self._expect_text(command.key, command)

    def _begin(self, command: Command, scene: ViewContext, typed: Values, key: str = "") -> bool:
        """Run a command or open its dialog. Return False if it was refused.

        ``key`` is empty for a typed line, which opens the dialog of each command with questions.
        """
        why = why_nothing_can_be_sent(scene.state, scene.now)
        if why is None and key and self._is_startled(command, scene):
            why = "the row at the cursor just changed; look again"
        if why is not None:
            self._decline(f"{command.label}: {why}")
            return False
        use = self._aimed(command, scene, key)
        if use is None:
            return False
        level = use.level
        if not key and command.fields:
            level = max(level, ConfirmationLevel.DIALOG)
        if level is ConfirmationLevel.AT_ONCE:
            orders = self._make_orders(use, use.aimed.targets, self._last(use), self._ids(use))
            self._burst = self._burst.ordered(tuple(order.id for order in orders))
            self._send(orders, level)
        else:
            self._open(use, level, typed)
        return True

    def _open(self, use: _Use, level: ConfirmationLevel, typed: Values) -> None:
        """Open the dialog, and send the orders that its answers make."""
        question, orders = self._question(use, level, typed)

        def answered(values: Values | None) -> None:
            if values is not None:
                self._remember(use, question, values)
                warned = bool(question.warn(values))  # the dialog asked a second question
                asked = max(level, ConfirmationLevel.CONFIRM) if warned else level
                self._send(orders(values), asked)

        self._ask_for(question, answered)

    def _aimed(self, command: Command, scene: ViewContext, key: str = "") -> _Use | None:
        """Freeze the targets of a command. Return None after showing why there are none.

        A capital that finds nothing to take back is refused as a sign of Caps Lock.
        """
        aimed = bulk_targeting.select_targets(command, scene.state, scene.cursor)
        use = None if isinstance(aimed, str) else _Use(command, aimed, scene)
        why = aimed if isinstance(aimed, str) else ""
        if key in _capitals(scene.state.commands):
            if use is not None:
                why = self._caps_lock_refusal(key, use)
            elif why == targeting.everyone_already(command):
                no_effect = key_guards.CapitalEffect.NONE
                self._capitals, _ = self._capitals.press(key, no_effect, scene.now.mono)
                why = f"{why}. Caps Lock?"
        if why:
            self._decline(f"{command.label}: {why}")
        return None if why else use

    def _caps_lock_refusal(self, key: str, use: _Use) -> str:
        """Return the refusal of a capital that is a sign of Caps Lock; empty if it may run."""
        command, now = use.command, use.scene.now
        before = self._capitals.key
        effect = effect_of(command, use.aimed.targets, use.scene.state, now)
        self._capitals, verdict = self._capitals.press(key, effect, now.mono)
        anyway = f"Caps Lock? :{command.typed} runs it"
        match verdict:
            case CapitalVerdict.NO_EFFECT:
                return f"{use.subject} {command.unchanged_text}. {anyway}"
            case CapitalVerdict.IN_A_ROW if use.level is ConfirmationLevel.AT_ONCE:
                return f"{before} and {key} in a row take back nothing known. {anyway}"
            case _:
                return ""

    def _question(
        self, use: _Use, level: ConfirmationLevel, typed: Values
    ) -> tuple[Form, Callable[[Values], tuple[Order, ...]]]:
        """Return the form of the dialog, and a function from its answers to the orders."""
        command, aimed, scene = use.command, use.aimed, use.scene
        last = self._last(use)
        alone = form(scene, command, aimed.targets[0], level, last, typed_values=typed)
        question = form_for_all(scene, alone, command, aimed, level)
        ids = self._ids(use)

        def orders(values: Values) -> tuple[Order, ...]:
            read = question.read(values).items()
            answers = {name: value for name, value in read if name != bulk_targeting.INCLUDE}
            targets = bulk_targeting.with_answers(aimed, values).targets
            return self._make_orders(use, targets, answers, ids)

        def plan(values: Values) -> str:
            return "\n".join(curl(one.command.request(one)) for one in orders(values))

        def look() -> ViewContext:
            now = self._scene()  # the cursor may have moved; the dialog is for what was shown
            return replace(scene, state=now.state, now=now.now)

        return replace(live_form(question, look, command, aimed), plan=plan), orders

    def _ids(self, use: _Use) -> tuple[str, ...]:
        """Return an id for each order that the answers can lead to."""
        most = max(use.aimed.targets, use.aimed.whole, key=len)
        return tuple(self._engine.new_id() for _ in most)

    def _make_orders(
        self, use: _Use, targets: tuple[Target, ...], answers: Values, ids: tuple[str, ...]
    ) -> tuple[Order, ...]:
        """Return one order for each target. Several orders share a batch."""
        command, state = use.command, use.scene.state
        return tuple(
            Order(
                id=id_,
                at=self._engine.clock(),
                command=command,
                target=target,
                operator=self._engine.operator,
                values={**targeting.frozen_values(command, target, state), **answers},
                observed=targeting.observed(command, target, state),
                repeats=targeting.repeated(command, target, state),
                region=self._engine.region,
                batch=ids[0] if len(targets) > 1 else None,
                names=names_of(state, target, answers),
            )
            for id_, target in zip(ids, targets, strict=False)
        )

    def _remember(self, use: _Use, question: Form, values: Values) -> None:
        """Keep the answers as the defaults of this command's next dialog.

        If the first target is in a conference or queue, also post them to the engine, which stores
        them for the next start.
        """
        given = question.read(values)
        kept = {f.name: given[f.name] for f in question.fields if f.remembered and f.name in given}
        name, place = use.command.name, use.place
        self._given[name, place] = kept
        if place:
            self._engine.post(AnswersAsked(self._engine.clock(), Answers(name, place, kept)))

    def _last(self, use: _Use) -> Values:
        """Return the last answers to this command's dialog for the same conference or queue."""
        key = use.command.name, use.place
        before = use.scene.state.answers.get(key)
        return self._given.get(key, before.values if before is not None else {})

    def _send(self, orders: tuple[Order, ...], confirmation: ConfirmationLevel) -> None:
        """Send the orders to the engine, with the time of now and the level that was asked."""
        now = self._engine.clock()
        for order in orders:
            self._engine.post(OrderAsked(replace(order, at=now, confirmation=confirmation)))

    def _decline(self, text: str, about: str = "") -> None:
        self._engine.post(Declined(self._engine.clock(), text, about))


def _capitals(commands: Mapping[str, Command]) -> set[str]:
    """Return the capital keys that take something back at once, such as unmute."""
    return {key for c in commands.values() if c.present_settings is not None for key in c.keys}


def _on_marks(command: Command, scene: ViewContext) -> bool:
    """True if the command is for the marked rows and not for the row at the cursor."""
    return bool(scene.cursor.marked) and bulk_targeting.acts_on_rows(command, scene.cursor.pane)
