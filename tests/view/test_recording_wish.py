"""A pause of a recording that is not known to exist shows as sent, and raises no alarm."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from view.scenes import cells, scene, text

from console.core.messages import intents
from console.core.messages.facts import ResourceRead
from console.core.messages.read_scopes import OneResourceScope
from console.view.alerts import Level, level_of_conference, of_conference
from console.view.dialogs.inspect import inspection
from console.view.panes import conferences
from support.playbook import CONFERENCE, Playbook, at, participant, reading

STARTS, CHANGES = "record", ("pause", "resume")
VERBS = st.lists(st.sampled_from((STARTS, *CHANGES, "record_stop")), max_size=6)
APART = 30.0
"""Seconds between two commands: the first is no longer looked for."""
LATER = 600.0
"""Seconds: far beyond what a recording may stay paused."""


def commanded(*verbs: str) -> Playbook:
    """Return a dialogue in which these commands are accepted in a new conference."""
    talk = Playbook().begin(participant("v3:ana"))
    for number, verb in enumerate(verbs):
        seconds, id_ = number * APART, f"{verb}-{number}"
        talk.ask(verb, seconds, id_=id_)
        talk.accept(seconds + 0.5, id_).pass_(seconds + APART - 1.0)
    return talk


@given(VERBS)
def test_a_pause_is_an_alarm_only_where_a_recording_was_known_to_run(verbs: list[str]) -> None:
    look = scene(commanded(*verbs).state, LATER)
    conference = look.state.conferences[CONFERENCE]
    runs = paused = False
    for verb in verbs:
        runs = verb != "record_stop" and (runs or verb == STARTS)
        paused = runs and verb == "pause"
    assert (of_conference(look, conference).why.startswith("rec off")) is paused
    assert (level_of_conference(look, conference) is not Level.CALM) is paused
    drawn = cells(conferences.sheet(look), CONFERENCE)["rec"]
    if verbs and verbs[-1] in CHANGES and not runs:
        assert drawn == f"? {verbs[-1]} sent"
    else:
        assert "sent" not in drawn


def test_the_wish_is_inspected_with_its_age() -> None:
    talk = commanded("pause")
    asked = intents.InspectAsked(at(4.0), OneResourceScope(("conferences", CONFERENCE)))
    talk.say(asked, ResourceRead(reading(4.5), asked.scope, (("status", "in_progress"),)))
    lines = [" ".join(text(line).split()) for line in inspection(scene(talk.state, 7.5), asked)]
    assert "recording ? pause sent j 7s" in lines
