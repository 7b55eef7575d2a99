"""A command on marked rows: its targets, the rows it leaves out, and never another row."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ui.bench import ANA, BO, EVE, Bench, bench
from view.desks import Sitting
from view.scenes import text

from console.commands import COMMANDS
from console.commands.bulk_targeting import GONE, INCLUDE
from console.core.messages import facts, intents
from console.core.model.command import (
    AnyLeg,
    Pane,
    People,
    Queued,
    TargetKind,
    WholeConference,
    WholeQueue,
    conference_of,
    legs_of,
    queue_of,
)
from console.view.screen_elements import Cell, Confirm
from support.playbook import (
    CONFERENCE,
    Playbook,
    left,
    listed_conference,
    participant,
    people_listed,
    queue,
    queued,
    reading,
)

OTHER = "8d2f0e52-0000-4000-8000-000000000002"
SUE = replace(participant("v3:sue"), whisper_to=(ANA,))


def marked(*keys: str, pane: Pane = Pane.PEOPLE, cursor: str = EVE) -> Bench:
    """Return a bench with four people (Sue whispers), a second conference and two queued calls."""
    talk = Playbook().begin(participant(ANA), participant(BO), participant(EVE), SUE)
    both = (listed_conference(), listed_conference(OTHER, "esc-4471"))
    talk.say(facts.ConferencesListed(reading(0.1), "in_progress", both))
    talk.say(people_listed(0.1, participant("v3:dan"), conference=OTHER))
    talk.say(facts.QueuesListed(reading(0.2), (queue("vip"), queue("billing"))))
    talk.say(facts.CallsListed(reading(0.3), "vip", (queued("v3:q1"), queued("v3:q2"))))
    talk.say(facts.CallsListed(reading(0.3), "billing", ()))
    at = {"pane": pane, "conference": CONFERENCE, "leg": cursor, "queue": "vip", "call": "v3:q2"}
    return Bench(Sitting(talk), {**at, "marked": keys})


@pytest.mark.parametrize("key", ["m", "M", "h", "H"])
def test_a_listed_verb_names_the_marked_less_those_it_spares(key: str) -> None:
    at = marked(ANA, BO, "v3:sue")
    on = [participant(leg, muted=key == "M", held=key == "H") for leg in (ANA, BO)]
    at.sitting.happen(people_listed(0.9, *on, SUE))
    at.press(key)
    assert at.orders == []
    form = at.forms[0]
    assert "not touched: ?leg ..:sue" in [text(note) for note in form.notes]
    at.answers[0](form.values)
    assert [target for _, target in at.orders] == [People(CONFERENCE, (ANA, BO))]


def test_those_it_spares_are_in_when_somebody_says_so_and_only_then() -> None:
    at = marked(ANA, BO, "v3:sue")
    at.press("m")
    at.answers[0]({INCLUDE: "yes"})
    at.press("m")
    assert at.forms[1].values[INCLUDE] == "no", "it is not remembered"
    at.answers[1](at.forms[1].values)
    asked = [one.order for one in at.sitting.said(intents.OrderAsked)]
    assert [one.target for one in asked] == [
        People(CONFERENCE, (ANA, BO, "v3:sue")),
        People(CONFERENCE, (ANA, BO)),
    ]
    assert [dict(one.values) for one in asked] == [{}, {}], "and never sent"


def test_one_supervisor_is_not_many() -> None:
    at = marked("v3:sue")
    at.press("m")
    assert at.orders == [("mute", People(CONFERENCE, ("v3:sue",)))]


@pytest.mark.parametrize("key", ["p", "s", "d", "P"])
def test_what_takes_a_list_is_one_request_to_all_that_are_marked(key: str) -> None:
    at = marked(BO, "v3:sue", ANA)
    at.press(key)
    at.answers[0]({})
    assert [target for _, target in at.orders] == [People(CONFERENCE, (BO, "v3:sue", ANA))]


def test_what_takes_no_list_is_one_request_for_each() -> None:
    at = marked(BO, ANA, EVE)
    at.press("x")
    assert at.forms[0].confirm is Confirm.YES
    assert at.forms[0].run == "take out 3 people"
    at.answers[0]({})
    assert at.orders == [("leave", People(CONFERENCE, (leg,))) for leg in (BO, ANA, EVE)]
    asked = [one.order for one in at.sitting.said(intents.OrderAsked)]
    assert len({one.id for one in asked}) == 3
    assert {one.batch for one in asked} == {asked[0].id}
    assert len({one.at for one in asked}) == 1
    assert at.forms[0].plan is not None
    assert at.forms[0].plan({}).count("curl ") == 3


def test_leaving_of_more_than_three_is_typed_and_no_name_stands_for_four() -> None:
    at = marked(BO, ANA, EVE, "v3:sue")
    at.press("x")
    form = at.forms[0]
    assert form.confirm is Confirm.TYPED
    assert (len(form.typed), form.typed.isalpha()) == (4, True)
    assert any("4 people leave at once" in text(note) for note in form.notes)


def test_conferences_are_ended_one_request_each_and_typed() -> None:
    at = marked(CONFERENCE, OTHER, pane=Pane.CONFERENCES)
    at.press("e")
    assert at.forms[0].confirm is Confirm.TYPED
    assert "board-q3" in text(at.forms[0].targets)
    assert "esc-4471" in text(at.forms[0].targets)
    at.answers[0]({})
    assert at.orders == [("end", WholeConference(CONFERENCE)), ("end", WholeConference(OTHER))]


def test_a_verb_for_people_on_marked_conferences_names_those_of_each() -> None:
    at = marked(CONFERENCE, OTHER, pane=Pane.CONFERENCES)
    at.press("m")
    at.answers[0](at.forms[0].values)
    assert at.orders == [
        ("mute", People(CONFERENCE, (ANA, BO, EVE))),
        ("mute", People(OTHER, ("v3:dan",))),
    ]


def test_calls_and_queues_are_one_request_each() -> None:
    at = marked("v3:q1", "v3:q2", pane=Pane.CALLS)
    at.press("x")
    at.answers[0]({})
    at.press("a")
    at.answers[1]({"room": CONFERENCE})
    assert at.orders == [
        ("leave_queue", Queued("vip", "v3:q1")),
        ("leave_queue", Queued("vip", "v3:q2")),
        ("join", AnyLeg("v3:q1", from_queue="vip")),
        ("join", AnyLeg("v3:q2", from_queue="vip")),
    ]
    queues = marked("vip", "billing", pane=Pane.QUEUES)
    queues.press("x")
    told = "|".join(text(note) for note in queues.forms[0].notes)
    assert "vip (2 still waiting" in told
    queues.answers[0]({})
    assert queues.orders == [("queue_delete", WholeQueue("billing"))]


@pytest.mark.parametrize(
    ("pane", "keys", "key"),
    [
        (Pane.PEOPLE, (ANA, BO), "w"),
        (Pane.PEOPLE, (ANA, BO), "D"),
        (Pane.PEOPLE, (ANA, BO), "N"),
        (Pane.QUEUES, ("vip", "billing"), "o"),
    ],
)
def test_what_makes_sense_for_one_alone_says_why(
    pane: Pane, keys: tuple[str, ...], key: str
) -> None:
    at = marked(*keys, pane=pane)
    at.press(key)
    assert (at.forms, at.orders) == ([], [])
    assert at.refusals[0].endswith(", and 2 are marked")
    alone = marked(keys[0], pane=pane)
    alone.press(key)
    assert len(alone.forms) == 1


def test_a_row_that_left_is_named_and_nothing_is_done_in_its_stead() -> None:
    at = marked(ANA, BO)
    at.sitting.happen(left(0.9, BO))
    at.press("m")
    assert at.orders == [], "two were meant, so it is asked about"
    assert "left out: " in "|".join(text(note) for note in at.forms[0].notes)
    at.answers[0]({})
    assert at.orders == [("mute", People(CONFERENCE, (ANA,)))]
    at.sitting.happen(left(2.0, ANA))
    at.press("m")
    assert at.refusals == [f"mute: {GONE}"]
    assert len(at.orders) == 1, "the row under the cursor was never meant"


def test_a_chip_is_struck_out_when_its_target_leaves_while_it_is_asked() -> None:
    at = marked(ANA, BO)
    at.press("x")
    asked = at.forms[0]

    def look() -> Cell:
        assert asked.wording is not None
        return asked.wording(asked.values).targets

    assert look() == asked.targets
    at.sitting.happen(left(3.0, BO))
    struck = [span.text for span in look() if span.role.value == "gone"]
    assert len(struck) == 1
    assert struck[0].endswith("..3:bo")
    at.looking["marked"] = (EVE,)
    assert "eve" not in text(look()), "nobody is added"


def test_the_conference_is_meant_by_its_own_verbs_whoever_is_marked() -> None:
    at = marked(ANA, BO)
    at.press("c")
    assert at.orders == [("pause", WholeConference(CONFERENCE))]


PANES = {
    Pane.PEOPLE: (ANA, BO, EVE, "v3:sue", "v3:was-never-there"),
    Pane.CALLS: ("v3:q1", "v3:q2", "v3:q9"),
    Pane.CONFERENCES: (CONFERENCE, OTHER, "no-such-room"),
    Pane.QUEUES: ("vip", "billing", "no-such-queue"),
}


@settings(max_examples=120)
@given(st.data())
def test_no_order_ever_names_what_was_not_marked_or_under_the_cursor(data: st.DataObject) -> None:
    pane = data.draw(st.sampled_from(list(PANES)))
    keys = data.draw(st.lists(st.sampled_from(PANES[pane]), unique=True))
    command = data.draw(st.sampled_from([c for c in COMMANDS.values() if pane in c.panes]))
    cursor = data.draw(st.sampled_from(PANES[Pane.PEOPLE]))
    at = marked(*keys, pane=pane, cursor=cursor)
    at.press(command.key)
    gone = data.draw(st.sampled_from([ANA, BO, EVE]))
    at.sitting.happen(left(2.0, gone))
    at.looking |= {"leg": EVE, "call": "v3:q1", "marked": PANES[pane]}
    include = data.draw(st.sampled_from(["no", "yes"]))
    for answered in at.answers:
        answered({INCLUDE: include, "room": CONFERENCE, "queue_name": "vip", "max_size": "9"})
    for name, target in at.orders:
        if command.target_kind is TargetKind.NOTHING:
            continue
        assert name == command.name
        _named_only(pane, keys, cursor, target, wide=command.target_kind is TargetKind.CONFERENCE)


def _named_only(pane: Pane, keys: list[str], cursor: str, target: object, *, wide: bool) -> None:
    legs, conference, line = set(legs_of(target)), conference_of(target), queue_of(target)  # type: ignore[arg-type]  # a target
    match pane:
        case Pane.PEOPLE:
            assert wide or legs
            assert legs <= (set(keys) or {cursor})
            assert conference in {CONFERENCE, None}
        case Pane.CALLS:
            assert legs
            assert legs <= (set(keys) or {"v3:q2"})
        case Pane.CONFERENCES:
            assert conference in (keys or [CONFERENCE])
            people = {CONFERENCE: {ANA, BO, EVE, "v3:sue"}, OTHER: {"v3:dan"}}
            assert legs <= people[conference or ""]
        case _:
            assert line in (keys or ["vip"])


def test_a_bench_without_marks_is_aimed_by_its_cursor() -> None:
    at = bench(leg=BO)
    at.press("m")
    assert at.orders == [("mute", People(CONFERENCE, (BO,)))]
