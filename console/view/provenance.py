"""Whose word a value is, where that is not plain from its row."""

from __future__ import annotations

from console.core.model.entities import Participant
from console.core.model.resources import LONG_AGO, Moment, Source
from console.view.context import ViewContext
from console.view.display import Role, Span
from console.view.text.labels import age

WORDS = {
    Source.WEBHOOK: "a webhook",
    Source.POLL: "a poll",
    Source.OWN: "our own command",
    Source.INFERRED: "inferred",
    Source.NEVER: "never known",
}


def newest(person: Participant) -> tuple[Source, Moment]:
    """The newest word on a person: what the row's own source and age are."""
    told, source = person.membership.seen, person.membership.source
    if person.listed_seen is not None and person.listed_seen > told:
        return Source.POLL, person.listed_seen
    return source, told


def mark(person: Participant, source: Source) -> Span:
    """A faint sign of the source where it is not the row's; else nothing."""
    own, _ = newest(person)
    return Span("" if source is own else f" {source.value}", Role.FAINT)


def label(scene: ViewContext, source: Source, at: Moment | None = None) -> Span:
    """A source and the age of its word, where it is known when that was."""
    when = f" {age(scene.ago(at))}" if at is not None and at > LONG_AGO else ""
    return Span(f"{source.value}{when}", Role.DIM)
