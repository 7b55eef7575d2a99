"""The receipt line shows the progress of the newest command, and nothing that is not known."""
# ruff: noqa: RUF001  # the signs we draw are meant

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from view.scenes import known, scene, text, words

from console.core.messages import facts, intents, webhooks
from console.core.model.entities import Note
from console.core.model.listed_resources import Problem, ProblemKind
from console.core.model.stage import Stage
from console.core.model.state import Receipt
from console.view.panes.receipt import ROLES, line, outcome, undo_hint
from console.view.screen_elements import TextLine
from console.view.text.cell_width import width_of
from support.playbook import (
    CONFERENCE,
    Playbook,
    at,
    left,
    order,
    origin,
    participant,
    people_listed,
)

ANA, BO = "v3:ana-0101", "v3:bo-0102"


def conference() -> Playbook:
    talk = Playbook().begin(participant(ANA), participant(BO))
    return known(talk, ANA, name="Ana")


def muted(talk: Playbook) -> Playbook:
    """Return a dialogue in which Ana was muted and seen muted at 0.5 s."""
    talk.ask("mute", 0.0, ANA, id_="m")
    return talk.accept(0.2, "m").say(
        people_listed(0.45, participant(ANA, muted=True), participant(BO))
    )


def story(talk: Playbook, seconds: float = 1.0, width: int = 120) -> str:
    return words(line(scene(talk.state, seconds, width=width))).strip()


def test_before_the_first_command_it_is_ready() -> None:
    assert story(Playbook()) == "ready"


def sent(talk: Playbook) -> object:
    return talk.ask("mute", 0.0, ANA, id_="m")


def accepted(talk: Playbook) -> object:
    return sent(talk), talk.accept(0.4, "m")


def uncertain(talk: Playbook) -> object:
    return sent(talk), talk.say(
        facts.CommandUnanswered(at(5.0), "m", Problem(ProblemKind.UNANSWERED))
    )


def no_proof(talk: Playbook) -> object:
    return accepted(talk), talk.say(people_listed(4.0, participant(ANA), participant(BO)))


def refused(talk: Playbook) -> object:
    return sent(talk), talk.refuse(0.4, "m")


def unknown(talk: Playbook) -> object:
    return uncertain(talk), talk.pass_(40.0)


def gone(talk: Playbook) -> object:
    return accepted(talk), talk.say(left(0.6, ANA))


def dropped(talk: Playbook) -> object:
    return sent(talk), talk.say(
        facts.CommandUnanswered(at(1.0), "m", Problem(ProblemKind.UNREACHABLE))
    )


STORIES = {
    Stage.SENT: (sent, "… mute Ana in board-q3  sent…"),
    Stage.ACCEPTED: (accepted, "… mute Ana in board-q3  accepted 100 ms  looking for proof…"),
    Stage.UNCERTAIN: (uncertain, "… mute Ana in board-q3  uncertain…"),
    Stage.SEEN: (muted, "✓ muted Ana in board-q3  accepted 100 ms  seen 0.4 sz undo 10 s"),
    Stage.NO_PROOF: (no_proof, "? mute Ana in board-q3  accepted 100 ms  no proof  the listing"),
    Stage.REFUSED: (refused, "✗ mute Ana in board-q3  refused 422 90018  no"),
    Stage.UNKNOWN: (unknown, "? mute Ana in board-q3  unknown"),
    Stage.GONE: (gone, "✗ mute Ana in board-q3  accepted 100 ms  gone  1 person left first"),
    Stage.DROPPED: (dropped, "✗ mute Ana in board-q3  dropped"),
}


@pytest.mark.parametrize("stage", STORIES)
def test_each_stage_has_its_words(stage: Stage) -> None:
    tell, told = STORIES[stage]
    talk = conference()
    tell(talk)
    assert talk.stage("m") is stage
    assert story(talk).startswith(told)
    shown = line(scene(talk.state, 1.0)).left
    assert shown[0].role is ROLES[stage]


def test_a_command_that_waits_for_another_leaves_the_line_to_that_one() -> None:
    talk = conference()
    talk.ask("mute", 0.0, ANA, id_="m")
    talk.ask("unmute", 0.1, ANA, id_="u")
    assert talk.stage("u") is Stage.WAITING
    assert story(talk) == "… mute Ana in board-q3  sent…"
    waits = talk.state.receipts["u"]
    assert text(outcome(scene(talk.state), waits)) == "waiting…"
    assert set(STORIES) | {Stage.WAITING} == set(Stage)


def test_many_are_counted_and_a_conference_is_named() -> None:
    talk = conference()
    talk.ask("hold", 0.0, ANA, BO, id_="h")
    assert story(talk) == "… hold 2 people in board-q3  sent…"
    talk.ask("record", 0.5, id_="r")
    assert story(talk) == "… record board-q3  sent…"


