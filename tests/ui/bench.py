"""A test bench: a command controller with a simulated engine, and the dialogs that it opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from view.desks import Sitting
from view.scenes import scene

from console.core.messages import intents
from console.core.model.command import (
    Pane,
)
from console.core.model.listed_resources import ParticipantResource
from console.ui.command_controller import CommandController
from console.view.context import ViewContext
from console.view.screen_elements import Form, Values
from support.playbook import (
    CONFERENCE,
    Playbook,
    participant,
)

ANA, BO, EVE = "v3:ana", "v3:bo", "v3:eve"


FAY = "v3:fay"


@dataclass
class Bench:
    """A command controller, the simulated engine, and the dialogs and plans it opened."""

    sitting: Sitting
    looking: dict[str, Any]
    forms: list[Form] = field(default_factory=list)
    answers: list[Callable[[Values | None], None]] = field(default_factory=list)
    plans: list[Form] = field(default_factory=list)
    hands: CommandController = field(init=False)

    def __post_init__(self) -> None:
        def ask(form: Form, answered: Callable[[Values | None], None]) -> None:
            self.forms.append(form)
            self.answers.append(answered)

        self.hands = CommandController(self.sitting.desk(), self.look, ask, self.plans.append)

    def look(self) -> ViewContext:
        """Return the view context of now."""
        return scene(self.sitting.state, self.sitting.seconds, **self.looking)

    def press(self, key: str) -> None:
        """Press a key, one second after the last one."""
        self.sitting.seconds += 1.0
        self.hands.press(key)

    @property
    def orders(self) -> list[tuple[str, object]]:
        """The orders so far, as command name and target."""
        asked = self.sitting.said(intents.OrderAsked)
        return [(one.order.command.name, one.order.target) for one in asked]

    @property
    def refusals(self) -> list[str]:
        """The refusals so far."""
        return [one.text for one in self.sitting.said(intents.Declined)]


def bench(
    *people: ParticipantResource,
    pane: Pane = Pane.PEOPLE,
    leg: str | None = ANA,
    conference: str | None = CONFERENCE,
) -> Bench:
    """Return a bench with the cursor in a conference of these people."""
    listed = people or (participant(ANA), participant(BO))
    return Bench(
        Sitting(Playbook().begin(*listed)), {"pane": pane, "leg": leg, "conference": conference}
    )
