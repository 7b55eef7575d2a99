"""The text of the audit: one line per command with time, operator, targets and outcome."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

from console.commands import COMMANDS
from console.core.model.command import Command, FieldKind
from console.core.model.stage import Stage
from console.journal.log import JournalRow

Members: TypeAlias = Mapping[str, Any]
Clean: TypeAlias = Callable[[str], str]
"""Replaces control characters in a text from outside."""

_SHOWN_ELSEWHERE = frozenset(
    {"who", "participant_id", "was", "again", "room", "reason", "conference", "call_control_id"}
)
"""Answers that another part of the line shows, or that hold a state."""


@dataclass(slots=True)
class _Story:
    """The rows of one command."""

    row: JournalRow
    """The row of the intent, or the first row if no intent can be read."""
    intent: Members | None = None
    outcome: str = "sent, no answer recorded"
    settled: bool = False
    other: list[JournalRow] = field(default_factory=list)
    """Rows that this version cannot read."""

    def begin(self, row: JournalRow, intent: Members) -> None:
        """Take the row of the intent."""
        self.row, self.intent = row, intent

    def add_outcome(self, members: Members) -> None:
        """Set the outcome from another row. A final outcome is not replaced."""
        match members["what"]:
            case "accepted" if not self.settled:
                self.outcome = "accepted, no outcome recorded"
            case "refused" | "unanswered":
                self.outcome = ": ".join(filter(None, (members["what"], _problem(members))))
            case "effect":
                self.settled = True
                stage, note = str(members["stage"]), str(members.get("note") or "")
                if stage != Stage.REFUSED or not self.outcome.startswith("refused"):
                    self.outcome = f"{stage}: {note}" if note else stage


def story(rows: Iterable[JournalRow], clean: Clean) -> Iterator[str]:
    """Yield one line per command, oldest first. A row that cannot be read is printed raw."""
    stories: dict[str, _Story] = {}
    for row in rows:
        known = stories.setdefault(row.record.id, _Story(row))
        members = _read(row)
        if members is None or (known.intent is None and members["what"] != "intent"):
            known.other.append(row)
        elif members["what"] == "intent":
            known.begin(row, members)
        else:
            known.add_outcome(members)
    numbers = {id_: f"#{known.row.seq}" for id_, known in stories.items()}
    for id_, known in stories.items():
        when = time_text(known.row.record.at.wall)
        if known.intent is not None:
            refers = _references(id_, known.intent, numbers)
            parts = (_who(known.intent), _what(known.intent), known.outcome, refers)
            text = "  ".join(filter(None, parts))
            yield f"{when}  {numbers[id_]}  {clean(text)}"
        for row in known.other:
            yield raw(row)


def time_text(wall: float) -> str:
    """Return the UTC time of epoch seconds."""
    return datetime.fromtimestamp(wall, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def raw(row: JournalRow) -> str:
    """Return one line with all members of a row as JSON, ids included."""
    head = f"{time_text(row.record.at.wall)}  {row.record.id[:8]}"
    try:
        members = json.loads(row.record.body)
        rest = " ".join(f"{n}={json.dumps(members[n])}" for n in sorted(members) if n != "what")
        return f"{head}  {members.get('what')}  {rest}"
    except (ValueError, AttributeError, TypeError):
        return f"{head}  {json.dumps(row.record.body.decode(errors='backslashreplace'))}"


def _read(row: JournalRow) -> Members | None:
    """Return the members of a row, or None if this version cannot read it."""
    try:
        members = json.loads(row.record.body)
        needed = {
            "intent": ("command", "target", "operator", "values"),
            "attempt": (),
            "accepted": (),
            "refused": ("problem",),
            "unanswered": ("problem",),
            "effect": ("stage",),
        }[members["what"]]
    except (ValueError, TypeError, KeyError):
        return None
    objects = (members.get(name, {}) for name in ("target", "values", "problem", "names"))
    fits = all(name in members for name in needed)
    return members if fits and all(isinstance(each, dict) for each in objects) else None


def _problem(members: Members) -> str:
    problem = members["problem"]
    words = (problem.get("status"), problem.get("code"), problem.get("title"))
    head = " ".join(str(word) for word in words if word)
    return ": ".join(str(part) for part in (head, problem.get("detail")) if part)


def _who(intent: Members) -> str:
    operator, user = str(intent["operator"]), str(intent.get("user") or "")
    host, origin = str(intent.get("host") or ""), str(intent.get("from") or "")
    account = "@".join(filter(None, (user if user != operator else "", host)))
    places = " from ".join(filter(None, (account, origin)))
    return f"{operator} ({places})" if places else operator


def _what(intent: Members) -> str:
    command = COMMANDS.get(str(intent["command"]))
    words = command.label if command else str(intent["command"])
    answers = ", ".join(_answers(intent, command))
    text = " ".join(filter(None, (words, _targets(intent), _place(intent))))
    why = str(intent.get("why") or "")
    tail = "; ".join(filter(None, (answers, f"why: {why}" if why else "")))
    return f"{text} ({tail})" if tail else text


def _targets(intent: Members) -> str:
    """Return the names of the target's people, else its conference or queue."""
    target, values = intent["target"], intent["values"]
    legs = target.get("legs") or [target.get("leg") or values.get("call_control_id")]
    named = [_name(intent, str(leg)) for leg in legs if leg]
    if named:
        return ", ".join(named)
    if target.get("kind") == "WholeRoom":
        return _conference(intent, str(target.get("room")))
    return str(target.get("queue") or "")


def _place(intent: Members) -> str:
    """Return the conference or queue that the people are moved to, else the one they are in."""
    target, values = intent["target"], intent["values"]
    if values.get("room"):
        return f"to {_conference(intent, str(values['room']))}"
    conference = target.get("room") or target.get("from_room")
    if conference and target.get("kind") != "WholeRoom":
        return f"in {_conference(intent, str(conference))}"
    queue = target.get("queue") or target.get("from_queue")
    return f"in {queue}" if queue and target.get("kind") != "WholeQueue" else ""


def _answers(intent: Members, command: Command | None) -> Iterator[str]:
    """Yield the answers that differ from the defaults of their fields."""
    fields = {each.name: each for each in command.fields} if command else {}
    for name, answer in intent["values"].items():
        known = fields.get(name)
        default = known is not None and answer == known.default
        if not answer or name in _SHOWN_ELSEWHERE or default:
            continue
        shown = answer
        if known is not None and known.kind is FieldKind.LEGS:
            shown = ", ".join(_name(intent, leg.strip()) for leg in str(answer).split(","))
        yield f"{known.words if known is not None else name}: {shown}"


def _name(intent: Members, leg: str) -> str:
    return str(intent.get("names", {}).get(leg) or f"?leg ..{leg[-4:]}")


def _conference(intent: Members, conference: str) -> str:
    return str(intent.get("names", {}).get(conference) or f"?{conference[:8]}")


def _references(id_: str, intent: Members, numbers: Mapping[str, str]) -> str:
    """Return the rows that a command undoes, redoes, repeats, or shares a key press with."""
    batch = intent.get("batch")
    refers = (
        ("undo of", intent.get("undoes")),
        ("redo of", intent.get("redoes")),
        ("again after", intent["values"].get("again")),
        ("same key as", batch if batch != id_ else None),
    )
    return ", ".join(f"{words} {numbers.get(str(o), 'an older row')}" for words, o in refers if o)
