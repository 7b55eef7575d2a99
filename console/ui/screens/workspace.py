"""The workspace: the main screen with six panes, header, receipt line and key hints."""

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
from console.core.messages import intents
from console.core.model.command import Pane
from console.ui.annotations import Annotations
from console.ui.command_controller import CommandController
from console.ui.engine_port import EnginePort
from console.ui.frame_timing import Frames, Newer
from console.ui.keys import bindings, help_groups
from console.ui.pane_layout import ASIDE, INSIDE, ORDER, OUTSIDE, is_small, show_only
from console.ui.row_marks import RowMarks
from console.ui.screens.dialog import Dialog
from console.ui.screens.filter import FilterLine
from console.ui.screens.help import Help
from console.ui.screens.inspect import Inspect
from console.ui.screens.palette import CommandPalette
from console.ui.screens.plan_preview import Plan
from console.ui.textual_patches.compositor import LeanCompositor
from console.ui.undo import take_back
from console.ui.widgets.line_widget import LineWidget
from console.ui.widgets.pane import PaneBox
from console.ui.widgets.table import Table
from console.view.command_line import LineAction, LineReading, cursor_label, read_line
from console.view.context import ViewContext
from console.view.dialogs.inspect import inspection, scope_at_cursor
from console.view.dialogs.log_entry import entry_at, entry_lines, title_of
from console.view.open_receipts import LEAVE, open_receipts
from console.view.screen_elements import Form, Values
from console.view.text.labels import clean
from console.view.workspace_layout import board

Selected: TypeAlias = tuple[str | None, str | None]
"""The selected queue and conference, whose calls and people the detail panes show."""


