"""A line typed after a colon has one meaning, or a reason why it has none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from view.scenes import scene

from console.core.messages import facts
from console.core.model.command import Pane
from console.core.model.entities import Identity
from console.view.command_line import LineAction, cursor_label, read_line
from console.view.context import ViewContext
from support.playbook import CONFERENCE, Playbook, listed_conference, participant, queue, queued
from support.playbook import reading as answer

ANA, ANABEL, ONE, TWO = "v3:ana", "v3:anabel", "v3:one0", "v3:two0"
NAMED = {
    ANA: Identity(agent="Ana Lopez"),
    ANABEL: Identity(name="Anabel"),
    ONE: Identity(number="+15125550101"),
    TWO: Identity(number="+15125550177"),
}


def desk(pane: Pane = Pane.PEOPLE, *more: str) -> ViewContext:
    talk = Playbook().begin(*(participant(leg) for leg in (ANA, ANABEL, ONE, TWO, *more)))
    talk.say(
        facts.ConferencesListed(
            answer(0.1),
            "in_progress",
            (
                listed_conference(),
                listed_conference("r-2", "esc-1"),
                listed_conference("r-3", "esc-1"),
            ),
        ),
        facts.QueuesListed(answer(0.2), (queue("vip"), queue("vap"))),
        facts.CallsListed(answer(0.3), "vip", (queued("v3:call"),)),
    )
    state = replace(talk.state, identities={**talk.state.identities, **NAMED})
    return scene(state, 1.0, pane=pane, leg=TWO, queue="vip", call="v3:call")


def chosen(at: ViewContext, text: str) -> LineAction:
    (row,) = read_line(at, text).rows
    assert row.chosen is not None
    return row.chosen


@pytest.mark.parametrize(
    ("text", "leg"),
    [
        ("mute", TWO),
        ("mute ana", ANA),
        ("MUTE  Ana   Lopez", ANA),
        ("mute lopez", ANA),
        ("mute anabel", ANABEL),
        ("mute 0101", ONE),
        ("mute +1 512 555 0177", TWO),
        ("mute v3:one0", ONE),
        ("take out ana", ANA),
    ],
)
def test_a_whole_name_is_taken_and_nothing_else_of_the_desk_moves(text: str, leg: str) -> None:
    at = desk()
    meant = chosen(at, text).target
    assert meant is not None
    assert meant.cursor == replace(at.cursor, leg=leg, named=text != "mute")


def test_a_beginning_is_completed_and_never_run() -> None:
    shown = read_line(desk(), "mute an")
    assert [(row.line, row.chosen) for row in shown.rows] == [
        ("mute Ana Lopez", None),
        ("mute Anabel", None),
    ]
    assert shown.why == "nobody here is called an; there is Ana Lopez and Anabel"


def test_who_is_not_there_is_not_replaced_by_a_name_that_begins_alike() -> None:
    at = desk()
    at = replace(at, state=replace(at.state, identities={ANABEL: Identity(name="Anabel")}))
    shown = read_line(at, "mute ana")
    assert [row.chosen for row in shown.rows] == [None]
    assert shown.why == "nobody here is called ana; there is Anabel"


def test_two_of_one_name_are_named_and_neither_is_taken() -> None:
    at = desk(Pane.PEOPLE, "v3:ana2")
    names = {**at.state.identities, "v3:ana2": Identity(agent="Ana Lopez")}
    at = replace(at, state=replace(at.state, identities=names))
    shown = read_line(at, "mute ana lopez")
    assert shown.why == "ana lopez may be Ana Lopez ..:ana or Ana Lopez ..ana2: type which"
    assert [row.chosen for row in shown.rows] == [None, None]
    meant = chosen(at, "mute Ana Lopez ..ana2").target
    assert meant is not None
    assert meant.cursor.leg == "v3:ana2"


def test_a_piece_of_a_number_is_no_name() -> None:
    rows = read_line(desk(), "mute 512").rows
    assert [row.line for row in rows] == ["mute +1 512 555 0101", "mute +1 512 555 0177"]
    assert not any(row.chosen for row in rows)


def test_a_name_of_nobody_says_who_is_there() -> None:
    shown = read_line(desk(), "hold zoe")
    assert shown.rows == ()
    assert shown.why == (
        "nobody here is called zoe; there is Ana Lopez, Anabel, +1 512 555 0101 and 1 more"
    )


def test_of_a_conference_and_of_a_queue_the_name_is_that_of_one() -> None:
    meant = chosen(desk(Pane.CONFERENCES), "end board-q3").target
    assert meant is not None
    assert meant.cursor.conference == CONFERENCE
    shown = read_line(desk(Pane.CONFERENCES), "rec stop esc-1")
    assert shown.why == "esc-1 may be esc-1 ..r-2 or esc-1 ..r-3: type which"
    meant = chosen(desk(Pane.QUEUES), "queue del vap").target
    assert meant is not None
    assert meant.cursor.queue == "vap"


@pytest.mark.parametrize(
    ("pane", "text", "values"),
    [
        (Pane.PEOPLE, "enqueue vip", {"queue_name": "vip"}),
        (Pane.PEOPLE, "enqueue a new one", {"queue_name": "a new one"}),
        (Pane.PEOPLE, "join board-q3", {"room": CONFERENCE}),
        (Pane.PEOPLE, "speak  We are  here. ", {"payload": "We are  here."}),
        (Pane.PEOPLE, "dtmf 12#", {"digits": "12#"}),
        (Pane.CALLS, "conf new esc-9", {"name": "esc-9"}),
        (Pane.CONFERENCES, "conf new esc-9", {"name": "esc-9"}),
        (Pane.QUEUES, "queue new sales", {"queue_name": "sales"}),
        (Pane.QUEUES, "queue set 20", {"max_size": "20"}),
    ],
)
def test_where_a_question_comes_first_it_is_answered(
    pane: Pane, text: str, values: dict[str, str]
) -> None:
    at = desk(pane)
    meant = chosen(at, text).target
    assert meant is not None
    assert meant.values == values
    assert meant.cursor == at.cursor, "it is aimed at the row under the cursor all the same"


def test_a_conference_to_join_that_is_not_there_or_there_twice_is_refused() -> None:
    assert read_line(desk(), "join nowhere").why.startswith("no conference is called nowhere")
    shown = read_line(desk(), "join esc-1")
    assert shown.why == "esc-1 may be esc-1 ..r-2 or esc-1 ..r-3: type which"
    assert [row.chosen for row in shown.rows] == [None, None]


def test_everyone_is_a_word_of_its_own_for_what_has_a_key_for_it() -> None:
    at = desk()
    meant = chosen(at, "mute *").target
    assert meant is not None
    assert meant.cursor == replace(at.cursor, pane=Pane.CONFERENCES)
    assert read_line(at, "leave *").rows == ()


def test_words_that_are_no_name_are_looked_for() -> None:
    assert [row.line for row in read_line(desk(), "play to").rows] == ["play"]
    assert [row.line for row in read_line(desk(), "hol").rows][:2] == ["hold", "unhold"]
    assert [row.line for row in read_line(desk(Pane.CALLS), "take out").rows] == ["dequeue"]


def test_what_takes_nothing_says_so_and_what_is_elsewhere_where() -> None:
    assert read_line(desk(), "undo mute").why == "undo takes no argument"
    assert read_line(desk(), "dequeue bo").why == "dequeue is for calls"
    assert read_line(desk(), "rm").why == "there is no such command"


def test_behind_an_open_line_stand_the_names_that_may_be_taken() -> None:
    rows = read_line(desk(), "mute ").rows
    assert [row.line for row in rows][:3] == ["mute", "mute Ana Lopez", "mute Anabel"]
    assert [row.chosen is None for row in rows] == [False, True, True, True, True]


def test_a_plan_is_of_any_line_and_never_runs_it() -> None:
    at = desk()
    meant = chosen(at, "plan mute ana")
    assert meant.plan
    assert meant.target is not None
    assert meant.target.cursor.leg == ANA
    assert not any(row.chosen for row in read_line(at, "plan").rows)
    every = read_line(at, "plan ").rows
    assert {row.line for row in every} >= {"plan mute", "plan end", "plan rec start"}
    assert all(row.chosen and row.chosen.plan for row in every)
    assert read_line(at, "plan mute zoe").why.startswith("nobody here is called zoe")
    assert read_line(at, "plan undo").why == "there is no such command"


def test_the_line_says_what_it_is_meant_for() -> None:
    assert cursor_label(desk()) == "people: +1 512 555 0177"
    assert cursor_label(desk(Pane.CONFERENCES)) == "conferences: board-q3"
    assert cursor_label(desk(Pane.QUEUES)) == "queues: vip"
    assert cursor_label(desk(Pane.LOG)) == "log"
