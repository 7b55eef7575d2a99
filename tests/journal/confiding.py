"""Runs every dialog with secret answers against a real journal, audit, notes and log file."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from view.desks import Sitting
from view.scenes import scene

from console.commands import COMMANDS
from console.core.messages import facts
from console.core.messages.effects import KeepNote, Send
from console.core.messages.intents import AnswersAsked, Declined, Intent, NoteAsked, OrderAsked
from console.core.model.command import Command, Field, FieldKind, Order, Pane
from console.core.model.listed_resources import Problem, ProblemKind
from console.core.update import Message, update
from console.journal.audit_writer import Auditor
from console.journal.confidential import Confidentiality
from console.journal.notes import note_writer
from console.journal.recorder import WebhookRecorder
from console.journal.sqlite import SqliteLog
from console.runtime.effect_runner import Runner
from console.telnyx.events import ParsedWebhook
from console.ui.command_controller import CommandController
from console.view.screen_elements import Form, Values
from console.view.typed_names import LineTarget
from support.playbook import (
    CONFERENCE,
    EPOCH,
    Playbook,
    at,
    participant,
    queue,
    queued,
    reading,
)
from support.secrecy import Secret

ANA, BO, CY, GUS = "v3:ana", "v3:bo", "v3:cy", "v3:gus"
PANES = (Pane.PEOPLE, Pane.CALLS, Pane.QUEUES, Pane.CONFERENCES)
TYPED = frozenset(FieldKind) - {FieldKind.CHOICE, FieldKind.FLAG}
"""Kinds of field that any text may be typed into."""


def fitted(asked: Field, secret: Secret) -> str | None:
    """Return the secret in a form valid for the field, or None if the field takes no text."""
    spelled, few = secret.spelled, secret.digits[:9]
    forms = (
        f"for Dana {spelled} today",
        f"https://media.example/for-Dana-{spelled}.mp3",
        json.dumps({"pin": spelled}, ensure_ascii=False),
        base64.b64encode(f"for Dana {spelled}".encode()).decode(),
        secret.digits,
        few,
    )
    allowed = (text for text in forms if asked.limit is None or len(text) <= asked.limit)
    return next((text for text in allowed if asked.check is None or not asked.check(text)), None)


@dataclass(frozen=True)
class Answer:
    """Telnyx's answer to one request."""

    problem: Problem | None = None
    date: float | None = EPOCH
    leg: str | None = None
    conference: str | None = None


