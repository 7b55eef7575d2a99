"""The receipt line: the progress of the newest command, from sent to seen."""

from __future__ import annotations

from math import inf

from console.core.model.command import Command, Order, TargetKind
from console.core.model.stage import Stage
from console.core.model.state import Entry, Receipt, Sign
from console.view.context import NOTHING, ViewContext, cell
from console.view.open_receipts import newest_started, same_act
from console.view.panes import manual_poll
from console.view.screen_elements import Cell, Role, Span, TextLine
from console.view.text.cell_width import cells, width_of
from console.view.text.error_text import failure_of, field_of
from console.view.text.labels import age as how_old
from console.view.text.labels import clean, lag, leg_name, people_count, place_name
from console.view.text.line_layout import Piece, fit

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
FINE = frozenset({Stage.SEEN, Stage.NO_PROOF})
"""Final stages that are no failure."""


def line(scene: ViewContext) -> TextLine:
    """Return the line of the newest command, poll, or key that did something else.

    The line of a command shows its age after ``policy.undo`` seconds and leaves after
    ``policy.receipt_shown``.
    """
    receipt = newest_started(scene.state)
    note = next((entry for entry in reversed(scene.state.log) if _answers_a_key(entry)), None)
    poll = scene.state.manual_poll
    starts = [receipt.order.at] if receipt is not None else []
    starts += [poll.at] if poll is not None else []
    newest = note if note is not None and all(note.at > start for start in starts) else None
    if newest is not None and scene.ago(newest.at) < scene.state.policy.undo:
        return _note(scene, newest)
    later = manual_poll.line(scene, -inf if receipt is None else receipt.order.at.mono)
    if later is not None:
        return later
    batch = [] if receipt is None else same_act(scene.state, receipt)
    age = _age(scene, batch)
    if receipt is None or age > scene.state.policy.receipt_shown:
        return TextLine(cell(" ready", Role.FAINT))
    right = undo_hint(scene, *batch)
    if not right and age >= scene.state.policy.undo:
        right = cell(f"{how_old(age)} ago ", Role.DIM)
    space = scene.width - width_of(right) - 1
    story = _story(scene, receipt) if len(batch) == 1 else _stories(scene, batch)
    return TextLine(fit(story, space), right)


def _answers_a_key(entry: Entry) -> bool:
    """Return True for an entry that a key caused without a command: a refusal, a lock, a pin."""
    done = entry.sign is Sign.OPERATOR and entry.order is None
    return done or (entry.sign is Sign.NOTE and entry.name == "not done")


def _note(scene: ViewContext, note: Entry) -> TextLine:
    if note.sign is Sign.NOTE:
        text = clean(note.text) + _named(scene, note)
        text += f"  x{note.times}" if note.times > 1 else ""
        return TextLine((Span(f" {scene.glyphs.failed} ", Role.SOON), Span(text)))
    target = "" if note.leg is None else f"{leg_name(scene.state, note.leg)} "
    text = f"{note.name}: {target}{clean(note.text)}"
    return TextLine((Span(f" {scene.glyphs.done} ", Role.GOOD), Span(text)))


def _age(scene: ViewContext, batch: list[Receipt]) -> float:
    """Return the seconds since the last of these commands ended; 0 while one is open."""
    ends = [one.closed for one in batch if one.closed is not None]
    if not ends or any(one.stage.open for one in batch):
        return 0.0
    return scene.ago(max(ends))


def _named(scene: ViewContext, note: Entry) -> str:
    """Name the people of a note, with those of equal notes of the same moment."""
    alike = [e for e in scene.state.log if e.at == note.at and e.text == note.text]
    names = [leg_name(scene.state, entry.leg) for entry in alike if entry.leg is not None]
    return f": {', '.join(names)}" if names else ""


def outcome(scene: ViewContext, receipt: Receipt) -> Cell:
    """Return the stage of a command, with the time it took once it was seen."""
    stage = receipt.stage
    text = "unknown" if stage is Stage.UNKNOWN else stage.value
    if stage is Stage.SEEN and receipt.closed is not None:
        text += f" {lag(receipt.closed.mono - (receipt.sent or receipt.order.at).mono)}"
    return cell(f"{text}{scene.glyphs.ellipsis if stage.open else ''}", ROLES[stage])


def undo_hint(scene: ViewContext, *act: Receipt) -> Cell:
    """Return the undo key with the seconds left to press it; empty if there is nothing to undo.

    ``act``: all orders of one key press.
    """
    standing = [one for one in act if one.stage is Stage.SEEN and not one.undo_passes]
    closed = [one.closed for one in standing if one.closed is not None]
    first = act[0].order
    if not closed or first.command.inverse is None or first.undoes is not None:
        return NOTHING
    left = scene.state.policy.undo - scene.ago(max(closed))
    if left <= 0:
        return NOTHING
    return (Span("z undo", Role.ACCENT), Span(f" {left:.0f} s ", Role.DIM))


def subject_of(scene: ViewContext, *orders: Order) -> str:
    """Return the targets of these orders, as one name, a count of people, or places."""
    legs = [leg for order in orders for leg in order.legs]
    if len(legs) == 1:
        return leg_name(scene.state, legs[0])
    if legs:
        return people_count(len(legs))
    places = [place_name(scene.state, order.conference, order.queue) for order in orders]
    return ", ".join(dict.fromkeys(places))


def pending_words(command: Command) -> str:
    """Return the words of a command before its target, while it is not done: "add", "mute"."""
    return command.verb if command.toward else command.words


