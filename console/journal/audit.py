"""Who had what done, where from and why: on the disk before the first byte is sent."""

from __future__ import annotations

import getpass
import json
import os
import socket
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, TypeAlias

from console.commands.second_question import tier_with
from console.core.masking import mask
from console.core.messages.facts import (
    CommandAccepted,
    CommandFact,
    CommandRecalled,
    CommandRefused,
    CommandSent,
    CommandSettled,
    CommandUnanswered,
    Fact,
)
from console.core.model.command import (
    AnyLeg,
    Command,
    ConfirmationLevel,
    Nothing,
    Order,
    People,
    Queued,
    Target,
    WholeConference,
    WholeQueue,
    conference_of,
)
from console.core.model.orders import Observed
from console.core.model.resources import Moment, Problem, ProblemKind
from console.core.model.stage import Stage
from console.core.model.state import State
from console.journal.confidential import UNSEALED, Confidentiality
from console.journal.log import JournalTable

TARGETS: Mapping[str, Callable[..., Target]] = {
    "People": People,
    "WholeRoom": WholeConference,
    "Queued": Queued,
    "WholeQueue": WholeQueue,
    "AnyLeg": AnyLeg,
    "Nothing": Nothing,
}
"""Targets of commands, by the name that stands in a row. Rows keep their spelling for ever."""
KINDS = {kind: name for name, kind in TARGETS.items()}
SPELT = {"conference": "room", "from_conference": "from_room"}
"""Members of a target, as a row spells them."""

Write: TypeAlias = Callable[[JournalTable, str, bytes, Moment], Awaitable[bool]]

Names: TypeAlias = Callable[[State, Order], Mapping[str, str]]


def _nameless(_: State, __: Order) -> Mapping[str, str]:
    return {}


class Auditor:
    """Writes each command's story into the audit.

    ``who`` is written with every intent. ``write`` keeps a row, with the moment at which what it
    tells of was so, and says whether it could. What it could not is owed, and is written, oldest
    first, as soon as it can. ``names`` returns the names shown for what an order is aimed at, by
    id; it is asked for orders that no key press named.
    """

    def __init__(
        self,
        write: Write,
        *,
        who: Mapping[str, str],
        clock: Callable[[], Moment],
        latest: Callable[[], State],
        spawn: Callable[[Coroutine[None, None, None]], object],
        names: Names = _nameless,
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

    async def permit(self, order: Order) -> bool:
        """Write what is about to be done. False where it is grave and could not be written.

        Whether it is done or refused then, that it was asked for is written as soon as it can be.
        """
        state = self._latest()
        others = {id_: known for id_, known in state.receipts.items() if id_ != order.id}
        tier = tier_with(order, replace(state, receipts=others), order.at)
        tier = max(tier, order.confirmation)  # the state of now may lack the reason to ask
        receipt = state.receipts.get(order.id)
        former = receipt.former if receipt is not None else {}
        named = replace(order, names=order.names or self._names(state, order))
        row = intent(named, tier, self._who, former, self._confidential)
        told = order.id, row, self._clock()
        self._open[order.id] = None
        if await self._write(JournalTable.AUDIT, *told):
            return True
        self._owed.append(told)
        return tier < ConfirmationLevel.CONFIRM

    def recalls(self, past: Sequence[Fact]) -> None:
        """What an earlier process sent and wrote no end of: its end is ours to write."""
        for fact in past:
            match fact:
                case CommandRecalled():
                    self._open[fact.order.id] = None
                case CommandSettled():
                    self._open.pop(fact.id, None)
                case _:
                    pass

    def heard(self, fact: CommandFact) -> None:
        """Write what came of an attempt."""
        self._later(fact.id, outcome(fact))

    def settled(self) -> None:
        """Write the end of every command that has ended since the last time, and what is owed."""
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
        if self._owed:  # nothing overtakes what it follows
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


def whoami() -> dict[str, str]:
    """Who this process is run by, and from where."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # a container may run as a number that has no name
        user = f"uid {os.getuid()}"
    before = os.environ.get("SUDO_USER", "")
    return {
        "user": f"{user} (sudo by {before})" if before else user,
        "host": socket.gethostname(),
        "from": os.environ.get("SSH_CLIENT", "").partition(" ")[0],
    }


def intent(
    order: Order,
    tier: ConfirmationLevel,
    who: Mapping[str, str],
    former: Mapping[str, Mapping[str, str]] | None = None,
    confidential: Confidentiality = UNSEALED,
) -> bytes:
    """An audit row that says what is about to be done, without numbers and codes in full.

    ``former`` is how everything it changes was set, by key: what a later process may put back.
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
            "tier": int(tier),
            "region": order.region,
            "undoes": order.undoes,
            "redoes": order.redoes,
            "former": {key: dict(value) for key, value in (former or {}).items()},
            "batch": order.batch,
            "operator": order.operator,
            **who,
        }
    )


