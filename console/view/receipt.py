"""The receipt line: a command's story in one line, from sent to seen, and what undo can do."""

from __future__ import annotations

from console.core.command import Order
from console.core.stage import Stage
from console.core.state import Entry, Receipt, Sign
from console.view.board import Cell, Line, Role, Span
from console.view.fitting import Piece, fit, width_of
from console.view.pending import newest
from console.view.refusals import field_of, sentence
from console.view.scene import NOTHING, Scene, cell
from console.view.words import clean, lag, people, place, who

ROLES = {
    Stage.WAITING: Role.PENDING,
    Stage.SENT: Role.PENDING,
    Stage.ACCEPTED: Role.PENDING,
    Stage.UNCERTAIN: Role.SOON,
    Stage.SEEN: Role.GOOD,
    Stage.NO_PROOF: Role.SOON,
    Stage.REFUSED: Role.NOW,
    Stage.UNKNOWN: Role.NOW,
    Stage.GONE: Role.SOON,
    Stage.DROPPED: Role.NOW,
}


def line(scene: Scene) -> Line:
    """The newest command's story, or why the newest key did nothing."""
    receipt = newest(scene.state)
    note = next((entry for entry in reversed(scene.state.log) if entry.name == "not done"), None)
    if note is not None and note.sign is Sign.NOTE:
        newer = receipt is None or note.at > receipt.order.at
        if newer and scene.ago(note.at) < scene.state.policy.undo:
            said = clean(note.text) + _named(scene, note)
            return Line((Span(f" {scene.glyphs.failed} ", Role.SOON), Span(said)))
    if receipt is None:
        return Line(cell(" ready", Role.FAINT))
    right = undo(scene, receipt)
    room = scene.width - width_of(right) - 1
    return Line(fit(_story(scene, receipt), room), right)


def _named(scene: Scene, note: Entry) -> str:
    """Whom a note is about; those who were left alone together are named together."""
    together = [e for e in scene.state.log if e.at == note.at and e.text == note.text]
    names = [who(scene.state, entry.leg) for entry in together if entry.leg is not None]
    return f": {', '.join(names)}" if names else ""


def outcome(scene: Scene, receipt: Receipt) -> Cell:
    """Where a command is, in two words and a time."""
    role = ROLES[receipt.stage]
    took = _took(receipt)
    match receipt.stage:
        case Stage.SEEN:
            return cell(f"seen {took}", role)
        case Stage.WAITING | Stage.SENT:
            return cell(f"{receipt.stage.value}{scene.glyphs.ellipsis}", role)
        case Stage.ACCEPTED:
            return cell(f"accepted{scene.glyphs.ellipsis}", role)
        case Stage.UNCERTAIN:
            return cell(f"uncertain{scene.glyphs.ellipsis}", role)
        case Stage.UNKNOWN:
            return cell("unknown", role)
        case _:
            return cell(receipt.stage.value, role)


def undo(scene: Scene, receipt: Receipt) -> Cell:
    """How long undo is offered for what was just done."""
    command = receipt.order.command
    if command.inverse is None or receipt.passed_over or receipt.stage is not Stage.SEEN:
        return NOTHING
    if receipt.closed is None or receipt.order.undoes is not None:
        return NOTHING
    left = scene.state.policy.undo - scene.ago(receipt.closed)
    if left <= 0:
        return NOTHING
    return (
        Span("z", Role.ACCENT),
        Span(" undo", Role.ACCENT),
        Span(f" {left:.0f} s ", Role.DIM),
    )


def subject(scene: Scene, receipt: Receipt) -> str:
    """Whom a command was aimed at."""
    return subject_of(scene, receipt.order)


def subject_of(scene: Scene, order: Order) -> str:
    """Whom an order is aimed at."""
    if len(order.legs) == 1:
        return who(scene.state, order.legs[0])
    if order.legs:
        return people(len(order.legs))
    return place(scene.state, order.room, order.queue)


def _story(scene: Scene, receipt: Receipt) -> list[Piece]:
    command, stage = receipt.order.command, receipt.stage
    sign = _sign(scene, stage)
    verb = command.done if stage is Stage.SEEN else command.words
    pieces = [
        Piece((Span(f" {sign} ", ROLES[stage]), Span(f"{verb} "), Span(subject(scene, receipt)))),
    ]
    where = place(scene.state, receipt.order.room, receipt.order.queue)
    if receipt.order.legs and where:
        pieces.append(Piece((Span(" in ", Role.DIM), Span(where, Role.DIM)), 3))
    sent = receipt.sent or receipt.order.at
    if receipt.accepted is not None:
        took = lag(receipt.accepted.mono - sent.mono)
        pieces.append(Piece((Span("  accepted ", Role.DIM), Span(took)), 2))
    looking = cell(f"looking for proof{scene.glyphs.ellipsis}", Role.PENDING)
    told = looking if stage is Stage.ACCEPTED else outcome(scene, receipt)
    pieces.append(Piece((Span("  "), *told)))
    if receipt.lost:
        pieces.append(Piece(cell(f"  {people(len(receipt.lost))} left first", Role.SOON), 1))
    if receipt.left_alone:
        names = ", ".join(who(scene.state, key) for key in receipt.left_alone)
        pieces.append(Piece(cell(f"  changed since, left alone: {names}", Role.SOON), 1))
    why = receipt.note
    if receipt.problem is not None and stage in {Stage.REFUSED, Stage.UNKNOWN, Stage.DROPPED}:
        why = sentence(receipt.problem)
        field = field_of(command, receipt.problem) if stage is Stage.REFUSED else None
        if field is not None:
            mend = f"  {field.words} was refused; {command.key} asks again"
            pieces.append(Piece(cell(mend, Role.SOON), 2))
    if why:
        pieces.append(Piece(cell(f"  {clean(why)}", Role.DIM), 4))
    return pieces


def _sign(scene: Scene, stage: Stage) -> str:
    if stage is Stage.SEEN:
        return scene.glyphs.done
    if stage in {Stage.REFUSED, Stage.DROPPED, Stage.GONE}:
        return scene.glyphs.failed
    return scene.glyphs.sent if stage.open else scene.glyphs.unsure


def _took(receipt: Receipt) -> str:
    if receipt.closed is None:
        return ""
    return lag(receipt.closed.mono - (receipt.sent or receipt.order.at).mono)
