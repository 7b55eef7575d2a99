"""The receipt line of a poll that the operator requested: running, done or failed."""

from __future__ import annotations

from console.core.health import failure_text
from console.core.model.entities import ManualPoll
from console.view.context import ViewContext, cell
from console.view.screen_elements import Role, Span, TextLine
from console.view.text.labels import clean, lag
from console.view.text.line_layout import Piece, fit


def line(scene: ViewContext, after: float) -> TextLine | None:
    """Return the line of the newest requested poll, until ``policy.undo`` seconds after its end.

    None if there is none, or if it began before ``after`` (monotonic seconds).
    """
    poll = scene.state.manual_poll
    if poll is None or poll.at.mono <= after:
        return None
    if poll.closed is not None and scene.ago(poll.closed) >= scene.state.policy.undo:
        return None
    return TextLine(fit(_story(scene, poll), scene.width))


def _story(scene: ViewContext, poll: ManualPoll) -> list[Piece]:
    glyphs, end = scene.glyphs, poll.closed or scene.now
    verb, read, why = "poll now", f"{poll.read} of {poll.total} read", ""
    if poll.closed is None:
        sign, role, read = glyphs.sent, Role.PENDING, f"{read}{glyphs.ellipsis}"
    elif poll.problem is None:
        sign, role, verb, read = glyphs.done, Role.GOOD, "polled", f"all {poll.total} listings read"
    else:
        sign, role, why = glyphs.failed, Role.NOW, f"  {clean(failure_text(poll.problem))}"
    return [
        Piece((Span(f" {sign} ", role), Span(verb))),
        Piece(cell(f"  {read}", role)),
        *([Piece(cell(why, role))] if why else []),
        Piece(cell(f"  {lag(end.mono - poll.at.mono)}", Role.DIM), 1),
    ]
