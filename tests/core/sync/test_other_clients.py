"""A change that a poll shows and that another client made is logged.

Another client of the simulator changes people; this console reads their conference.
"""

from __future__ import annotations

from typing import TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from view.scenes import cells, scene, text

from console.commands import COMMANDS
from console.core.messages import facts
from console.core.messages.intents import OrderAsked
from console.core.messages.read_scopes import ParticipantsScope as PeopleScope
from console.core.model.command import Order, People, WholeConference
from console.core.model.stage import Stage
from console.core.model.state import Entry, Sign
from console.view.dialogs.log_entry import entry_lines
from console.view.panes.log import sheet
from support.acting import Acting
from support.reads import UnderWay
from support.twin import START

PEOPLE = 3
FIELDS = {"mute": ("muted", True), "unmute": ("muted", False)} | {
    "hold": ("held", True),
    "unhold": ("held", False),
}
WORDS = {"mute": "muted", "unmute": "unmuted", "hold": "on hold", "unhold": "off hold"}
Step: TypeAlias = tuple[str, str, int]


def polled(at: Acting) -> list[Entry]:
    return [entry for entry in at.state.log if entry.sign is Sign.POLL]


def told(at: Acting) -> list[tuple[str, str | None]]:
    return [(entry.name, entry.leg) for entry in polled(at)]


def test_the_first_reading_is_no_change() -> None:
    at = Acting(people=PEOPLE)
    at.act("mute", call_control_ids=[at.legs[0]])
    fresh = Acting(people=PEOPLE)
    assert polled(fresh) == []


def test_a_mute_and_a_hold_by_another_client_are_lines_once() -> None:
    at = Acting(people=PEOPLE)
    ana, bo = at.legs[:2]
    at.act("mute", call_control_ids=[ana])
    at.act("hold", call_control_ids=[bo])
    at.settle()
    at.settle()
    assert sorted(told(at)) == sorted([("muted", ana), ("on hold", bo)])
    assert {(entry.conference, entry.text) for entry in polled(at)} == {
        (at.conference, "not by this console")
    }
    at.act("unmute", call_control_ids=[ana])
    at.settle()
    assert told(at)[-1] == ("unmuted", ana)


def test_many_changes_of_one_reading_are_one_line_that_opens_all_names() -> None:
    at = Acting(people=7)
    at.act("hold", call_control_ids=list(at.legs))
    at.act("mute", call_control_ids=at.legs[:2])
    at.settle()
    muted = [entry.leg for entry in polled(at) if entry.name == "muted"]
    assert sorted(map(str, muted)) == sorted(at.legs[:2])
    (held,) = [entry for entry in polled(at) if entry.name == "on hold"]
    assert sorted(held.legs) == sorted(at.legs)
    seen = scene(at.state)
    shown = sheet(seen)
    assert cells(shown, str(held.number))["text"] == "7 people not by this console"
    opened = [text(line) for line in entry_lines(seen, held)]
    assert all(any(leg in line for line in opened) for leg in at.legs)


def test_a_whisper_and_an_exit_flag_by_another_client_are_lines() -> None:
    at = Acting(people=PEOPLE)
    ana, bo, _ = at.legs
    whom = [bo]
    at.act(
        "update",
        call_control_id=ana,
        supervisor_role="whisper",
        whisper_call_control_ids=whom,
    )
    at.exits(bo, end_conference_on_exit=True)
    at.settle()
    lines = {entry.name: (entry.leg, entry.text) for entry in polled(at)}
    assert lines["whisper"] == (ana, "to 1 person, not by this console")
    assert lines["end on exit"] == (bo, "on, not by this console")


def test_what_we_did_ourselves_is_none() -> None:
    at = Acting(people=PEOPLE)
    legs = tuple(at.legs)
    for verb in ("mute", "hold", "unmute", "unhold"):
        at.order(verb, People(at.conference, legs))
    at.order("role", People(at.conference, legs[:1]), {"supervisor_role": "monitor"})
    at.order("options", People(at.conference, legs[:1]), {"end_conference_on_exit": "on"})
    at.take_back()
    assert polled(at) == []


def served(at: Acting) -> UnderWay:
    """A reading of the conference that the API took now and answers later."""
    reading = UnderWay(PeopleScope(at.conference), at.world, at.now, at.page)
    reading.serve(at.now)
    return reading


