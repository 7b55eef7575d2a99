"""Scripted scenario files, and the errors of invalid ones."""

from pathlib import Path

import pytest
from simulator.harness import VirtualSimulator

from console.simulator.faults import Faults
from console.simulator.ids import random_stream
from console.simulator.scenarios import scenario_file
from console.simulator.scenarios.start_scenario import start_scenario

ACTORS = """
summary = "two people"
[[actor]]
name = "Bo"
staff = true
[[actor]]
name = "Dana"
number = "+15125550142"
"""


def playing(text: str, speed: float = 1.0) -> tuple[VirtualSimulator, Faults]:
    sim, faults = VirtualSimulator(), Faults(random_stream(1, "faults"))
    scenario = scenario_file.read(ACTORS + text)
    start_scenario(sim.world, scenario, random_stream(1, "director"), speed, faults=faults)
    return sim, faults


def acts(*steps: tuple[float, str, str]) -> str:
    return "".join(f'[[act]]\nat_secs = {at}\ndo = "{do}"\n{who}\n' for at, do, who in steps)


TALK = """
[[call]]
actor = "Bo"
at_secs = -600
conference = "refund"
host = true
[[call]]
actor = "Dana"
at_secs = -580
conference = "refund"
for_secs = 700
"""
BO, DANA, REFUND = 'actor = "Bo"', 'actor = "Dana"', 'conference = "refund"'


def test_a_conference_of_the_past_is_as_old_as_it_says_and_nothing_tells_of_it() -> None:
    sim, _ = playing(TALK)
    assert sim.events == []
    (conference,) = sim.get("/conferences").data
    assert conference["created_at"] == "2026-11-18T10:56:40.000Z"
    people = sim.people(conference["id"])
    assert [one["end_conference_on_exit"] for one in people] == [True, False]
    events = sim.get("/call_events", **{"filter[name]": "call.answered"}).data
    states = [one["metadata"]["event"]["payload"]["client_state"] for one in events]
    assert states == ["eyJhZ2VudCI6ICJCbyJ9", "eyJuYW1lIjogIkRhbmEifQ=="]
    assert {one["metadata"]["status"] for one in events} == {"failed"}


FORMER_WORDS = """
[[queue]]
name = "q"
room_prefix = "talk-"
room_number = 7
[[room]]
name = "board"
age_secs = 600
[[call]]
actor = "Bo"
room = "refund"
[[act]]
actor = "Bo"
do = "join"
room = "board"
"""


def test_the_former_word_for_a_conference_is_still_read() -> None:
    text = ACTORS + FORMER_WORDS
    assert scenario_file.read(text) == scenario_file.read(text.replace("room", "conference"))


def test_turns_and_acts_happen_when_they_say() -> None:
    turn = '[[turn]]\nactor = "Dana"\nat_secs = 5\n'
    script = acts(
        (10, "mute", DANA), (20, "hold", REFUND), (30, "unhold", REFUND), (31, "unmute", DANA),
        (40, "record", REFUND), (41, "pause", REFUND), (42, "resume", REFUND), (43, "save", REFUND),
        (50, "play", REFUND), (51, "stop", REFUND), (52, "speak", DANA), (60, "monitor", BO),
        (61, "whisper", 'actor = "Bo"\nto = "Dana"'), (62, "barge", BO),
        (70, "leave", DANA), (75, "join", f"{DANA}\n{REFUND}"), (90, "hangup", BO),
    )  # fmt: skip
    sim, _ = playing(TALK + turn + script)
    conference = sim.get("/conferences").data[0]["id"]
    seen: dict[float, tuple[object, ...]] = {}
    for at in (15, 25, 35, 60.5, 61.5, 62.5):
        sim.wait(at - sum(seen and [max(seen)]))
        people = sim.people(conference)
        seen[at] = tuple(
            (one["muted"], one["on_hold"], len(one["whisper_call_control_ids"])) for one in people
        )
    assert seen == {
        15: ((False, False, 0), (True, False, 0)),
        25: ((False, True, 0), (True, True, 0)),
        35: ((False, False, 0), (False, False, 0)),
        60.5: ((True, False, 0), (False, False, 0)),
        61.5: ((False, False, 1), (False, False, 0)),
        62.5: ((False, False, 0), (False, False, 0)),
    }
    sim.wait(120)
    assert sim.event_types("conference") == [
        "conference.floor.changed",
        "conference.recording.saved",
        "conference.playback.started",
        "conference.playback.ended",
        "conference.participant.speak.started",
        "conference.participant.speak.ended",
        "conference.participant.left",
        "conference.participant.joined",
        "conference.participant.left",
        "conference.participant.left",
        "conference.ended",
    ]