class Workspace(Screen[None]):
    """The main screen. It routes keys to commands, marks, panes and dialogs."""

    HORIZONTAL_BREAKPOINTS = [(0, "-compact"), (100, "-normal"), (160, "-wide")]  # noqa: RUF012  # typed by Textual
    AUTO_FOCUS = "#conferences Table"

    def __init__(self, desk: EnginePort) -> None:
        super().__init__()
        self._compositor = LeanCompositor()
        self._desk = desk
        self._frames = Frames(self, desk.clock, self._draw)
        self._marked = RowMarks(desk.clock)
        self._controller = CommandController(desk, self._aimed, self._ask, self._plan)
        self._annotations = Annotations(desk, self._aimed, self._ask)
        self._history: list[str] = []
        self._shown: Selected = (None, None)
        self._watched: Selected = (None, None)
        self._side = Pane.CONFERENCES
        self._touched = False
        self._filtering = False
        keys = BindingsMap(bindings(desk.latest().commands))
        self._bindings = BindingsMap.merge([keys, self._bindings])

    def compose(self) -> ComposeResult:
        """Create the header, the panes, the receipt line and the hints."""
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
        """Draw now, on each newer state, and every second for the times on the screen."""
        self._desk.listen(self._frames.wake)
        self.set_interval(1.0, self._frames.soon)
        self._frames.now()

    @on(Newer)
    def newer(self) -> None:
        """Redraw with the next frame, because the engine has a newer state."""
        self._frames.soon()

    def on_key(self, event: events.Key) -> None:
        """Stop a key that must not act, such as text typed for a refused dialog.

        The first key also ends the automatic selection of the most urgent rows.
        """
        self._touched = True
        self._marked.note_key_press()
        text = (event.character or "") if event.is_printable else ""
        if self._controller.intercept_key(event.key, text, self.active_bindings):
            event.stop()
            event.prevent_default()

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new size. A small screen shows one pane only."""
        self.set_class(is_small(event.size), "-small")
        self._frames.now()

    @on(Table.Moved)
    def moved(self, message: Table.Moved) -> None:
        """Tell the engine which queue and conference are selected, so that it polls them first."""
        message.stop()
        self._touched = self._touched or message.by_hand
        if self._chosen() != self._watched:
            self._watched = self._chosen()
            self._desk.post(intents.WatchAsked(self._desk.clock(), *self._watched))
            self._frames.now()

    @on(Table.Chosen)
    def chosen(self, message: Table.Chosen) -> None:
        """Focus the calls of the queue or the people of the conference. Show a whole log entry."""
        message.stop()
        inner = INSIDE.get(self._pane())
        if self._pane() is Pane.LOG:
            self.action_inspect()
        if inner is not None:
            self._go(inner)

    def on_descendant_focus(self) -> None:
        """Show the hints of the focused pane, and remember where escape leads back to."""
        pane = self._pane()
        if pane not in ASIDE:
            self._side = pane
        show_only(self, pane)
        self._frames.now()

    def action_pane(self, name: str) -> None:
        """Focus a pane by its number."""
        self._go(Pane(name))

    def action_step_pane(self, panes: int) -> None:
        """Focus the pane so many further in ``ORDER``, which wraps around; back if negative."""
        self._go(ORDER[(ORDER.index(self._pane()) + panes) % len(ORDER)])

    def action_back(self) -> None:
        """Go one step back: clear the filter, then the marks, then go to the outer pane."""
        if self._marked.step_back(self._aimed()):
            self._filtered()
            return
        pane = self._pane()
        self._go(self._side if pane in ASIDE else OUTSIDE.get(pane, pane))

    def action_verb(self, key: str) -> None:
        """Run the command of a key. Keys do nothing while another screen is open."""
        if self.is_active:
            self._controller.press(key)

    def action_mark(self, how: str) -> None:
        """Change the marks of the pane; ``how`` is as in ``RowMarks.mark``."""
        if self.is_active:
            self._marked.mark(how, self._aimed(), self._table(self._pane()))
            self._frames.now()

    def action_filter(self) -> None:
        """Open the filter line of the focused pane."""
        pane = self._pane()

        def narrow(text: str) -> str:
            found = self._marked.set_filter(pane, text)
            self._filtered()
            return found.wrong

        if self.is_active:
            self.app.push_screen(FilterLine(pane.value, self._marked.filter(pane), narrow))

    def _filtered(self) -> None:
        """Draw with the new filter. A row that the filter hides does not count as gone."""
        self._filtering = True
        self._frames.now()
        self._filtering = False

    def action_undo(self, *, redo: bool = False) -> None:
        """Undo the newest command that can be undone."""
        if self.is_active:
            take_back(self._desk, self._aimed, self._ask, redo=redo)

    def action_redo(self) -> None:
        """Redo what was undone last."""
        self.action_undo(redo=True)

    def action_refresh(self) -> None:
        """Poll Telnyx now, and repaint the whole screen."""
        self._desk.post(intents.RefreshAsked(self._desk.clock()))
        self.refresh(layout=True)

    def action_lock(self) -> None:
        """Toggle the lock, under which no key runs a command."""
        if self.is_active:
            self._desk.post(intents.LockAsked(self._desk.clock()))

    def action_inspect(self) -> None:
        """Read the resource at the cursor from Telnyx and show it, or show a whole log entry."""
        desk = self._desk
        entry = entry_at(desk.latest(), self._table(Pane.LOG).cursor_key)
        if self._pane() is Pane.LOG and entry is not None:
            shown = Inspect(title_of(entry), lambda: entry_lines(self._aimed(), entry))
            self.app.push_screen(shown)
            return
        scope = scope_at_cursor(self._aimed())
        if isinstance(scope, str):
            desk.post(intents.Declined(desk.clock(), f"inspect: {scope}"))
            return
        asked = intents.InspectAsked(desk.clock(), scope)
        desk.post(asked)
        title = clean(scope.path[-1], 60)
        self.app.push_screen(Inspect(title, lambda: inspection(self._aimed(), asked)))

    def action_alias(self, name: str = "") -> None:
        """Name the person at the cursor. An empty name opens a dialog that asks for one."""
        if self.is_active:
            self._annotations.alias(name)

    def action_pin(self, *, pinned: bool = True) -> None:
        """Pin the person at the cursor or unpin them. Commands for many leave them out."""
        self._annotations.pin(pinned=pinned)

    def action_unpin(self) -> None:
        """Unpin the person at the cursor."""
        self.action_pin(pinned=False)

    def action_me(self) -> None:
        """Toggle the mark of the leg at the cursor as the operator's own."""
        self._annotations.me()

    def action_command(self) -> None:
        """Open the command palette. The chosen command is for the rows at the cursors of now."""
        then, desk = self._aimed(), self._desk

        def read(text: str) -> LineReading:
            return read_line(replace(then, state=desk.latest(), now=desk.clock()), text)

        def chosen(choice: LineAction | None) -> None:
            if choice is not None and choice.target is not None:
                self._controller.run(choice.offer.command, choice.target, plan=choice.plan)
            elif choice is not None:
                self.call_next(self.run_action, choice.action)

        self.app.push_screen(CommandPalette(read, cursor_label(then), self._history), chosen)

    def action_help(self) -> None:
        """Open the help screen."""
        self.app.push_screen(Help(help_groups(self._desk.latest().commands)))

    def action_leave(self) -> None:
        """Go one step back; in an outer pane, leave the console."""
        if self._pane() in {*OUTSIDE, *ASIDE}:
            self.action_back()
        else:
            self.leave()

    def leave(self) -> None:
        """Leave the console. If commands are pending, ask first."""
        if not open_receipts(self._desk.latest()):
            self.app.exit(0)
            return

        def answered(values: Values | None) -> None:
            if values is not None:
                self.app.exit(0)

        self._ask(LEAVE, answered)

    def _ask(self, question: Form, answered: Callable[[Values | None], None]) -> None:
        """Open a dialog. Until it closes, no key acts on the workspace."""
        if self.is_active:
            self.app.push_screen(Dialog(question), answered)

    def _plan(self, question: Form) -> None:
        """Open the plan of a command."""
        if self.is_active:
            self.app.push_screen(Plan(question, question.values))

    def _draw(self) -> None:
        if not (self.is_mounted and self.display):  # a closing screen may have no panes
            return
        self._shown = self._chosen()
        scene = self._scene(*self._shown)
        shown = board(scene, self._marked.selection(scene, busy=not self.is_active))
        self.query_one("#header", LineWidget).show(shown.header)
        self.query_one("#receipt", LineWidget).show(shown.receipt)
        self.query_one("#hints", LineWidget).show(shown.hints)
        before = {pane: self._table(pane).cursor_key for pane in ORDER}
        for pane in ORDER:
            self.query_one(f"#{pane.value}", PaneBox).show(shown.sheets[pane.value])
        if self._touched:
            moved = {p: key for p, key in before.items() if self._table(p).cursor_key != key}
            self._guard_moved_cursors(moved, scene)
        else:
            self._select_most_urgent()

    def _guard_moved_cursors(self, moved: Mapping[Pane, str | None], scene: ViewContext) -> None:
        """Guard against keys that were meant for a row that has just gone.

        ``moved`` maps each pane whose cursor a data change moved to the row key before, or None
        if the pane was empty. The marks inside such a row are dropped, and in the focused pane
        commands are ignored for a moment.
        """
        for outer in moved.keys() & set(INSIDE):
            self._marked.clear(INSIDE[outer])
        pane = scene.cursor.pane
        before = None if pane is Pane.LOG else moved.get(pane)  # no command is for a log entry
        hidden = before and self._filtering and is_here(scene.state, scene.cursor, before)
        if before is not None and not hidden:
            self._controller.ignore_commands_at_cursor()

    def _select_most_urgent(self) -> None:
        for pane in (Pane.QUEUES, Pane.CONFERENCES):
            table = self._table(pane)
            first = next(iter(table.shown_keys), None)
            if first is not None and first != table.cursor_key:
                table.go_to(first)

    def _chosen(self) -> Selected:
        """Return the queue and the conference at the cursors."""
        return self._table(Pane.QUEUES).cursor_key, self._table(Pane.CONFERENCES).cursor_key

    def _aimed(self) -> ViewContext:
        """Return the view context that a key acts on: the rows as drawn, and the marks."""
        scene = self._scene(*(self._shown if self._pane() in OUTSIDE else self._chosen()))
        return self._marked.with_marks(scene, self._table(scene.cursor.pane).shown_keys)

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
        if self._chosen() != self._shown:  # draw the detail pane before a key acts on it
            self._frames.now()
        show_only(self, pane)
        self.set_focus(self._table(pane))