def arrives(at: Acting, reading: UnderWay, lag: float) -> None:
    """Deliver the answer, as if it was requested so many seconds after it was true."""
    listed = reading.answer(at.now, at.clock, lag=lag)
    assert listed is not None
    at.fold(listed)


def test_a_read_that_lags_behind_our_own_command_is_none() -> None:
    at = Acting(people=PEOPLE)
    ana = at.legs[0]
    old = served(at)
    order = Order("m", at.moment(), COMMANDS["mute"], People(at.conference, (ana,)), "ana")
    at.fold(OrderAsked(order))
    at.act("mute", call_control_ids=[ana])
    at.fold(facts.CommandSent(at.moment(), "m", 1))
    at.fold(facts.CommandAccepted(at.moment(), "m", float(int(START + at.now))))
    at.sends.clear()
    at.wait(0.5)
    at.read(PeopleScope(at.conference))
    assert at.state.receipts["m"].stage is Stage.SEEN
    at.wait(0.5)
    arrives(at, old, 1.0)
    assert not at.state.people[at.conference][ana].listed.muted  # type: ignore[union-attr]  # listed
    at.settle()
    assert polled(at) == []


def test_a_read_that_lags_behind_another_client_is_no_change_back() -> None:
    at = Acting(people=PEOPLE)
    ana = at.legs[0]
    old = served(at)
    at.act("mute", call_control_ids=[ana])
    at.wait(0.5)
    at.read(PeopleScope(at.conference))
    at.wait(0.5)
    arrives(at, old, 1.0)
    at.settle()
    assert told(at) == [("muted", ana)]
    at.act("unmute", call_control_ids=[ana])
    at.settle()
    assert told(at) == [("muted", ana), ("unmuted", ana)]


def test_what_another_client_does_right_after_ours_is_told_as_soon_as_it_is_sure() -> None:
    at = Acting(people=PEOPLE)
    ana = at.legs[0]
    order = Order("m", at.moment(), COMMANDS["mute"], People(at.conference, (ana,)), "ana")
    at.fold(OrderAsked(order))
    at.settle()
    at.act("unmute", call_control_ids=[ana])
    at.read(PeopleScope(at.conference))
    at.settle()
    at.settle()
    assert told(at) == [("unmuted", ana)]


def test_an_end_that_a_webhook_tells_of_is_told_by_it_alone() -> None:
    at = Acting(people=PEOPLE)
    at.act("end")
    while at.pending:
        at.deliver(0)
    at.settle()
    assert polled(at) == []


def test_an_end_of_which_no_webhook_can_tell_is_a_line() -> None:
    at = Acting(people=PEOPLE)
    at.pending.clear()
    at.act("end")
    at.pending.clear()
    at.settle()
    assert [(entry.name, entry.conference) for entry in polled(at)] == [("ended", at.conference)]


def test_our_own_end_is_none() -> None:
    at = Acting(people=PEOPLE)
    at.pending.clear()
    at.order("end", WholeConference(at.conference))
    at.pending.clear()
    at.settle()
    assert polled(at) == []


steps = st.lists(
    st.tuples(
        st.sampled_from(["ours", "theirs"]),
        st.sampled_from(sorted(FIELDS)),
        st.integers(0, PEOPLE - 1),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=12)
@example([("ours", "mute", 0), ("theirs", "unmute", 0), ("ours", "mute", 0)])
@given(steps)
def test_every_change_of_another_client_is_one_line_and_none_of_ours(done: list[Step]) -> None:
    at = Acting(people=PEOPLE)
    expected: list[tuple[str, str | None]] = []
    for hand, verb, number in done:
        leg = at.legs[number]
        field, value = FIELDS[verb]
        changes = at.people()[leg][field] is not value
        if hand == "ours":
            at.order(verb, People(at.conference, (leg,)))
        else:
            at.act(verb, call_control_ids=[leg])
            at.settle()
            expected += [(WORDS[verb], leg)] if changes else []
        at.settle()
    assert told(at) == expected


@pytest.mark.parametrize("verb", ["mute", "hold"])
def test_a_command_of_which_nothing_was_heard_explains_what_a_poll_shows_later(verb: str) -> None:
    at = Acting(people=PEOPLE)
    ana = at.legs[0]
    order = Order("m", at.moment(), COMMANDS[verb], People(at.conference, (ana,)), "ana")
    at.fold(OrderAsked(order))
    at.sends.clear()
    at.act(verb, call_control_ids=[ana])
    at.settle()
    assert polled(at) == []