def test_undo_is_offered_for_a_while_after_it_was_seen_and_only_once() -> None:
    talk = muted(conference())
    assert story(talk, 5.0).endswith("z undo 6 s")
    assert story(talk, 10.4).endswith("z undo 0 s")
    assert "undo" not in story(talk, 10.6)
    talk.say(intents.UndoAsked(at(2.0), "u", "ana"))
    assert "undo" not in story(talk, 2.5), "taking back is not taken back here"


def test_what_cannot_be_taken_back_offers_no_undo() -> None:
    talk = conference()
    talk.ask("stop_room", 0.0, id_="s")
    talk.accept(0.2, "s")
    said = origin(0.5, "conference.playback.ended")
    talk.say(webhooks.PlaybackEnded(said, CONFERENCE, None, None))
    receipt = talk.state.receipts["s"]
    assert receipt.stage is Stage.SEEN
    assert undo_hint(scene(talk.state, 1.0), receipt) == ()


def test_a_key_that_did_nothing_says_why_until_something_newer_happens() -> None:
    talk = muted(conference())
    talk.say(intents.Declined(at(1.0), "mute: nobody is\x1b selected"))
    assert story(talk, 2.0) == "✗ mute: nobody is^[ selected"
    assert story(talk, 10.9).startswith("✗ mute")
    assert story(talk, 11.1).startswith("✓ muted")
    talk.ask("hold", 3.0, ANA, id_="h")
    assert story(talk, 3.1).startswith("… hold")


def test_a_story_tells_its_age_after_a_while_and_leaves() -> None:
    talk = muted(conference())
    assert "ago" not in story(talk, 10.4)
    assert story(talk, 10.5).endswith("10s ago")
    assert story(talk, 60.4).startswith("✓ muted Ana in board-q3")
    assert story(talk, 60.7) == "ready"
    talk.ask("hold", 70.0, ANA, id_="h")
    assert story(talk, 500.0).startswith("… hold Ana"), "an open one stays"


def test_several_orders_of_one_key_leave_when_the_last_of_them_has_ended() -> None:
    talk = conference()
    for number, name in enumerate(("mute", "hold")):
        one = replace(order(name, 0.0, ANA, id_=name), batch="b")
        talk.say(intents.OrderAsked(one))
        talk.refuse(1.0 + 20 * number, name)
    assert story(talk, 80.5).endswith("59s ago")
    assert story(talk, 81.5) == "ready"


def test_what_a_key_did_without_a_command_is_said_as_well() -> None:
    talk = muted(conference()).say(intents.LockAsked(at(1.0)))
    assert story(talk, 2.0) == "✓ locked: no key acts on a call until L unlocks"
    assert story(talk, 11.5).startswith("✓ muted")
    talk.say(facts.NoteKept(at(12.0), Note(ANA, pinned=True), "pinned"))
    assert story(talk, 12.5) == "✓ noted: Ana pinned"


def test_what_telnyx_says_is_cleaned() -> None:
    talk = conference()
    talk.ask("mute", 0.0, ANA, id_="m")
    bad = Problem(ProblemKind.REFUSED, 422, "1\x9b", "no\u202e", "\x1b[2J")
    talk.say(facts.CommandRefused(at(0.4), "m", bad))
    assert story(talk).endswith("refused 422 1‹009B›  no‹202E›: ^[[2J")


def test_a_refusal_without_a_code_tells_its_status() -> None:
    talk = conference()
    talk.ask("mute", 0.0, ANA, id_="m")
    talk.say(facts.CommandRefused(at(0.4), "m", Problem(ProblemKind.REFUSED, 418)))
    assert story(talk).endswith("refused 418  no reason given")


receipts = st.builds(
    Receipt,
    order=st.sampled_from([order("mute", 0.0, ANA), order("hold", 0.0, ANA, BO), order("end", 0)]),
    stage=st.sampled_from([stage for stage in Stage if stage is not Stage.WAITING]),
    sent=st.none() | st.just(at(0.1)),
    accepted=st.none() | st.just(at(0.4)),
    closed=st.none() | st.integers(0, 100).map(at),
    lost=st.sampled_from([frozenset[str](), frozenset({ANA})]),
    problem=st.none()
    | st.builds(Problem, st.just(ProblemKind.REFUSED), title=st.text(max_size=200)),
    note=st.text(max_size=200),
    undo_passes=st.booleans(),
)


@given(receipts, st.sampled_from([80, 120, 200]))
def test_every_story_fits_its_line_and_keeps_verb_and_outcome(receipt: Receipt, width: int) -> None:
    state = replace(conference().state, receipts={"x": receipt})
    told: TextLine = line(scene(state, 2.0, width=width))
    assert width_of(told.left) + 1 + width_of(told.right) <= width
    command = receipt.order.command
    said = text(told.left)
    assert command.done in said if receipt.stage is Stage.SEEN else command.words in said
    final = text(outcome(scene(state, 2.0), receipt))
    assert (final if receipt.stage is not Stage.ACCEPTED else "looking for proof…") in said
