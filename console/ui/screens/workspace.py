"""The workspace: six panes, a header above and the receipt and the hints below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingsMap
from textual.containers import Container
from textual.dom import DOMNode
from textual.screen import Screen

from console.commands.bulk_targeting import is_here
from console.commands.targeting import Cursor
from console.core.messages.intents import Declined, InspectAsked, LockAsked, RefreshAsked, Watched
from console.core.model.command import Pane
from console.ui.annotations import Annotations
from console.ui.command_controller import CommandController
from console.ui.engine_port import EnginePort
from console.ui.frames import Frames, Newer
from console.ui.keys import bindings, help_groups
from console.ui.pane_layout import ASIDE, INSIDE, ORDER, OUTSIDE, beside, is_small, turn
from console.ui.row_marks import RowMarks, place_of
from console.ui.screens.dialog import Dialog
from console.ui.screens.filter import FilterLine
from console.ui.screens.help import Help
from console.ui.screens.inspect import Inspect
from console.ui.screens.palette import CommandPalette
from console.ui.screens.plan import Plan
from console.ui.textual_patches.compositor import LeanCompositor
from console.ui.undo import take_back
from console.ui.widgets.line import LineWidget
from console.ui.widgets.pane import PaneBox
from console.ui.widgets.table import Table
from console.view.command_line import LineAction, LineReading, cursor_label, read_line
from console.view.context import ViewContext
from console.view.dialogs.inspect import inspection, scope_at_cursor
from console.view.dialogs.log_entry import entry_at, entry_lines, title_of
from console.view.display import Form, Values
from console.view.open_receipts import LEAVE, open_receipts
from console.view.text.labels import clean
from console.view.workspace_layout import board

Beside: TypeAlias = tuple[str | None, str | None]
"""A queue and a conference, whose calls and people stand beside them."""


class Workspace(Screen[None]):
    """Where a supervisor works."""

    HORIZONTAL_BREAKPOINTS = [(0, "-compact"), (100, "-normal"), (160, "-wide")]  # noqa: RUF012  # typed by Textual
    AUTO_FOCUS = "#conferences Table"

    def __init__(self, desk: EnginePort) -> None:
        super().__init__()
        self._compositor = LeanCompositor()
        self._desk = desk
        self._frames = Frames(self, desk.clock, self._draw)
        self._marked = RowMarks(desk.clock)
        self._hands = CommandController(desk, self._aimed, self._ask, self._plan)
        self._notebook = Annotations(desk, self._aimed, self._ask)
        self._lines: list[str] = []
        self._shown: Beside = (None, None)
        self._watched: Beside = (None, None)
        self._side = Pane.CONFERENCES
        self._touched = False
        self._filtering = False
        state = desk.latest()
        keys = BindingsMap(bindings(state.commands))
        self._bindings = BindingsMap.merge([keys, self._bindings])

    def compose(self) -> ComposeResult:
        """Header, panes, receipt, hints."""
        yield LineWidget(id="header")
        with Container(id="panes"):
            with Container(id="left"):
                yield PaneBox(1, id="queues")
                yield PaneBox(2, id="calls")
                yield PaneBox(7, id="parked")
            with Container(id="right"):
                yield PaneBox(3, id="conferences")
                yield PaneBox(4, id="people")
        yield PaneBox(5, id="log", follows=True)
        yield LineWidget(id="receipt")
        yield LineWidget(id="hints")

    def on_mount(self) -> None:
        """Draw, and again whenever there is something newer or a second has passed."""
        self._desk.listen(self._frames.wake)
        self.set_interval(1.0, self._frames.soon)
        self._frames.now()

    @on(Newer)
    def newer(self) -> None:
        """The engine has a newer state."""
        self._frames.soon()

    def on_key(self, event: events.Key) -> None:
        """From the first key on, no cursor moves by itself. Text for no dialog goes no further."""
        self._touched = True
        self._marked.touch()
        text = (event.character or "") if event.is_printable else ""
        if self._hands.hear(event.key, text, self.active_bindings):
            event.stop()
            event.prevent_default()

    def on_resize(self, event: events.Resize) -> None:
        """Lines are fitted to the width; a small screen shows one list alone."""
        self.set_class(is_small(event.size), "-small")
        self._frames.now()

    @on(Table.Moved)
    def moved(self, message: Table.Moved) -> None:
        """The queue and the conference under the cursors are what the panes beside them show."""
        message.stop()
        self._touched = self._touched or message.by_hand
        if self._chosen() != self._watched:
            self._watched = self._chosen()
            self._desk.post(Watched(self._desk.clock(), *self._watched))
            self._frames.now()

    @on(Table.Chosen)
    def chosen(self, message: Table.Chosen) -> None:
        """Into the queue, or into the conference; of a log line, all of it."""
        message.stop()
        inner = INSIDE.get(self._pane())
        if self._pane() is Pane.LOG:
            self.action_inspect()
        if inner is not None:
            self._go(inner)

    def on_descendant_focus(self) -> None:
        """The hints are those of the pane that has the focus."""
        pane = self._pane()
        if pane not in ASIDE:
            self._side = pane
        turn(self, pane)
        self._frames.now()

    def action_pane(self, name: str) -> None:
        """Focus a pane by its number."""
        self._go(Pane(name))

    def action_next_pane(self) -> None:
        """Focus the next pane."""
        self._go(beside(self._pane(), 1))

    def action_previous_pane(self) -> None:
        """Focus the pane before."""
        self._go(beside(self._pane(), -1))

    def action_back(self) -> None:
        """One step back: the filter, the marks, from calls to their queue, from people out."""
        scene = self._aimed()
        if self._marked.step_back(scene.cursor.pane, place_of(scene, scene.cursor.pane)):
            self._filtered()
            return
        pane = self._pane()
        self._go(self._side if pane in ASIDE else OUTSIDE.get(pane, pane))

    def action_verb(self, key: str) -> None:
        """A command's key."""
        if self.is_active:
            self._hands.press(key)

    def action_mark(self, how: str) -> None:
        """Mark rows of the pane, or none of them any more."""
        if self.is_active:
            self._marked.mark(how, self._aimed(), self._table(self._pane()))
            self._frames.now()

    def action_filter(self) -> None:
        """Type what the rows of the pane must match."""
        pane = self._pane()

        def narrow(text: str) -> str:
            found = self._marked.narrow(pane, text)
            self._filtered()
            return found.wrong

        if self.is_active:
            self.app.push_screen(FilterLine(pane.value, self._marked.filter(pane), narrow))

    def _filtered(self) -> None:
        """Draw with the operator's new filter: a row that it hides has not gone."""
        self._filtering = True
        self._frames.now()
        self._filtering = False

    def action_undo(self, *, redo: bool = False) -> None:
        """Take back the newest command that can be."""
        if self.is_active:
            take_back(self._desk, self._aimed, self._ask, redo=redo)

    def action_redo(self) -> None:
        """Take back the newest undoing that can be."""
        self.action_undo(redo=True)

    def action_refresh(self) -> None:
        """Poll now, and paint the whole screen anew."""
        self._desk.post(RefreshAsked(self._desk.clock()))
        self.refresh(layout=True)

    def action_lock(self) -> None:
        """Let no key do anything to a call, or let them again."""
        if self.is_active:
            self._desk.post(LockAsked(self._desk.clock()))

    def action_inspect(self) -> None:
        """Read what is under the cursor, and show it as Telnyx spells it; or all of a log line."""
        desk = self._desk
        entry = entry_at(desk.latest(), self._table(Pane.LOG).cursor_key)
        if self._pane() is Pane.LOG and entry is not None:
            self.app.push_screen(
                Inspect(title_of(entry), lambda: entry_lines(self._aimed(), entry))
            )
            return
        scope = scope_at_cursor(self._aimed())
        if isinstance(scope, str):
            desk.post(Declined(desk.clock(), f"inspect: {scope}"))
            return
        asked = InspectAsked(desk.clock(), scope)
        desk.post(asked)
        title = clean(scope.path[-1], 60)
        self.app.push_screen(Inspect(title, lambda: inspection(self._aimed(), asked)))

    def action_alias(self, name: str = "") -> None:
        """Name whoever is under the cursor; without a name, ask for it."""
        if self.is_active:
            self._notebook.alias(name)

    def action_pin(self, *, pinned: bool = True) -> None:
        """Leave them out when many are muted or held, or no more."""
        self._notebook.pin(pinned=pinned)

    def action_unpin(self) -> None:
        """Leave them out no more."""
        self.action_pin(pinned=False)

    def action_me(self) -> None:
        """This leg is the operator's own, or is not any more."""
        self._notebook.me()

    def action_command(self) -> None:
        """Choose a command by its name: it is meant for what the cursors are on now."""
        then, desk = self._aimed(), self._desk

        def read(text: str) -> LineReading:
            return read_line(replace(then, state=desk.latest(), now=desk.clock()), text)

        def chosen(choice: LineAction | None) -> None:
            if choice is not None and choice.target is not None:
                self._hands.run(choice.offer.command, choice.target, plan=choice.plan)
            elif choice is not None:
                self.call_next(self.run_action, choice.action)

        self.app.push_screen(CommandPalette(read, cursor_label(then), self._lines), chosen)

    def action_help(self) -> None:
        """Show every key."""
        self.app.push_screen(Help(help_groups(self._desk.latest().commands)))

    def action_leave(self) -> None:
        """Back one step; at the top, leave, and ask first while something is pending."""
        if self._pane() in {*OUTSIDE, *ASIDE}:
            self.action_back()
        else:
            self.leave()

    def leave(self) -> None:
        """Leave the console."""
        if not open_receipts(self._desk.latest()):
            self.app.exit(0)
            return

        def answered(values: Values | None) -> None:
            if values is not None:
                self.app.exit(0)

        self._ask(LEAVE, answered)

    def _ask(self, question: Form, answered: Callable[[Values | None], None]) -> None:
        """Until it is answered, no key acts here: what was typed ahead was meant for the dialog."""
        if self.is_active:
            self.app.push_screen(Dialog(question), answered)

    def _plan(self, question: Form) -> None:
        """What a command would do, before the operator."""
        if self.is_active:
            self.app.push_screen(Plan(question, question.values))

    def _draw(self) -> None:
        if not (self.is_mounted and self.display):  # display: its panes may be gone as it closes
            return
        self._shown = self._chosen()
        scene = self._scene(*self._shown)
        shown = board(scene, self._marked.choice(scene, busy=not self.is_active))
        self.query_one("#header", LineWidget).show(shown.header)
        self.query_one("#receipt", LineWidget).show(shown.receipt)
        self.query_one("#hints", LineWidget).show(shown.hints)
        before = {pane: self._table(pane).cursor_key for pane in ORDER}
        for pane in ORDER:
            self.query_one(f"#{pane.value}", PaneBox).show(shown.sheets[pane.value])
        if self._touched:
            moved = {p: key for p, key in before.items() if self._table(p).cursor_key != key}
            self._notice(moved, scene)
        else:
            self._point_at_what_is_urgent()

    def _notice(self, moved: Mapping[Pane, str | None], scene: ViewContext) -> None:
        """Under these cursors is what nobody chose: marks inside it and verbs were for another.

        ``moved`` has the key that each cursor was on before: None where its pane was empty, and
        where no row has gone.
        """
        for outer in moved.keys() & set(INSIDE):
            self._marked.clear(INSIDE[outer])
        pane = self._pane()
        if pane not in moved or pane is Pane.LOG:  # nothing is done to a line of the log
            return
        at = replace(scene.cursor, pane=pane)
        before = moved[pane]
        hidden = before is not None and self._filtering and is_here(scene.state, at, before)
        if before is not None and not hidden:
            self._hands.startled()

    def _point_at_what_is_urgent(self) -> None:
        for pane in (Pane.QUEUES, Pane.CONFERENCES):
            table = self._table(pane)
            first = next(iter(table.shown_keys), None)
            if first is not None and first != table.cursor_key:
                table.go_to(first)

    def _chosen(self) -> Beside:
        """The queue and the conference under the cursors."""
        return self._table(Pane.QUEUES).cursor_key, self._table(Pane.CONFERENCES).cursor_key

    def _aimed(self) -> ViewContext:
        """What a key means now: calls and people are those of the panes as drawn."""
        scene = self._scene(*(self._shown if self._pane() in OUTSIDE else self._chosen()))
        return self._marked.aimed(scene, self._table(scene.cursor.pane).shown_keys)

    def _scene(self, queue: str | None, conference: str | None) -> ViewContext:
        desk = self._desk
        return ViewContext(
            state=desk.latest(),
            now=desk.clock(),
            glyphs=desk.glyphs,
            zone=desk.zone,
            profile=desk.profile,
            operator=desk.operator,
            demo=desk.demo,
            width=self.size.width,
            cursor=Cursor(
                pane=self._pane(),
                queue=queue,
                call=self._table(Pane.CALLS).cursor_key,
                conference=conference,
                leg=self._table(Pane.PEOPLE).cursor_key,
                parked=self._table(Pane.PARKED).cursor_key,
            ),
        )

    def _pane(self) -> Pane:
        focused: DOMNode | None = self.focused
        while focused is not None and not isinstance(focused, PaneBox):
            focused = focused.parent
        return Pane(focused.id) if focused is not None and focused.id else self._side

    def _table(self, pane: Pane) -> Table:
        return self.query_one(f"#{pane.value}", PaneBox).table

    def _go(self, pane: Pane) -> None:
        if self._chosen() != self._shown:  # what is beside is shown before any key is for it
            self._frames.now()
        turn(self, pane)
        self.set_focus(self._table(pane))