@dataclass
class Confiding:
    """Answers every dialog with secrets, and sends the resulting orders."""

    folder: Path
    secret: Callable[[], Secret]
    confidential: Confidentiality
    said: list[tuple[str, str]] = field(default_factory=list)
    """The digits of every secret, and the text that was typed."""
    sent: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.log = SqliteLog(
            self.folder / "default.db",
            wall=lambda: EPOCH,
            notify=lambda _: None,
            tidied=self.confidential.tidied,
        )
        self.keeper = WebhookRecorder(
            self.log,
            clock=lambda: at(0.0),
            boot="b",
            post=lambda _: None,
            parse=ParsedWebhook,
        )
        self._work: list[Coroutine[None, None, None]] = []
        self._numbers = count()
        self.talk = Playbook().begin(participant(ANA), participant(BO))
        self.talk.say(
            facts.QueuesListed(reading(-1.0), (queue("vip"), queue("empty"))),
            facts.CallsListed(reading(-1.0), "vip", (queued(CY), queued(GUS, 2, alive=False))),
        )
        self._first = self.talk.state
        self.auditor = Auditor(
            self.keeper.write,
            who={"user": "ana"},
            clock=lambda: at(0.0),
            latest=lambda: self.talk.state,
            spawn=self._work.append,
            confidential=self.confidential,
        )
        note = note_writer(self.keeper.write, lambda: at(0.0), self._take, self.confidential)
        self.runner = Runner(
            self,
            policy=self.talk.state.policy,
            clock=lambda: at(0.0),
            post=self._post,
            refresh=lambda _: None,
            spawn=self._work.append,
            permit=self.auditor.write_intent,
            keep=self.keeper.recover,
            may_repeat=lambda: True,
            note=note,
        )

    async def answer(self, command: Command) -> None:
        """Open the command's dialog, type a secret into every text field, and run the command."""
        self.talk.state = self._first
        sitting = Sitting(self.talk, seconds=0.0)
        looking = scene(
            self.talk.state,
            pane=next(pane for pane in PANES if pane in command.panes),
            queue="empty" if command.name == "queue_delete" else "vip",
            call=GUS if command.name == "ghost" else CY,
            conference=CONFERENCE,
            leg=ANA,
        )
        forms: list[tuple[Form, Callable[[Values | None], None]]] = []
        hands = CommandController(
            sitting.desk(), lambda: looking, lambda *asked: forms.append(asked), lambda _: None
        )
        hands.run(command.name, LineTarget(looking.cursor))
        for form, answered in forms:
            answered({**form.values, **self._filled(form)})
        refusals = [one.text for one in sitting.said(Declined)]
        assert not refusals, f"{command.name}: {refusals}"
        for intent in sitting.posted:
            await self.ask(_named(intent, command, next(self._numbers)))

    async def note(self) -> None:
        """Give somebody an alias that holds a secret."""
        secret = self.secret()
        self.said.append((secret.digits, secret.spelled))
        await self.ask(NoteAsked(at(0.0), ANA, alias=f"Dana {secret.spelled}"))

    async def ask(self, intent: Intent) -> None:
        """Apply an intent and run its effects to their end."""
        self.talk.say(intent)
        for effect in self.talk.effects:
            if isinstance(effect, Send | KeepNote):
                self.runner.perform(effect)
        await self._finish()

    async def _finish(self) -> None:
        while self._work:
            await self._work.pop(0)
        self.talk.say(facts.Ticked(at(60.0)))
        self.auditor.write_outcomes()
        while self._work:
            await self._work.pop(0)

    def _filled(self, form: Form) -> Values:
        values: dict[str, str] = {}
        for asked in form.fields:
            secret = self.secret()
            text = fitted(asked, secret) if asked.kind in TYPED else None
            if text is not None:
                values[asked.name] = text
                digits = secret.digits if secret.digits[:9] != text else text
                self.said.append((digits, text))
        return values

    def _take(self, message: Message) -> None:
        self.talk.state, _ = update(self.talk.state, [message])

    def _post(self, fact: facts.Fact) -> None:
        if isinstance(fact, facts.CommandFact):
            self.auditor.write_result(fact)
        self._take(fact)

    def unfit(self, order: Order) -> Problem | None:
        """Return None: the request of every order can be built."""
        order.command.request(order)
        return None

    async def send(self, order: Order) -> Answer:
        """Accept, refuse with the order's texts, or break off: each for a third of the orders."""
        self.sent.append(order.command.name)
        match len(self.sent) % 3:
            case 0:
                return Answer()
            case 1:
                values = json.dumps(dict(order.values))
                return Answer(
                    Problem(ProblemKind.REFUSED, 422, "10015", f"bad {values}", f"no: {values}")
                )
            case _:
                raise RuntimeError(f"cannot send {dict(order.values)!r}")


def _named(intent: Intent, command: Command, number: int) -> Intent:
    """Return a unique id for every order."""
    if isinstance(intent, OrderAsked):
        return replace(intent, order=replace(intent.order, id=f"{command.name}-{number}"))
    assert isinstance(intent, AnswersAsked)
    return intent


async def confided(
    folder: Path, secret: Callable[[], Secret], confidential: Confidentiality
) -> Confiding:
    """Answer the dialogs of all commands with a journal in this folder, and close it."""
    trial = Confiding(folder, secret, confidential)
    for command in COMMANDS.values():
        await trial.answer(command)
    await trial.note()
    for digits, text in trial.said:
        logging.getLogger("console").error("a library says %r of %s", text, digits)
    await asyncio.sleep(0)
    return trial
