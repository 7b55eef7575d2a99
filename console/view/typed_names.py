"""Resolution of a name typed after a command line to a person, a conference or a queue.

Only a whole name is accepted. The beginning of a name is completed and never acted on: the person
meant may have left, and another name may begin alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from console.commands.command_line import field_of
from console.commands.targeting import Cursor
from console.core.model.command import Command, Field, FieldKind, Pane, TargetKind, Values
from console.view.context import ViewContext
from console.view.dialogs.suggestions import ids_by_name, names_for_field
from console.view.panes import conferences, queues
from console.view.panes.people import visible
from console.view.panes.queue_order import legs_in_queue
from console.view.text.labels import clean, conference_name, leg_name

TAIL = 4
"""Least characters of the end of a number or an id that stand for the whole."""
EVERYONE = "*"
"""Stands for everyone in the conference, as the command's key does in the conferences pane."""
SOME = 3
"""Most names that a sentence lists."""
KINDS = {TargetKind.CONFERENCE: "conference", TargetKind.QUEUE: "queue"}


@dataclass(frozen=True, slots=True)
class LineTarget:
    """The selection that a command acts on, and the answers given on its line."""

    cursor: Cursor
    values: Values = field(default_factory=dict)
    name: str = ""
    """The name as it is shown; empty if none was typed."""


def resolve(scene: ViewContext, command: Command, text: str) -> LineTarget | str:
    """Resolve ``text``, typed after the command's line. Return a sentence if that fails."""
    asked = field_of(command)
    if not text:
        return LineTarget(scene.cursor)
    if asked is not None:
        return _answer(scene, asked, text)
    for_everyone = command.target_kind is TargetKind.PEOPLE and Pane.CONFERENCES in command.panes
    if for_everyone and text == EVERYONE:
        return LineTarget(_unmarked(replace(scene.cursor, pane=Pane.CONFERENCES)), name="everyone")
    names, aimed = _names(scene, command)
    found = _resolve_name(text, names, KINDS.get(command.target_kind, ""))
    if isinstance(found, _Refusal):
        return found
    return LineTarget(_unmarked(aimed(names[found])), name=found)


def accepted_names(scene: ViewContext, command: Command) -> tuple[str, ...]:
    """Return every name that may follow the command's line."""
    asked = field_of(command)
    if asked is None:
        return tuple(_names(scene, command)[0])
    return tuple(names_for_field(scene, asked))


def completions(text: str, among: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of ``among`` that ``text`` may be the beginning of a word of."""
    wanted = _folded(text)
    return tuple(
        name
        for name in among
        if _folded(name).startswith(wanted)
        or any(word.startswith(wanted) for word in _folded(name).split())
        or (wanted.isdigit() and wanted in _digits(name))
    )


def _unmarked(cursor: Cursor) -> Cursor:
    """Drop the marks: the typed name replaces them."""
    return replace(cursor, marked=(), unseen=False)


class _Refusal(str):
    """A refusal, as opposed to a name."""

    __slots__ = ()


def _answer(scene: ViewContext, asked: Field, text: str) -> LineTarget | str:
    known = names_for_field(scene, asked)
    is_conference = asked.kind is FieldKind.CONFERENCE
    if is_conference or (asked.kind is FieldKind.QUEUE and _matches(text, known)):
        found = _resolve_name(text, known, "conference" if is_conference else "queue")
        if isinstance(found, _Refusal):
            return found
        return LineTarget(scene.cursor, {asked.name: known[found]}, found)
    return LineTarget(scene.cursor, {asked.name: text}, clean(text))


def _names(
    scene: ViewContext, command: Command
) -> tuple[Mapping[str, str], Callable[[str], Cursor]]:
    """Return the names a command accepts with their ids, and the cursor that each id gives."""
    state, at = scene.state, scene.cursor
    match command.target_kind:
        case TargetKind.PEOPLE | TargetKind.ONE | TargetKind.LEG if at.pane is not Pane.CALLS:
            people = visible(state, at.conference) if at.conference is not None else ()
            names = ids_by_name((leg_name(state, leg), leg) for leg in people)
            return names, lambda leg: replace(at, pane=Pane.PEOPLE, leg=leg, named=True)
        case TargetKind.CALL | TargetKind.LEG:
            calls = legs_in_queue(state, at.queue) if at.queue is not None else ()
            names = ids_by_name((leg_name(state, leg), leg) for leg in calls)
            return names, lambda leg: replace(at, call=leg)
        case TargetKind.QUEUE:
            names = ids_by_name((clean(name), name) for name in queues.visible(state))
            return names, lambda name: replace(at, queue=name)
        case TargetKind.CONFERENCE:
            live = conferences.visible(state)
            names = ids_by_name((conference_name(state, id_), id_) for id_ in live)
            return names, lambda id_: replace(at, conference=id_, leg=None)
        case _:
            return {}, lambda _: at


def _resolve_name(text: str, known: Mapping[str, str], kind: str) -> str:
    """Return the one name that ``text`` stands for, else a refusal with the candidates."""
    found = _matches(text, known)
    if len(found) == 1:
        return found[0]
    typed = clean(text, 40)
    if found:
        return _Refusal(f"{typed} may be {_enumerate(found, 'or')}: type which")
    none = f"no {kind} is called {typed}" if kind else f"nobody here is called {typed}"
    near = completions(text, tuple(known)) or tuple(known)
    return _Refusal(f"{none}; there is {_enumerate(near, 'and')}" if near else none)


def _matches(text: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names equal to ``text``, else those that it is a word or the end of."""
    wanted = _folded(text)
    whole = tuple(
        name for name, id_ in known.items() if wanted == _folded(name) or text.strip() == id_
    )
    if whole:
        return whole
    return tuple(name for name, id_ in known.items() if _stands_for(wanted, name, id_))


def _stands_for(wanted: str, name: str, id_: str) -> bool:
    bare = _folded(name).rpartition(" ..")[0] or _folded(name)
    digits = _digits(wanted)
    ends_id = len(wanted) >= TAIL and id_.casefold().endswith(wanted.removeprefix(".."))
    is_number = len(digits) >= TAIL and not wanted.strip("+- 0123456789")
    return (
        wanted == bare
        or (wanted in bare.split() and not digits)
        or ends_id
        or (is_number and _digits(name).endswith(digits))
    )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isascii() and letter.isdigit())


def _enumerate(names: tuple[str, ...], last: str) -> str:
    shown = names[:SOME]
    if len(names) > SOME:
        return f"{', '.join(shown)} {last} {len(names) - SOME} more"
    return f" {last} ".join((", ".join(shown[:-1]), shown[-1])) if len(shown) > 1 else shown[0]
