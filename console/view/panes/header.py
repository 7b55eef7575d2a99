"""The header line: profile, health of the connection to Telnyx, alarms, operator and clock."""

from __future__ import annotations

from console.core.lifecycle.availability import is_read_only
from console.core.messages import read_scopes as scopes
from console.core.poll_intervals import unreadable_scopes, webhook_silence
from console.view import alerts
from console.view.context import ViewContext, cell
from console.view.panes import conferences, queues
from console.view.panes.parked import alarm_levels as parked
from console.view.screen_elements import Cell, Role, Span, TextLine
from console.view.text.cell_width import width_of
from console.view.text.labels import age, clean, duration, lag
from console.view.text.line_layout import Piece, fit

RECENT = 60.0
"""Seconds for which the header shows a refused webhook delivery."""
NARROW = 100
"""Terminal columns below which names are shortened and repetitions are left out."""


def line(scene: ViewContext) -> TextLine:
    """Return the header. In a narrow terminal the least important parts are left out first."""
    right = _right(scene)
    space = scene.width - width_of(right) - 1
    pieces = [
        Piece(_profile(scene)),
        *_badges(scene),
        *_api(scene),
        *_misread(scene),
        *_hooks(scene),
        *_gaps(scene),
        *_budget(scene),
        *_alarms(scene),
    ]
    return TextLine(fit(pieces, space), right)


def _profile(scene: ViewContext) -> Cell:
    health = scene.state.health
    away = health.unreachable is not None or health.polls_paused_until is not None
    bad = health.key_refused is not None or away
    heard = health.api_ok is not None
    role = Role.NOW if bad else Role.GOOD if heard else Role.DIM
    profile = clean(scene.profile, 12 if scene.width < NARROW else 20)
    return (Span(f" {scene.glyphs.on} ", role), Span(profile, Role.STRONG))


def _badges(scene: ViewContext) -> list[Piece]:
    badges = (
        (scene.state.health.journal_problem, "  ", Span(" NOT SAVED ", Role.ALARM)),
        (scene.demo, " ", Span(" DEMO ", Role.BADGE)),
        (is_read_only(scene.state), " ", Span(" READ-ONLY ", Role.BADGE)),
    )
    return [Piece((Span(gap), badge)) for shown, gap, badge in badges if shown]


def _api(scene: ViewContext) -> list[Piece]:
    health = scene.state.health
    if health.key_refused is not None:
        wait = age(max(scene.state.policy.key_every - scene.ago(health.key_refused), 0.0))
        again = Piece(cell(f" again in {wait}", Role.SOON), 2)
        return [Piece((Span("  "), Span(" 401 KEY REFUSED ", Role.ALARM))), again]
    if health.unreachable is not None:
        away = scene.ago(health.unreachable)
        if away <= scene.state.policy.offline:
            return [Piece((Span("  api ", Role.DIM), Span(f"no answer {age(away)}", Role.SOON)))]
        since = scene.clock(health.unreachable)
        begun = Piece(cell(f"since {since}", Role.SOON), 1)
        last = Piece(cell(", showing last known", Role.SOON), 2)
        return [Piece((Span("  "), Span(" OFFLINE ", Role.ALARM))), begun, last]
    if health.polls_paused_until is not None:
        wait = age(max(-scene.ago(health.polls_paused_until), 0.0))
        again = Piece(cell(f" polls again in {wait}", Role.SOON), 2)
        return [Piece((Span("  "), Span(" API FAILS ", Role.ALARM))), again]
    if health.rtt is None:
        return [Piece(cell("  api …", Role.DIM))]
    return [Piece((Span("  api ", Role.DIM), Span(f"{health.rtt * 1000:.0f} ms")))]


def _misread(scene: ViewContext) -> list[Piece]:
    """Return the number of listings whose last answer could not be read; the API does answer."""
    count = unreadable_scopes(scene.state)
    if not count:
        return []
    answers = "answer" if count == 1 else "answers"
    text = f"{answers} not understood" if scene.width >= NARROW else f"odd {answers}"
    return [Piece(cell(f"  {count} {text}", Role.SOON), 1)]


