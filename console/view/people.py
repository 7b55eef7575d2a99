"""The people pane: who is in the selected room, who can be heard, who is held."""

from __future__ import annotations

from console.catalog.aim import supervises
from console.core.beliefs import Person
from console.core.scopes import People
from console.core.state import State
from console.view.board import Cell, Column, Role, Sheet, Span
from console.view.freshness import condition, figures_age, is_stale, source_of, tone
from console.view.pending import asked_of
from console.view.scene import NOTHING, Scene, cell, unknown
from console.view.words import duration, room_name, who

COLUMNS = (
    Column("who", "who", 16, grow=1),
    Column("role", "role", 10, shed=2),
    Column("mic", "mic", 8),
    Column("hold", "hold", 8),
    Column("in", "in", 5, right=True),
    Column("exit", "on exit", 9, grow=1, shed=1),
    Column("source", "src", 7, right=True),
)


def sheet(scene: Scene) -> Sheet:
    """The people of the selected room, in the order in which they came."""
    room = scene.room
    if room is None:
        empty = (cell("Select a conference.", Role.DIM),)
        return Sheet("people", "People", "", (), COLUMNS, (), lambda _: (), empty)
    people = visible(scene.state, room)
    return Sheet(
        name="people",
        title="People",
        about=room_name(scene.state, room),
        figures=_figures(scene, room, len(people)),
        columns=COLUMNS,
        keys=tuple(sorted(people, key=lambda leg: (people[leg].joined_at or 0.0, leg))),
        row=lambda leg: _row(scene, people[leg]),
        empty=condition(scene, People(room), "people", "Nobody is in this room."),
        alert=tone(scene, People(room)),
    )


def visible(state: State, room: str) -> dict[str, Person]:
    """The people who are there."""
    known = state.rooms.get(room)
    if known is None or known.ended:
        return {}
    return {leg: p for leg, p in state.people.get(room, {}).items() if p.register.here}


def _figures(scene: Scene, room: str, count: int) -> Cell:
    known = scene.state.rooms.get(room)
    floor = known.floor if known else None
    speaks = (
        Span(f" {scene.glyphs.dot} floor {who(scene.state, floor.leg)}", Role.DIM)
        if floor
        else Span("")
    )
    return (Span(str(count), Role.DIM), speaks, *figures_age(scene, People(room)))


def _row(scene: Scene, person: Person) -> tuple[Cell, ...]:
    fields = person.fields
    faded = Role.DIM if is_stale(scene, People(person.room)) else Role.PLAIN
    joining = fields is not None and fields.status == "joining"
    return (
        cell(who(scene.state, person.leg), faded),
        _role(scene, person),
        _mic(scene, person, faded),
        _hold(scene, person),
        cell(duration(scene.since(person.joined_at)), Role.DIM)
        if person.joined_at is not None
        else unknown(),
        cell("joining", Role.SOON) if joining else _exit(person),
        source_of(scene, person),
    )


def _role(scene: Scene, person: Person) -> Cell:
    identity = scene.state.identities.get(person.leg)
    if supervises(person):
        return cell("whisper", Role.YOU)
    if identity is not None and identity.agent:
        return cell("agent", Role.DIM)
    if identity is not None and identity.caller:
        return cell("caller", Role.DIM)
    return unknown()


def _mic(scene: Scene, person: Person, faded: Role) -> Cell:
    wanted = asked_of(scene.state, person.room, person.leg, "muted")
    if wanted is not None:
        return cell(("mute" if wanted else "unmute") + scene.glyphs.ellipsis, Role.PENDING)
    room = scene.state.rooms.get(person.room)
    speaks = room is not None and room.floor is not None and room.floor.leg == person.leg
    if person.fields is None:
        return (Span("?", Role.DIM), Span(f" {scene.glyphs.floor}" if speaks else "", Role.GOOD))
    if person.fields.muted:
        return cell("muted", Role.SOON)
    if speaks:
        return cell(f"{scene.glyphs.floor} open", Role.GOOD)
    return cell("open", faded)


def _hold(scene: Scene, person: Person) -> Cell:
    wanted = asked_of(scene.state, person.room, person.leg, "on_hold")
    if wanted is not None:
        return cell(("hold" if wanted else "unhold") + scene.glyphs.ellipsis, Role.PENDING)
    if person.fields is None:
        return unknown()
    return cell("held", Role.SOON) if person.fields.on_hold else NOTHING


def _exit(person: Person) -> Cell:
    if person.fields is None:
        return unknown()
    if person.fields.end_on_exit:
        return cell("END-EXIT", Role.SOON)
    return cell("soft-end", Role.DIM) if person.fields.soft_end_on_exit else NOTHING
