"""Every sentence of every dialog is true of its answers and of the state, as both are now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from ui.test_hands import Bench
from view.desks import Sitting
from view.scenes import known, text

from console.catalog import COMMANDS
from console.catalog.aim import Cursor
from console.catalog.building import listed
from console.catalog.bulk import INCLUDE, Aimed, aimed
from console.core import earshot, facts, webhooks
from console.core.beliefs import Note
from console.core.command import AnyLeg, Command, Field, Pane, People, WholeRoom, legs_of, room_of
from console.core.earshot import Change, Heard, Verdict
from console.core.things import Participant
from console.view.board import Form
from console.view.naming import Meant
from console.view.scene import Scene
from console.view.typed import reading as reading_of
from support.playbook import (
    ROOM,
    Playbook,
    at,
    conference,
    origin,
    participant,
    people_listed,
    queue,
    queued,
    reading,
)

OTHER, THIRD = "room-other", "room-third"
PEOPLE = {
    ROOM: tuple(f"v3:one-{number:04}" for number in range(9)),
    OTHER: tuple(f"v3:two-{number:04}" for number in range(4)),
    THIRD: ("v3:three-0000",),
}
CALLER = "v3:caller-0001"
AUDIBLE = ("role", "join", "dial")
"""The commands that change who hears whom."""
CHANCE = st.integers(0, 2**32).map(Random)
"""A floor, a key and its answers all come from one number: hypothesis draws too slowly here."""
Listings = Mapping[str, tuple[Participant, ...]]


def name_of(leg: str) -> str:
    """A name that no other text holds."""
    return f"N{leg.removeprefix('v3:').replace('-', 'x')}N"


def listings(chance: Random) -> Listings:
    """The listings of all conferences: anybody may be away, muted, held, whispering or a host."""
    return {
        room: tuple(
            replace(
                participant(leg, muted=chance.random() < 0.3, held=chance.random() < 0.3),
                whisper_to=tuple(chance.sample(legs, chance.choice((0, 0, 1)))),
                end_on_exit=chance.random() < 0.2,
            )
            for leg in legs
            if chance.random() < 0.8
        )
        for room, legs in PEOPLE.items()
    }


def said_of(seconds: float, listed_: Listings) -> list[facts.ParticipantsListed]:
    """Each conference's people, as a listing shows them."""
    return [people_listed(seconds, *people, room=room) for room, people in listed_.items()]


def floor(listed_: Listings, mine: str | None, pinned: str) -> Bench:
    """Hands on three conferences and a queue, with the cursor on the first row of each."""
    rooms = tuple(conference(id_, f"conf-{id_[:4]}") for id_ in PEOPLE)
    talk = Playbook().say(
        facts.ConferencesListed(reading(-1.0), "in_progress", rooms),
        facts.QueuesListed(reading(-1.0), (queue("vip", 1),)),
        facts.CallsListed(reading(-1.0), "vip", (queued(CALLER),)),
        *said_of(-1.0, listed_),
    )
    for number, leg in enumerate((CALLER, *(leg for legs in PEOPLE.values() for leg in legs))):
        known(talk, leg, name=name_of(leg), caller=number % 3 == 0)
    if mine is not None:
        talk.say(facts.NoteKept(at(0.0), Note(mine, mine=True, at=at(0.0))))
    talk.say(facts.NoteKept(at(0.0), Note(pinned, pinned=True, at=at(0.0))))
    looking = {"room": ROOM, "leg": PEOPLE[ROOM][0], "queue": "vip", "call": CALLER}
    return Bench(Sitting(talk), looking)


def answer(field: Field, chance: Random) -> str:
    """Any answer to a question; conferences and people by their ids."""
    every = [leg for legs in PEOPLE.values() for leg in legs]
    some = {
        "flag": ("yes", "no"),
        "choice": field.choices,
        "room": ("", OTHER, OTHER, THIRD, "room-nowhere"),
        "legs": ("", *map(",".join, (chance.sample(every, 2), chance.sample(PEOPLE[OTHER], 2)))),
        "leg": ("", CALLER, *every),
        "queue": ("", "vip", "vpi"),
    }
    return chance.choice(some.get(field.kind, ("", "1", "conf-room", "vip")))


