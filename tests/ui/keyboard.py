"""A random operator while the world changes: real controller and update, simulated time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from ui.bench import Bench

from console.commands import COMMANDS
from console.commands.command_line import field_of
from console.core.messages import facts, intents, webhooks
from console.core.messages.effects import Send
from console.core.model.command import Command, Order, Pane, TargetKind
from console.core.model.listed_resources import Leg, Problem, ProblemKind
from console.view.command_line import LineAction, read_line
from console.view.panes import conferences
from console.view.panes import people as people_pane
from console.view.screen_elements import Values
from support.playbook import at as moment
from support.playbook import (
    joined,
    left,
    listed_conference,
    origin,
    participant,
    people_listed,
    queue,
    queued,
)
from support.playbook import reading as answer

LEGS = ("v3:ana0", "v3:bob1", "v3:cy22", "v3:dee3")
CONFERENCES = ("room-1", "room-2", "room-3")
"""All three are called alike."""
QUEUES = ("vip", "vap")
NAME = "board-q3"
SAID = {
    "payload": "hi",
    "audio_url": "https://a.example/x.mp3",
    "digits": "1",
    "name": "new",
    "queue_name": "vip",
    "max_size": "9",
    "end_conference_on_exit": "on",
}
"""Answers by field. Conferences and calls are picked from the offered names."""
BEGIN: tuple[tuple[Any, ...], ...] = (
    ("conferences", {0, 1}),
    ("queues", {0, 1}),
    ("people", 0, {0, 1}),
    ("calls", 0, [2, 3]),
)


@dataclass(frozen=True)
class Shown:
    """The marks and the rows at the cursors when a key was pressed or a line was chosen."""

    command: str
    conferences: frozenset[str | None]
    queues: frozenset[str | None]
    legs: frozenset[str]
    picked: Values = field(default_factory=dict)


@dataclass
class Floor:
    """An operator at the keyboard, and events that happen meanwhile."""

    bench: Bench
    typed: tuple[LineAction, dict[str, Any]] | None = None
    """The chosen command line, and the rows it was for when it was chosen."""
    shown: dict[str, Shown] = field(default_factory=dict)
    """The rows shown at the key press, by order id."""
    pending: Shown | None = None
    """The rows shown when the open dialog was opened."""
    handed: int = 0
    """The number of intents that the engine has taken."""
    orders: list[Order] = field(default_factory=list)
    """The orders that were sent, in order."""

    def step(self, kind: str, *args: object) -> None:
        """Play one random event, 1.5 seconds after the last."""
        self.bench.sitting.seconds += 1.5
        getattr(self, f"on_{kind}")(*args)

    @property
    def now(self) -> float:
        return self.bench.sitting.seconds

    def say(self, *messages: object) -> None:
        """Pass messages to the engine, and keep the orders that it sends."""
        talk = self.bench.sitting.talk
        talk.say(*messages)  # type: ignore[arg-type]  # messages of the core
        self.orders += [e.order for e in talk.effects if isinstance(e, Send)]

    # the operator

    def on_look(self, pane: Pane, conference: int, leg: int, queue_: int) -> None:
        """Put the cursors on random rows, also on rows that have gone."""
        if self.pending is None and self.typed is None:
            self.bench.looking = {
                "pane": pane,
                "conference": (*CONFERENCES, None)[conference],
                "leg": LEGS[leg],
                "queue": (*QUEUES, QUEUES[0], None)[queue_],
                "call": LEGS[leg],
            }

    def on_mark(self, rows: set[int]) -> None:
        """Mark random rows of the pane, also rows that have gone."""
        if self.pending is None and self.typed is None:
            pools: dict[object, tuple[str, ...]] = {
                Pane.CONFERENCES: CONFERENCES,
                Pane.QUEUES: QUEUES,
            }
            pool = pools.get(self.bench.looking["pane"], LEGS)
            self.bench.looking["marked"] = tuple(pool[n] for n in sorted(rows) if n < len(pool))

    def on_shift(self, conference: int, leg: int) -> None:
        """Let the rows at the cursors go, so that the cursors are on others."""
        self.bench.looking |= {
            "conference": (*CONFERENCES, None)[conference],
            "leg": LEGS[leg],
            "call": LEGS[leg],
        }

    def on_press(self, key: str) -> None:
        if self.pending is not None or self.typed is not None:
            return  # a dialog or the palette has the keys
        pane = self.bench.looking["pane"]
        command = next((c for c in COMMANDS.values() if c.key == key and pane in c.panes), None)
        if command is not None:
            self.begin(self.under(command, self.bench.looking), lambda: self.bench.hands.press(key))

    def on_type(self, text: str) -> None:
        """Choose a command line from the suggestions. Enter comes later."""
        if self.pending is None:
            rows = read_line(self.bench.look(), text).rows
            chosen = rows[0].chosen if rows else None
            self.typed = (chosen, self.named(chosen, text)) if chosen is not None else None

    def on_enter(self) -> None:
        typed, self.typed = self.typed, None
        if typed is None or typed[0].target is None:
            return
        offer, meant, looking = typed[0].offer, typed[0].target, typed[1]
        shown = self.under(COMMANDS[offer.command], looking)
        self.begin(shown, lambda: self.bench.hands.run(offer.command, meant))

    def named(self, chosen: LineAction, text: str) -> dict[str, Any]:
        """Return the rows at the cursors, or the named person, who overrides the marks."""
        looking, name = dict(self.bench.looking), text.removeprefix(chosen.offer.line).strip()
        command = COMMANDS.get(chosen.offer.command)
        if command is None or not name or field_of(command) is not None:
            return looking
        if name == "*":
            return looking | {"pane": Pane.CONFERENCES, "marked": ()}
        match command.target_kind:
            case TargetKind.CONFERENCE:
                alike = [*conferences.visible(self.bench.look().state)]
                found = {"conference": alike[0] if name == NAME else name}
            case TargetKind.QUEUE:
                found = {"queue": name}
            case _:
                leg = next(leg for leg in LEGS if leg.endswith(name))
                pane = Pane.CALLS if looking["pane"] == Pane.CALLS else Pane.PEOPLE
                found = {"leg": leg, "call": leg, "pane": pane}
        return looking | found | {"marked": ()}

    def under(self, command: Command, looking: dict[str, Any]) -> Shown:
        """Return the targets by what the screen shows now: the marks, otherwise the cursors."""
        pane, marked = looking["pane"], looking.get("marked", ())
        if pane == Pane.PEOPLE and command.target_kind is TargetKind.CONFERENCE:
            marked = ()  # the conference is meant, not who is marked in it
        conferences = (
            set(marked) if marked and pane == Pane.CONFERENCES else {looking["conference"]}
        )
        queues = set(marked) if marked and pane == Pane.QUEUES else {looking["queue"]}
        at_calls = pane == Pane.CALLS and command.target_kind in {TargetKind.CALL, TargetKind.LEG}
        legs = set(marked) or {looking["call"] if at_calls else looking["leg"]}
        if command.target_kind is TargetKind.PEOPLE and pane == Pane.CONFERENCES:
            state = self.bench.look().state
            legs = {
                leg
                for conference in conferences
                if conference
                for leg in people_pane.visible(state, conference)
            }
        if command.target_kind in {TargetKind.CONFERENCE, TargetKind.QUEUE, TargetKind.NOTHING}:
            legs = set()
        named = frozenset(leg for leg in legs if leg)
        return Shown(command.name, frozenset(conferences), frozenset(queues), named)

    def begin(self, shown: Shown, act: Callable[[], None]) -> None:
        """Press a key, and check that the order or dialog is for the rows shown."""
        before, asked = len(self.bench.sitting.posted), len(self.bench.forms)
        act()
        self.note(before, shown)
        if len(self.bench.forms) > asked:
            self.pending = shown

    def note(self, before: int, shown: Shown) -> None:
        for one in self.bench.sitting.posted[before:]:
            if isinstance(one, intents.OrderAsked):
                self.shown[one.order.id] = shown

    def on_answer(self, yes: bool) -> None:  # drawn
        if self.pending is None:
            return
        form, shown = self.bench.forms[-1], self.pending
        values = {**form.values, **{k: v for k, v in SAID.items() if k in form.values}}
        picked = {}
        for name in {"room", "call_control_id"} & form.values.keys():
            offered = form.known.get(name, {})
            values[name] = min(offered) if offered else values[name]
            picked[name] = offered.get(values[name], values[name])
        self.pending = None
        before = len(self.bench.sitting.posted)
        lacking = form.complain(values)
        self.bench.answers[-1](values if yes and not lacking else None)
        self.note(before, replace(shown, picked=picked))

    def on_undo(self) -> None:
        desk = self.bench.sitting
        desk.posted.append(intents.UndoAsked(moment(self.now), f"undo-{self.now}", "ana"))

    # the engine and the world

    def on_again(self) -> None:
        """Read all listings again, with every row present."""
        for kind, *args in BEGIN:
            getattr(self, f"on_{kind}")(*args)

    def on_engine(self) -> None:
        """Pass the waiting intents to the engine."""
        fresh = self.bench.sitting.posted[self.handed :]
        self.handed = len(self.bench.sitting.posted)
        self.say(*fresh)

    def on_reply(self, how: str) -> None:
        receipts = self.bench.sitting.state.receipts.values()
        for id_ in [r.order.id for r in receipts if r.stage == "sent"][:1]:
            now, problem = moment(self.now), Problem(ProblemKind.SERVER, 500, None, "")
            match how:
                case "yes":
                    self.say(facts.CommandAccepted(now, id_, now.wall))
                case "no":
                    self.say(
                        facts.CommandRefused(now, id_, Problem(ProblemKind.REFUSED, 422, "1", ""))
                    )
                case "lost":
                    self.say(facts.CommandUnanswered(now, id_, problem))
                case _:
                    self.say(
                        facts.CommandUnanswered(
                            now, id_, Problem(ProblemKind.UNREACHABLE, None, None, "")
                        )
                    )

    def on_people(self, conference: int, legs: set[int]) -> None:
        listed = (participant(LEGS[n], muted=n == conference, held=n == 2) for n in sorted(legs))
        self.say(people_listed(self.now, *listed, conference=CONFERENCES[conference % 3]))

    def on_conferences(self, conferences: set[int]) -> None:
        listed = tuple(
            listed_conference(CONFERENCES[n], NAME)
            for n in sorted(conferences)
            if n < len(CONFERENCES)
        )
        self.say(facts.ConferencesListed(answer(self.now), "in_progress", listed))

    def on_calls(self, queue_: int, legs: list[int]) -> None:
        calls = tuple(queued(LEGS[n], place, alive=n != 3) for place, n in enumerate(legs, 1))
        self.say(facts.CallsListed(answer(self.now), QUEUES[queue_ % 2], calls))

    def on_queues(self, queues: set[int]) -> None:
        listed = tuple(queue(QUEUES[n]) for n in sorted(queues) if n < len(QUEUES))
        self.say(facts.QueuesListed(answer(self.now), listed))

    def on_joined(self, leg: int, conference: int) -> None:
        self.say(joined(self.now, LEGS[leg], conference=CONFERENCES[conference % 3]))

    def on_left(self, leg: int, conference: int) -> None:
        self.say(left(self.now, LEGS[leg], conference=CONFERENCES[conference % 3]))

    def on_ended(self, conference: int) -> None:
        said = origin(self.now, "conference.ended")
        self.say(webhooks.ConferenceEnded(said, CONFERENCES[conference % 3], "all_left"))

    def on_enqueued(self, leg: int, queue_: int) -> None:
        said = origin(self.now, "call.enqueued")
        self.say(webhooks.CallEnqueued(said, Leg(LEGS[leg]), QUEUES[queue_ % 2], 1, 0))

    def on_dequeued(self, leg: int, queue_: int) -> None:
        said = origin(self.now, "call.dequeued")
        self.say(webhooks.CallDequeued(said, Leg(LEGS[leg]), QUEUES[queue_ % 2], 1, "left"))

    def on_tick(self, seconds: float) -> None:
        self.bench.sitting.seconds += seconds
        self.say(facts.Ticked(moment(self.now)))
