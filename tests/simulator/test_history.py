"""The history of the API: events and commands, deliveries, media, pages, command ids."""

from dataclasses import replace

import pytest
from simulator.harness import AT_ONCE, LiveSimulator, live_simulator

DIAL = {"connection_id": "2963500000000000123", "from": "+15125550100", "to": "+15125550199"}


async def events(sim: LiveSimulator, **query: str) -> list[str]:
    params = {f"filter[{name}]": value for name, value in query.items()}
    found = await sim.api("GET", "/call_events", params=params)
    return [one["name"] for one in found.data]


async def test_a_webhook_that_was_missed_is_found_again_by_its_event_id() -> None:
    async with live_simulator(faults={"webhook-drop": 1.0}) as sim:
        ccid = await sim.call_in(ringing=True)
        (missed,) = (await sim.api("GET", "/call_events")).data
        shown = missed["metadata"]
        assert (shown["attempt"], shown["delivered_to"], shown["status"]) == (
            0,
            None,
            "failed",
        )
        assert shown["event"]["payload"]["call_control_id"] == ccid
        await sim.control("PUT", "/faults/webhook-drop", {"rate": 0})
        await sim.control("POST", f"/calls/{ccid}/answer")
        came = await sim.receiver.expect("call.answered")
        await sim.settled(1)
        found = (await sim.api("GET", "/call_events?filter[failed]=false")).data
        (seen,) = [one["metadata"] for one in found]
        assert seen["event"]["id"] == came.event["id"]
        assert seen["event"] == came.event
        assert seen["attempt"] == 1
        assert (seen["delivered_to"], seen["status"]) == (sim.receiver.url, "delivered")


async def test_events_are_filtered_and_commands_stand_between_them() -> None:
    async with live_simulator() as sim:
        conference, (ccid,) = await sim.conference()
        await sim.call_in()
        leg = (await sim.api("GET", f"/conferences/{conference}/participants")).data[0][
            "call_leg_id"
        ]
        session = (await sim.api("GET", f"/calls/{ccid}")).data["call_session_id"]
        refused = await sim.act(conference, "play")
        assert refused.status == 422
        assert await events(sim, leg_id=leg, type="command") == ["create_conference", "play"]
        assert await events(sim, application_session_id=session, name="play", failed="true") == [
            "play"
        ]
        assert await events(sim, leg_id=leg, type="webhook") == (await sim.event_types())[:5]
        assert len(await events(sim, name="call.answered")) == 2
        assert await events(sim, **{"from": "nobody"}) == []
        assert await events(sim, product="fax") == []
        at = (await sim.api("GET", "/call_events")).data[0]["event_timestamp"]
        assert await events(sim, **{"occurred_at][lt": at}) == []
        assert (await events(sim, **{"occurred_at][eq": at}))[0] == "call.initiated"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("filter[type]=x", "10032"),
        ("filter[failed]=x", "10015"),
        ("filter[occurred_at][gt]=yesterday", "10015"),
        ("filter[occurred_at][gt]=2026-01-01&filter[occurred_at][lt]=2026-01-02", "10015"),
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused(query: str, code: str) -> None:
    async with live_simulator() as sim:
        refused = await sim.api("GET", f"/call_events?{query}")
        assert refused.error[:2] == (422, code)


async def test_a_delivery_shows_its_attempts_the_newest_first() -> None:
    async with live_simulator() as sim:
        sim.receiver.statuses = [500, 404]
        await sim.call_in(ringing=True)
        await sim.settled(1)
        (one,) = (await sim.api("GET", "/webhook_deliveries")).data
        assert [each["status"] for each in one["attempts"]] == ["delivered", "failed", "failed"]
        urls = [each["http"]["request"]["url"] for each in one["attempts"]]
        assert urls == [sim.failover.url, sim.receiver.url, sim.receiver.url]
        responses = [each["http"]["response"]["status"] for each in one["attempts"]]
        assert responses == [200, 404, 500]
        for query, found in (
            ("filter[status][eq]=failed", 0),
            ("filter[event_type]=call.hangup,call.initiated", 1),
            ("filter[webhook][contains]=nothing", 0),
            ("filter[attempts][contains]=404", 1),
            ("filter[started_at][gte]=2001-01-01T00:00:00Z", 1),
            ("filter[finished_at][lte]=2001-01-01T00:00:00Z", 0),
        ):
            listed = await sim.api("GET", f"/webhook_deliveries?{query}")
            assert len(listed.data) == found, query
        assert (await sim.api("GET", "/webhook_deliveries/none")).error == (404, "10007", None)


