"""One key is one act: what it did in several requests is taken back, and done again, at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.commands import COMMANDS
from console.core.lifecycle.undo import foreseen_orders
from console.core.messages import facts
from console.core.messages.intents import UndoAsked
from console.core.model.command import People, WholeConference
from console.core.model.listed_resources import Problem, ProblemKind
from console.core.model.stage import Stage
from console.core.model.state import State
from console.journal.audit_writer import fact_in_row, intent
from console.journal.confidential import Confidentiality
from console.journal.sealing import Seal
from support.acting import Acting

ACT = 3
"""So many conferences."""
AGAINST = {"mute": "unmute", "hold": "unhold"}


def several() -> Acting:
    return Acting(people=2, others=ACT - 1)


def everybody(at: Acting) -> tuple[People, ...]:
    return tuple(People(conference, at.inside(conference)) for conference in at.conferences)


def left_alone(at: Acting) -> list[str | None]:
    return [entry.leg for entry in at.state.log if "left alone" in entry.text]


@pytest.mark.parametrize("verb", list(AGAINST))
def test_what_one_key_did_in_several_conferences_goes_back_forth_and_back_whole(verb: str) -> None:
    at = several()
    at.act(verb, call_control_ids=[at.legs[0]])  # this one was so already, and stays so
    at.settle()
    before = at.everything()
    at.orders(verb, *everybody(at))
    made = at.everything()
    assert made != before
    for redo, expected in ((False, before), (True, made), (False, before), (True, made)):
        at.take_back(redo=redo)
        assert at.everything() == expected
    assert left_alone(at) == []


def test_each_request_of_it_has_an_id_of_its_own_and_they_are_one_act() -> None:
    at = several()
    asked = at.orders("mute", *everybody(at))
    id_ = at.take_back()
    undone = [one.order for one in at.state.receipts.values() if one.order.undoes]
    assert tuple(order.undoes for order in undone) == asked
    assert len({order.id for order in undone}) == ACT
    assert {order.key_press for order in undone} == {id_}
    assert [order.command.name for order in undone] == ["unmute"] * ACT


def test_what_was_done_before_it_is_next() -> None:
    at = several()
    at.order("hold", People(at.conference, (at.legs[0],)))
    held = at.everything()
    at.orders("mute", *everybody(at))
    at.take_back()
    assert at.everything() == held
    at.take_back()
    assert [entry["held"] for entry in at.people().values()] == [False] * 2 * ACT


@settings(max_examples=25)
@given(
    st.sampled_from(list(AGAINST)),
    st.sets(st.integers(0, 2 * ACT - 1)),
    st.sets(st.integers(0, 2 * ACT - 1)),
)
def test_of_all_of_it_those_that_another_hand_changed_are_left_alone_and_named(
    verb: str, already: set[int], changed: set[int]
) -> None:
    at = several()
    everyone = [(leg, conference) for conference in at.conferences for leg in at.inside(conference)]
    for number in already:
        leg, conference = everyone[number]
        at.act(verb, conference=conference, call_control_ids=[leg])
    at.settle()
    before = at.people()
    at.orders(verb, *everybody(at))
    made = at.people()
    for number in changed:
        leg, conference = everyone[number]
        at.act(AGAINST[verb], conference=conference, call_control_ids=[leg])
    at.settle()
    theirs = at.people()
    undone = at.take_back()
    ours = {leg for leg in made if made[leg] != before[leg]}
    named = {leg for number, (leg, _) in enumerate(everyone) if number in changed} & ours
    expected = {leg: before[leg] if leg in ours - named else theirs[leg] for leg in made}
    assert at.people() == expected
    assert set(left_alone(at)) == named
    first = at.state.receipts.get(undone)
    assert (first is not None) is bool(ours - named)
    assert first is None or set(first.left_alone) == named
    again = at.take_back()  # there is no second half of it
    assert again not in at.state.receipts
    assert at.people() == expected


@pytest.mark.parametrize("memory", [100, 1])
def test_what_of_an_undoing_was_refused_is_what_the_next_press_takes_back(memory: int) -> None:
    at = several()
    at.state = replace(at.state, policy=replace(at.state.policy, receipts=memory))
    before = at.everything()
    at.orders("mute", *everybody(at))
    at.fold(UndoAsked(at.moment(), "z", "ana"))
    refused = at.sends.pop()
    at.fold(facts.CommandRefused(at.moment(), refused.id, Problem(ProblemKind.REFUSED, 500)))
    at.settle()
    assert at.everything() != before
    id_ = at.take_back()
    assert at.everything() == before
    assert at.state.receipts[id_].order.undoes == refused.undoes
    assert at.state.receipts[id_].order.batch is None


def test_pauses_of_several_recordings_go_on_together() -> None:
    at = several()
    for conference in at.conferences:
        at.order("record", WholeConference(conference), {"format": "mp3"})
    at.orders("pause", *(WholeConference(conference) for conference in at.conferences))
    at.take_back()
    states = [
        one.state for conference in at.world.conferences.values() for one in conference.recordings
    ]
    assert states == ["recording"] * ACT


SEALED = Confidentiality(Seal("KEY1"))


def restarted(at: Acting) -> None:
    """Another process, which has the audit's rows and has read nothing yet."""
    rows = list(at.state.receipts.values())
    at.state = State(commands=COMMANDS)
    for old in rows:
        order = old.order
        row = intent(order, order.command.confirmation, {}, old.settings_before, SEALED)
        told = fact_in_row(order.id, row, order.at, COMMANDS, SEALED)
        assert told is not None
        at.fold(told)
        at.fold(facts.CommandSent(order.at, order.id, 1))
        if old.accepted is not None:
            at.fold(facts.CommandAccepted(old.accepted, order.id, old.accepted_date))
        if old.closed is not None:
            at.fold(facts.CommandSettled(old.closed, order.id, old.stage, old.note))
    at.fold(facts.Resumed(at.moment(), len(rows)))


