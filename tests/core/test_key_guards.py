"""Four mistakes at the keyboard: keys too fast, a moved cursor, stray text, Caps Lock."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.core.key_guards import (
    CapitalEffect,
    CapitalVerdict,
    CapsLockGuard,
    KeyBurst,
    KeyMeaning,
    MovedCursor,
    StrayTyping,
)

CAPITALS = st.sampled_from("MHCPS")
PAUSES = st.sampled_from([0.0, 0.01, 0.05, 0.1, 0.29, 0.3, 1.0, 1.49, 1.5, 4.9, 5.0, 60.0])
TEXT = st.sampled_from([*"mhHMcC https://3?:L", "enter", "tab", "backspace", "ctrl+g"])
MOVES = st.sampled_from(["up", "down", "left", "right", "pageup", "pagedown", "home", "end"])


def moments(pauses: list[float]) -> list[float]:
    """Return the times after these pauses, starting at 100 s."""
    found = [100.0]
    for pause in pauses:
        found.append(found[-1] + pause)
    return found[1:]


@given(st.lists(st.tuples(CAPITALS, PAUSES), max_size=40))
def test_of_six_keys_within_three_tenths_of_a_second_the_sixth_never_runs(
    keys: list[tuple[str, float]],
) -> None:
    burst, run = KeyBurst(), []
    times = moments([pause for _, pause in keys])
    for number, ((key, _), now) in enumerate(zip(keys, times, strict=True)):
        burst = burst.press(key, now)
        fast = number >= 5 and now - times[number - 5] < 0.3
        assert (burst.left_out > 0) is fast
        run.append(not fast)
        if not fast:
            burst = burst.ordered((str(number),))
    for number in range(len(run) - 5):
        within = times[number + 5] - times[number] < 0.3
        assert not (within and all(run[number : number + 6]))


@given(st.lists(st.sampled_from("mMhH"), min_size=6, max_size=40))
def test_a_burst_accounts_for_every_key_once(keys: list[str]) -> None:
    burst = KeyBurst()
    for number, key in enumerate(keys):
        burst = burst.press(key, 100.0 + number / 1000)
        if not burst.left_out:
            burst = burst.ordered((str(number),))
    assert len(burst.taken) + burst.left_out == len(keys)
    assert [(press.key, press.orders) for press in burst.taken] == [
        (key, (str(number),)) for number, key in enumerate(keys[:5])
    ]


@given(st.floats(0, 10), st.sampled_from(["people", "calls"]))
def test_a_moved_cursor_is_believed_again_after_a_second_and_at_once_elsewhere(
    after: float, pane: str
) -> None:
    startle = MovedCursor("people", 100.0)
    assert startle.is_active(pane, 100.0 + after) is (
        pane == "people" and 100.0 + after - 100.0 < 1.0
    )
    assert not MovedCursor().is_active(pane, after)


def printable(key: str) -> bool:
    return len(key) == 1


@given(st.lists(st.tuples(TEXT, st.floats(0, 1.4)), max_size=60))
def test_after_a_refused_verb_no_key_of_its_text_acts_however_long_it_is(
    keys: list[tuple[str, float]],
) -> None:
    typing, now = StrayTyping.after("play to", 100.0), 100.0
    for number, (key, pause) in enumerate(keys, 1):
        now += pause
        typing, heard = typing.take_key(key, now, printable=printable(key))
        assert heard is KeyMeaning.TEXT
        assert typing.keys == number


@given(
    st.lists(st.tuples(TEXT, st.floats(0, 1.4)), max_size=20),
    st.sampled_from(["quiet", "escape", "move"]),
    MOVES,
    st.lists(st.tuples(TEXT, PAUSES), min_size=1, max_size=20),
)
def test_quiet_escape_and_a_movement_key_end_it_for_good(
    before: list[tuple[str, float]], end: str, move: str, after: list[tuple[str, float]]
) -> None:
    typing, now = StrayTyping.after("play to", 100.0), 100.0
    for key, pause in before:
        now += pause
        typing, _ = typing.take_key(key, now, printable=printable(key))
    if end == "quiet":
        now += 1.5
    else:
        key = "escape" if end == "escape" else move
        typing, heard = typing.take_key(key, now, printable=False)
        assert heard is (KeyMeaning.END if end == "escape" else KeyMeaning.KEY), (
            "escape only ends it"
        )
    for key, pause in after:
        now += pause
        typing, heard = typing.take_key(key, now, printable=printable(key))
        assert heard is KeyMeaning.KEY


def test_a_key_of_the_whole_screen_acts_and_the_text_goes_on() -> None:
    typing, heard = StrayTyping.after("play to", 100.0).take_key("ctrl+r", 100.1, printable=False)
    assert heard is KeyMeaning.KEY
    assert typing.take_key("h", 100.2, printable=True)[1] is KeyMeaning.TEXT


@given(
    CAPITALS,
    CAPITALS,
    st.sampled_from(list(CapitalEffect)),
    st.sampled_from(list(CapitalEffect)),
    PAUSES,
)
def test_a_capital_that_takes_something_back_always_runs_and_one_that_cannot_never_does(
    first: str, second: str, before: CapitalEffect, effect: CapitalEffect, pause: float
) -> None:
    capitals, _ = CapsLockGuard().press(first, before, 100.0)
    _, verdict = capitals.press(second, effect, 100.0 + pause)
    in_a_row = first != second and before is not CapitalEffect.SOME and pause < 5.0
    expected = {
        CapitalEffect.SOME: CapitalVerdict.RUN,
        CapitalEffect.NONE: CapitalVerdict.NO_EFFECT,
        CapitalEffect.UNKNOWN: CapitalVerdict.IN_A_ROW if in_a_row else CapitalVerdict.RUN,
    }
    assert verdict is expected[effect]


@given(st.sampled_from([*"jmhp19/", "down", "escape", "enter"]), CAPITALS, CAPITALS)
def test_any_small_letter_or_other_key_between_says_that_it_is_off(
    between: str, first: str, second: str
) -> None:
    capitals, _ = CapsLockGuard().press(first, CapitalEffect.UNKNOWN, 100.0)
    capitals = capitals.other(between, 100.1, bound=True, lower_bound=True)
    assert capitals.press(second, CapitalEffect.UNKNOWN, 100.2)[1] is CapitalVerdict.RUN


def test_a_capital_that_means_nothing_where_its_small_letter_moves_is_a_sign() -> None:
    signs = CapsLockGuard().other("J", 100.0, bound=False, lower_bound=True)
    assert signs.press("H", CapitalEffect.UNKNOWN, 101.0)[1] is CapitalVerdict.IN_A_ROW
    assert signs.press("H", CapitalEffect.SOME, 101.0)[1] is CapitalVerdict.RUN
    assert signs.press("H", CapitalEffect.UNKNOWN, 105.0)[1] is CapitalVerdict.RUN
    stranger = CapsLockGuard().other("Y", 100.0, bound=False, lower_bound=False)
    assert stranger.press("H", CapitalEffect.UNKNOWN, 101.0)[1] is CapitalVerdict.RUN
    kept = signs.other("G", 100.5, bound=True, lower_bound=True)
    assert kept == signs, "a capital that means something says nothing"
