"""The conferences pane: who is in which room, what is heard there and how long it may last."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from console.core.lifecycle.availability import watching
from console.core.messages.read_scopes import LIVE, ParticipantsScope
from console.core.model.command import EndProof
from console.core.model.entities import Audio, Conference
from console.core.model.resources import Moment
from console.core.model.state import State
from console.view import alerts
from console.view.context import NOTHING, ViewContext, cell, lasted, unknown
from console.view.display import Cell, Column, Role, Sheet, Span
from console.view.freshness import ageing, condition, counted, figures_age, tone
from console.view.open_receipts import open_receipts
from console.view.text.labels import clean, duration, room_name

COLUMNS = (
    Column("sign", "", 1),
    Column("conference", "conference", 14, grow=1),
    Column("people", "ppl", 3, right=True),
    Column("rec", "rec", 8),
    Column("audio", "audio", 8, flows=True),
    Column("age", "age", 5, right=True),
    Column("left", "left", 5, right=True),
    Column("why", "why", 14, grow=2, shed=1),
)


WISH = 13
"""Cells of the ``rec`` column while a pause or a resume was sent that nothing proves."""
COLUMNS_WITH_WISH = tuple(
    replace(column, width=WISH) if column.name == "rec" else column for column in COLUMNS
)


def sheet(scene: ViewContext) -> Sheet:
    """The conferences that live, the most urgent first, then the oldest."""
    live = visible(scene.state)
    rooms = live | _just_ended(scene)
    urgency = {id_: alerts.level_of_room(scene, room) for id_, room in rooms.items()}
    wished = any(room.recording_wish is not None for room in rooms.values())
    columns = COLUMNS_WITH_WISH if wished else COLUMNS
    keys = sorted(rooms, key=lambda id_: (-urgency[id_], _began(rooms[id_]), id_))
    return Sheet(
        name="conferences",
        title="Conferences",
        about="",
        figures=(
            *counted(scene, LIVE, len(live), f"{len(live)} live"),
            *figures_age(scene, LIVE),
        ),
        columns=columns,
        keys=tuple(keys),
        row=ageing(scene, LIVE, columns, lambda id_: _row(scene, rooms[id_])),
        empty=condition(scene, LIVE, "conferences", "No conference is live.", _how(scene)),
        alert=tone(scene, LIVE, "conferences"),
    )


def _how(scene: ViewContext) -> str:
    """How one comes to be, with the key for it where there is one that works."""
    create = scene.state.commands.get("create")
    if create is None or watching(scene.state):
        return "One begins with a call."
    return f"{create.key} begins one with a call."


def visible(state: State) -> dict[str, Conference]:
    """The conferences that are there."""
    return {id_: room for id_, room in state.rooms.items() if room.register.here and not room.ended}


def _just_ended(scene: ViewContext) -> dict[str, Conference]:
    """Those whose end should be noticed before their row goes."""
    return {
        id_: room
        for id_, room in scene.state.rooms.items()
        if room.ended_at is not None and scene.ago(room.ended_at) < scene.state.policy.gone
    }


def _began(room: Conference) -> float:
    """The key of the order; what began at an unknown time comes last."""
    if room.fields is not None and room.fields.created_at is not None:
        return room.fields.created_at
    return room.register.stamp if room.register.stamp > -inf else inf


def _row(scene: ViewContext, room: Conference) -> tuple[Cell, ...]:
    if room.ended_at is not None:
        return _ended_row(scene, room, room.ended_at)
    alarm = alerts.of_room(scene, room)
    fields = room.fields
    created = None if fields is None else fields.created_at
    expires = None if fields is None else fields.expires_at
    urgent = alarm.why.startswith("ends")
    return (
        alerts.sign(scene, alarm.level),
        _name(scene, room),
        headcount(scene.state, room.id),
        recording(scene, room),
        audio(scene, room),
        lasted(created if created is None else scene.since(created)),
        lasted(
            expires if expires is None else -scene.since(expires),
            alarm.level.role if urgent else Role.DIM,
        ),
        cell(alarm.why, Role.DIM if alarm.level is alerts.Level.CALM else alarm.level.role),
    )


def _ended_row(scene: ViewContext, room: Conference, at: Moment) -> tuple[Cell, ...]:
    name = cell(room_name(scene.state, room.id), Role.GONE)
    reason = (room.end_reason or "").replace("_", " ")
    why = f"ended {scene.clock(at)} {clean(reason)}".strip()
    return (NOTHING, name, NOTHING, NOTHING, cell(why, Role.DIM), *(NOTHING,) * 3)


def _name(scene: ViewContext, room: Conference) -> Cell:
    name = room_name(scene.state, room.id)
    ending = any(
        isinstance(receipt.order.command.proof, EndProof) and receipt.order.room == room.id
        for receipt in open_receipts(scene.state)
    )
    if ending:
        return (Span(f"{name} ", Role.PENDING), Span(f"end{scene.glyphs.ellipsis}", Role.PENDING))
    return cell(name, Role.PLAIN if room.fields else Role.DIM)


def headcount(state: State, room: str) -> Cell:
    """How many are in a room: exact once listed, ``~`` from webhooks alone, else unknown."""
    here = sum(person.register.here for person in state.people.get(room, {}).values())
    coverage = state.coverage.get(ParticipantsScope(room))
    if coverage is not None and coverage.answered is not None:
        return cell(str(here))
    return cell(f"~{here}", Role.DIM) if here else unknown()


def recording(scene: ViewContext, room: Conference) -> Cell:
    """Draw the recording that our own commands let us believe, with its source.

    An accepted pause or resume of a recording that is not known is drawn as a wish:
    ``? pause sent``.
    """
    if room.recording is None:
        wish = room.recording_wish
        return unknown() if wish is None else cell(f"? {wish.verb} sent", Role.DIM)
    label = Span(f" {room.recording.source.value}", Role.FAINT)
    match room.recording.state:
        case "on":
            return (Span(scene.glyphs.on, Role.NOW), Span(" rec", Role.PLAIN), label)
        case "paused":
            since = duration(scene.ago(room.recording.since))
            return (Span(f"{scene.glyphs.paused} {since}", Role.SOON), label)
        case _:
            return (Span("off", Role.DIM), label)


def audio(scene: ViewContext, room: Conference) -> Cell:
    """What is being played or spoken now; unknown where the room's beginning was not seen."""
    playing = [sound for sound in room.audio if sound.playing]
    if not playing:
        return NOTHING if room.born else unknown()
    first = playing[0]
    more = f" +{len(playing) - 1}" if len(playing) > 1 else ""
    return (Span(_sound(scene, first), Role.ACCENT), Span(more, Role.DIM))


def _sound(scene: ViewContext, sound: Audio) -> str:
    sign = scene.glyphs.play if sound.kind == "play" else scene.glyphs.speak
    if sound.leg is not None:
        return f"{sign} to 1"
    return f"{sign} {sound.kind}"