def _story(scene: ViewContext, receipt: Receipt) -> list[Piece]:
    command, stage = receipt.order.command, receipt.stage
    sign = _sign(scene, stage)
    verb = command.done if stage is Stage.SEEN else pending_words(command)
    target = subject_of(scene, receipt.order)
    pieces = [
        Piece((Span(f" {sign} ", ROLES[stage]), Span(f"{verb} "))),
        Piece(cell(target), keeps=cells(target)),
    ]
    where = place_name(scene.state, receipt.order.conference, receipt.order.queue)
    if receipt.order.legs and where:
        between = f" {command.toward or 'in'} "
        pieces.append(Piece((Span(between, Role.DIM), Span(where, Role.DIM)), 3))
    sent = receipt.sent or receipt.order.at
    if receipt.accepted is not None:
        took = lag(receipt.accepted.mono - sent.mono)
        pieces.append(Piece((Span("  accepted ", Role.DIM), Span(took)), 2))
    looking = cell(f"looking for proof{scene.glyphs.ellipsis}", Role.PENDING)
    result = looking if stage is Stage.ACCEPTED else outcome(scene, receipt)
    pieces.append(Piece((Span("  "), *result)))
    pieces += _left_out(scene, receipt)
    if receipt.problem is not None and stage is Stage.REFUSED:
        field = field_of(command, receipt.problem)
        if field is not None:
            retry = f"  {field.words} was refused; {command.key} asks again"
            pieces.append(Piece(cell(retry, Role.SOON), 2))
    return [*pieces, *_reason(receipt)]


def _reason(receipt: Receipt) -> list[Piece]:
    """Return the codes, the title and the detail of a failure. The detail is cut first."""
    codes, title, detail = failure_of(receipt)
    pieces = [Piece(cell(f" {codes}", ROLES[receipt.stage]))] if codes else []
    if title:
        text = f"{title}: {detail}" if detail else title
        pieces.append(Piece(cell(f"  {text}", Role.DIM), keeps=2 + cells(title) + bool(detail)))
    return pieces


def _left_out(scene: ViewContext, *act: Receipt) -> list[Piece]:
    """Name the targets that were not reached: they left, changed, or were dropped."""
    lost = sum(len(one.lost) for one in act)
    first = [Piece(cell(f"  {people_count(lost)} left first", Role.SOON), 1)] if lost else []
    alone = [leg_name(scene.state, key) for one in act for key in one.left_alone]
    dropped = [leg_name(scene.state, leg) for one in act for leg in one.not_sent_for]
    groups = ("changed since, left alone:", alone), ("not sent for", dropped)
    named = [f"  {why} {', '.join(names)}" for why, names in groups if names]
    return first + [Piece(cell(text, Role.SOON), 1) for text in named]


def _stories(scene: ViewContext, batch: list[Receipt]) -> list[Piece]:
    """Return the receipt line of several orders of one key press.

    It counts the targets that are proved done, and names those of each failure.
    """
    command = batch[0].order.command
    seen = sum(_size(one) - len(one.lost) for one in batch if one.stage is Stage.SEEN)
    open_ = sum(_size(one) for one in batch if one.stage.open)
    all_ = sum(_size(one) for one in batch)
    bad = [one for one in batch if not one.stage.open and one.stage not in FINE]
    stage = Stage.SENT if open_ else Stage.REFUSED if bad else batch[0].stage
    verb = command.done if seen else pending_words(command)
    count = f"{seen} of {all_}" if seen else str(all_)
    pieces = [Piece((Span(f" {_sign(scene, stage)} ", ROLES[stage]), Span(f"{verb} {count}")))]
    places = {(one.order.conference, one.order.queue) for one in batch}
    if command.target_kind is not TargetKind.CONFERENCE and len(places) == 1:
        where = place_name(scene.state, *places.pop())
        pieces.append(Piece(cell(f" {command.toward or 'in'} {where}", Role.DIM), len(batch) + 2))
    if open_:
        pieces.append(Piece(cell(f"  {open_} under way{scene.glyphs.ellipsis}", Role.PENDING)))
    unproved = sum(_size(one) for one in batch if one.stage is Stage.NO_PROOF)
    if unproved:
        pieces.append(Piece(cell(f"  {unproved} no proof", Role.SOON)))
    pieces += _left_out(scene, *batch)
    return pieces + _failures(scene, bad)


def _failures(scene: ViewContext, bad: list[Receipt]) -> list[Piece]:
    """Name the targets of each outcome with its codes, then the reasons. The end is cut first."""
    alike: dict[tuple[str, str, str, str], list[Receipt]] = {}
    for one in bad:
        alike.setdefault((one.stage.value, *failure_of(one)), []).append(one)
    briefs, whys = [], []
    for (stage, codes, title, detail), ones in alike.items():
        names = ", ".join(subject_of(scene, one.order) for one in ones)
        briefs.append(f"  {names} {stage} {codes}".rstrip())
        reason = f"{title}: {detail}" if detail else title
        if reason:
            whys.append(f"{codes or stage}: {reason}" if len(alike) > 1 else reason)
    if not briefs:
        return []
    role = Role.NOW if any(ROLES[one.stage] is Role.NOW for one in bad) else Role.SOON
    pieces = [Piece(cell("".join(briefs), role), keeps=cells(briefs[0]))]
    if whys:
        pieces.append(Piece(cell(f"  {'; '.join(whys)}", Role.DIM), keeps=0))
    return pieces


def _size(receipt: Receipt) -> int:
    return len(receipt.order.legs) or 1


def _sign(scene: ViewContext, stage: Stage) -> str:
    if stage is Stage.SEEN:
        return scene.glyphs.done
    if stage in {Stage.REFUSED, Stage.DROPPED, Stage.GONE}:
        return scene.glyphs.failed
    return scene.glyphs.sent if stage.open else scene.glyphs.unsure
