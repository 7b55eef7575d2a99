"""The receipt line of a poll that the operator requested: running, done or failed."""

from __future__ import annotations

from console.core.health import failure_text
from console.core.model.entities import ManualPoll
from console.view.context import ViewContext, cell
from console.view.display import Role, Span, TextLine
from console.view.text.labels import clean, lag
from console.view.text.line_layout import Piece, fit


def line(scene: ViewContext, after: float) -> TextLine | None:
    """Return the line of the newest requested poll, until ``policy.undo`` seconds after its end.

    None if there is none, or if it began before ``after`` (monotonic seconds).
    """
    poll = scene.state.manual_poll
    if poll is None or poll.at.mono <= after:
        return None
    if poll.closed is None:
        return TextLine(fit(_open(scene, poll), scene.width))
    if scene.ago(poll.closed) >= scene.state.policy.undo:
        return None
    return TextLine(fit(_closed(scene, poll, poll.closed.mono - poll.at.mono), scene.width))


def _open(scene: ViewContext, poll: ManualPoll) -> list[Piece]:
    count = f"  {poll.read} of {poll.total} read{scene.glyphs.ellipsis}"
    return [
        Piece((Span(f" {scene.glyphs.sent} ", Role.PENDING), Span("poll now"))),
        Piece(cell(count, Role.PENDING)),
        Piece(cell(f"  {lag(scene.ago(poll.at))}", Role.DIM), 1),
    ]


def _closed(scene: ViewContext, poll: ManualPoll, took: float) -> list[Piece]:
    count = poll.total
    if poll.problem is None:
        return [
            Piece((Span(f" {scene.glyphs.done} ", Role.GOOD), Span("polled"))),
            Piece(cell(f"  all {count} listings read", Role.GOOD)),
            Piece(cell(f"  {lag(took)}", Role.DIM), 1),
        ]
    return [
        Piece((Span(f" {scene.glyphs.failed} ", Role.NOW), Span("poll now"))),
        Piece(cell(f"  {poll.read} of {count} read", Role.NOW)),
        Piece(cell(f"  {clean(failure_text(poll.problem))}", Role.NOW)),
        Piece(cell(f"  {lag(took)}", Role.DIM), 1),
    ]