async def test_a_call_may_have_urls_and_retries_of_its_own() -> None:
    async with live_simulator() as sim:
        sim.failover.statuses = [500]
        hooks = {
            "webhook_url": sim.failover.url,
            "webhook_urls": {"call.answered": [sim.receiver.url]},
            "webhook_retries_policies": {"call.initiated": {"retries_ms": []}},
        }
        await sim.api("POST", "/calls", {**DIAL, **hooks})
        await sim.receiver.expect("call.answered")
        counts = await sim.settled(2)
        assert sim.receiver.types() == ["call.answered"]
        assert sim.failover.types() == ["call.initiated"]
        assert (counts["delivered"], counts["failed"]) == (1, 1)


@pytest.mark.parametrize(
    ("hooks", "pointer"),
    [
        ({"webhook_urls": {"call.answered": "http://x/"}}, "/webhook_urls"),
        ({"webhook_retries_policies": {"a": {}}}, "/webhook_retries_policies"),
        ({"webhook_retries_policies": {"a": {"retries_ms": [1] * 6}}}, "/webhook_retries_policies"),
        ({"webhook_retries_policies": {"a": {"retries_ms": [60001]}}}, "/webhook_retries_policies"),
        ({"webhook_url_method": "GET"}, "/webhook_url_method"),
        ({"park_after_unbridge": "other"}, "/park_after_unbridge"),
    ],
)
async def test_hooks_are_judged(hooks: dict[str, object], pointer: str) -> None:
    async with live_simulator() as sim:
        refused = await sim.api("POST", "/calls", {**DIAL, **hooks})
        assert (refused.status, refused.error[2]) == (422, pointer)


async def test_a_command_id_is_remembered_for_a_while_within_its_scope() -> None:
    async with live_simulator(rules=replace(AT_ONCE, remembered_secs=0.2)) as sim:
        conference, _ = await sim.conference()
        speak = {"payload": "hello", "voice": "female", "command_id": "c-1"}
        started = "conference.speak.started"
        for _ in range(3):
            assert (await sim.act(conference, "speak", **speak)).data == {"result": "ok"}

        async def again() -> bool:
            await sim.act(conference, "speak", **speak)
            return (await sim.event_types()).count(started) > 1

        await sim.until(again)


@pytest.mark.parametrize(
    ("query", "names", "refused"),
    [
        ("page[limit]=1", ["b"], None),
        ("page[limit]=1&page[number]=2", ["a"], None),
        ("page[limit]=1&page[size]=2", ["b", "a"], None),
        ("page[limit]=251", None, "page[limit]"),
        ("page[after]=abc", None, "page[after]"),
        ("page[before]=abc", None, "page[before]"),
    ],
)
async def test_a_limit_is_a_size_and_no_cursor_is_known(
    query: str, names: list[str] | None, refused: str | None
) -> None:
    async with live_simulator() as sim:
        for name in "ab":
            await sim.conference(name)
        answer = await sim.api("GET", f"/conferences?{query}")
        if names is None:
            assert (answer.status, answer.error[2]) == (422, refused)
        else:
            assert [one["name"] for one in answer.data] == names


async def test_active_calls_are_paged_by_cursors() -> None:
    async with live_simulator() as sim:
        calls = [await sim.call_in() for _ in range(3)]
        path = "/connections/2963500000000000123/active_calls"
        first = (await sim.api("GET", f"{path}?page[limit]=2")).json
        assert first["meta"]["total_items"] == 3
        after = first["meta"]["cursors"]["after"]
        second = (await sim.api("GET", f"{path}?page[limit]=2&page[after]={after}")).json
        before = second["meta"]["cursors"]["before"]
        back = (await sim.api("GET", f"{path}?page[limit]=2&page[before]={before}")).json
        pages = [[one["call_control_id"] for one in page["data"]] for page in (first, second, back)]
        assert pages == [calls[:2], calls[2:], calls[:2]]
        assert (await sim.api("GET", f"{path}?page[after]=!")).status == 422
        assert (await sim.api("GET", "/connections/1/active_calls")).data == []


async def test_the_root_says_what_this_is_and_the_control_which_keys_there_are() -> None:
    async with live_simulator() as sim:
        root = sim.served.base_url.removesuffix("/v2")
        async with sim.session.get(root + "/") as response:
            assert "Telnyx" in (await response.json())["what"]
        keys = await sim.control("GET", "/keys")
        assert keys["api_key"] == sim.served.api_key
        assert keys["public_key"] == sim.served.public_key
        assert (await sim.api("GET", "/queues", key=keys["read_only_key"])).data == []


async def test_the_same_seed_gives_the_same_ids_in_the_same_order_twice() -> None:
    runs = []
    for _ in range(2):
        async with live_simulator("refund-escalation") as sim:
            conference = (await sim.api("GET", "/conferences")).data[0]["id"]
            await sim.act(conference, "end")
            await sim.receiver.expect("conference.recording.saved")
            found = (await sim.api("GET", "/call_events?filter[type]=webhook&page[size]=250")).data
            runs.append([(one["name"], one["metadata"]["event"]["id"]) for one in found])
    assert runs[0] == runs[1]
    assert len(runs[0]) > 10
