"""A command chosen by name is for the rows shown then, takes typed answers, or shows its plan."""

from __future__ import annotations

from ui.bench import ANA, BO, bench

from console.core.model.command import People
from console.view.dialogs.plan_preview import plan_lines, request
from console.view.typed_names import LineTarget
from support.playbook import CONFERENCE, left, participant


def test_a_plan_shows_what_a_key_would_send_and_sends_nothing() -> None:
    at = bench()
    at.hands.run("mute", LineTarget(at.look().cursor), plan=True)
    assert at.sitting.posted == []
    assert at.forms == []
    shown = at.plans[0]
    assert shown.title == "mute ?leg ..:ana in board-q3"
    assert request(shown, shown.values) == (
        f'curl -X POST "$TELNYX_BASE_URL/conferences/{CONFERENCE}/actions/mute" '
        '-H "Authorization: Bearer $TELNYX_API_KEY" '
        "-H 'Content-Type: application/json' -d '{\"call_control_ids\": [\"v3:ana\"]}'"
    )
    at.hands.run("speak", LineTarget(at.look().cursor), plan=True)
    assert request(at.plans[1], at.plans[1].values) == ""
    said = [
        "".join(span.text for span in line) for line in plan_lines(at.plans[1], at.plans[1].values)
    ]
    assert "text: required" in said
    assert "proof: a speak.started webhook" in said
    assert "undo:  none" in said


def test_what_was_meant_when_it_was_chosen_is_meant_wherever_the_cursor_went() -> None:
    at = bench(participant(ANA), participant(BO))
    then = LineTarget(at.look().cursor)
    at.looking["leg"] = BO
    at.hands.ignore_commands_at_cursor()
    at.hands.run("mute", then)
    assert at.orders == [("mute", People(CONFERENCE, (ANA,)))]
    at.sitting.happen(left(5.0, ANA))
    at.hands.run("hold", then)
    assert len(at.orders) == 1
    assert at.refusals == ["hold: left already"]


def test_what_was_typed_behind_a_line_goes_before_last_times_answer() -> None:
    at = bench()
    at.press("s")
    at.answers[0]({"payload": "Good evening.", "voice": "x"})
    at.hands.run("speak", LineTarget(at.look().cursor, {"payload": "Good night."}))
    assert at.forms[1].values["payload"] == "Good night."
    assert at.forms[1].values["voice"] == "x"
    assert len(at.orders) == 1, "it asks all the same"
