"""Undo is exact: do, then undo, and everybody is as before, whatever another hand did meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from console.commands import COMMANDS
from console.commands.targeting import observed
from console.core.messages import facts
from console.core.messages.intents import OrderAsked, UndoAsked
from console.core.model.command import (
    Order,
    People,
    Queued,
    Target,
    TargetKind,
    WholeConference,
    WholeQueue,
)
from console.core.model.stage import Stage
from console.core.model.state import Receipt
from support.acting import Acting
from support.twin import START

PEOPLE = 4
VERBS = [name for name, command in COMMANDS.items() if command.undo is not None]
Deed: TypeAlias = tuple[str, tuple[int, ...], int]

some = st.lists(st.integers(0, PEOPLE - 1), min_size=1, max_size=PEOPLE, unique=True).map(tuple)
deeds = st.tuples(st.sampled_from(VERBS), some, st.integers(0, 11))
starts = st.lists(
    st.tuples(st.sampled_from(["mute", "hold", "end", "soft", "role"]), some), max_size=5
)
BOUND = settings(max_examples=25)


def begun(start: list[tuple[str, tuple[int, ...]]]) -> Acting:
    """A conference where people are muted, held, hosts and in roles that we gave them."""
    at = Acting(people=PEOPLE)
    for verb, whom in start:
        legs = [at.legs[number] for number in whom]
        if verb in {"mute", "hold"}:
            at.act(verb, call_control_ids=legs)
        elif verb == "role":
            at.order("role", People(at.conference, (legs[0],)), {"supervisor_role": "monitor"})
        else:
            name = "end_conference_on_exit" if verb == "end" else "soft_end_conference_on_exit"
            at.exits(legs[0], **{name: True})
    at.settle()
    return at


def answers(at: Acting, name: str, draw: int) -> Mapping[str, str]:
    """Answers for a verb's questions, some of them as it is already."""
    match name:
        case "options":
            words = ("as it is", "on", "off")
            return {
                "end_conference_on_exit": words[draw % 3],
                "soft_end_conference_on_exit": words[draw // 3 % 3],
            }
        case "role":
            role = ("none", "monitor", "whisper", "barge")[draw % 4]
            whom = ",".join(at.legs[draw % 3 :]) if role == "whisper" else ""
            return {"supervisor_role": role, "whisper_call_control_ids": whom}
        case "queue_size":
            return {"max_size": str((50, 7, 300)[draw % 3])}
        case "keep":
            return {"keep_after_hangup": ("yes", "no")[draw % 2]}
        case _:
            return {}


def target(at: Acting, name: str, whom: tuple[int, ...]) -> Target:
    legs = tuple(at.legs[number] for number in whom)
    targets: dict[TargetKind, Target] = {
        TargetKind.PEOPLE: People(at.conference, legs),
        TargetKind.ONE: People(at.conference, legs[:1]),
        TargetKind.CONFERENCE: WholeConference(at.conference),
        TargetKind.CALL: Queued("vip", at.queued),
        TargetKind.QUEUE: WholeQueue("vip"),
    }
    return targets[COMMANDS[name].target_kind]


def taken_back(at: Acting) -> Receipt:
    undoing = at.take_back()
    return at.state.receipts[undoing]


def do(at: Acting, deed: Deed) -> str:
    name, whom, draw = deed
    return at.order(name, target(at, name, whom), answers(at, name, draw))


def stage(at: Acting, id_: str) -> Stage:
    return at.state.receipts[id_].stage


def can_be_told(at: Acting, deed: Deed) -> bool:
    """A listing cannot tell a participant muted by a role from one muted by a command."""
    name, whom, _ = deed
    silent = {"monitor", "whisper"} & {str(at.people()[at.legs[number]]["role"]) for number in whom}
    return name not in {"mute", "unmute"} or not silent


@BOUND
@example([], [("mute", (0,), 0), ("role", (0,), 1), ("role", (0,), 3)])
@example([], [("role", (0,), 1), ("role", (0,), 0), ("mute", (0,), 0)])
@given(starts, st.lists(deeds, min_size=1, max_size=4))
def test_undo_walks_back_through_every_state_and_redo_forward_again(
    start: list[tuple[str, tuple[int, ...]]], done: list[Deed]
) -> None:
    at = begun(start)
    for leg in at.legs:  # from here on every role is known, and the recording and the place
        role = {"supervisor_role": at.world.conferences[at.conference].people[leg].role}
        at.order("role", People(at.conference, (leg,)), role)
    at.order("record", WholeConference(at.conference), {"format": "mp3"})
    at.order("keep", Queued("vip", at.queued), {"keep_after_hangup": "no"})
    states = [at.everything()]
    for deed in done:
        if can_be_told(at, deed):
            do(at, deed)
            states.append(at.everything())
    moved = [state for before, state in pairwise(states) if state != before]
    path = [states[0], *moved]
    for expected in reversed(path[:-1]):
        undone = at.take_back()
        assert at.state.receipts[undone].stage in {Stage.SEEN, Stage.NO_PROOF}
        assert at.everything() == expected
    for expected in moved:
        at.take_back(redo=True)
        assert at.everything() == expected
    for expected in reversed(path[:-1]):
        at.take_back()
        assert at.everything() == expected


@BOUND
@example([], ("options", (0,), 5), (0,), "end")
@example([], ("options", (0,), 4), (0,), "end")
@given(
    starts,
    deeds.filter(lambda deed: deed[0] != "role"),
    some,
    st.sampled_from(["mute", "unmute", "hold", "unhold", "end"]),
)
def test_undo_gives_back_what_we_changed_and_nobody_since_and_names_the_rest(
    start: list[tuple[str, tuple[int, ...]]], deed: Deed, others: tuple[int, ...], other: str
) -> None:
    at = begun(start)
    before = at.people()
    do(at, deed)
    made = at.people()
    for number in others:
        leg = at.legs[number]
        if other == "end":
            at.exits(leg, end_conference_on_exit=not made[leg]["end"])
        else:
            at.act(other, call_control_ids=[leg])
    at.settle()
    theirs = at.people()
    at.take_back()
    after = at.people()
    named = [entry.leg for entry in at.state.log if "left alone" in entry.text]
    for leg in at.legs:
        ours = {field for field in made[leg] if made[leg][field] != before[leg][field]}
        ours_still = {field for field in ours if theirs[leg][field] == made[leg][field]}
        assert after[leg] == {**theirs[leg], **{field: before[leg][field] for field in ours_still}}
        assert (leg in named) is (ours_still != ours)


def test_an_undo_that_waited_leaves_alone_what_was_changed_meanwhile() -> None:
    at = begun([])
    ana = at.legs[0]
    both = {"end_conference_on_exit": "on", "soft_end_conference_on_exit": "on"}
    command, target = COMMANDS["options"], People(at.conference, (ana,))
    seen = observed(command, target, at.state)
    asked = Order("o", at.moment(), command, target, "ana", both, observed=seen)
    at.fold(OrderAsked(asked))
    at.fold(UndoAsked(at.moment(), "z", "ana"))
    assert stage(at, "z") is Stage.WAITING
    (sent,), at.sends = at.sends, []
    at.exits(ana, **dict.fromkeys(both, True))
    at.fold(facts.CommandSent(at.moment(), sent.id, 1))
    at.fold(facts.CommandAccepted(at.moment(), sent.id, float(int(START + at.now))))
    at.exits(ana, end_conference_on_exit=False)
    at.settle()
    at.exits(ana, end_conference_on_exit=True)
    at.settle()
    assert stage(at, "z") is Stage.SEEN
    assert (at.people()[ana]["end"], at.people()[ana]["soft"]) == (True, False)


@pytest.mark.parametrize(("verb", "against"), [("mute", "unmute"), ("unhold", "hold")])
def test_of_two_the_one_that_changed_since_is_named_and_the_other_is_put_back(
    verb: str, against: str
) -> None:
    at = begun([("hold", (0, 1))] if verb == "unhold" else [])
    ana, bo = at.legs[:2]
    before = at.everything()
    at.order(verb, People(at.conference, (ana, bo)))
    at.act(against, call_control_ids=[bo])
    at.settle()
    undone = taken_back(at)
    assert (undone.order.legs, undone.left_alone) == ((ana,), (bo,))
    assert at.everything() == before
    assert [e.leg for e in at.state.log if "changed since" in e.text] == [bo]


def test_one_whom_everybody_else_changed_is_named_and_passed_over() -> None:
    at = begun([])
    ana, bo = at.legs[:2]
    at.order("hold", People(at.conference, (bo,)))
    at.order("mute", People(at.conference, (ana,)))
    at.act("unmute", call_control_ids=[ana])
    at.settle()
    first = at.take_back()
    assert first not in at.state.receipts
    assert at.state.log[-1].text == "mute: changed since, left alone"
    assert at.state.log[-1].leg == ana
    assert taken_back(at).order.command.name == "unhold"


def test_a_role_that_was_not_known_has_no_way_back() -> None:
    at = begun([])
    at.order("role", People(at.conference, (at.legs[0],)), {"supervisor_role": "monitor"})
    undone = at.take_back()
    assert undone not in at.state.receipts
    assert "nothing" in at.state.log[-1].text


def test_a_recording_goes_on_as_it_did_and_with_the_same_id() -> None:
    at = begun([])
    at.order("record", WholeConference(at.conference), {"format": "mp3"})
    (recording,) = at.world.conferences[at.conference].recordings
    at.order("pause", WholeConference(at.conference), {"recording_id": recording.id})
    assert recording.state == "paused"
    undone = taken_back(at)
    assert undone.order.values == {"recording_id": recording.id}
    assert at.everything()["recordings"] == ["recording"]


def test_hold_that_is_put_back_plays_the_same_again() -> None:
    at = begun([])
    ana = People(at.conference, (at.legs[0],))
    at.order("hold", ana, {"audio_url": "https://media.example/jazz.mp3"})
    at.order("unhold", ana)
    undone = taken_back(at)
    assert undone.order.values == {"audio_url": "https://media.example/jazz.mp3"}
