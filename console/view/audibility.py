"""Preview of a role change: who hears the targets now, and who would hear them after it."""

from __future__ import annotations

from collections.abc import Sequence

from console.commands.doubts import chosen_in_doubt
from console.commands.roles import audibility_changes, hearing_conference, stance_after
from console.core import audibility
from console.core.audibility import Audibility, AudibilityChange, hears_less, hears_more
from console.core.model.command import Command, People, Target, Values, legs_of
from console.core.model.identity import is_mine
from console.view.context import ViewContext, cell
from console.view.screen_elements import Cell, Role, Span
from console.view.text.cell_width import width_of
from console.view.text.labels import conference_name, leg_name, people_count

MOST = 6
"""Rows of the preview. Listeners who would start to hear the targets come first."""
NAME, VERDICT = 24, 7
"""Terminal cells of a name and of a verdict."""
WORDS = {Audibility.NO: "no", Audibility.UNKNOWN: "?", Audibility.YES: "yes"}


def preview(
    scene: ViewContext, command: Command, targets: Sequence[Target], values: Values
) -> tuple[Cell, ...]:
    """Return the lines of the preview, for the conference that these answers name.

    Empty for a command without a role.
    """
    if not any(field.name == "supervisor_role" for field in command.fields):
        return ()
    conference = hearing_conference(targets[0], values)
    if not conference:
        return (cell("Choose a conference to see who would hear them.", Role.DIM),)
    doubt = chosen_in_doubt(scene.state, values, scene.now)
    doubted = (cell(doubt, Role.SOON),) if doubt else ()
    changes = _together(scene, targets, values)
    if not changes:
        return (*doubted, *_alone(scene, conference, targets, values))
    head = (Span("heard by".ljust(NAME) + "now".ljust(VERDICT) + "after", Role.DIM),)
    rows = tuple(_row(scene, one) for one in changes[:MOST])
    rest = changes[MOST:]
    more = (cell(f"and {people_count(len(rest))} more: {_sum(rest)}", Role.DIM),) if rest else ()
    sentences = (*summary(scene, targets, values, changes), *_each_other(targets, values))
    return (*doubted, *sentences, head, *rows, *more)


def _together(
    scene: ViewContext, targets: Sequence[Target], values: Values
) -> tuple[AudibilityChange, ...]:
    """Return the loudest change over all targets for each listener, changes first."""
    legs = {leg for target in targets for leg in legs_of(target)}
    found: dict[str, AudibilityChange] = {}
    for target in targets:
        for one in audibility_changes(scene.state, target, values):
            before = found.get(one.listener, one)
            if one.listener not in legs:
                now = one.now if hears_more(before.now, one.now) else before.now
                then = one.then if hears_more(before.then, one.then) else before.then
                found[one.listener] = AudibilityChange(one.listener, now, then)
    return tuple(sorted(found.values(), key=_by_change))


def _by_change(one: AudibilityChange) -> int:
    if hears_more(one.now, one.then):
        return 0
    return 1 if hears_less(one.now, one.then) else 2


def _alone(
    scene: ViewContext, conference: str, targets: Sequence[Target], values: Values
) -> tuple[Cell, ...]:
    """Return the lines for a conference without listeners: it ended, was left, or is empty."""
    known, name = scene.state.conferences.get(conference), conference_name(scene.state, conference)
    if known is not None and known.ended:
        return (cell(f"{name} has ended.", Role.SOON),)
    legs = [leg for target in targets if isinstance(target, People) for leg in target.legs]
    if legs and not scene.state.people_in(conference).keys() & legs:
        return (cell(f"{leg_name(scene.state, legs[0])} left {name}.", Role.SOON),)
    others = cell(f"Nobody else is known to be in {name}.", Role.DIM)
    return (others, *_each_other(targets, values))


def _each_other(targets: Sequence[Target], values: Values) -> tuple[Cell, ...]:
    """Say if several targets that join one conference hear each other; empty for one target."""
    if len(targets) == 1:
        return ()
    one, other = (
        stance_after(None, leg, values) for target in targets[:2] for leg in legs_of(target)
    )
    verdict = audibility.judge_audibility(one, other)
    will = {Audibility.NO: "will not", Audibility.UNKNOWN: "may", Audibility.YES: "WILL"}
    why = f" ({verdict.why})" if verdict.heard is Audibility.NO else ""
    return (cell(f"They {will[verdict.heard]} hear each other{why}.", Role.STRONG),)


