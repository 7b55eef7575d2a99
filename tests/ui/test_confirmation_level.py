"""An order has the confirmation level that the screen asked for, and the audit decides by it."""

from __future__ import annotations

import json
from dataclasses import replace

from ui.bench import ANA, BO, Bench, bench
from view.desks import Sitting

from console.core.messages import facts
from console.core.messages.effects import Send
from console.core.messages.intents import OrderAsked, UndoAsked
from console.core.model.command import ConfirmationLevel, Order, Pane
from console.core.model.listed_resources import Moment
from console.journal.audit_writer import Auditor
from console.journal.log import JournalTable
from console.view.typed_names import LineTarget
from support.playbook import (
    Playbook,
    at,
    left,
    order,
    participant,
    people_listed,
    queue,
    queued,
    reading,
)

TWELVE = tuple(f"v3:q{number}" for number in range(12))


def full_disk(at_the_keys: Bench, rows: list[bytes]) -> Auditor:
    """An audit on a disk that takes no row; ``rows`` are those it was given."""

    async def write(_: JournalTable, __: str, body: bytes, ___: Moment) -> bool:
        rows.append(body)
        return False

    return Auditor(
        write,
        who={},
        clock=lambda: at(0.0),
        latest=lambda: at_the_keys.sitting.state,
        spawn=lambda work: work.close(),
    )


def ordered(at_the_keys: Bench) -> list[Order]:
    return [intent.order for intent in at_the_keys.sitting.said(OrderAsked)]


async def test_a_marked_row_behind_a_filter_asks_and_is_not_sent_unaudited() -> None:
    hands = bench(participant(ANA), participant(BO))
    hands.looking |= {"marked": (ANA,), "unseen": True}
    hands.press("m")
    assert hands.orders == []
    hands.answers[0](hands.forms[0].values)
    (one,) = ordered(hands)
    assert not await full_disk(hands, []).write_intent(one)


async def test_a_row_at_the_cursor_asks_nothing_and_is_sent_unaudited() -> None:
    hands = bench(participant(ANA), participant(BO))
    hands.press("m")
    (one,) = ordered(hands)
    assert await full_disk(hands, []).write_intent(one)


async def test_more_than_ten_are_in_the_audit_as_confirmed_by_a_typed_text() -> None:
    talk = Playbook()
    talk.say(facts.QueuesListed(reading(0.2), (queue("vip"),)))
    talk.say(facts.CallsListed(reading(0.3), "vip", tuple(map(queued, TWELVE))))
    looking = {"pane": Pane.CALLS, "queue": "vip", "call": TWELVE[0], "marked": TWELVE}
    hands, rows = Bench(Sitting(talk), looking), list[bytes]()
    hands.press("x")
    hands.answers[0](hands.forms[0].values)
    assert not await full_disk(hands, rows).write_intent(ordered(hands)[0])
    assert json.loads(rows[0])["tier"] == 3


async def test_a_second_question_counts_though_its_reason_has_gone() -> None:
    hands = bench(participant(ANA), participant(BO))
    hands.hands.run("role", LineTarget(hands.look().cursor))
    role = {**hands.forms[0].values, "supervisor_role": "barge"}
    assert hands.forms[0].warn(role)
    hands.answers[0](role)
    hands.sitting.happen(left(2.0, BO))
    (one,) = ordered(hands)
    assert not await full_disk(hands, []).write_intent(one)


async def test_an_undo_has_the_level_of_its_own_question_and_not_of_what_it_takes_back() -> None:
    hands = bench()
    mute = replace(order("mute", 0.0, ANA, id_="m"), confirmation=ConfirmationLevel.TYPED)
    hands.sitting.happen(OrderAsked(mute))
    hands.sitting.talk.accept(1.0, "m")
    hands.sitting.happen(people_listed(9.0, participant(ANA, muted=True), participant(BO)))
    for level, writable in ((ConfirmationLevel.AT_ONCE, True), (ConfirmationLevel.CONFIRM, False)):
        before = hands.sitting.state
        hands.sitting.happen(UndoAsked(at(10.0), "u", "ana", confirmation=level))
        sent = hands.sitting.talk.effects
        (back,) = [effect.order for effect in sent if isinstance(effect, Send)]
        assert (back.command.name, back.confirmation) == ("unmute", level)
        assert await full_disk(hands, []).write_intent(back) is writable
        hands.sitting.believe(receipts=before.receipts)
