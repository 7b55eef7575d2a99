"""The answers about a place count once they are on disk, and are written once."""

from __future__ import annotations

from console.core.messages import facts, intents
from console.core.messages.effects import KeepNote
from console.core.model.entities import Answers
from support.playbook import Playbook, at

JAZZ = Answers("hold", "room-1", {"audio_url": "https://a.example/jazz.mp3"})


def test_answers_are_kept_when_they_differ_from_what_is_kept() -> None:
    talk = Playbook().begin()
    talk.say(intents.AnswersAsked(at(1.0), JAZZ))
    assert list(talk.effects) == [KeepNote(JAZZ, "the answers to hold")]
    assert talk.state.answers == {}, "not before it is on the disk"
    logged = talk.state.logged
    talk.say(facts.NoteKept(at(1.1), JAZZ, "the answers to hold"))
    assert talk.state.answers == {("hold", "room-1"): JAZZ}
    assert talk.state.logged == logged, "the receipt says what was done"
    talk.say(intents.AnswersAsked(at(2.0), JAZZ))
    assert list(talk.effects) == []
    silence = Answers("hold", "room-1", {"audio_url": ""})
    talk.say(intents.AnswersAsked(at(3.0), silence))
    assert list(talk.effects) == [KeepNote(silence, "the answers to hold")]
    talk.say(intents.AnswersAsked(at(4.0), Answers("hold", "room-2", JAZZ.values)))
    assert len(talk.effects) == 1, "another place has answers of its own"