def _hooks(scene: ViewContext) -> list[Piece]:
    health = scene.state.health
    if health.receiver is None:
        note = clean(health.receiver_note, 24)
        off = (Span("  hooks ", Role.DIM), Span("off", Role.SOON))
        return [Piece(off, 1), Piece(cell(f": {note}", Role.SOON), 2)]
    found = []
    if health.clock_wrong and health.clock_ahead is not None:
        wrong = f" CLOCK {age(abs(health.clock_ahead))} OFF "
        found.append(Piece((Span("  "), Span(wrong, Role.ALARM)), 1))
    silent = webhook_silence(scene.state, scene.now)
    faster = Piece(cell(", polls faster", Role.SOON), 3)
    if health.webhooks_missing:
        found.append(Piece((Span("  "), Span(" NO WEBHOOKS ", Role.ALARM)), 1))
        if silent is not None:
            found += [Piece(cell(f" {duration(silent)}", Role.SOON), 2), faster]
    elif silent is not None:
        quiet = Span(f"silent {duration(silent)}", Role.SOON)
        found += [Piece((Span("  hooks ", Role.DIM), quiet), 1), faster]
    elif health.last_webhook is None:
        found.append(Piece(cell("  hooks none yet", Role.DIM), 1))
    elif scene.ago(health.last_webhook) > scene.state.policy.webhooks_silent:
        since = duration(scene.ago(health.last_webhook))
        found.append(Piece(cell(f"  hooks quiet {since}", Role.DIM), 1))
    else:
        delay = "?" if health.lag is None else lag(health.lag)
        found.append(Piece((Span("  hooks ", Role.DIM), Span(delay)), 1))
    heard = health.verified + health.duplicates
    if heard + health.refused:
        share = 100 * heard // (heard + health.refused)
        role = Role.PLAIN if share == 100 else Role.SOON
        found.append(Piece((Span(f"  {share} %", role), Span(" signed", Role.DIM)), 5))
    if health.refused_last is not None and scene.ago(health.refused_last) < RECENT:
        found.append(Piece((Span("  "), Span(f" REFUSED {health.refused} ", Role.ALARM)), 1))
    return found


def _gaps(scene: ViewContext) -> list[Piece]:
    health = scene.state.health
    found = []
    if health.gaps:
        text = f"  {health.gaps} {'gap' if health.gaps == 1 else 'gaps'}"
        found.append(Piece(cell(text, Role.SOON), 2))
    if health.retried:
        found.append(Piece((Span(f"  {health.retried}"), Span(" retried", Role.DIM)), 5))
    return found


def _budget(scene: ViewContext) -> list[Piece]:
    health = scene.state.health
    found = []
    if health.polls_resume is not None and health.polls_resume > scene.now:
        wait = age(-scene.ago(health.polls_resume))
        found.append(Piece(cell(f"  429, polls in {wait}", Role.SOON), 2))
    elif health.limit and health.remaining is not None and health.unreachable is None:
        share = 100 * health.remaining // health.limit
        role = Role.PLAIN if share > 25 else Role.SOON
        found.append(Piece((Span("  rate ", Role.DIM), Span(f"{share} %", role)), 4))
    seen = _seen(scene)
    if seen is not None:
        found.append(Piece((Span("  seen ", Role.DIM), Span(age(seen))), 3))
    return found


def _seen(scene: ViewContext) -> float | None:
    """Return the age in seconds of the oldest listing on the screen; None before the first."""
    at = scene.cursor
    shown: list[scopes.Scope] = [scopes.LIVE, scopes.QueuesScope()]
    shown += [scopes.ParticipantsScope(at.conference)] if at.conference is not None else []
    shown += [scopes.CallsScope(at.queue)] if at.queue is not None else []
    listed = [known.answered for scope in shown if (known := scene.state.coverage.get(scope))]
    return max((scene.ago(at) for at in listed if at is not None), default=None)


def _alarms(scene: ViewContext) -> list[Piece]:
    live, present = conferences.visible(scene.state), queues.visible(scene.state)
    levels = [alerts.level_of_conference(scene, conference) for conference in live.values()]
    levels += [queues.alarm_of(scene, queue).level for queue in present.values()]
    levels += parked(scene)
    return [
        Piece((Span("  "), *alerts.level_glyph(scene, level), Span(str(count), level.role)), 1)
        for level in (alerts.Level.NOW, alerts.Level.SOON)
        if (count := levels.count(level))
    ]


def _right(scene: ViewContext) -> Cell:
    zone = scene.zone_name()
    named = f" {zone}" if scene.width >= 110 and zone else ""
    wide = is_read_only(scene.state) and scene.width >= NARROW
    stance = Span("watching " if wide else "", Role.DIM)
    operator = Span(clean(scene.operator, 12), Role.YOU)
    return (stance, operator, Span(f"  {scene.clock(scene.now)}"), Span(f"{named} ", Role.DIM))