def recalled(
    id_: str,
    body: bytes,
    at: Moment,
    commands: Mapping[str, Command],
    confidential: Confidentiality = UNSEALED,
) -> Fact | None:
    """The fact that an audit row states of its command; None of one that this version cannot."""
    found: Fact | None = None
    try:
        told = json.loads(body)
        match told["what"]:
            case "intent":
                found = CommandRecalled(
                    at, _order(id_, told, at, commands, confidential), _former(told)
                )
            case "attempt":
                found = CommandSent(at, id_, int(told["number"]))
            case "accepted":
                found = CommandAccepted(at, id_, told["date"], told.get("leg"), told.get("room"))
            case "refused":
                found = CommandRefused(at, id_, _problem_read(told["problem"]))
            case "unanswered":
                found = CommandUnanswered(at, id_, _problem_read(told["problem"]))
            case "effect":
                found = CommandSettled(at, id_, Stage(told["stage"]), str(told["note"]))
    except (ValueError, KeyError, TypeError):  # another version's words
        return None
    return found


def _order(
    id_: str,
    told: Mapping[str, object],
    at: Moment,
    known: Mapping[str, Command],
    confidential: Confidentiality,
) -> Order:
    names = told.get("names")
    values = confidential.audited_answers(told)
    repeats, observed = values.pop("again", None), _observed(values)
    return Order(
        id=id_,
        at=at,
        command=known[str(told["command"])],
        target=_target(told["target"]),
        operator=str(told["operator"]),
        values=values,
        observed=observed,
        repeats=repeats,
        region=_or_none(told["region"]),
        undoes=_or_none(told["undoes"]),
        redoes=_or_none(told.get("redoes")),
        batch=_or_none(told.get("batch")),
        names={str(i): str(n) for i, n in names.items()} if isinstance(names, dict) else {},
    )


def _problem_read(members: Mapping[str, Any]) -> Problem:
    return Problem(**{**members, "kind": ProblemKind(members["kind"])})


def _observed_answers(order: Order) -> dict[str, str]:
    """Spell what was observed, and the repeated order, as members of ``values``."""
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
    """Take what was observed out of the members of ``values``."""
    was = values.pop("was", None)
    words = None if was is None else was.split()
    return Observed(
        participant_id=values.pop("participant_id", None),
        was_whispering=None if words is None else "whisper" in words,
        maybe_muted=None if words is None else "muted" in words,
    )


def _or_none(said: object) -> str | None:
    return None if said is None else str(said)


def _former(told: Mapping[str, object]) -> dict[str, dict[str, str]]:
    """How things were set before; nothing in a row of before this was kept."""
    former = told.get("former")
    if not isinstance(former, dict):
        return {}
    return {str(key): {str(n): str(v) for n, v in value.items()} for key, value in former.items()}


def _spelt(target: Target) -> Mapping[str, object]:
    members = {SPELT.get(name, name): value for name, value in asdict(target).items()}
    return {"kind": KINDS[type(target)], **members}


def _target(told: object) -> Target:
    if not isinstance(told, dict):
        raise TypeError("a target is an object")
    names = {spelt: name for name, spelt in SPELT.items()}
    named = {
        names.get(str(name), str(name)): tuple(said) if isinstance(said, list) else said
        for name, said in told.items()
    }
    return TARGETS[str(named.pop("kind"))](**named)


def outcome(fact: CommandFact) -> bytes:
    """An audit row that says what came of an attempt."""
    return _json(_members(fact))


def _members(fact: CommandFact) -> Mapping[str, object]:
    match fact:
        case CommandSent():
            return {"what": "attempt", "number": fact.attempt}
        case CommandAccepted():
            named = {"leg": fact.leg, "room": fact.conference}
            said = {name: id_ for name, id_ in named.items() if id_ is not None}
            return {"what": "accepted", "date": fact.date, **said}
        case CommandRefused():
            return {"what": "refused", "problem": _problem(fact.problem)}
        case CommandUnanswered():
            return {"what": "unanswered", "problem": _problem(fact.problem)}


def _problem(problem: Problem) -> dict[str, object]:
    """A problem's members. Telnyx may repeat what was sent to it: texts are masked."""
    told = asdict(problem)
    return {name: mask(said) if isinstance(said, str) else said for name, said in told.items()}


def _json(told: Mapping[str, object]) -> bytes:
    """JSON, in which also a user's name that is not UTF-8 can be said."""
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return text.encode(errors="backslashreplace")