@dataclass
class Asked:
    """A dialog that is open, what it is about, and answers that somebody may give."""

    bench: Bench
    command: Command
    form: Form
    aimed: Aimed
    answers: Mapping[str, str]

    def again(self) -> Form | None:
        """The dialog that the same key opens now; None where it is for others."""
        before, now = len(self.bench.plans), aimed_at(self.bench, self.command)
        if now != self.aimed:
            return None
        self.bench.hands.run(self.command.name, Meant(self.bench.look()), plan=True)
        return self.bench.plans[before]

    def said(self, form: Form) -> list[str]:
        """Every sentence that a dialog shows for these answers."""
        assert form.wording is not None
        words = form.wording(self.answers)
        lines = [words.targets, *words.notes, *form.preview(self.answers)]
        return [words.title, words.run, form.warn(self.answers), *map(text, lines)]


def aimed_at(bench: Bench, command: Command) -> Aimed | str:
    """The targets of a key pressed now."""
    at_ = bench.look()
    places = (at_.pane, at_.queue, at_.call, at_.room, at_.leg, at_.parked)
    return aimed(command, at_.state, Cursor(*places, marked=at_.marked))


def dialog(chance: Random, among: tuple[str, ...] = tuple(COMMANDS)) -> Asked | None:
    """Open a dialog of the catalog anywhere, and answer it anyhow; None where none opens."""
    mine = chance.choice((None, *PEOPLE[ROOM]))
    bench = floor(listings(chance), mine, chance.choice(PEOPLE[ROOM]))
    command = COMMANDS[chance.choice(among)]
    bench.looking["pane"] = chance.choice(sorted(command.panes))
    if bench.looking["pane"] is Pane.PEOPLE:
        bench.looking["leg"] = chance.choice(PEOPLE[ROOM])
        bench.looking["marked"] = tuple(chance.sample(PEOPLE[ROOM], chance.choice((0, 0, 1, 3))))
    targets = aimed_at(bench, command)
    bench.hands.run(command.name, Meant(bench.look()), plan=True)
    if isinstance(targets, str) or not bench.plans:
        return None
    form = bench.plans[0]
    answers = {field.name: answer(field, chance) for field in form.fields}
    return Asked(bench, command, form, targets, answers)


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


def hearing(asked: Asked) -> tuple[str, list[Change]]:
    """The conference that is meant, and who hears the target there now and would then."""
    state, values, (target, *more) = asked.bench.sitting.state, asked.answers, asked.aimed.targets
    assert not more
    joins = isinstance(target, AnyLeg)
    room = values["room"] if isinstance(target, AnyLeg) else room_of(target) or ""
    leg = "" if isinstance(target, WholeRoom) else legs_of(target)[0]
    role, to = values["supervisor_role"], listed(values["whisper_call_control_ids"])
    here = {one: p for one, p in state.people.get(room, {}).items() if p.register.here}
    now = earshot.stance(state, room, leg) if leg in here else None
    if joins or now is None:
        flags = {"muted": values.get("mute") == "yes", "held": values.get("hold") == "yes"}
        then = earshot.arriving(leg, role, tuple(to), **flags)
    else:
        then = earshot.given(now, role, tuple(to))
    nobody = Verdict(Heard.NO)
    changes = []
    for one in here:
        if one != leg:
            them = earshot.stance(state, room, one)
            before = nobody if now is None else earshot.heard(now, them)
            changes.append(Change(one, before, earshot.heard(then, them)))
    return room, changes