def test_a_later_process_takes_it_back_and_does_it_again_as_one() -> None:
    at = several()
    before = at.everything()
    at.orders("mute", *everybody(at))
    made = at.everything()
    restarted(at)
    at.poll()
    at.take_back()
    assert at.everything() == before
    restarted(at)
    at.poll()
    at.take_back(redo=True)
    assert at.everything() == made


def test_a_later_process_holds_with_the_same_audio_though_its_address_has_a_number() -> None:
    audio = {"audio_url": "https://media.example/20261122/512-555-0142.mp3"}
    at = several()
    ana = People(at.conference, (at.legs[0],))
    at.order("hold", ana, audio)
    at.order("unhold", ana)
    restarted(at)
    at.poll()
    id_ = at.take_back()
    undone = at.state.receipts[id_]
    assert (undone.order.command.name, undone.order.values) == ("hold", audio)


def test_it_waits_until_all_of_it_was_read_rather_than_take_back_half_or_something_older() -> None:
    at = several()
    at.order("hold", People(at.conference, (at.legs[0],)))
    held = at.everything()
    at.orders("mute", *everybody(at))
    made = at.everything()
    restarted(at)
    at.asked.clear()
    at.fold(UndoAsked(at.moment(), "early", "ana"))
    assert at.sends == []
    assert at.everything() == made
    assert at.state.log[-1].text == "undo: mute: reading the current setting; press again"
    assert at.asked
    assert foreseen_orders(at.state, UndoAsked(at.moment(), "z", "ana")) == ()
    at.poll()
    at.take_back()
    assert at.everything() == held


def test_a_conference_that_ended_meanwhile_is_not_waited_for() -> None:
    at = several()
    at.orders("mute", *everybody(at))
    at.act("end", conference=at.conferences[1])
    restarted(at)
    at.poll()
    at.take_back()
    assert [one["muted"] for one in at.people().values()] == [False] * len(at.people())


def test_an_act_is_remembered_whole_or_not_at_all() -> None:
    at = several()
    for _ in range(at.state.policy.receipts // ACT):
        at.orders("mute", *everybody(at))
        at.orders("unmute", *everybody(at))
    acts: dict[str, int] = {}
    for receipt in at.state.receipts.values():
        acts[receipt.order.key_press] = acts.get(receipt.order.key_press, 0) + 1
        assert receipt.stage is not Stage.WAITING
    assert set(acts.values()) == {ACT}
    assert sum(acts.values()) <= at.state.policy.receipts + 2 * ACT
