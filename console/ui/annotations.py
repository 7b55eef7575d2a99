"""Aliases, pins and the mark of the operator's own leg, which are kept on this host only."""

from __future__ import annotations

from collections.abc import Callable

from console.core.messages.intents import Declined, NoteAsked
from console.core.model.command import Pane, Values
from console.core.model.entities import Note
from console.ui.command_controller import Ask
from console.ui.engine_port import EnginePort
from console.view.context import ViewContext
from console.view.dialogs.alias import alias_form, stored_alias


class Annotations:
    """Carries out ``:alias``, ``:pin``, ``:unpin`` and ``:me`` for the row at the cursor."""

    def __init__(self, desk: EnginePort, scene: Callable[[], ViewContext], ask: Ask) -> None:
        self._desk = desk
        self._scene = scene
        self._ask = ask

    def alias(self, name: str) -> None:
        """Name the leg at the cursor. An empty name opens a dialog that asks for one."""
        leg = self._leg("alias")
        if leg is None:
            return

        def answered(values: Values | None) -> None:
            if values is not None:
                stored = stored_alias(values["alias"])
                self._desk.post(NoteAsked(self._desk.clock(), leg, alias=stored))

        if name.strip():
            answered({"alias": name})
        else:
            self._ask(alias_form(self._scene(), leg), answered)

    def pin(self, *, pinned: bool) -> None:
        """Pin the leg at the cursor or unpin it. Commands for many leave a pinned leg out."""
        leg = self._leg("pin" if pinned else "unpin")
        if leg is not None:
            self._desk.post(NoteAsked(self._desk.clock(), leg, pinned=pinned))

    def me(self) -> None:
        """Toggle the mark that says that the leg at the cursor is the operator's own."""
        leg = self._leg("me")
        if leg is not None:
            known = self._desk.latest().notes.get(leg) or Note(leg)
            self._desk.post(NoteAsked(self._desk.clock(), leg, mine=not known.mine))

    def _leg(self, what: str) -> str | None:
        scene = self._scene()
        leg = {Pane.CALLS: scene.cursor.call, Pane.PEOPLE: scene.cursor.leg}.get(scene.cursor.pane)
        if leg is None:
            inner = scene.cursor.pane in {Pane.CALLS, Pane.PEOPLE}
            why = "nobody is selected" if inner else "is for calls and people"
            self._desk.post(Declined(self._desk.clock(), f"{what}: {why}"))
        return leg