@settings(max_examples=100)
@given(CHANCE)
def test_who_hears_more_or_less_is_told_of_and_no_other_conference(chance: Random) -> None:
    asked = dialog(chance, AUDIBLE)
    if asked is None or len(asked.aimed.targets) > 1:
        return
    room, changes = hearing(asked)
    lines = [text(line) for line in asked.form.preview(asked.answers)]
    every = " ".join((*lines, asked.form.warn(asked.answers)))
    strangers = {leg for one, legs in PEOPLE.items() for leg in legs if one != room}
    assert not [leg for leg in strangers if name_of(leg) in every]
    turned = [one for one in changes if one.now.heard is not one.then.heard]
    rows = " ".join(line for line in lines if "<- changes" in line)
    shown = [one for one in turned if name_of(one.listener) in rows]
    counted = re.search(r"(\d+) of them change", every)
    assert len(shown) + int(counted[1] if counted else 0) == len(turned)
    for (now, then), words in SAID.items():
        some = [c for c in turned if (c.now.heard, c.then.heard) == (now, then)]
        assert told_in(lines, words) == len(some), words
    louder = [one for one in turned if earshot.louder(one.now, one.then)]
    assert counts(asked.form.warn(asked.answers), len(changes)) == len(louder)


SAID = {
    (Heard.YES, Heard.NO): " will NOT hear (you|them) any more",
    (Heard.UNKNOWN, Heard.NO): " may hear (you|them) now, and will NOT then",
    (Heard.YES, Heard.UNKNOWN): " may NOT hear (you|them) any more: nobody knows",
}
"""The sentences about those who hear less, by their verdicts now and then."""


def told_in(lines: list[str], words: str) -> int:
    """Count the people of a sentence, by name or by number."""
    found = re.search(rf"([^.]*){words}", " ".join(lines))
    if found is None:
        return 0
    more = re.search(r"and (\d+) more$", found[1])
    return len(re.findall(r"N\w+N", found[1])) + int(more[1] if more else 0)


def counts(warning: str, everyone: int) -> int:
    """Count the people whom the second question is about."""
    found = re.findall(r"(Everyone|\d+) (?:person |people )?in the conference \w+ hear", warning)
    return sum(everyone if number == "Everyone" else int(number) for number in found)


def test_those_left_out_are_in_every_sentence_once_they_are_included() -> None:
    people = tuple(participant(leg) for leg in PEOPLE[ROOM][:3])
    bench = floor({ROOM: people, OTHER: (), THIRD: ()}, None, PEOPLE[ROOM][2])
    bench.looking["pane"] = Pane.CONFERENCES
    bench.press("m")
    (asked,) = bench.forms
    assert asked.wording is not None
    out, within = (asked.wording({INCLUDE: word}) for word in ("no", "yes"))
    pinned = name_of(PEOPLE[ROOM][2])
    assert (out.run, within.run) == ("mute 2 people", "mute 3 people")
    assert "2 people" in out.title
    assert "3 people" in within.title
    assert pinned not in text(out.targets)
    assert pinned in text(within.targets)
    assert any("not touched" in text(note) for note in out.notes)
    assert not any("not touched" in text(note) for note in within.notes)


def adding() -> Bench:
    """Hands with the dialog of ``a`` open, on a caller who is not in any conference."""
    everyone = {room: tuple(participant(leg) for leg in legs) for room, legs in PEOPLE.items()}
    bench = floor(everyone, None, PEOPLE[ROOM][0])
    bench.looking["pane"] = Pane.CALLS
    bench.press("a")
    return bench


def added(**values: str) -> tuple[Form, dict[str, str]]:
    """The dialog of ``a`` on a caller, who is not in any conference, and answers to it."""
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
    assert asked.warn(values) == ("Everyone in the conference WILL hear this who does not now.")
    muted = {**values, "mute": "yes"}
    assert text(asked.preview(muted)[0]) == "Nobody is to hear them."
    assert asked.warn(muted) == ""
    gone = {**values, "room": "room-nowhere"}
    assert asked.warn(gone) == "The people of the chosen conference were never listed."


