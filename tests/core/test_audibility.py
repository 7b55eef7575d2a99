"""The answer "cannot hear" is given only if a listing shows the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.core import audibility
from console.core.audibility import Audibility, Stance, judge_audibility

KNOWN = st.none() | st.booleans()
ROLES = st.sampled_from([None, "none", "barge", "monitor", "whisper"])
LISTS = st.none() | st.sampled_from([(), ("bo",), ("cy",), ("bo", "cy")])
SPEAKER = st.builds(Stance, st.just("ana"), KNOWN, KNOWN, ROLES, LISTS)
LISTENER = st.builds(Stance, st.just("bo"), KNOWN, KNOWN, ROLES, LISTS)
OPEN = Stance("ana", muted=False, held=False, role="none", to=())
BO = Stance("bo", muted=False, held=False, role="none", to=())


@given(SPEAKER, LISTENER)
def test_silence_is_claimed_only_where_it_was_seen(speaker: Stance, listener: Stance) -> None:
    verdict = judge_audibility(speaker, listener)
    seen = (
        speaker.muted is True
        or speaker.held is True
        or listener.held is True
        or bool(speaker.to and listener.leg not in speaker.to)
    )
    assert (verdict.heard is Audibility.NO) is seen
    assert verdict.why or verdict.heard is Audibility.YES


@given(SPEAKER, LISTENER)
def test_being_heard_is_claimed_only_where_nothing_is_unknown(
    speaker: Stance, listener: Stance
) -> None:
    if judge_audibility(speaker, listener).heard is Audibility.YES:
        assert (speaker.muted, speaker.held, listener.held) == (False, False, False)
        assert speaker.to is not None
        assert speaker.role in {"none", "barge"} or listener.leg in speaker.to


@given(SPEAKER, LISTENER, st.booleans(), st.booleans(), st.booleans())
def test_what_is_learned_later_never_turns_what_was_said(
    speaker: Stance, listener: Stance, muted: bool, held: bool, deaf: bool
) -> None:
    """A verdict other than ``?`` does not change when unknown values become known."""
    before = judge_audibility(speaker, listener)
    learnt = replace(
        speaker,
        muted=muted if speaker.muted is None else speaker.muted,
        held=held if speaker.held is None else speaker.held,
        to=() if speaker.to is None else speaker.to,
    )
    told = replace(listener, held=deaf if listener.held is None else listener.held)
    if before.heard is not Audibility.UNKNOWN:
        assert judge_audibility(learnt, told).heard is before.heard


@pytest.mark.parametrize(
    ("speaker", "verdict", "why"),
    [
        (OPEN, Audibility.YES, ""),
        (replace(OPEN, muted=True), Audibility.NO, "muted"),
        (replace(OPEN, held=True), Audibility.NO, "on hold: not heard"),
        (replace(OPEN, role=None), Audibility.UNKNOWN, "role unknown"),
        (replace(OPEN, role="monitor"), Audibility.UNKNOWN, "not seen muted"),
        (replace(OPEN, role="monitor", muted=True), Audibility.NO, "muted"),
        (replace(OPEN, role="whisper", to=("bo",)), Audibility.YES, ""),
        (replace(OPEN, role="whisper", to=("cy",)), Audibility.NO, "not whispered to"),
        (replace(OPEN, role="whisper"), Audibility.UNKNOWN, "whisper list not seen"),
        (replace(OPEN, muted=None), Audibility.UNKNOWN, "may still be muted"),
        (Stance("ana", role="none"), Audibility.UNKNOWN, "not listed yet"),
    ],
)
def test_each_case(speaker: Stance, verdict: Audibility, why: str) -> None:
    found = judge_audibility(speaker, BO)
    assert (found.heard, found.why) == (verdict, why)


def test_who_is_on_hold_does_not_hear() -> None:
    assert judge_audibility(OPEN, replace(BO, held=True)).why == audibility.CANNOT_HEAR


@given(SPEAKER, st.sampled_from(["monitor", "whisper", "barge", "none"]), LISTENER)
def test_a_monitor_is_to_be_heard_by_nobody(speaker: Stance, role: str, listener: Stance) -> None:
    then = audibility.stance_with_role(speaker, role, ("bo",) if role == "whisper" else ())
    verdict = judge_audibility(then, listener)
    if role == "monitor":
        assert verdict.heard is Audibility.NO
    assert audibility.stance_with_role(speaker, "whisper", ()) == audibility.stance_with_role(
        speaker, "monitor", ()
    )


def test_who_was_muted_by_somebody_else_may_stay_so() -> None:
    muted = replace(OPEN, muted=True, role=None)
    assert (
        judge_audibility(audibility.stance_with_role(muted, "barge", ()), BO).heard
        is Audibility.UNKNOWN
    )
    monitor = replace(OPEN, muted=True, role="monitor")
    assert (
        judge_audibility(audibility.stance_with_role(monitor, "barge", ()), BO).heard
        is Audibility.YES
    )
