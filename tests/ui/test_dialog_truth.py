"""Every sentence of every dialog is true of its answers and of the state, as both are now."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from ui.bench import Bench
from ui.dialog_floor import (
    AUDIBLE,
    CALLER,
    CHANCE,
    OTHER,
    PEOPLE,
    THIRD,
    Asked,
    dialog,
    floor,
    listings,
    name_of,
    said_of,
)
from view.scenes import text

from console.commands import COMMANDS
from console.commands.bulk_targeting import INCLUDE
from console.commands.request_builders import split_list
from console.commands.targeting import Cursor
from console.core import audibility
from console.core.audibility import Audibility, AudibilityChange, AudibilityVerdict
from console.core.messages import facts, webhooks
from console.core.model.command import (
    AnyLeg,
    Pane,
    People,
    WholeConference,
    conference_of,
    legs_of,
)
from console.view.command_line import read_line as reading_of
from console.view.screen_elements import Form
from console.view.typed_names import LineTarget
from support.playbook import (
    CONFERENCE,
    origin,
    participant,
    reading,
)


@settings(max_examples=100)
@given(CHANCE)
def test_an_open_dialog_says_what_one_opened_now_says(chance: Random) -> None:
    asked = dialog(chance)
    if asked is None:
        return
    asked.bench.sitting.happen(*said_of(5.0, listings(chance)))
    asked.bench.sitting.seconds = 7.0
    fresh = asked.again()
    if fresh is not None:
        assert asked.said(asked.form) == asked.said(fresh)


def hearing(asked: Asked) -> tuple[str, list[AudibilityChange]]:
    """Return the conference, and who hears the target there now and after the command."""
    state, values, (target, *more) = asked.bench.sitting.state, asked.answers, asked.aimed.targets
    assert not more
    joins = isinstance(target, AnyLeg)
    conference = values["room"] if isinstance(target, AnyLeg) else conference_of(target) or ""
    leg = "" if isinstance(target, WholeConference) else legs_of(target)[0]
    role, to = values["supervisor_role"], split_list(values["whisper_call_control_ids"])
    here = {one: p for one, p in state.people.get(conference, {}).items() if p.membership.here}
    now = audibility.stance(state, conference, leg) if leg in here else None
    if joins or now is None:
        flags = {"muted": values.get("mute") == "yes", "held": values.get("hold") == "yes"}
        then = audibility.stance_on_joining(leg, role, tuple(to), **flags)
    else:
        then = audibility.stance_with_role(now, role, tuple(to))
    nobody = AudibilityVerdict(Audibility.NO)
    changes = []
    for one in here:
        if one != leg:
            them = audibility.stance(state, conference, one)
            before = nobody if now is None else audibility.judge_audibility(now, them)
            changes.append(AudibilityChange(one, before, audibility.judge_audibility(then, them)))
    return conference, changes


@settings(max_examples=100)
@given(CHANCE)
def test_who_hears_more_or_less_is_told_of_and_no_other_conference(chance: Random) -> None:
    asked = dialog(chance, AUDIBLE)
    if asked is None or len(asked.aimed.targets) > 1:
        return
    conference, changes = hearing(asked)
    lines = [text(line) for line in asked.form.preview(asked.answers)]
    every = " ".join((*lines, asked.form.warn(asked.answers)))
    strangers = {leg for one, legs in PEOPLE.items() for leg in legs if one != conference}
    assert not [leg for leg in strangers if name_of(leg) in every]
    turned = [one for one in changes if one.now.heard is not one.then.heard]
    rows = " ".join(line for line in lines if "<- changes" in line)
    shown = [one for one in turned if name_of(one.listener) in rows]
    counted = re.search(r"(\d+) of them change", every)
    assert len(shown) + int(counted[1] if counted else 0) == len(turned)
    for (now, then), words in SAID.items():
        some = [c for c in turned if (c.now.heard, c.then.heard) == (now, then)]
        assert told_in(lines, words) == len(some), words
    louder = [one for one in turned if audibility.hears_more(one.now, one.then)]
    assert counts(asked.form.warn(asked.answers), len(changes)) == len(louder)


SAID = {
    (Audibility.YES, Audibility.NO): " will NOT hear (you|them) any more",
    (Audibility.UNKNOWN, Audibility.NO): " may hear (you|them) now, and will NOT after",
    (Audibility.YES, Audibility.UNKNOWN): " may NOT hear (you|them) any more: not known",
}
"""The sentences about those who hear less, by their verdicts now and then."""


def told_in(lines: list[str], words: str) -> int:
    """Return the number of people in a sentence, which names or counts them."""
    found = re.search(rf"([^.]*){words}", " ".join(lines))
    if found is None:
        return 0
    more = re.search(r"and (\d+) more$", found[1])
    return len(re.findall(r"N\w+N", found[1])) + int(more[1] if more else 0)


def counts(warning: str, everyone: int) -> int:
    """Return the number of people in the second question."""
    found = re.findall(r"(Everyone|\d+) (?:person |people )?in the conference \w+ hear", warning)
    return sum(everyone if number == "Everyone" else int(number) for number in found)


def test_those_left_out_are_in_every_sentence_once_they_are_included() -> None:
    people = tuple(participant(leg) for leg in PEOPLE[CONFERENCE][:3])
    bench = floor({CONFERENCE: people, OTHER: (), THIRD: ()}, None, PEOPLE[CONFERENCE][2])
    bench.looking["pane"] = Pane.CONFERENCES
    bench.press("m")
    (asked,) = bench.forms
    assert asked.wording is not None
    out, within = (asked.wording({INCLUDE: word}) for word in ("no", "yes"))
    pinned = name_of(PEOPLE[CONFERENCE][2])
    assert (out.run, within.run) == ("mute 2 people", "mute 3 people")
    assert "2 people" in out.title
    assert "3 people" in within.title
    assert pinned not in text(out.targets)
    assert pinned in text(within.targets)
    assert any("not touched" in text(note) for note in out.notes)
    assert not any("not touched" in text(note) for note in within.notes)


def adding() -> Bench:
    """Return a bench with the dialog of ``a`` open, for a caller who is in no conference."""
    everyone = {
        conference: tuple(participant(leg) for leg in legs) for conference, legs in PEOPLE.items()
    }
    bench = floor(everyone, None, PEOPLE[CONFERENCE][0])
    bench.looking["pane"] = Pane.CALLS
    bench.press("a")
    return bench


def added(**values: str) -> tuple[Form, dict[str, str]]:
    """Return the dialog of ``a`` for a caller who is in no conference, and its answers."""
    (asked,) = adding().forms
    return asked, {**asked.values, **values}


def test_nobody_will_hear_a_caller_of_whom_nothing_will_be_done() -> None:
    bench = adding()
    (asked,) = bench.forms
    values = {**asked.values, "room": OTHER}
    assert "WILL hear them" in text(asked.preview(values)[0])
    bench.sitting.happen(facts.CallsListed(reading(5.0), "vip", ()))
    assert asked.wording is not None
    assert text(asked.wording(values).notes[0]).startswith("Nothing will be done")
    assert (asked.preview(values), asked.warn(values)) == ((), "")


def test_a_caller_who_is_added_is_heard_in_the_chosen_conference() -> None:
    asked, values = added(room="")
    assert [text(line) for line in asked.preview(values)] == [
        "Choose a conference to see who would hear them."
    ]
    assert asked.warn(values) == ""
    asked, values = added(room=OTHER)
    first = text(asked.preview(values)[0])
    assert first.endswith("and 2 more WILL hear them.")
    assert asked.warn(values) == ("Everyone in the conference WILL hear this, but does not now.")
    muted = {**values, "mute": "yes"}
    assert text(asked.preview(muted)[0]) == "Nobody should hear them."
    assert asked.warn(muted) == ""
    gone = {**values, "room": "room-nowhere"}
    assert asked.warn(gone) == "The people of the chosen conference were never listed."


def test_listeners_of_a_whisper_are_those_of_the_chosen_conference() -> None:
    asked, values = added(room=OTHER, supervisor_role="whisper")
    offered = asked.offered(values)["whisper_call_control_ids"]
    assert offered == tuple(map(name_of, PEOPLE[OTHER]))
    stranger = {**values, "whisper_call_control_ids": name_of(PEOPLE[CONFERENCE][1])}
    complaint = asked.complain(stranger)["whisper_call_control_ids"]
    assert complaint == f"{name_of(PEOPLE[CONFERENCE][1])} is not in conf-room"
    assert "whisper_call_control_ids" not in asked.complain(
        {**values, "whisper_call_control_ids": offered[0]}
    )


def test_a_call_named_by_its_id_is_said_to_leave_the_conference_it_is_in() -> None:
    host = replace(participant(PEOPLE[CONFERENCE][0]), end_on_exit=True)
    for name in ("create", "enqueue_leg"):
        bench = floor({CONFERENCE: (host,), OTHER: (), THIRD: ()}, None, PEOPLE[CONFERENCE][0])
        bench.looking["pane"] = min(COMMANDS[name].panes)
        bench.press("n")
        (asked,) = bench.forms
        chosen = {**asked.values, "queue_name": "vip", "call_control_id": host.leg}
        assert asked.warn(chosen).startswith(
            "This call is in a conference now and leaves it. "
            "The conference they are in ends when they leave: END-EXIT is set"
        )
        assert asked.warn({**chosen, "call_control_id": CALLER}) == ""


def test_several_who_are_added_at_once_are_told_of_together() -> None:
    everyone = {
        conference: tuple(participant(leg) for leg in legs) for conference, legs in PEOPLE.items()
    }
    bench = floor(everyone, None, PEOPLE[CONFERENCE][0])
    bench.looking |= {"pane": Pane.PEOPLE, "marked": PEOPLE[CONFERENCE][:2]}
    bench.press("a")
    (asked,) = bench.forms
    values = {**asked.values, "room": OTHER}
    first, second = asked.preview(values)[:2]
    assert text(first).endswith("and 2 more WILL hear them.")
    assert text(second) == "They WILL hear each other."
    muted = asked.preview({**values, "mute": "yes"})
    assert text(muted[1]) == "They will not hear each other (muted)."


def test_an_answer_never_turns_a_command_on_another_person() -> None:
    everyone = {
        conference: tuple(participant(leg) for leg in legs) for conference, legs in PEOPLE.items()
    }
    bench = floor(everyone, PEOPLE[CONFERENCE][8], PEOPLE[CONFERENCE][0])
    bench.looking |= {
        "pane": Pane.PEOPLE,
        "leg": PEOPLE[CONFERENCE][1],
        "marked": PEOPLE[CONFERENCE][2:3],
    }
    bench.press("w")
    bench.hands.run("role", LineTarget(named(bench)))
    marked, typed = bench.forms
    assert marked.title == f"change role of {name_of(PEOPLE[CONFERENCE][2])} in conf-7c1f"
    assert typed.title == f"change role of {name_of(PEOPLE[CONFERENCE][3])} in conf-7c1f"
    for number, form in enumerate(bench.forms):
        bench.answers[number]({**form.values, "who": PEOPLE[CONFERENCE][5]})
    assert bench.orders == [("role", People(CONFERENCE, (PEOPLE[CONFERENCE][n],))) for n in (2, 3)]


def named(bench: Bench) -> Cursor:
    """Return the cursor of a line that names the fourth person."""
    chosen = reading_of(bench.look(), f"role {name_of(PEOPLE[CONFERENCE][3])}").rows[0].chosen
    assert chosen is not None
    assert chosen.target is not None
    return chosen.target.cursor


def test_who_stops_hearing_is_told_of_in_a_sentence() -> None:
    everyone = {
        conference: tuple(participant(leg) for leg in legs) for conference, legs in PEOPLE.items()
    }
    bench = floor(everyone, None, PEOPLE[CONFERENCE][8])
    bench.looking |= {"pane": Pane.PEOPLE, "leg": PEOPLE[CONFERENCE][2]}
    bench.press("w")
    (asked,) = bench.forms
    silent = text(asked.preview({**asked.values, "supervisor_role": "monitor"})[0])
    assert silent == (
        "Nobody should hear them. Proved once a listing shows them muted. "
        f"The caller {name_of(PEOPLE[CONFERENCE][5])}, the caller {name_of(PEOPLE[CONFERENCE][8])} "
        "and 6 more will NOT hear them any more."
    )


def test_a_conference_that_has_ended_is_not_offered_again() -> None:
    bench = floor(
        {CONFERENCE: (), OTHER: (participant(PEOPLE[OTHER][0]),), THIRD: ()}, None, CALLER
    )
    bench.looking["pane"] = Pane.CALLS
    bench.press("a")
    chosen = min(bench.forms[0].known["room"])
    bench.answers[0]({**bench.forms[0].values, "room": chosen})
    bench.press("a")
    again = bench.forms[1]
    assert again.values["room"] == chosen
    ended = origin(9.0, "conference.ended")
    last = again.read(again.values)["room"]
    bench.sitting.happen(webhooks.ConferenceEnded(ended, last, "all_left"))
    bench.press("a")
    assert bench.forms[2].values["room"] == ""
