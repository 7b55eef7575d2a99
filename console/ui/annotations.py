"""What an operator writes down about whoever is under the cursor. None of it leaves this host."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from console.core.messages.intents import Declined, NoteAsked
from console.core.model.command import Pane, Values
from console.core.model.entities import Note
from console.ui.engine_port import EnginePort
from console.view.context import ViewContext
from console.view.dialogs.alias import alias_form, stored_alias
from console.view.display import Form

Ask: TypeAlias = Callable[[Form, Callable[[Values | None], None]], None]


class Annotations:
    """What the lines ``:alias``, ``:pin``, ``:unpin`` and ``:me`` do."""

    def __init__(self, desk: EnginePort, scene: Callable[[], ViewContext], ask: Ask) -> None:
        self._desk = desk
        self._scene = scene
        self._ask = ask

    def alias(self, name: str) -> None:
        """Give the row a name, or ask for one."""
        leg = self._leg("alias")
        if leg is None:
            return

        def answered(values: Values | None) -> None:
            if values is not None:
                self._desk.post(
                    NoteAsked(self._desk.clock(), leg, alias=stored_alias(values["alias"]))
                )

        if name.strip():
            answered({"alias": name})
        else:
            self._ask(alias_form(self._scene(), leg), answered)

    def pin(self, *, pinned: bool) -> None:
        """Leave the row out of what is done to many, or no more."""
        leg = self._leg("pin" if pinned else "unpin")
        if leg is not None:
            self._desk.post(NoteAsked(self._desk.clock(), leg, pinned=pinned))

    def me(self) -> None:
        """The row is the operator's own leg; if it was, it is not any more."""
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
