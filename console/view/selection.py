"""Marks and filters of the panes, applied to their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from console.commands.bulk_targeting import is_here
from console.core.model.command import Pane
from console.view.context import ViewContext, cell
from console.view.filter import UNKNOWN, Filter, RowValues
from console.view.panes.queues import oldest_wait
from console.view.screen_elements import Cell, Role, Sheet, Span
from console.view.text.labels import clean, conference_name, id_tail, leg_name


@dataclass(frozen=True, slots=True)
class Selection:
    """The marks and filters of every pane."""

    marks: Mapping[Pane, tuple[str, ...]] = field(default_factory=dict)
    filters: Mapping[Pane, Filter] = field(default_factory=dict)
    held: bool = False
    """True if keys are being pressed or a dialog is open: no row may move."""


def marked_and_filtered(scene: ViewContext, choice: Selection, sheet: Sheet) -> Sheet:
    """Return the sheet with its marks, reduced to the rows that match its filter."""
    pane = Pane(sheet.name)
    marks = choice.marks.get(pane, ())
    at = replace(scene.cursor, pane=pane)
    here = sum(is_here(scene.state, at, key) for key in marks)
    filter_ = choice.filters.get(pane)
    if filter_ is not None:
        sheet = _filtered(scene, pane, sheet, filter_)
    if marks:
        hidden = here - len(set(marks) & set(sheet.keys)) if filter_ is not None else 0
        count = _count(scene, len(marks), len(marks) - here, hidden)
        sheet = replace(sheet, marked=frozenset(marks), figures=(*count, *sheet.figures))
    return replace(sheet, held=pane is not Pane.LOG and (choice.held or here > 0))


def _count(scene: ViewContext, marked: int, gone: int, hidden: int) -> Cell:
    left = (Span(f" {gone} gone", Role.GONE),) if gone else ()
    out = (Span(f" {hidden} hidden", Role.SOON),) if hidden > 0 else ()
    dot = Span(f" {scene.glyphs.dot} ", Role.FAINT)
    return (Span(f"{marked} marked", Role.YOU), *left, *out, dot)


def _filtered(scene: ViewContext, pane: Pane, sheet: Sheet, filter_: Filter) -> Sheet:
    if filter_.wrong:
        wrong = cell(f"/{clean(filter_.text, 40)}  {clean(filter_.wrong, 60)}", Role.SOON)
        return replace(sheet, narrowed=wrong)
    keys = tuple(key for key in sheet.keys if filter_.matches(_row_values(scene, pane, sheet, key)))
    text = clean(filter_.text, 40)
    count = f"{len(keys)} of {len(sheet.keys)}"
    none = cell(f'{count} match "{text}". esc clears.', Role.DIM)
    return replace(
        sheet,
        keys=keys,
        over=filter_.text,
        empty=(none,) if sheet.keys else sheet.empty,
        narrowed=(Span(f"/{text}", Role.ACCENT), Span(f" {count}", Role.DIM)),
    )


def _row_values(scene: ViewContext, pane: Pane, sheet: Sheet, key: str) -> RowValues:
    match pane:
        case Pane.QUEUES:
            return RowValues(clean(key), age=oldest_wait(scene, key), queue=key)
        case Pane.CALLS:
            return _of_call(scene, key)
        case Pane.CONFERENCES:
            return _of_conference(scene, key)
        case Pane.PEOPLE:
            return _of_person(scene, key)
        case _:
            return RowValues(" ".join(span.text for part in sheet.row(key) for span in part))


def _of_call(scene: ViewContext, key: str) -> RowValues:
    call = scene.state.waiting[scene.cursor.queue or ""][key]
    since = call.enqueued_at
    listed = (call.listed.from_, call.listed.to) if call.listed else ()
    numbers = tuple(number for number in listed if number is not None)
    return RowValues(
        f"{leg_name(scene.state, key)} {clean(' '.join(numbers))} {id_tail(key)}",
        key,
        numbers=numbers,
        age=None if since is None else scene.since(since),
        queue=scene.cursor.queue,
    )


def _of_conference(scene: ViewContext, key: str) -> RowValues:
    conference = scene.state.conferences[key]
    began = conference.listed.created_at if conference.listed is not None else None
    return RowValues(
        f"{conference_name(scene.state, key)} {id_tail(key)}",
        key,
        rec=conference.recording.state if conference.recording is not None else UNKNOWN,
        age=None if began is None else scene.since(began),
    )


def _of_person(scene: ViewContext, key: str) -> RowValues:
    person = scene.state.people[scene.cursor.conference or ""][key]
    fields, known = person.listed, scene.state.identities.get(key)
    muted, hold = (None, None) if fields is None else (fields.muted, fields.on_hold)
    number = known.number if known is not None and known.number else ""
    return RowValues(
        f"{leg_name(scene.state, key)} {clean(number)} {id_tail(key)}",
        key,
        numbers=(number,) if number else (),
        flags={"muted": muted, "hold": hold},
        age=None if person.joined_at is None else scene.since(person.joined_at),
    )
