"""The audit: every command with its operator, target and outcome, on disk before it is sent."""

from __future__ import annotations

import getpass
import json
import os
import socket
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, TypeAlias

from console.commands.second_question import order_level
from console.core.masking import mask
from console.core.messages import facts
from console.core.messages.facts import CommandFact, Fact
from console.core.model import command
from console.core.model.command import Command, ConfirmationLevel, Order, Target, conference_of
from console.core.model.listed_resources import Moment, Problem, ProblemKind
from console.core.model.orders import Observed
from console.core.model.stage import Stage
from console.core.model.state import State
from console.journal.confidential import UNSEALED, Confidentiality
from console.journal.log import JournalTable, text_or_none

TARGETS: Mapping[str, Callable[..., Target]] = {
    "People": command.People,
    "WholeRoom": command.WholeConference,
    "Queued": command.Queued,
    "WholeQueue": command.WholeQueue,
    "AnyLeg": command.AnyLeg,
    "Nothing": command.NoTarget,
}
"""The class of a target for each name in audit rows. Names in rows never change."""
KINDS = {kind: name for name, kind in TARGETS.items()}
SPELT = {"conference": "room", "from_conference": "from_room"}
"""The names in audit rows of the members of a target that are named differently in the code."""

Write: TypeAlias = Callable[[JournalTable, str, bytes, Moment], Awaitable[bool]]

Names: TypeAlias = Callable[[State, Order], Mapping[str, str]]


class Auditor:
    """Writes the intent, the attempts and the outcome of each command into the audit.

    ``who`` is written with every intent. ``write`` writes a row with its moment, and returns False
    if the journal cannot be written. Such rows are kept and written later, in order. ``names``
    returns the names shown for the targets of an order, by id, for orders that have none yet.
    """

    def __init__(
        self,
        write: Write,
        *,
        who: Mapping[str, str],
        clock: Callable[[], Moment],
        latest: Callable[[], State],
        spawn: Callable[[Coroutine[None, None, None]], object],
        names: Names = lambda *_: {},
        confidential: Confidentiality = UNSEALED,
    ) -> None:
        self._write = write
        self._names = names
        self._confidential = confidential
        self._who = who
        self._clock = clock
        self._latest = latest
        self._spawn = spawn
        self._open: dict[str, None] = {}
        self._owed: deque[tuple[str, bytes, Moment]] = deque()
        self._paying = False

    async def write_intent(self, order: Order) -> bool:
        """Write the intent of an order. Return False if the order must not be sent.

        That is so if the journal cannot be written and the order needed a confirmation. The
        intent is written later in any case.
        """
        state = self._latest()
        others = {id_: known for id_, known in state.receipts.items() if id_ != order.id}
        level = order_level(order, replace(state, receipts=others), order.at)
        level = max(level, order.confirmation)  # the state of now may lack the reason to ask
        receipt = state.receipts.get(order.id)
        settings = receipt.settings_before if receipt is not None else {}
        named = replace(order, names=order.names or self._names(state, order))
        body = intent(named, level, self._who, settings, self._confidential)
        row = order.id, body, self._clock()
        self._open[order.id] = None
        if await self._write(JournalTable.AUDIT, *row):
            return True
        self._owed.append(row)
        return level < ConfirmationLevel.CONFIRM

    def take_over(self, past: Sequence[Fact]) -> None:
        """Take over the commands whose outcome an earlier process did not write, from its facts."""
        for fact in past:
            if isinstance(fact, facts.CommandRecalled):
                self._open[fact.order.id] = None
            elif isinstance(fact, facts.CommandSettled):
                self._open.pop(fact.id, None)

    def write_result(self, fact: CommandFact) -> None:
        """Write the result of an attempt."""
        self._later(fact.id, outcome(fact))

    def write_outcomes(self) -> None:
        """Write the outcome of every command that ended since the last call, and all owed rows."""
        receipts = self._latest().receipts
        for id_ in list(self._open):
            receipt = receipts.get(id_)
            if receipt is None or receipt.stage.open:
                continue
            del self._open[id_]
            effect = {"what": "effect", "stage": receipt.stage.value, "note": receipt.note}
            self._later(id_, _json(effect))
        if self._owed and not self._paying:
            self._paying = True
            self._spawn(self._pay())

    def _later(self, id_: str, body: bytes) -> None:
        row = id_, body, self._clock()
        if self._owed:  # keep the order of the rows
            self._owed.append(row)
        else:
            self._spawn(self._try(row))

    async def _try(self, row: tuple[str, bytes, Moment]) -> None:
        if not await self._write(JournalTable.AUDIT, *row):
            self._owed.append(row)

    async def _pay(self) -> None:
        try:
            while self._owed and await self._write(JournalTable.AUDIT, *self._owed[0]):
                self._owed.popleft()
        finally:
            self._paying = False


