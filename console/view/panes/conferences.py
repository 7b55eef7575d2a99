"""The conferences pane: people, recording, audio and remaining time of each conference."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from console.core.lifecycle.availability import is_read_only
from console.core.messages.read_scopes import LIVE, ParticipantsScope
from console.core.model.command import Pane, TargetKind
from console.core.model.entities import Audio, AudioKind, Conference, RecordingState
from console.core.model.listed_resources import Moment
from console.core.model.proofs import EndProof
from console.core.model.state import State
from console.view import alerts
from console.view.context import NOTHING, ViewContext, cell, lasted, unknown
from console.view.freshness import listing_sheet
from console.view.open_receipts import open_receipts
from console.view.screen_elements import Cell, Column, Role, Sheet, Span
from console.view.text.labels import clean, conference_name, duration

COLUMNS = (
    Column("sign", "", 1),
    Column("conference", "conference", 14, grow=1),
    Column("people", "ppl", 3, right=True),
    Column("rec", "rec", 8),
    Column("audio", "audio", 8, flows=True),
    Column("age", "age", 5, right=True),
    Column("left", "left", 5, right=True),
    Column("why", "why", 14, grow=2, drop_rank=1),
)
WISH = 13
"""Cells of the ``rec`` column while it shows a pause or resume that has no proof."""
COLUMNS_WITH_WISH = tuple(
    replace(column, width=WISH) if column.name == "rec" else column for column in COLUMNS
)


def sheet(scene: ViewContext) -> Sheet:
    """Return the live and the just ended conferences, the most urgent first, then the oldest."""
    live = visible(scene.state)
    conferences = live | _just_ended(scene)
    urgency = {id_: alerts.level_of_conference(scene, one) for id_, one in conferences.items()}
    wished = any(one.recording_wish is not None for one in conferences.values())
    columns = COLUMNS_WITH_WISH if wished else COLUMNS
    keys = sorted(conferences, key=lambda id_: (-urgency[id_], _start_time(conferences[id_]), id_))
    return listing_sheet(
        scene,
        Pane.CONFERENCES,
        LIVE,
        keys,
        lambda id_: _row(scene, conferences[id_]),
        columns=columns,
        count=len(live),
        counted=" live",
        empty=("No conference is live.", _how_to_start(scene)),
    )


def _how_to_start(scene: ViewContext) -> str:
    """Say how a conference begins, with the key of that command if it can be used."""
    here = (c for c in scene.state.commands.values() if Pane.CONFERENCES in c.panes)
    create = next((c for c in here if c.target_kind is TargetKind.NOTHING), None)
    if create is None or is_read_only(scene.state):
        return "A conference begins with a call."
    return f"{create.key} starts one with a call."


def visible(state: State) -> dict[str, Conference]:
    """Return the conferences that exist and have not ended, by id."""
    return {id_: one for id_, one in state.conferences.items() if one.is_live}


def _just_ended(scene: ViewContext) -> dict[str, Conference]:
    """Return conferences that ended a moment ago: their rows stay for a while."""
    shown = scene.state.policy.ended_shown
    return {
        id_: one
        for id_, one in scene.state.conferences.items()
        if one.ended_at is not None and scene.ago(one.ended_at) < shown
    }


def _start_time(conference: Conference) -> float:
    """Return the sort key by start time; an unknown time comes last."""
    if conference.listed is not None and conference.listed.created_at is not None:
        return conference.listed.created_at
    return conference.membership.stamp if conference.membership.stamp > -inf else inf


def _row(scene: ViewContext, conference: Conference) -> tuple[Cell, ...]:
    if conference.ended_at is not None:
        return _ended_row(scene, conference, conference.ended_at)
    alarm = alerts.of_conference(scene, conference)
    fields = conference.listed
    created = None if fields is None else fields.created_at
    expires = None if fields is None else fields.expires_at
    urgent = alarm.why.startswith("ends")
    return (
        alerts.level_glyph(scene, alarm.level),
        _name(scene, conference),
        headcount(scene.state, conference.id),
        recording(scene, conference),
        audio(scene, conference),
        lasted(created if created is None else scene.since(created)),
        lasted(
            expires if expires is None else -scene.since(expires),
            alarm.level.role if urgent else Role.DIM,
        ),
        cell(alarm.why, Role.DIM if alarm.level is alerts.Level.CALM else alarm.level.role),
    )


def _ended_row(scene: ViewContext, conference: Conference, at: Moment) -> tuple[Cell, ...]:
    name = cell(conference_name(scene.state, conference.id), Role.GONE)
    reason = (conference.end_reason or "").replace("_", " ")
    why = f"ended {scene.clock(at)} {clean(reason)}".strip()
    return (NOTHING, name, NOTHING, NOTHING, cell(why, Role.DIM), *(NOTHING,) * 3)


def _name(scene: ViewContext, conference: Conference) -> Cell:
    name = conference_name(scene.state, conference.id)
    ending = any(
        isinstance(receipt.order.command.proof, EndProof)
        and receipt.order.conference == conference.id
        for receipt in open_receipts(scene.state)
    )
    if ending:
        return (Span(f"{name} ", Role.PENDING), Span(f"end{scene.glyphs.ellipsis}", Role.PENDING))
    return cell(name, Role.PLAIN if conference.listed else Role.DIM)


def headcount(state: State, conference: str) -> Cell:
    """Return the number of people: exact once listed, ``~`` from webhooks alone, else unknown."""
    here = len(state.people_in(conference))
    coverage = state.coverage.get(ParticipantsScope(conference))
    if coverage is not None and coverage.answered is not None:
        return cell(str(here))
    return cell(f"~{here}", Role.DIM) if here else unknown()


def recording(scene: ViewContext, conference: Conference) -> Cell:
    """Return the recording state with its source. Only our own commands and webhooks show it.

    If the state is unknown and a pause or resume was accepted, it is shown: ``? pause sent``.
    """
    if conference.recording is None:
        wish = conference.recording_wish
        return unknown() if wish is None else cell(f"? {wish.verb} sent", Role.DIM)
    label = Span(f" {conference.recording.source.value}", Role.FAINT)
    match conference.recording.state:
        case RecordingState.ON:
            return (Span(scene.glyphs.on, Role.NOW), Span(" rec", Role.PLAIN), label)
        case RecordingState.PAUSED:
            since = duration(scene.ago(conference.recording.since))
            return (Span(f"{scene.glyphs.paused} {since}", Role.SOON), label)
        case _:
            return (Span("off", Role.DIM), label)


def audio(scene: ViewContext, conference: Conference) -> Cell:
    """Return the audio that plays now; ``?`` if the start of the conference was not seen."""
    playing = [sound for sound in conference.audio if sound.playing]
    if not playing:
        return NOTHING if conference.start_seen else unknown()
    first = playing[0]
    more = f" +{len(playing) - 1}" if len(playing) > 1 else ""
    return (Span(_sound(scene, first), Role.ACCENT), Span(more, Role.DIM))


def _sound(scene: ViewContext, sound: Audio) -> str:
    sign = scene.glyphs.play if sound.kind == AudioKind.PLAY else scene.glyphs.speak
    return f"{sign} {sound.kind}" if sound.leg is None else f"{sign} to 1"
