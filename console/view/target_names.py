"""A name typed behind a line: whom, which conference or which queue it means, or why none.

Only a whole name is taken: a beginning is completed and never acted on, so that who has left is
not mistaken for somebody whose name begins alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from console.commands.command_line import field_of
from console.core.model.command import Aim, Command, Field, FieldKind, Pane, Values
from console.view.context import ViewContext
from console.view.dialogs.suggestions import named, offered
from console.view.panes import conferences, queues
from console.view.panes.people import visible
from console.view.panes.queue_order import waiting_in
from console.view.text.labels import clean, conference_name, who

TAIL = 4
"""The last characters of a number or an id that are taken for the whole."""
EVERYONE = "*"
"""Everyone a command may be aimed at in the conference, as its key is in the conferences pane."""
SOME = 3
"""Names that a sentence lists."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a command is aimed at from here on, and what it was told beforehand."""

    scene: ViewContext
    values: Values = field(default_factory=dict)
    whom: str = ""
    """The name as it is shown, where one was typed."""


def meant(scene: ViewContext, command: Command, text: str) -> Meant | str:
    """What ``text`` behind the command's line means, or why it means nothing."""
    asked = field_of(command)
    if not text:
        return Meant(scene)
    if asked is not None:
        return _answer(scene, asked, text)
    if text == EVERYONE and command.aims is Aim.PEOPLE and Pane.CONFERENCES in command.panes:
        return Meant(_unmarked(replace(scene, pane=Pane.CONFERENCES)), whom="everyone")
    names, aimed = _names(scene, command)
    found = _one(text, names, _kind(command))
    return found if isinstance(found, _No) else Meant(_unmarked(aimed(names[found])), whom=found)


def names(scene: ViewContext, command: Command) -> tuple[str, ...]:
    """Every name that may stand behind the command's line."""
    asked = field_of(command)
    if asked is None:
        return tuple(_names(scene, command)[0])
    return tuple(offered(scene, asked))


def begun(text: str, among: tuple[str, ...]) -> tuple[str, ...]:
    """Those of which a word begins with what was typed so far."""
    wanted = _folded(text)
    return tuple(
        name
        for name in among
        if _folded(name).startswith(wanted)
        or any(word.startswith(wanted) for word in _folded(name).split())
        or (wanted.isdigit() and wanted in _digits(name))
    )


def _unmarked(scene: ViewContext) -> ViewContext:
    """Who is named is meant, and not what is marked."""
    return replace(scene, marked=(), unseen=False)


class _No(str):
    """A sentence, not a name."""

    __slots__ = ()


def _answer(scene: ViewContext, asked: Field, text: str) -> Meant | str:
    known = offered(scene, asked)
    if asked.kind == FieldKind.CONFERENCE or (
        asked.kind == FieldKind.QUEUE and _those(text, known)
    ):
        found = _one(text, known, "conference" if asked.kind == FieldKind.CONFERENCE else "queue")
        if isinstance(found, _No):
            return found
        return Meant(scene, {asked.name: known[found]}, found)
    return Meant(scene, {asked.name: text}, clean(text))


def _names(
    scene: ViewContext, command: Command
) -> tuple[Mapping[str, str], Callable[[str], ViewContext]]:
    state = scene.state
    match command.aims:
        case Aim.PEOPLE | Aim.ONE | Aim.LEG if scene.pane is not Pane.CALLS:
            people = visible(state, scene.conference) if scene.conference is not None else ()
            return named((who(state, leg), leg) for leg in people), lambda leg: replace(
                scene, pane=Pane.PEOPLE, leg=leg, named=True
            )
        case Aim.CALL | Aim.LEG:
            calls = waiting_in(state, scene.queue) if scene.queue is not None else ()
            return named((who(state, leg), leg) for leg in calls), lambda leg: replace(
                scene, call=leg
            )
        case Aim.QUEUE:
            every = ((clean(name), name) for name in queues.visible(state))
            return named(every), lambda name: replace(scene, queue=name)
        case Aim.CONFERENCE:
            named_conferences = (
                (conference_name(state, id_), id_) for id_ in conferences.visible(state)
            )
            return named(named_conferences), lambda id_: replace(scene, conference=id_, leg=None)
        case _:
            return {}, lambda _: scene


def _kind(command: Command) -> str:
    return {Aim.CONFERENCE: "conference", Aim.QUEUE: "queue"}.get(command.aims, "")


def _one(text: str, known: Mapping[str, str], kind: str) -> str:
    """The one name that is meant, else a sentence that names those it may be."""
    found = _those(text, known)
    if len(found) == 1:
        return found[0]
    said = clean(text, 40)
    if found:
        return _No(f"{said} may be {_listed(found, 'or')}: say which")
    none = f"no {kind} is called {said}" if kind else f"nobody here is called {said}"
    near = begun(text, tuple(known)) or tuple(known)
    return _No(f"{none}; there is {_listed(near, 'and')}" if near else none)


def _those(text: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """The names that ``text`` is the whole of, else those it is a word or the tail of."""
    wanted = _folded(text)
    whole = tuple(
        name for name, id_ in known.items() if wanted == _folded(name) or text.strip() == id_
    )
    if whole:
        return whole
    return tuple(name for name, id_ in known.items() if _tells(wanted, name, id_))


def _tells(wanted: str, name: str, id_: str) -> bool:
    bare = _folded(name).rpartition(" ..")[0] or _folded(name)
    digits = _digits(wanted)
    long = len(wanted) >= TAIL
    return (
        wanted == bare
        or (wanted in bare.split() and not digits)
        or (long and id_.casefold().endswith(wanted.removeprefix("..")))
        or (
            len(digits) >= TAIL
            and not wanted.strip("+- 0123456789")
            and _digits(name).endswith(digits)
        )
    )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isascii() and letter.isdigit())


def _listed(names: tuple[str, ...], last: str) -> str:
    shown = names[:SOME]
    if len(names) > SOME:
        return f"{', '.join(shown)} {last} {len(names) - SOME} more"
    return f" {last} ".join((", ".join(shown[:-1]), shown[-1])) if len(shown) > 1 else shown[0]