def process_identity() -> dict[str, str]:
    """Return the user, host and SSH client address of this process, for the audit."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # in a container the user id may have no name
        user = f"uid {os.getuid()}"
    before = os.environ.get("SUDO_USER", "")
    return {
        "user": f"{user} (sudo by {before})" if before else user,
        "host": socket.gethostname(),
        "from": os.environ.get("SSH_CLIENT", "").partition(" ")[0],
    }


def intent(
    order: Order,
    level: ConfirmationLevel,
    who: Mapping[str, str],
    settings: Mapping[str, Mapping[str, str]] | None = None,
    confidential: Confidentiality = UNSEALED,
) -> bytes:
    """Return the audit row of an order before it is sent, with numbers and codes masked.

    ``level`` is its confirmation level. ``settings`` holds the settings before it, by key, so
    that a later process can undo it.
    """
    answers = confidential.audited(order.command, {**_observed_answers(order), **order.values})
    return _json(
        {
            "what": "intent",
            "command": order.command.name,
            "room": answers["values"].get("room") or conference_of(order.target),
            "target": _spelt(order.target),
            "names": {id_: mask(name) for id_, name in order.names.items()},
            **answers,
            "why": mask(order.values.get("reason", "")),
            "tier": int(level),
            "region": order.region,
            "undoes": order.undoes,
            "redoes": order.redoes,
            "former": {key: dict(value) for key, value in (settings or {}).items()},
            "batch": order.batch,
            "operator": order.operator,
            **who,
        }
    )


def fact_in_row(
    id_: str,
    body: bytes,
    at: Moment,
    commands: Mapping[str, Command],
    confidential: Confidentiality = UNSEALED,
) -> Fact | None:
    """Return the fact in an audit row, or None if this version cannot read the row.

    ``id_`` is the order's id, and ``commands`` holds the known commands by name.
    """
    found: Fact | None = None
    try:
        row = json.loads(body)
        match row["what"]:
            case "intent":
                order = _order(id_, row, at, commands, confidential)
                found = facts.CommandRecalled(at, order, _settings(row))
            case "attempt":
                found = facts.CommandSent(at, id_, int(row["number"]))
            case "accepted":
                found = facts.CommandAccepted(at, id_, row["date"], row.get("leg"), row.get("room"))
            case "refused":
                found = facts.CommandRefused(at, id_, _problem_read(row["problem"]))
            case "unanswered":
                found = facts.CommandUnanswered(at, id_, _problem_read(row["problem"]))
            case "effect":
                found = facts.CommandSettled(at, id_, Stage(row["stage"]), str(row["note"]))
    except (ValueError, KeyError, TypeError):  # a row of another version
        return None
    return found


def _order(
    id_: str,
    row: Mapping[str, object],
    at: Moment,
    known: Mapping[str, Command],
    confidential: Confidentiality,
) -> Order:
    names = row.get("names")
    values = confidential.audited_answers(row)
    repeats, observed = values.pop("again", None), _observed(values)
    return Order(
        id=id_,
        at=at,
        command=known[str(row["command"])],
        target=_target(row["target"]),
        operator=str(row["operator"]),
        values=values,
        observed=observed,
        repeats=repeats,
        region=text_or_none(row["region"]),
        undoes=text_or_none(row["undoes"]),
        redoes=text_or_none(row.get("redoes")),
        batch=text_or_none(row.get("batch")),
        names={str(i): str(n) for i, n in names.items()} if isinstance(names, dict) else {},
    )


def _problem_read(members: Mapping[str, Any]) -> Problem:
    return Problem(**{**members, "kind": ProblemKind(members["kind"])})


def _observed_answers(order: Order) -> dict[str, str]:
    """Spell the observed facts, and the repeated order, as members of ``values``."""
    seen, found = order.observed, {}
    if seen.participant_id is not None:
        found["participant_id"] = seen.participant_id
    if seen.was_whispering is not None:
        words = (("whisper", seen.was_whispering), ("muted", seen.maybe_muted))
        found["was"] = " ".join(word for word, so in words if so)
    if order.repeats is not None:
        found["again"] = order.repeats
    return found


def _observed(values: dict[str, str]) -> Observed:
    """Take the observed facts out of the members of ``values``."""
    participant_id, was = values.pop("participant_id", None), values.pop("was", None)
    if was is None:
        return Observed(participant_id)
    return Observed(participant_id, "whisper" in was.split(), "muted" in was.split())


def _settings(row: Mapping[str, object]) -> dict[str, dict[str, str]]:
    """Return the settings before the command, by key. Rows of early versions have none."""
    found = row.get("former")
    members = found.items() if isinstance(found, dict) else ()
    return {str(key): {str(n): str(v) for n, v in value.items()} for key, value in members}


def _spelt(target: Target) -> Mapping[str, object]:
    members = {SPELT.get(name, name): value for name, value in asdict(target).items()}
    return {"kind": KINDS[type(target)], **members}


def _target(members: object) -> Target:
    if not isinstance(members, dict):
        raise TypeError("a target is an object")
    names = {spelt: name for name, spelt in SPELT.items()}
    named = {
        names.get(str(name), str(name)): tuple(value) if isinstance(value, list) else value
        for name, value in members.items()
    }
    return TARGETS[str(named.pop("kind"))](**named)


def outcome(fact: CommandFact) -> bytes:
    """Return the audit row of the result of an attempt."""
    match fact:
        case facts.CommandSent():
            return _json({"what": "attempt", "number": fact.attempt})
        case facts.CommandAccepted():
            named = {"leg": fact.leg, "room": fact.conference}
            known = {name: id_ for name, id_ in named.items() if id_ is not None}
            return _json({"what": "accepted", "date": fact.date, **known})
        case facts.CommandRefused():
            return _json({"what": "refused", "problem": _problem(fact.problem)})
        case facts.CommandUnanswered():
            return _json({"what": "unanswered", "problem": _problem(fact.problem)})


def _problem(problem: Problem) -> dict[str, object]:
    """Return a problem's members with masked texts, because Telnyx may repeat what was sent."""
    members = asdict(problem).items()
    return {name: mask(value) if isinstance(value, str) else value for name, value in members}


def _json(members: Mapping[str, object]) -> bytes:
    """Return JSON, with escapes for texts such as user names that are not UTF-8."""
    text = json.dumps(members, ensure_ascii=False, sort_keys=True)
    return text.encode(errors="backslashreplace")