def test_a_call_may_ring_wait_time_out_and_end_at_its_limit() -> None:
    sim, _ = playing(
        '[[call]]\nactor = "Dana"\nrings = true\n'
        '[[call]]\nactor = "Bo"\nqueue = "q"\nmax_wait_secs = 30\ntime_limit_secs = 90\n'
        + acts((10, "answer", DANA), (20, "end", REFUND))
    )
    state = sim.get("/queues/q").data
    assert state["current_size"] == 1
    sim.wait(100)
    assert sim.event_types("call") == ["call.answered", "call.dequeued", "call.hangup"]


def test_a_fault_comes_and_goes_and_speed_divides_its_time() -> None:
    text = '[[fault]]\nname = "slow"\nrate = 0.5\nat_secs = 20\nfor_secs = 10\n'
    sim, faults = playing(text, speed=2.0)
    rates = []
    for _ in range(3):
        rates.append(faults.as_json()["slow"]["rate"])
        sim.wait(11)
    assert rates == [0, 0.5, 0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[call]]\nactor = "Nobody"', r"call.0.actor: there is no \[\[actor\]\] 'Nobody'.*Bo"),
        ('[[call]]\nactor = "Bo"\nrole = "boss"', "call.0.role: .* one of none, barge"),
        ('[[call]]\nactor = "Bo"\nmuted = 1', "call.0.muted: this must be true or false, not 1"),
        ('[[turn]]\nactor = "Bo"\nat = 3', "turn.0.at: unknown; known are actor, at_secs"),
        ('[[act]]\nactor = "Bo"\ndo = "dance"', "act.0.do: .* one of answer, hangup"),
        ('[[act]]\ndo = "mute"', "act.0.actor: mute needs an actor"),
        ('[[act]]\ndo = "join"\nactor = "Bo"', "act.0.conference: join needs a conference"),
        ('[[fault]]\nname = "gremlins"', "fault.0.name: .*'gremlins'; known are not-applied"),
        ('[[fault]]\nname = "slow"\nrate = 2.0', "at least 0 and at most 1, not 2.0"),
        ('[[conference]]\nname = "x"\nhosts = []', "conference.0.hosts: .* at least 1, not 0"),
        ('[[room]]\nname = "x"\nhosts = []', "room.0.hosts: this must be at least 1, not 0"),
        ('[[room]]\nname = "x"\n[[conference]]\nname = "y"', "conference: the same as room"),
        ("[[conference]", "Expected"),
        ('[[actor]]\nname = "Bo"', r"actor.2.name: there is a \[\[actor\]\] 'Bo' already"),
        ('[[conference]]\nname = "x"\n' * 2, "conference.1.name: .*'x' already"),
        ('[[conference]]\nname = "x"\nguests = 250', "conference.0.guests: at most 250 .* not 251"),
        ('[[actor]]\nname = "Cy"\nclient_state = "?"', "actor.2.client_state: .*Base64"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_file_place_and_what_is_allowed(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(ACTORS + text, "utf-8")
    with pytest.raises(ValueError, match=message) as raised:
        scenario_file.load(str(path))
    assert str(raised.value).startswith(f"{path}: ")
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"none.toml: No such file"):
        scenario_file.load(str(tmp_path / "none.toml"))
    (tmp_path / "raw.toml").write_bytes(b"\xff")
    with pytest.raises(ValueError, match="not UTF-8"):
        scenario_file.load(str(tmp_path / "raw.toml"))


def test_a_refund_escalates_through_every_role() -> None:
    sim, faults = VirtualSimulator(), Faults(random_stream(1, "faults"))
    scenario = scenario_file.load("refund-escalation")
    start_scenario(sim.world, scenario, random_stream(1, "director"), faults=faults)
    (conference,) = sim.get("/conferences").data
    assert len(sim.people(conference["id"])) == 2
    sim.wait(120)
    assert sim.get(f"/conferences/{conference['id']}").data["status"] == "completed"
    assert "conference.recording.saved" in sim.event_types()
