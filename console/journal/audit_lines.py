"""Tells the audit as one line a command: when, who, what to whom by name, and its outcome."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from console.commands import COMMANDS
from console.core.model.command import Command, FieldKind
from console.core.model.stage import Stage
from console.journal.log import JournalRow

Told: TypeAlias = Mapping[str, Any]
Clean: TypeAlias = Callable[[str], str]
"""Makes a text from outside inert for a terminal."""

_ALREADY_SAID = frozenset(
    {"who", "participant_id", "was", "again", "room", "reason", "conference", "call_control_id"}
)
"""Answers that the line tells in another place, or that name a state."""


@dataclass(slots=True)
class _Story:
    """The rows of one command."""

    row: JournalRow
    """Of the intent, or of the first row where there is no intent that can be read."""
    intent: Told | None = None
    outcome: str = "sent, no answer is written"
    settled: bool = False
    other: list[JournalRow] = field(default_factory=list)
    """Rows of another version, or of no command that can be read."""


def story(
    rows: Iterable[JournalRow], *, moment: Callable[[float], str], clean: Clean
) -> Iterator[str]:
    """Yield the lines of these audit rows, oldest command first.

    ``moment`` writes epoch seconds. A row that cannot be read is told as it stands.
    """
    stories: dict[str, _Story] = {}
    for row in rows:
        known = stories.setdefault(row.record.id, _Story(row))
        told = _read(row)
        if told is None or (known.intent is None and told["what"] != "intent"):
            known.other.append(row)
        elif told["what"] == "intent":
            known.row, known.intent = row, told
        else:
            _follow(known, told)
    numbers = {id_: f"#{known.row.seq}" for id_, known in stories.items()}
    for id_, known in stories.items():
        when = moment(known.row.record.at.wall)
        if known.intent is not None:
            parts = (_who(known.intent), _what(known.intent), known.outcome)
            refers = _references(id_, known.intent, numbers)
            text = "  ".join(part for part in (*parts, refers) if part)
            yield f"{when}  {numbers[id_]}  {clean(text)}"
        for row in known.other:
            yield raw(row, moment=moment)


def raw(row: JournalRow, *, moment: Callable[[float], str]) -> str:
    """Return one row with all its members, ids included, as JSON spells them."""
    head = f"{moment(row.record.at.wall)}  {row.record.id[:8]}"
    try:
        told = json.loads(row.record.body)
        rest = " ".join(f"{n}={json.dumps(told[n])}" for n in sorted(told) if n != "what")
        return f"{head}  {told.get('what')}  {rest}"
    except (ValueError, AttributeError, TypeError):
        return f"{head}  {json.dumps(row.record.body.decode(errors='backslashreplace'))}"


def _read(row: JournalRow) -> Told | None:
    """The members of a row that this version can tell; None of any other."""
    try:
        told = json.loads(row.record.body)
        needed = {
            "intent": ("command", "target", "operator", "values"),
            "attempt": (),
            "accepted": (),
            "refused": ("problem",),
            "unanswered": ("problem",),
            "effect": ("stage",),
        }[told["what"]]
    except (ValueError, TypeError, KeyError):
        return None
    objects = (told.get(name, {}) for name in ("target", "values", "problem", "names"))
    fits = all(name in told for name in needed)
    return told if fits and all(isinstance(each, dict) for each in objects) else None


def _follow(known: _Story, told: Told) -> None:
    """Take in what came of the command: its end goes before what was heard earlier."""
    match told["what"]:
        case "accepted" if not known.settled:
            known.outcome = "accepted, no end is written"
        case "refused" | "unanswered":
            known.outcome = ": ".join(part for part in (told["what"], _problem(told)) if part)
        case "effect":
            known.settled = True
            stage = str(told["stage"])
            kept = stage == Stage.REFUSED and known.outcome.startswith("refused")
            note = str(told.get("note") or "")
            if not kept:
                known.outcome = f"{stage}: {note}" if note else stage


def _problem(told: Told) -> str:
    problem = told["problem"]
    words = (problem.get("status"), problem.get("code"), problem.get("title"))
    head = " ".join(str(word) for word in words if word)
    return ": ".join(str(part) for part in (head, problem.get("detail")) if part)


def _who(intent: Told) -> str:
    operator, user = str(intent["operator"]), str(intent.get("user") or "")
    host, origin = str(intent.get("host") or ""), str(intent.get("from") or "")
    account = "@".join(part for part in (user if user != operator else "", host) if part)
    places = " from ".join(part for part in (account, origin) if part)
    return f"{operator} ({places})" if places else operator


def _what(intent: Told) -> str:
    command = COMMANDS.get(str(intent["command"]))
    words = command.label if command else str(intent["command"])
    whom, where = _whom(intent), _where(intent)
    answers = ", ".join(_answers(intent, command))
    text = " ".join(part for part in (words, whom, where) if part)
    why = str(intent.get("why") or "")
    tail = "; ".join(part for part in (answers, f"why: {why}" if why else "") if part)
    return f"{text} ({tail})" if tail else text


def _whom(intent: Told) -> str:
    """The people a command was aimed at, else its conference or queue."""
    target, values = intent["target"], intent["values"]
    legs = target.get("legs") or [target.get("leg") or values.get("call_control_id")]
    named = [_name(intent, str(leg)) for leg in legs if leg]
    if named:
        return ", ".join(named)
    if target.get("kind") == "WholeRoom":
        return _conference(intent, str(target.get("room")))
    return str(target.get("queue") or "")


def _where(intent: Told) -> str:
    """The place of people: the one they are brought to, else the one they are in."""
    target, values = intent["target"], intent["values"]
    if values.get("room"):
        return f"to {_conference(intent, str(values['room']))}"
    conference = target.get("room") or target.get("from_room")
    if conference and target.get("kind") != "WholeRoom":
        return f"in {_conference(intent, str(conference))}"
    queue = target.get("queue") or target.get("from_queue")
    return f"in {queue}" if queue and target.get("kind") != "WholeQueue" else ""


def _answers(intent: Told, command: Command | None) -> Iterator[str]:
    """The answers that differ from what is assumed without them."""
    fields = {each.name: each for each in command.fields} if command else {}
    for name, said in intent["values"].items():
        known = fields.get(name)
        if not said or name in _ALREADY_SAID or (known is not None and said == known.default):
            continue
        shown = said
        if known is not None and known.kind == FieldKind.LEGS:
            shown = ", ".join(_name(intent, leg.strip()) for leg in str(said).split(","))
        yield f"{known.words if known is not None else name}: {shown}"


def _name(intent: Told, leg: str) -> str:
    return str(intent.get("names", {}).get(leg) or f"?leg ..{leg[-4:]}")


def _conference(intent: Told, conference: str) -> str:
    return str(intent.get("names", {}).get(conference) or f"?{conference[:8]}")


def _references(id_: str, intent: Told, numbers: Mapping[str, str]) -> str:
    """The rows that a command takes back, repeats, or shares a key press with."""
    batch = intent.get("batch")
    refers = (
        ("undo of", intent.get("undoes")),
        ("redo of", intent.get("redoes")),
        ("again after", intent["values"].get("again")),
        ("same key as", batch if batch != id_ else None),
    )
    return ", ".join(f"{words} {numbers.get(str(o), 'an older row')}" for words, o in refers if o)
