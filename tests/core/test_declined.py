"""Keys that did not become a command: one log line for each refusal, with a count."""

from __future__ import annotations

import pytest

from console.core.key_guards import Press
from console.core.messages.intents import Declined, KeysTooFast, LockAsked, OrderAsked
from console.core.model.state import Entry, Sign
from support.playbook import Playbook, at, order, participant

ANA = "v3:ana"


def declined(talk: Playbook) -> list[Entry]:
    return [entry for entry in talk.state.log if entry.name == "not done"]


def test_the_same_refusal_again_takes_the_place_of_the_first_and_counts() -> None:
    talk = Playbook()
    for second in (1, 2, 3):
        talk.say(Declined(at(second), "mute: nobody is selected"), LockAsked(at(second)))
    (entry,) = declined(talk)
    assert (entry.at, entry.times) == (at(3), 3)
    assert [e.number for e in talk.state.log] == sorted(e.number for e in talk.state.log)
    assert len(talk.state.log) == 4, "what was between stays"


@pytest.mark.parametrize(
    ("texts", "lines"),
    [
        (("mute: left already", "hold: left already"), 2),
        (("mute: left already", "mute: nobody is selected", "mute: left already"), 2),
        (
            (
                "mute: Telnyx has not answered for 11 s, and",
                "mute: Telnyx has not answered for 12 s, and",
            ),
            1,
        ),
        (("M: esc-4471 is open", "M: esc-4472 is open"), 2),
    ],
)
def test_only_the_same_refusal_is_one_line(texts: tuple[str, ...], lines: int) -> None:
    talk = Playbook()
    for second, text in enumerate(texts):
        talk.say(Declined(at(second), text))
    assert len(declined(talk)) == lines
    assert declined(talk)[-1].text == texts[-1]


def test_after_a_minute_it_is_a_line_of_its_own() -> None:
    talk = Playbook().say(Declined(at(0), "x"), Declined(at(59), "x"), Declined(at(119), "x"))
    assert [(entry.at, entry.times) for entry in declined(talk)] == [(at(59), 2), (at(119), 1)]


def test_a_verb_that_is_swallowed_again_and_again_is_one_line() -> None:
    talk = Playbook().begin(participant(ANA))
    for number in range(6):
        talk.say(OrderAsked(order("mute", number / 10, ANA, id_=f"m{number}")))
    assert [(entry.text, entry.times) for entry in declined(talk)] == [
        ("mute: already under way", 5)
    ]


def test_a_burst_tells_what_was_taken_of_it_and_is_one_line_while_it_lasts() -> None:
    talk = Playbook().begin(participant(ANA))
    names = (("m", "mute"), ("h", "hold"), ("m", "mute"))
    taken = []
    for number, (key, name) in enumerate(names):
        talk.say(OrderAsked(order(name, number / 100, ANA, id_=f"{key}{number}")))
        taken.append(Press(key, number / 100, (f"{key}{number}",)))
    taken.append(Press("x", 0.04))
    talk.say(*(KeysTooFast(at(0.1 + n / 100), tuple(taken), n) for n in (1, 2, 3)))
    assert [entry.text for entry in declined(talk)] == [
        "mute: already under way",
        "too many keys at once: m h taken, 5 others did nothing",
    ]
    talk.say(KeysTooFast(at(2.0), (Press("m", 1.9), Press("m", 1.91)), 1))
    assert declined(talk)[-1].text == "too many keys at once: nothing was done"
    assert len(declined(talk)) == 3, "another burst is another line"


def test_a_lock_is_a_line_of_the_operator() -> None:
    talk = Playbook().say(LockAsked(at(0)), LockAsked(at(1)))
    said = [(entry.sign, entry.name) for entry in talk.state.log]
    assert said == [(Sign.OPERATOR, "locked"), (Sign.OPERATOR, "unlocked")]
