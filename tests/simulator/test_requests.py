"""Validation of requests: routes, bodies, pages, filters, and remembered command ids."""

import pytest
from simulator.harness import VirtualSimulator


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"name": "a"}, "10004", "/call_control_id"),
        ({"name": 7}, "10015", "/name"),
        ({"max_participants": 1}, "10033", "/max_participants"),
        ({"max_participants": 801}, "10033", "/max_participants"),
        ({"max_participants": "9"}, "10015", "/max_participants"),
        ({"max_participants": True}, "10015", "/max_participants"),
        ({"beep_enabled": "loud"}, "10032", "/beep_enabled"),
        ({"region": "Mars"}, "10032", "/region"),
        ({"comfort_noise": "yes"}, "10015", "/comfort_noise"),
        ({"client_state": "not base64"}, "10015", "/client_state"),
        ({"hold_audio_url": "u", "hold_media_name": "m"}, "10015", "/hold_media_name"),
    ],
)
def test_each_member_of_a_body_has_its_error(
    sim: VirtualSimulator, body: dict[str, object], code: str, pointer: str
) -> None:
    given = {} if pointer == "/call_control_id" else {"call_control_id": sim.leg()}
    refused = sim.request("POST", "/conferences", {"name": "a", **given, **body})
    assert refused.error == (422, code, pointer)
    assert set(refused.json["errors"][0]) >= {"code", "title", "detail"}


def test_every_reason_is_given_at_once(sim: VirtualSimulator) -> None:
    refused = sim.post("/conferences", beep_enabled="loud")
    pointers = {one["source"]["pointer"] for one in refused.json["errors"]}
    assert pointers == {"/call_control_id", "/name", "/beep_enabled"}


@pytest.mark.parametrize(
    ("raw", "code"), [(b"{", "10015"), (b"[]", "10015"), (b'{"name":"\xff"}', "10028")]
)
def test_what_is_no_json_object_is_a_bad_request(
    sim: VirtualSimulator, raw: bytes, code: str
) -> None:
    assert sim.request("POST", "/conferences", raw).error == (400, code, None)


def test_an_unknown_route_is_404(sim: VirtualSimulator) -> None:
    assert sim.get("/nothing").status == 404
    assert sim.request("PUT", "/conferences").status == 404


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("page[size]", "0", "10033"),
        ("page[size]", "251", "10033"),
        ("page[size]", "many", "10015"),
        ("page[number]", "0", "10033"),
        ("filter[status]", "over", "10032"),
        ("region", "Mars", "10032"),
    ],
)
def test_a_wrong_query_names_its_parameter(
    sim: VirtualSimulator, name: str, value: str, code: str
) -> None:
    assert sim.get("/conferences", **{name: value}).error == (422, code, name)


def test_a_listing_without_a_page_has_twenty_entries(sim: VirtualSimulator) -> None:
    for number in range(21):
        sim.post("/queues", queue_name=f"q{number}")
    page = sim.get("/queues").json
    assert len(page["data"]) == 20
    assert page["meta"]["total_pages"] == 2
    beyond = sim.get("/queues", **{"page[number]": 3}).json
    assert beyond["data"] == []
    assert beyond["meta"]["page_number"] == 3


def test_a_command_id_is_remembered_for_sixty_seconds(sim: VirtualSimulator) -> None:
    conference, _ = sim.conference()
    sim.event_types()
    speak = {"payload": "hello", "voice": "female", "command_id": "c-1"}
    for _ in range(2):
        assert sim.act(conference, "speak", **speak).data == {"result": "ok"}
    assert sim.event_types() == ["conference.speak.started"]
    sim.wait(61)
    sim.event_types()
    sim.act(conference, "speak", **speak)
    assert sim.event_types() == ["conference.speak.started"]


def test_a_duplicate_create_answers_the_same_conference(sim: VirtualSimulator) -> None:
    body = {"call_control_id": sim.leg(), "name": "board", "command_id": "c-1"}
    first, second = (sim.request("POST", "/conferences", body) for _ in range(2))
    assert first.data["id"] == second.data["id"]


def test_a_command_id_of_a_call_counts_for_that_call_only(sim: VirtualSimulator) -> None:
    one, other = sim.leg(), sim.leg()
    for ccid in (one, other, one):
        done = sim.post(f"/calls/{ccid}/actions/enqueue", queue_name="q", command_id="c")
        assert done.status == 200
    assert sim.get("/queues/q").data["current_size"] == 2


def test_a_refused_command_is_not_remembered(sim: VirtualSimulator) -> None:
    conference, _ = sim.conference(max_participants=2, guests=1)
    late = {"call_control_id": sim.leg(), "command_id": "c-1"}
    assert sim.act(conference, "join", **late).error[1] == "90032"
    leaver = sim.people(conference)[1]["call_control_id"]
    sim.act(conference, "leave", call_control_id=leaver)
    assert sim.act(conference, "join", **late).status == 200
    assert late["call_control_id"] in [one["call_control_id"] for one in sim.people(conference)]


def test_a_command_that_is_not_applied_is_answered_like_one_that_is(sim: VirtualSimulator) -> None:
    conference, people = sim.conference()
    sim.event_types()
    sim.active_faults = {"not-applied"}
    assert sim.act(conference, "mute").data == {"result": "ok"}
    assert sim.act(conference, "end").data == {"result": "ok"}
    assert sim.act("nowhere", "play", loop=0).error[1] == "10033"
    assert sim.event_types() == []
    sim.active_faults = set()
    assert sim.people(conference)[0]["muted"] is False
    assert sim.people(conference)[0]["call_control_id"] == people[0]


def test_a_role_can_be_accepted_and_not_shown(sim: VirtualSimulator) -> None:
    conference, (ccid,) = sim.conference()
    sim.active_faults = {"role-not-shown"}
    done = sim.act(conference, "update", call_control_id=ccid, supervisor_role="monitor")
    assert done.data == {"result": "ok"}
    assert sim.people(conference)[0]["muted"] is False


def test_pages_can_shift(sim: VirtualSimulator) -> None:
    conference, people = sim.conference(guests=3)
    sim.active_faults = {"page-shift"}
    page = {"page[size]": 2, "page[number]": 2}
    assert [one["call_control_id"] for one in sim.people(conference, **page)] == people[3:]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b'{"queue_name": "\\ud800"}', 400),
        (b'{"queue_name": "q", "max_size": ' + b"9" * 400 + b"}", 422),
        (b'{"queue_name": "q", "max_size": ' + b"9" * 5000 + b"}", 400),
        (b'{"queue_name": "q", "max_size": NaN}', 422),
        (b"[" * 100_000, 400),
    ],
)
def test_what_no_client_should_send_is_refused_and_breaks_nothing(
    sim: VirtualSimulator, raw: bytes, status: int
) -> None:
    assert sim.request("POST", "/queues", raw).status == status
    assert sim.get("/queues").data == []


@pytest.mark.parametrize("number", ["--5", "²", "9" * 5000, "", "1.5"])
def test_a_page_number_that_is_none_is_refused(sim: VirtualSimulator, number: str) -> None:
    page = {"page[number]": number}
    assert sim.get("/queues", **page).error == (422, "10015", "page[number]")
