"""The way from a command key to an order: freeze the targets, ask what must be asked, send it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TypeAlias

from console.commands.bulk_targeting import (
    INCLUDE,
    TargetSelection,
    acts_on_rows,
    level_for,
    select_targets,
    with_answers,
)
from console.commands.caps_lock import effect_of
from console.commands.targeting import (
    command_for,
    everyone_already,
    frozen_values,
    observed,
    repeated,
)
from console.core.key_guards import (
    CapitalEffect,
    CapitalVerdict,
    CapsLockGuard,
    KeyBurst,
    KeyMeaning,
    MovedCursor,
    StrayTyping,
    is_capital,
)
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
from console.view.dialogs.plan import curl
from console.view.display import Form
from console.view.text.error_text import refused_last
from console.view.text.labels import clean, leg_name, people_count, place_name
from console.view.text.shown_names import names_of
from console.view.typed_names import LineTarget

Ask: TypeAlias = Callable[[Form, Callable[[Values | None], None]], None]
"""Opens a dialog. Calls back with the answers, or with None if the dialog was cancelled."""


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
        self._burst = KeyBurst()
        self._startle = MovedCursor()
        self._typing = StrayTyping()
        self._capitals = CapsLockGuard()

    def ignore_commands_at_cursor(self) -> None:
        """Ignore commands for a moment: a data change moved the cursor of the focused pane."""
        self._startle = MovedCursor(self._scene().cursor.pane.value, self._engine.clock().mono)

    def intercept_key(self, key: str, text: str, known: Collection[str]) -> bool:
        """Check a key before it acts. Return True if it must not act.

        It must not if it is text for a refused dialog, or if nothing is bound to it. ``text`` is
        the character that the key writes, empty for an unprintable key. ``known`` are the keys
        that are bound here, in Textual's spelling as ``key`` is.
        """
        now = self._engine.clock()
        verb, about = (
            self._typing.command_words,
            f"text of {self._typing.command_words} from {self._typing.since}",
        )
        self._typing, heard = self._typing.take_key(key, now.mono, printable=bool(text))
        if heard is KeyMeaning.TEXT:
            self._decline(_typed(verb, self._typing.keys), about)
        elif heard is KeyMeaning.END:
            self._decline(f"{verb}: keys act again", about)
        if heard is not KeyMeaning.KEY:
            return True
        bound, lower_bound = key in known, key.lower() in known
        if not (bound and key in _capitals(self._engine.latest().commands)):
            self._capitals = self._capitals.other(
                key, now.mono, bound=bound, lower_bound=lower_bound
            )
        if not bound:
            hint = "Caps Lock?" if is_capital(key) and lower_bound else "? shows the keys"
            self._decline(f"{clean(text or key, 16)} does nothing here: {hint}")
        return not bound

    def press(self, key: str) -> None:
        """Run the command of a key, open its dialog, or show the reason for a refusal."""
        scene = self._scene()
        self._burst = self._burst.press(key, scene.now.mono)
        command = command_for(scene.state.commands, key, scene.cursor.pane)
        if self._burst.left_out:
            self._engine.post(KeysTooFast(scene.now, self._burst.taken, self._burst.left_out))
            self._expect_text(key, command)
        elif command is None:
            self._decline(f"{key} does nothing in {scene.cursor.pane.value}")
            self._expect_text(key, command)
        elif not self._begin(command, scene, {}, key=key):
            self._expect_text(key, command)

    def _is_startled(self, command: Command, scene: ViewContext) -> bool:
        at_the_cursor = command.target_kind is not TargetKind.NOTHING and not _on_marks(
            command, scene
        )
        return at_the_cursor and self._startle.is_active(scene.cursor.pane.value, scene.now.mono)

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
        """Run a command chosen by name, or show its plan.

        The targets are those of ``meant``, which was frozen when the palette opened.
        """
        now = self._scene()
        command = now.state.commands[name]
        scene = replace(now, cursor=meant.cursor)
        if scene.cursor.pane not in command.panes:
            self._decline(f"{command.label} is not for {scene.cursor.pane.value}")
            self._expect_text(command.key, command)
        elif plan:
            self._plan(command, scene, meant.values)
        elif not self._begin(command, scene, meant.values, asking=bool(command.fields)):
            self._expect_text(command.key, command)

    def _begin(
        self,
        command: Command,
        scene: ViewContext,
        typed_values: Values,
        *,
        key: str = "",
        asking: bool = False,
    ) -> bool:
        """Run a command or open its dialog. Return False if it was refused.

        ``key`` is empty for a typed line. ``asking`` opens the dialog even of a command that
        would run at once.
        """
        why = why_nothing_can_be_sent(scene.state, scene.now)
        if why is not None:
            self._decline(f"{command.label}: {why}")
            return False
        if key and self._is_startled(command, scene):
            self._decline(f"{command.label}: the row at the cursor just changed; look again")
            return False
        meant = self._aimed(command, scene, key)
        if meant is None:
            return False
        level = self._level(command, meant, scene)
        if asking:
            level = max(level, ConfirmationLevel.DIALOG)
        if level is ConfirmationLevel.AT_ONCE:
            last = self._last(command, meant, scene)
            orders = self._make_orders(command, meant.targets, scene, last, self._ids(meant))
            self._burst = self._burst.ordered(tuple(order.id for order in orders))
            self._send(orders, level)
        else:
            self._open(scene, command, meant, level, typed_values)
        return True

    def _open(
        self,
        scene: ViewContext,
        command: Command,
        meant: TargetSelection,
        level: ConfirmationLevel,
        typed_values: Values,
    ) -> None:
        """Open the dialog, and send the orders that its answers make."""
        question, orders = self._question(scene, command, meant, level, typed_values)

        def answered(values: Values | None) -> None:
            if values is not None:
                self._remember(command, meant, question, values)
                warned = bool(question.warn(values))  # the dialog asked a second question
                self._send(
                    orders(values), max(level, ConfirmationLevel.CONFIRM) if warned else level
                )

        self._ask_for(question, answered)

    def _plan(self, command: Command, scene: ViewContext, typed_values: Values) -> None:
        """Show the plan of a command, also of one that would run at once."""
        meant = self._aimed(command, scene)
        if meant is not None:
            level = self._level(command, meant, scene)
            self._show(self._question(scene, command, meant, level, typed_values)[0])

    def _aimed(self, command: Command, scene: ViewContext, key: str = "") -> TargetSelection | None:
        """Freeze the targets of a command. Return None after showing why there are none.

        A capital that finds nothing to take back is refused as a sign of Caps Lock.
        """
        meant = select_targets(command, scene.state, scene.cursor)
        if key not in _capitals(scene.state.commands):
            why = meant if isinstance(meant, str) else ""
        elif not isinstance(meant, str):
            why = self._caps_lock_refusal(key, command, meant, scene)
        elif meant == everyone_already(command):
            self._capitals, _ = self._capitals.press(key, CapitalEffect.NONE, scene.now.mono)
            why = f"{meant}. Caps Lock?"
        else:
            why = meant
        if why:
            self._decline(f"{command.label}: {why}")
        return None if why or isinstance(meant, str) else meant

    def _caps_lock_refusal(
        self, key: str, command: Command, meant: TargetSelection, scene: ViewContext
    ) -> str:
        """Return the refusal of a capital that is a sign of Caps Lock; empty if it may run."""
        before = self._capitals.key
        effect = effect_of(command, meant.targets, scene.state, scene.now)
        self._capitals, verdict = self._capitals.press(key, effect, scene.now.mono)
        anyway = f"Caps Lock? :{command.typed} runs it"
        match verdict:
            case CapitalVerdict.NO_EFFECT:
                return f"{_subject(scene, meant)} {command.unchanged_text}. {anyway}"
            case CapitalVerdict.IN_A_ROW if (
                self._level(command, meant, scene) is ConfirmationLevel.AT_ONCE
            ):
                return f"{before} and {key} in a row take back nothing known. {anyway}"
            case _:
                return ""

    def _level(
        self, command: Command, meant: TargetSelection, scene: ViewContext
    ) -> ConfirmationLevel:
        level = level_for(command, meant, scene.state, scene.now)
        if _on_marks(command, scene) and scene.cursor.unseen:  # a filter hides marked rows
            level = max(level, command.confirmation_of_many)
        if refused_last(scene.state, command, meant.targets[0]) is not None:
            level = max(level, ConfirmationLevel.DIALOG)
        return level

    def _question(
        self,
        scene: ViewContext,
        command: Command,
        meant: TargetSelection,
        level: ConfirmationLevel,
        typed_values: Values,
    ) -> tuple[Form, Callable[[Values], tuple[Order, ...]]]:
        """Return the form of the dialog, and a function from its answers to the orders."""
        first = meant.targets[0]
        last = self._last(command, meant, scene)
        alone = form(scene, command, first, level, last, typed_values=typed_values)
        question = form_for_all(scene, alone, command, meant, level)
        ids = self._ids(meant)

        def orders(values: Values) -> tuple[Order, ...]:
            answers = {n: v for n, v in question.read(values).items() if n != INCLUDE}
            return self._make_orders(
                command, with_answers(meant, values).targets, scene, answers, ids
            )

        def plan(values: Values) -> str:
            return "\n".join(curl(one.command.request(one)) for one in orders(values))

        def look() -> ViewContext:
            now = self._scene()  # the cursor may have moved; the dialog is for what was shown
            return replace(scene, state=now.state, now=now.now)

        return replace(live_form(question, look, command, meant), plan=plan), orders

    def _ids(self, meant: TargetSelection) -> tuple[str, ...]:
        """Return an id for each order that the answers can lead to."""
        return tuple(
            self._engine.new_id() for _ in range(max(len(meant.targets), len(meant.whole)))
        )

    def _make_orders(
        self,
        command: Command,
        targets: tuple[Target, ...],
        scene: ViewContext,
        answers: Values,
        ids: tuple[str, ...],
    ) -> tuple[Order, ...]:
        """Return one order for each target. Several orders share a batch."""
        batch = ids[0] if len(targets) > 1 else None
        asked = zip(ids, targets, strict=False)
        return tuple(
            Order(
                id=id_,
                at=self._engine.clock(),
                command=command,
                target=target,
                operator=self._engine.operator,
                values={**frozen_values(command, target, scene.state), **answers},
                observed=observed(command, target, scene.state),
                repeats=repeated(command, target, scene.state),
                region=self._engine.region,
                batch=batch,
                names=names_of(scene.state, target, answers),
            )
            for id_, target in asked
        )

    def _remember(
        self, command: Command, meant: TargetSelection, question: Form, values: Values
    ) -> None:
        """Keep the answers as defaults for the next dialog of this command.

        Those about a conference or queue are also stored for the next start. The copy in memory
        serves a dialog that opens before the engine has stored them.
        """
        given = question.read(values)
        kept = {f.name: given[f.name] for f in question.fields if f.remembered and f.name in given}
        place = _place(meant)
        self._given[command.name, place] = kept
        if place:
            answers = Answers(command.name, place, kept)
            self._engine.post(AnswersAsked(self._engine.clock(), answers))

    def _last(self, command: Command, meant: TargetSelection, scene: ViewContext) -> Values:
        """Return the last answers to this command's dialog for the same conference or queue."""
        key = command.name, _place(meant)
        before = scene.state.answers.get(key)
        return self._given.get(key, before.values if before is not None else {})

    def _send(self, orders: tuple[Order, ...], confirmation: ConfirmationLevel) -> None:
        """Send the orders to the engine, with the time of now and the level that was asked."""
        now = self._engine.clock()
        for order in orders:
            self._engine.post(OrderAsked(replace(order, at=now, confirmation=confirmation)))

    def _decline(self, text: str, about: str = "") -> None:
        self._engine.post(Declined(self._engine.clock(), text, about))


def _typed(verb: str, keys: int) -> str:
    count = "1 key" if keys == 1 else f"{keys} keys"
    return f"{verb}: refused; {count} typed for it did nothing; esc ends this"


def _capitals(commands: Mapping[str, Command]) -> set[str]:
    """Return the capital keys that take something back at once, such as unmute."""
    return {key for c in commands.values() if c.present_settings is not None for key in c.keys}


def _on_marks(command: Command, scene: ViewContext) -> bool:
    """True if the command is for the marked rows and not for the row at the cursor."""
    return bool(scene.cursor.marked) and acts_on_rows(command, scene.cursor.pane)


def _subject(scene: ViewContext, meant: TargetSelection) -> str:
    """Return the targets in few words: a name, a count, or the conference."""
    legs = [leg for target in meant.targets for leg in legs_of(target)]
    if len(legs) == 1:
        return leg_name(scene.state, legs[0])
    if legs:
        return people_count(len(legs))
    return place_name(scene.state, conference_of(meant.targets[0]), None)


def _place(meant: TargetSelection) -> str:
    """Return the conference or queue of the first target; empty if it is in neither."""
    first = meant.targets[0]
    return conference_of(first) or queue_of(first) or ""
