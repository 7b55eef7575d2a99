"""Who would hear whom, before and after: what a dialog shows before a role is changed."""

from __future__ import annotations

from collections.abc import Sequence

from console.catalog.aim import chosen
from console.catalog.roles import change
from console.core import earshot
from console.core.command import Command, Target, Values, legs_of
from console.core.earshot import Change, Heard, louder
from console.core.identity import is_mine
from console.view.board import Cell, Role, Span
from console.view.fitting import width_of
from console.view.scene import Scene, cell
from console.view.words import people, who

MOST = 6
"""Rows; who would hear what they do not hear now comes first."""
NAME, VERDICT = 24, 7
"""Cells for a name, and for whether it hears."""
WORDS = {Heard.NO: "no", Heard.UNKNOWN: "?", Heard.YES: "yes"}


def preview(scene: Scene, command: Command, target: Target, values: Values) -> tuple[Cell, ...]:
    """A table of who hears them now and then, and what that comes to in one sentence."""
    if not any(field.name == "supervisor_role" for field in command.fields):
        return ()
    aimed = chosen(target, values)
    changes = change(scene.state, aimed, values)
    if not changes:
        return (cell("Nobody else is known to be there.", Role.DIM),)
    changes = tuple(sorted(changes, key=lambda one: not louder(one.now, one.then)))
    head = (Span("heard by".ljust(NAME) + "now".ljust(VERDICT) + "then", Role.DIM),)
    rows = tuple(_row(scene, one) for one in changes[:MOST])
    rest = changes[MOST:]
    more = (cell(f"and {people(len(rest))} more: {_sum(rest)}", Role.DIM),) if rest else ()
    return (*sentence(scene, aimed, values, changes), head, *rows, *more)


def _row(scene: Scene, one: Change) -> Cell:
    name = who(scene.state, one.listener)
    shown = name if width_of(cell(name)) < NAME else f"{name[: NAME - 2]}{scene.glyphs.ellipsis}"
    turns = louder(one.now, one.then)
    then = WORDS[one.then.heard].upper() if turns else WORDS[one.then.heard]
    why = one.then.why or (f"now {one.now.why}" if one.now.why else "")
    return (
        Span(shown + " " * max(1, NAME - width_of(cell(shown)))),
        Span(WORDS[one.now.heard].ljust(VERDICT), Role.DIM),
        Span(then.ljust(VERDICT), Role.NOW if turns else Role.PLAIN),
        Span("<- changes  " if one.now.heard is not one.then.heard else "", Role.SOON),
        Span(why, Role.FAINT),
    )


def _sum(rest: Sequence[Change]) -> str:
    counts = {verdict: sum(one.then.heard is verdict for one in rest) for verdict in Heard}
    told = [f"{count} {WORDS[verdict]}" for verdict, count in counts.items() if count]
    return ", ".join(told)


def sentence(
    scene: Scene, target: Target, values: Values, changes: Sequence[Change]
) -> tuple[Cell, ...]:
    """What it comes to, in plain words: who will hear, and whether a caller will."""
    legs = legs_of(target)
    whom = "you" if not legs or is_mine(scene.state, legs[0]) else "them"
    will = [one for one in changes if one.then.heard is Heard.YES]
    may = [one for one in changes if one.then.heard is Heard.UNKNOWN]
    if not will and not may:
        silent = values.get("supervisor_role") == "monitor"
        proof = f" Proved once a listing shows {whom} muted." if silent else ""
        return (cell(f"Nobody is to hear {whom}.{proof}", Role.STRONG),)
    told = []
    if will:
        told.append(f"{_names(scene, will)} WILL hear {whom}.")
    if may:
        told.append(f"{_names(scene, may)} may hear {whom}: nobody knows.")
    callers = [one for one in changes if _is_caller(scene, one.listener)]
    if callers and all(one.then.heard is Heard.NO for one in callers):
        told.append(f"The caller will not hear {whom}.")
    return (cell(" ".join(told), Role.STRONG),)


def _names(scene: Scene, those: Sequence[Change]) -> str:
    names = [
        ("the caller " if _is_caller(scene, one.listener) else "") + who(scene.state, one.listener)
        for one in those[:2]
    ]
    rest = len(those) - len(names)
    if rest:
        return f"{', '.join(names)} and {rest} more"
    return " and ".join(names)


def _is_caller(scene: Scene, leg: str) -> bool:
    known = scene.state.identities.get(leg)
    return known is not None and known.caller


def own_line(scene: Scene) -> str:
    """Who hears the operator's own leg in the room that is shown; empty where it is not there."""
    room = scene.room
    if room is None:
        return ""
    mine = [
        leg
        for leg, person in scene.state.people.get(room, {}).items()
        if person.register.here and is_mine(scene.state, leg)
    ]
    if not mine:
        return ""
    speaker = earshot.stance(scene.state, room, mine[0])
    others = [
        earshot.heard(speaker, earshot.stance(scene.state, room, leg)).heard
        for leg, person in scene.state.people[room].items()
        if person.register.here and leg not in mine
    ]
    if Heard.YES in others:
        hears = others.count(Heard.YES)
        return f"you are heard by {people(hears)}"
    return "you may be heard" if Heard.UNKNOWN in others else "you are not heard"
