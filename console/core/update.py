"""Apply a batch of messages to a state: (state, messages) -> (state, effects)."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import TypeAlias, assert_never

from console.core import health, manual_poll, operator_notes, restart_recovery, webhook_handlers
from console.core.lifecycle import lifecycle, proof, undo
from console.core.lifecycle.availability import why_nothing_can_be_sent
from console.core.messages import facts, intents, read_scopes, webhooks
from console.core.messages.effects import Effect, KeepEvent, Refresh
from console.core.model.draft import Draft
from console.core.model.listed_resources import Moment
from console.core.model.state import Sign, State
from console.core.sync import (
    expiry,
    gap_detection,
    gap_tracking,
    identity_updates,
    parked,
    reconcile,
)

Message: TypeAlias = facts.Fact | intents.Intent


def update(state: State, messages: Iterable[Message]) -> tuple[State, tuple[Effect, ...]]:
    """Return the new state and the effects required; the very same state if nothing changed."""
    draft = Draft(state)
    for message in messages:
        _apply(draft, message)
    return draft.seal(), tuple(draft.effects)


def _apply(draft: Draft, message: Message) -> None:
    if isinstance(message, webhooks.Webhook):
        if health.count_event(draft, message.origin):
            gap_detection.check_webhook(draft, message)
            _apply_webhook(draft, message)
    elif isinstance(message, facts.Listed):
        _apply_listing(draft, message)
        manual_poll.count_listing(draft, message)
    elif isinstance(message, facts.CommandFact):
        _apply_command(draft, message)
    elif isinstance(message, facts.HealthFact):
        _apply_health(draft, message)
    elif isinstance(message, facts.PastFact):
        _apply_past(draft, message)
    elif isinstance(message, facts.ReadingFailed):
        health.reading_failed(draft, message)
        manual_poll.count_failure(draft, message)
    elif isinstance(message, facts.LoadingProgressed):
        health.loading_progressed(draft, message)
    elif isinstance(message, facts.Ticked):
        lifecycle.time_passed(draft, message.at)
        gap_tracking.mark_due(draft, message.at)
        expiry.drop_expired(draft, message.at)
        manual_poll.end_if_overdue(draft, message.at)
    else:
        _apply_intent(draft, message)


def _apply_webhook(draft: Draft, fact: webhooks.Webhook) -> None:  # noqa: C901  # one arm a webhook
    match fact:
        case webhooks.CallEnqueued():
            webhook_handlers.call_enqueued(draft, fact)
        case webhooks.CallDequeued():
            webhook_handlers.call_dequeued(draft, fact)
        case webhooks.ConferenceCreated():
            webhook_handlers.conference_created(draft, fact)
        case webhooks.ConferenceEnded():
            webhook_handlers.conference_ended(draft, fact)
        case webhooks.FloorChanged():
            webhook_handlers.floor_changed(draft, fact)
        case webhooks.ParticipantJoined():
            webhook_handlers.participant_joined(draft, fact)
        case webhooks.ParticipantLeft():
            webhook_handlers.participant_left(draft, fact)
        case (
            webhooks.PlaybackStarted()
            | webhooks.PlaybackEnded()
            | webhooks.SpeakStarted()
            | webhooks.SpeakEnded()
        ):
            webhook_handlers.audio_changed(draft, fact)
        case webhooks.RecordingSaved():
            webhook_handlers.recording_saved(draft, fact)
        case webhooks.CallReported():
            webhook_handlers.call_reported(draft, fact)
        case webhooks.UnknownReceived():
            webhook_handlers.unknown_received(draft, fact)
        case _:
            assert_never(fact)


def _apply_listing(draft: Draft, fact: facts.Listed) -> None:
    health.clear_key_refused(draft, fact.reading.answered, fact.reading.asked)
    match fact:
        case facts.ConferencesListed():
            identity_updates.record_conference_names(draft, *fact.items)
            reconcile.merge_conferences(draft, fact)
            proof.conferences_listed(draft, fact)
        case facts.ConferenceRead():
            if fact.item is not None:
                identity_updates.record_conference_names(draft, fact.item)
            reconcile.merge_conference_read(draft, fact)
            proof.conferences_listed(draft, fact)
            conference = draft.conferences.get(fact.id)
            if conference is not None and conference.ended:
                at, reason = fact.reading.answered, conference.end_reason
                proof.conference_ended(draft, fact.id, at, reason)
        case facts.ParticipantsListed():
            reconcile.merge_participants(draft, fact)
            identity_updates.learn_participants(draft, fact)
            proof.people_listed(draft, fact)
        case facts.QueuesListed():
            reconcile.merge_queues(draft, fact)
            proof.queues_listed(draft, fact)
        case facts.CallsListed():
            reconcile.merge_queued_calls(draft, fact)
            identity_updates.learn_callers(draft, fact)
            proof.calls_listed(draft, fact)
        case _:
            _apply_other_read(draft, fact)
    lifecycle.send_waiting(draft, fact.reading.answered)


def _apply_other_read(
    draft: Draft,
    fact: facts.CallEventsRead | facts.MissedEventsRead | facts.DeliveryRead | facts.ResourceRead,
) -> None:
    match fact:
        case facts.CallEventsRead():
            scope = read_scopes.CallEventsScope(fact.leg_id)
            reconcile.record_coverage(draft, scope, fact.reading, len(fact.reports))
            webhook_handlers.call_events_read(draft, fact)
        case facts.MissedEventsRead():
            _apply_recovered(draft, fact)
        case facts.DeliveryRead():
            gap_tracking.close_explained(draft, fact.event_id, fact.reading.answered, fact.outcome)
            draft.coverage.drop(read_scopes.DeliveryScope(fact.event_id))
        case facts.ResourceRead():
            draft.inspected = fact
            identity_updates.learn_label(draft, fact)
            draft.coverage.drop(fact.scope)
            parked.apply_call_read(draft, fact)
        case _:
            assert_never(fact)


def _apply_recovered(draft: Draft, fact: facts.MissedEventsRead) -> None:
    """Apply events recovered from the API as webhooks. Skip recent ones: they may still arrive."""
    reading, scope = fact.reading, read_scopes.MissedEventsScope(fact.connection, 0.0)
    reconcile.record_coverage(draft, scope, reading, len(fact.events))
    newest = -inf if reading.date is None else reading.date - draft.policy.gap_wait
    recovered = 0
    for event, body in fact.events:
        occurred = event.origin.occurred
        if occurred is None or occurred > newest or health.is_known_event(draft, event.origin):
            continue
        recovered += 1
        _apply(draft, event)
        draft.effects.append(KeepEvent(event.origin.event_id, body))
    gap_tracking.record_attempt(draft, fact, recovered)


def _apply_command(draft: Draft, fact: facts.CommandFact) -> None:
    match fact:
        case facts.CommandSent():
            lifecycle.command_sent(draft, fact)
        case facts.CommandAccepted():
            lifecycle.command_accepted(draft, fact)
        case facts.CommandRefused():
            lifecycle.command_refused(draft, fact)
        case facts.CommandUnanswered():
            lifecycle.command_unanswered(draft, fact)
        case _:
            assert_never(fact)


def _apply_past(draft: Draft, fact: facts.PastFact) -> None:
    match fact:
        case facts.CommandRecalled():
            restart_recovery.command_recalled(draft, fact)
        case facts.CommandSettled():
            restart_recovery.command_settled(draft, fact)
        case facts.ConferencesNamed():
            identity_updates.remember_names(draft, fact.names)
        case facts.NoteKept():
            operator_notes.note_kept(draft, fact)
        case facts.Resumed():
            restart_recovery.finish_replay(draft, fact)
        case _:
            assert_never(fact)


def _apply_health(draft: Draft, fact: facts.HealthFact) -> None:
    match fact:
        case facts.UnreadableReceived():
            health.unreadable_received(draft, fact)
        case facts.DeliveryRefused():
            health.delivery_refused(draft, fact)
        case facts.DeliveryRepeated():
            health.delivery_repeated(draft, fact)
        case facts.JournalHealthReported() | facts.JournalMessageReported():
            health.journal_changed(draft, fact)
        case facts.ReceiverOpened() | facts.ReceiverClosed():
            health.receiver_changed(draft, fact)
        case facts.ApiAnswered():
            health.api_answered(draft, fact)
        case facts.PollsPaused() | facts.PollsResumed():
            health.polls_paused(draft, fact)
        case _:
            assert_never(fact)


def _apply_intent(draft: Draft, intent: intents.Intent) -> None:
    match intent:
        case intents.OrderAsked():
            lifecycle.order_asked(draft, intent.order)
        case intents.UndoAsked():
            undo.undo_asked(draft, intent)
        case intents.WatchAsked():
            _set_watched_panes(draft, intent)
        case intents.RefreshAsked():
            manual_poll.start_poll(draft, intent.at)
        case intents.InspectAsked():
            draft.effects.append(Refresh(intent.scope, by_operator=True))
        case intents.NoteAsked():
            operator_notes.keep_note(draft, intent)
        case intents.AnswersAsked():
            operator_notes.keep_answers(draft, intent)
        case intents.LockAsked():
            _toggle_lock(draft, intent.at)
        case intents.Declined() | intents.KeysTooFast():
            lifecycle.key_declined(draft, intent)
        case _:
            assert_never(intent)


def _toggle_lock(draft: Draft, at: Moment) -> None:
    if draft.policy.read_only:
        text = f"unlock: {why_nothing_can_be_sent(draft, at)}"
        lifecycle.key_declined(draft, intents.Declined(at, text))
        return
    draft.locked = not draft.locked
    name = "locked" if draft.locked else "unlocked"
    text = "no key acts on a call until L unlocks" if draft.locked else "keys act on calls again"
    draft.log(at, Sign.OPERATOR, name, text)


def _set_watched_panes(draft: Draft, intent: intents.WatchAsked) -> None:
    if intent.queue is not None and intent.queue != draft.watched_queue:
        draft.effects.append(Refresh(read_scopes.CallsScope(intent.queue)))
    if intent.conference is not None and intent.conference != draft.watched_conference:
        draft.effects.append(Refresh(read_scopes.ParticipantsScope(intent.conference)))
    draft.watched_queue, draft.watched_conference = intent.queue, intent.conference
