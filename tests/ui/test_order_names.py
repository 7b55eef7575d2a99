"""An order has the names shown at its key press, and the audit keeps them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from view.desks import Sitting
from view.scenes import known, scene

from console.core.messages import facts
from console.core.messages.effects import Send
from console.core.messages.intents import OrderAsked, UndoAsked
from console.core.model.command import Order, Pane, People
from console.core.model.entities import Note
from console.core.model.listed_resources import Moment
from console.journal.audit_writer import Auditor
from console.journal.log import JournalTable
from console.ui.command_controller import CommandController
from console.view.screen_elements import Form, Values
from console.view.text.names_for_audit import names_of, names_of_order
from console.view.typed_names import LineTarget
from support.playbook import CONFERENCE, Playbook, at, order, participant, people_listed

ANA, BO = "v3:ana", "v3:bo"


def called(talk: Playbook, leg: str, alias: str) -> None:
    """Set the alias of a leg."""
    talk.say(facts.NoteKept(at(0.0), Note(leg, alias)))


@pytest.fixture
def talk() -> Playbook:
    """Return a conference of two people who have aliases."""
    talk = Playbook().begin(participant(ANA), participant(BO))
    called(talk, ANA, "Dana Kowalski")
    called(talk, BO, "Bo Reyes")
    return talk


def test_the_names_are_those_of_the_key_press_and_not_of_the_answer(talk: Playbook) -> None:
    sitting, asked = Sitting(talk), list[Callable[[Values | None], None]]()
    looking = scene(talk.state, 1.0, pane=Pane.PEOPLE, leg=ANA, conference=CONFERENCE)

    def ask(_: Form, answered: Callable[[Values | None], None]) -> None:
        asked.append(answered)

    CommandController(sitting.desk(), lambda: looking, ask, lambda _: None).run(
        "speak", LineTarget(looking.cursor)
    )
    called(talk, ANA, "somebody else")
    asked[0]({"payload": "hello"})
    (intent,) = sitting.said(OrderAsked)
    assert intent.order.names == {ANA: "Dana Kowalski", CONFERENCE: "board-q3"}


def test_people_of_an_answer_are_named_and_a_typed_text_is_not(talk: Playbook) -> None:
    known(talk, BO, number="+15125550150")
    values = {"whisper_call_control_ids": f"{BO}, 512-555-0142", "room": "no such conference"}
    named = names_of(talk.state, People(CONFERENCE, (ANA,)), values)
    assert named == {ANA: "Dana Kowalski", BO: "Bo Reyes", CONFERENCE: "board-q3"}


@dataclass
class Rows:
    """A journal that keeps the audit rows it is given."""

    bodies: list[bytes]

    async def write(self, table: JournalTable, id_: str, body: bytes, when: Moment) -> bool:
        assert (table, bool(id_), when) == (JournalTable.AUDIT, True, at(0.0))
        self.bodies.append(body)
        return True


async def written(talk: Playbook, one: Order) -> dict[str, object]:
    """Return the audit row of an order's intent."""
    rows = Rows([])
    auditor = Auditor(
        rows.write,
        who={},
        clock=lambda: at(0.0),
        latest=lambda: talk.state,
        spawn=lambda work: work.close(),
        names=names_of_order,
    )
    assert await auditor.write_intent(one)
    return dict(json.loads(rows.bodies[0]))


async def test_the_row_has_the_names_and_masks_their_numbers(talk: Playbook) -> None:
    names = {ANA: "+1 512 555 0142", CONFERENCE: "refund"}
    one = replace(order("mute", 0.0, ANA), names=names)
    assert (await written(talk, one))["names"] == {ANA: "..0142", CONFERENCE: "refund"}


async def test_an_undo_is_named_as_the_screen_shows_it_then(talk: Playbook) -> None:
    mute = replace(order("mute", 0.0, ANA, id_="m"), names={ANA: "an older name"})
    talk.say(OrderAsked(mute)).accept(1.0, "m")
    talk.say(people_listed(9.0, participant(ANA, muted=True), participant(BO)))
    talk.say(UndoAsked(at(10.0), "u", "ana"))
    (back,) = [effect.order for effect in talk.effects if isinstance(effect, Send)]
    assert (back.command.name, back.undoes, back.names) == ("unmute", "m", {})
    assert (await written(talk, back))["names"] == {ANA: "Dana Kowalski", CONFERENCE: "board-q3"}