def _row(scene: ViewContext, one: AudibilityChange) -> Cell:
    name = leg_name(scene.state, one.listener)
    shown = name if width_of(cell(name)) < NAME else f"{name[: NAME - 2]}{scene.glyphs.ellipsis}"
    turns = hears_more(one.now, one.then) or hears_less(one.now, one.then)
    then = WORDS[one.then.heard].upper() if turns else WORDS[one.then.heard]
    why = one.then.why or (f"now {one.now.why}" if one.now.why else "")
    return (
        Span(shown + " " * max(1, NAME - width_of(cell(shown)))),
        Span(WORDS[one.now.heard].ljust(VERDICT), Role.DIM),
        Span(then.ljust(VERDICT), Role.NOW if turns else Role.PLAIN),
        Span("<- changes  " if turns else "", Role.SOON),
        Span(why, Role.FAINT),
    )


def _sum(rest: Sequence[AudibilityChange]) -> str:
    counts = {verdict: sum(one.then.heard is verdict for one in rest) for verdict in Audibility}
    parts = [f"{count} {WORDS[verdict]}" for verdict, count in counts.items() if count]
    turned = sum(one.now.heard is not one.then.heard for one in rest)
    return ", ".join((*parts, f"{turned} of them change") if turned else parts)


def summary(
    scene: ViewContext,
    targets: Sequence[Target],
    values: Values,
    changes: Sequence[AudibilityChange],
) -> tuple[Cell, ...]:
    """Summarise the changes: new listeners, lost listeners, and if a caller hears the targets."""
    pronoun = _pronoun(scene, targets)
    sentences = _sentences(scene, pronoun, changes)
    if all(one.then.heard is Audibility.NO for one in changes):
        silent = values.get("supervisor_role") == "monitor"
        proof = f" Proved once a listing shows {pronoun} muted." if silent else ""
        sentences.insert(0, f"Nobody should hear {pronoun}.{proof}")
        return (cell(" ".join(sentences), Role.STRONG),)
    callers = [one for one in changes if _is_caller(scene, one.listener)]
    unmentioned = [one for one in callers if not hears_less(one.now, one.then)]
    if unmentioned and all(one.then.heard is Audibility.NO for one in callers):
        sentences.append(f"The caller will not hear {pronoun}.")
    return (cell(" ".join(sentences), Role.STRONG),)


def _pronoun(scene: ViewContext, targets: Sequence[Target]) -> str:
    legs = [leg for target in targets for leg in legs_of(target)]
    return "you" if not legs or all(is_mine(scene.state, leg) for leg in legs) else "them"


def _sentences(scene: ViewContext, pronoun: str, changes: Sequence[AudibilityChange]) -> list[str]:
    """Say who will or may hear the targets, then who will or may hear them no longer."""
    no, unknown, yes = Audibility.NO, Audibility.UNKNOWN, Audibility.YES
    fewer = [one for one in changes if hears_less(one.now, one.then)]
    ways = (
        (yes, no, f"will NOT hear {pronoun} any more."),
        (unknown, no, f"may hear {pronoun} now, and will NOT after."),
        (yes, unknown, f"may NOT hear {pronoun} any more: not known."),
    )
    will = [one for one in changes if one.then.heard is yes]
    may = [one for one in changes if one.then.heard is unknown and one not in fewer]
    groups = [(will, f"WILL hear {pronoun}."), (may, f"MAY hear {pronoun}: not known.")]
    for now, then, words in ways:
        some = [one for one in fewer if (one.now.heard, one.then.heard) == (now, then)]
        groups.append((some, words))
    return [f"{_names(scene, some)} {words}" for some, words in groups if some]


def _names(scene: ViewContext, changes: Sequence[AudibilityChange]) -> str:
    """Name two listeners, callers first, and count the rest. The text begins a sentence."""
    order = sorted(changes, key=lambda one: not _is_caller(scene, one.listener))
    names = [
        ("the caller " if _is_caller(scene, one.listener) else "")
        + leg_name(scene.state, one.listener)
        for one in order[:2]
    ]
    if names[0].startswith("the caller "):
        names[0] = f"T{names[0][1:]}"
    rest = len(changes) - len(names)
    return f"{', '.join(names)} and {rest} more" if rest else " and ".join(names)


def _is_caller(scene: ViewContext, leg: str) -> bool:
    known = scene.state.identities.get(leg)
    return known is not None and known.caller


def own_audibility(scene: ViewContext) -> str:
    """Say how many people hear the operator's leg in the shown conference.

    Empty if that leg is not in it.
    """
    state, conference = scene.state, scene.cursor.conference
    people = {} if conference is None else state.people_in(conference)
    own = [leg for leg in people if is_mine(state, leg)]
    if conference is None or not own:
        return ""
    speaker = audibility.stance(state, conference, own[0])
    others = [
        audibility.judge_audibility(speaker, audibility.stance(state, conference, leg)).heard
        for leg in people
        if leg not in own
    ]
    if Audibility.YES in others:
        return f"you are heard by {people_count(others.count(Audibility.YES))}"
    return "you may be heard" if Audibility.UNKNOWN in others else "you are not heard"
