"""Several orders asked for in one breath: each has its own story, and together they add up."""

from __future__ import annotations

from dataclasses import replace

from console.commands import COMMANDS
from console.core.messages import intents
from console.core.model.command import Order, People, WholeConference
from console.core.model.stage import Stage
from console.core.model.state import Sign
from console.journal.audit_writer import Auditor, fact_in_row, intent
from support.playbook import CONFERENCE, Playbook, at, left, participant

ANA, BO, EVE = "v3:ana", "v3:bo", "v3:eve"


def take_out(talk: Playbook, *legs: str, seconds: float = 0.0) -> Playbook:
    """Ask for all of them to be taken out at once."""
    for leg in legs:
        order = Order(
            leg, at(seconds), COMMANDS["leave"], People(CONFERENCE, (leg,)), "ana", batch="batch"
        )
        talk.say(intents.OrderAsked(order))
    return talk


def conference() -> Playbook:
    return Playbook().begin(participant(ANA), participant(BO), participant(EVE))


def test_each_is_sent_and_logged_by_itself() -> None:
    talk = take_out(conference(), ANA, BO, EVE)
    assert [talk.stage(leg) for leg in (ANA, BO, EVE)] == [Stage.SENT] * 3
    said = [entry for entry in talk.state.log if entry.sign is Sign.OPERATOR]
    assert [(entry.leg, entry.order) for entry in said] == [(leg, leg) for leg in (ANA, BO, EVE)]


def test_who_left_meanwhile_is_not_sent_and_still_counts() -> None:
    talk = take_out(conference().say(left(0.1, BO)), ANA, BO, EVE, seconds=0.2)
    assert talk.stage(ANA) is talk.stage(EVE) is Stage.SENT
    dropped = talk.state.receipts[BO]
    assert (dropped.stage, dropped.note, dropped.sent) == (Stage.DROPPED, "left already", None)
    assert dropped.closed == at(0.2)


def test_none_of_them_is_forgotten_while_the_others_are_still_asked_for() -> None:
    talk = take_out(
        conference().policy(receipts=1).say(left(0.1, BO), left(0.1, EVE)), BO, EVE, ANA
    )
    assert list(talk.state.receipts) == [BO, EVE, ANA]


def test_what_is_under_way_already_is_not_sent_again() -> None:
    talk = take_out(conference(), ANA)
    twice = Order("t", at(0.1), COMMANDS["leave"], People(CONFERENCE, (ANA,)), "ana", batch="again")
    talk.say(intents.OrderAsked(twice))
    assert (talk.stage("t"), talk.state.receipts["t"].note) == (Stage.DROPPED, "already under way")


def test_a_request_for_many_says_whom_it_was_not_sent_for() -> None:
    talk = conference().say(left(0.1, BO))
    receipt = talk.ask("mute", 0.2, ANA, BO, EVE, id_="m")
    assert receipt is not None
    assert (receipt.order.legs, receipt.not_sent_for) == ((ANA, EVE), (BO,))


def test_the_audit_keeps_what_belongs_together() -> None:
    order = Order("o", at(0.0), COMMANDS["leave"], People(CONFERENCE, (ANA,)), "ana", batch="b")
    alone = Order("o", at(0.0), COMMANDS["leave"], People(CONFERENCE, (ANA,)), "ana")
    for one in (order, alone):
        told = fact_in_row("o", intent(one, one.command.confirmation, {}), at(0.0), COMMANDS)
        assert told is not None
        assert told.order == one  # type: ignore[union-attr]  # a command recalled


async def test_what_is_one_of_many_is_not_done_while_the_audit_cannot_be_written() -> None:
    async def broken(*_: object) -> bool:
        return False

    def later(_: object) -> None:
        raise AssertionError("nothing is written later")

    state = conference().state
    auditor = Auditor(broken, who={}, clock=lambda: at(1.0), latest=lambda: state, spawn=later)
    one = Order("o", at(1.0), COMMANDS["pause"], WholeConference(CONFERENCE), "ana")
    assert await auditor.write_intent(one)
    assert not await auditor.write_intent(replace(one, batch="b"))