def test_listeners_of_a_whisper_are_those_of_the_chosen_conference() -> None:
    asked, values = added(room=OTHER, supervisor_role="whisper")
    offered = asked.offered(values)["whisper_call_control_ids"]
    assert offered == tuple(map(name_of, PEOPLE[OTHER]))
    stranger = {**values, "whisper_call_control_ids": name_of(PEOPLE[ROOM][1])}
    complaint = asked.complain(stranger)["whisper_call_control_ids"]
    assert complaint == f"{name_of(PEOPLE[ROOM][1])} is not in conf-room"
    assert "whisper_call_control_ids" not in asked.complain(
        {**values, "whisper_call_control_ids": offered[0]}
    )


def test_a_call_named_by_its_id_is_said_to_leave_the_conference_it_is_in() -> None:
    host = replace(participant(PEOPLE[ROOM][0]), end_on_exit=True)
    for name in ("create", "enqueue_leg"):
        bench = floor({ROOM: (host,), OTHER: (), THIRD: ()}, None, PEOPLE[ROOM][0])
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
    everyone = {room: tuple(participant(leg) for leg in legs) for room, legs in PEOPLE.items()}
    bench = floor(everyone, None, PEOPLE[ROOM][0])
    bench.looking |= {"pane": Pane.PEOPLE, "marked": PEOPLE[ROOM][:2]}
    bench.press("a")
    (asked,) = bench.forms
    values = {**asked.values, "room": OTHER}
    first, second = asked.preview(values)[:2]
    assert text(first).endswith("and 2 more WILL hear them.")
    assert text(second) == "They WILL hear each other."
    muted = asked.preview({**values, "mute": "yes"})
    assert text(muted[1]) == "They will not hear each other (muted)."


def test_an_answer_never_turns_a_command_on_another_person() -> None:
    everyone = {room: tuple(participant(leg) for leg in legs) for room, legs in PEOPLE.items()}
    bench = floor(everyone, PEOPLE[ROOM][8], PEOPLE[ROOM][0])
    bench.looking |= {"pane": Pane.PEOPLE, "leg": PEOPLE[ROOM][1], "marked": PEOPLE[ROOM][2:3]}
    bench.press("w")
    bench.hands.run("role", replace(Meant(bench.look()), scene=named(bench)))
    marked, typed = bench.forms
    assert marked.title == f"role of {name_of(PEOPLE[ROOM][2])} in conf-7c1f"
    assert typed.title == f"role of {name_of(PEOPLE[ROOM][3])} in conf-7c1f"
    for number, form in enumerate(bench.forms):
        bench.answers[number]({**form.values, "who": PEOPLE[ROOM][5]})
    assert bench.orders == [("role", People(ROOM, (PEOPLE[ROOM][n],))) for n in (2, 3)]


def named(bench: Bench) -> Scene:
    """The scene of a line that names the fourth person."""
    chosen = reading_of(bench.look(), f"role {name_of(PEOPLE[ROOM][3])}").rows[0].chosen
    assert chosen is not None
    assert chosen.meant is not None
    return chosen.meant.scene


def test_who_stops_hearing_is_told_of_in_a_sentence() -> None:
    everyone = {room: tuple(participant(leg) for leg in legs) for room, legs in PEOPLE.items()}
    bench = floor(everyone, None, PEOPLE[ROOM][8])
    bench.looking |= {"pane": Pane.PEOPLE, "leg": PEOPLE[ROOM][2]}
    bench.press("w")
    (asked,) = bench.forms
    silent = text(asked.preview({**asked.values, "supervisor_role": "monitor"})[0])
    assert silent == (
        "Nobody is to hear them. Proved once a listing shows them muted. "
        f"The caller {name_of(PEOPLE[ROOM][5])}, the caller {name_of(PEOPLE[ROOM][8])} "
        "and 6 more will NOT hear them any more."
    )


def test_a_conference_that_has_ended_is_not_offered_again() -> None:
    bench = floor({ROOM: (), OTHER: (participant(PEOPLE[OTHER][0]),), THIRD: ()}, None, CALLER)
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
