"""Random conferences and queues, and random dialogs opened and answered on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from hypothesis import strategies as st
from ui.bench import Bench
from view.desks import Sitting
from view.scenes import known, text

from console.commands import COMMANDS
from console.commands.bulk_targeting import TargetSelection, select_targets
from console.core.messages import facts
from console.core.model.command import (
    Command,
    Field,
    FieldKind,
    Pane,
)
from console.core.model.entities import Note
from console.core.model.listed_resources import ParticipantResource
from console.view.screen_elements import Form
from console.view.typed_names import LineTarget
from support.playbook import (
    CONFERENCE,
    Playbook,
    at,
    listed_conference,
    participant,
    people_listed,
    queue,
    queued,
    reading,
)

OTHER, THIRD = "room-other", "room-third"
PEOPLE = {
    CONFERENCE: tuple(f"v3:one-{number:04}" for number in range(9)),
    OTHER: tuple(f"v3:two-{number:04}" for number in range(4)),
    THIRD: ("v3:three-0000",),
}
CALLER = "v3:caller-0001"
AUDIBLE = ("role", "join", "dial")
"""The commands that change who hears whom."""
CHANCE = st.integers(0, 2**32).map(Random)
"""A floor, a key and its answers all come from one number: hypothesis draws too slowly here."""
Listings = Mapping[str, tuple[ParticipantResource, ...]]


def name_of(leg: str) -> str:
    """Return a name that is part of no other text."""
    return f"N{leg.removeprefix('v3:').replace('-', 'x')}N"


def listings(chance: Random) -> Listings:
    """Return random listings of all conferences: people may be away, muted, on hold or whisper."""
    return {
        conference: tuple(
            replace(
                participant(leg, muted=chance.random() < 0.3, held=chance.random() < 0.3),
                whisper_to=tuple(chance.sample(legs, chance.choice((0, 0, 1)))),
                end_on_exit=chance.random() < 0.2,
            )
            for leg in legs
            if chance.random() < 0.8
        )
        for conference, legs in PEOPLE.items()
    }


def said_of(seconds: float, listed_: Listings) -> list[facts.ParticipantsListed]:
    """Return the people of each conference, as a listing shows them."""
    return [
        people_listed(seconds, *people, conference=conference)
        for conference, people in listed_.items()
    ]


def floor(listed_: Listings, mine: str | None, pinned: str) -> Bench:
    """Return a bench with three conferences and a queue, and the cursors on the first rows."""
    conferences = tuple(listed_conference(id_, f"conf-{id_[:4]}") for id_ in PEOPLE)
    talk = Playbook().say(
        facts.ConferencesListed(reading(-1.0), "in_progress", conferences),
        facts.QueuesListed(reading(-1.0), (queue("vip", 1),)),
        facts.CallsListed(reading(-1.0), "vip", (queued(CALLER),)),
        *said_of(-1.0, listed_),
    )
    for number, leg in enumerate((CALLER, *(leg for legs in PEOPLE.values() for leg in legs))):
        known(talk, leg, name=name_of(leg), caller=number % 3 == 0)
    if mine is not None:
        talk.say(facts.NoteKept(at(0.0), Note(mine, mine=True, at=at(0.0))))
    talk.say(facts.NoteKept(at(0.0), Note(pinned, pinned=True, at=at(0.0))))
    looking = {
        "conference": CONFERENCE,
        "leg": PEOPLE[CONFERENCE][0],
        "queue": "vip",
        "call": CALLER,
    }
    return Bench(Sitting(talk), looking)


def answer(field: Field, chance: Random) -> str:
    """Return a random answer to a question, with ids for conferences and people."""
    every = [leg for legs in PEOPLE.values() for leg in legs]
    some = {
        FieldKind.FLAG: ("yes", "no"),
        FieldKind.CHOICE: field.choices,
        FieldKind.CONFERENCE: ("", OTHER, OTHER, THIRD, "room-nowhere"),
        FieldKind.LEGS: (
            "",
            *map(",".join, (chance.sample(every, 2), chance.sample(PEOPLE[OTHER], 2))),
        ),
        FieldKind.LEG: ("", CALLER, *every),
        FieldKind.QUEUE: ("", "vip", "vpi"),
    }
    return chance.choice(some.get(field.kind, ("", "1", "conf-room", "vip")))


@dataclass
class Asked:
    """An open dialog, its targets, and possible answers."""

    bench: Bench
    command: Command
    form: Form
    aimed: TargetSelection
    answers: Mapping[str, str]

    def again(self) -> Form | None:
        """Return the dialog that the same key opens now; None if its targets differ."""
        before, now = len(self.bench.plans), aimed_at(self.bench, self.command)
        if now != self.aimed:
            return None
        self.bench.hands.run(self.command.name, LineTarget(self.bench.look().cursor), plan=True)
        return self.bench.plans[before]

    def said(self, form: Form) -> list[str]:
        """Return every sentence that a dialog shows for these answers."""
        assert form.wording is not None
        words = form.wording(self.answers)
        lines = [words.targets, *words.notes, *form.preview(self.answers)]
        return [words.title, words.run, form.warn(self.answers), *map(text, lines)]


def aimed_at(bench: Bench, command: Command) -> TargetSelection | str:
    """Return the targets of a key pressed now."""
    now = bench.look()
    return select_targets(command, now.state, now.cursor)


def dialog(chance: Random, among: tuple[str, ...] = tuple(COMMANDS)) -> Asked | None:
    """Open a random command's dialog, with random answers; return None if none opens."""
    mine = chance.choice((None, *PEOPLE[CONFERENCE]))
    bench = floor(listings(chance), mine, chance.choice(PEOPLE[CONFERENCE]))
    command = COMMANDS[chance.choice(among)]
    bench.looking["pane"] = chance.choice(sorted(command.panes))
    if bench.looking["pane"] is Pane.PEOPLE:
        bench.looking["leg"] = chance.choice(PEOPLE[CONFERENCE])
        bench.looking["marked"] = tuple(
            chance.sample(PEOPLE[CONFERENCE], chance.choice((0, 0, 1, 3)))
        )
    targets = aimed_at(bench, command)
    bench.hands.run(command.name, LineTarget(bench.look().cursor), plan=True)
    if isinstance(targets, str) or not bench.plans:
        return None
    form = bench.plans[0]
    answers = {field.name: answer(field, chance) for field in form.fields}
    return Asked(bench, command, form, targets, answers)
