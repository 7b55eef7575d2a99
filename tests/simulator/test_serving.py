"""The whole simulator over HTTP on the loopback: keys, limits, signed webhooks, control."""

import time

from simulator.harness import live_simulator

from console.simulator.tunable_limits import DeliveryPolicy


async def test_without_the_key_nobody_gets_in() -> None:
    async with live_simulator() as sim:
        assert (await sim.api("GET", "/queues", key="KEY0")).error == (401, "10009", None)
        async with sim.session.get(f"{sim.served.base_url}/queues") as response:
            assert response.status == 401
            assert int(response.headers["x-ratelimit-limit"]) > 0
        assert (await sim.api("GET", "/queues")).data == []


async def test_brackets_may_be_percent_encoded_and_names_hold_anything() -> None:
    async with live_simulator() as sim:
        name = "tier 1/support?#%"
        await sim.api("POST", "/queues", {"queue_name": name})
        path = "/queues/tier%201%2Fsupport%3F%23%25"
        assert (await sim.api("GET", path)).data["name"] == name
        await sim.api("POST", "/queues", {"queue_name": ".."})
        listed = await sim.api("GET", "/queues?page%5Bsize%5D=1&page%5Bnumber%5D=2")
        assert listed.json["meta"]["page_size"] == 1
        assert [one["name"] for one in listed.data] == [".."]


async def test_a_rate_limit_really_limits() -> None:
    async with live_simulator(rate_limit=2) as sim:
        answers = [await sim.api("GET", "/queues") for _ in range(3)]
        left = [int(one.headers["x-ratelimit-remaining"]) for one in answers]
        assert left[:2] in ([1, 0], [1, 1])
        if left == [1, 0, 0]:  # unless a minute began meanwhile
            assert answers[2].error == (429, "10011", None)
        assert 1 <= int(answers[0].headers["x-ratelimit-reset"]) <= 60


async def test_webhooks_are_signed_and_say_their_attempt() -> None:
    async with live_simulator() as sim:
        conference, (ccid,) = await sim.conference()
        created = await sim.receiver.expect("conference.created")
        assert created.signed
        assert abs(int(created.headers["Telnyx-Timestamp"]) - time.time()) < 300
        assert created.headers["User-Agent"] == "telnyx-webhooks"
        assert created.body["meta"] == {"attempt": 1, "delivered_to": sim.receiver.url}
        assert created.event["payload"]["call_control_id"] == ccid
        await sim.act(conference, "end")
        await sim.receiver.expect("conference.ended")
        assert sorted(sim.receiver.types()[:5]) == sorted(
            [
                "call.initiated",
                "call.answered",
                "conference.floor.changed",
                "conference.created",
                "conference.participant.joined",
            ]
        )


async def test_a_failed_delivery_is_tried_three_times_then_at_the_failover() -> None:
    async with live_simulator() as sim:
        sim.receiver.statuses = [500, 429, 503]
        await sim.call_in(ringing=True)
        late = await sim.failover.expect("call.initiated")
        assert [one.body["meta"]["attempt"] for one in sim.receiver.deliveries] == [1, 2, 3]
        assert late.body["meta"] == {"attempt": 4, "delivered_to": sim.failover.url}
        assert len({one.event["id"] for one in [late, *sim.receiver.deliveries]}) == 1


async def test_an_answer_that_takes_too_long_is_none() -> None:
    assert DeliveryPolicy().limit_secs == 2.0
    async with live_simulator(policy=DeliveryPolicy(pauses=(0.0, 0.0), limit_secs=0.5)) as sim:
        sim.receiver.silent = 2
        await sim.call_in(ringing=True)
        await sim.receiver.expect("call.initiated", 3)
        counts = await sim.settled(1)
        assert (counts["delivered"], counts["attempts"]) == (1, 3)
        (one,) = (await sim.api("GET", "/webhook_deliveries")).data
        assert [each["errors"] for each in one["attempts"]] == [[], [0], [0]]
        assert one["attempts"][1]["http"]["response"] is None


async def test_a_refusal_goes_to_the_failover_at_once() -> None:
    async with live_simulator() as sim:
        sim.receiver.statuses = [404]
        await sim.call_in(ringing=True)
        late = await sim.failover.expect("call.initiated")
        assert late.body["meta"]["attempt"] == 2


async def test_a_dead_receiver_costs_bounded_memory() -> None:
    async with live_simulator(policy=DeliveryPolicy(pauses=(99.0, 99.0), waiting=5)) as sim:
        sim.receiver.statuses = [500] * 1000
        for _ in range(20):
            await sim.call_in(ringing=True)
        await sim.receiver.expect("call.initiated", 20)
        counts = await sim.control("GET", "/deliveries")
        assert counts["emitted"] == 20
        assert counts["waiting"] <= 5


async def test_the_control_shows_the_truth_and_moves_people() -> None:
    async with live_simulator() as sim:
        conference, people = await sim.conference(guests=1)
        answer = await sim.control(
            "POST", f"/conferences/{conference}/floor", {"call_control_id": people[1]}
        )
        assert answer == {"changed": True}
        await sim.act(conference, "record_start", format="mp3")
        await sim.act(conference, "play", media_name="lobby", loop="infinity")
        parked = await sim.call_in(client_state="aGk=", name="Ben")
        await sim.control("POST", f"/calls/{people[0]}/hangup")
        state = await sim.control("GET", "/state")
        (shown,) = state["conferences"]
        assert shown["floor"] == people[1]
        assert [one["status"] for one in shown["participants"] + shown["left"]] == [
            "joined",
            "left",
        ]
        assert [one["state"] for one in shown["recordings"]] == ["recording"]
        assert [one["media_name"] for one in shown["audio"]] == ["lobby"]
        assert [one["call_control_id"] for one in state["parked"]] == [parked]
        assert (await sim.receiver.expect("call.initiated", 3)).signed


async def test_the_control_lists_what_was_asked() -> None:
    async with live_simulator() as sim:
        await sim.api("GET", "/queues", params={"page[size]": "5"})
        await sim.api("POST", "/queues", {"queue_name": "q"})
        (second,) = await sim.control("GET", "/requests?since=1")
        assert (second["number"], second["method"], second["path"]) == (2, "POST", "/queues")
        assert (second["body"], second["status"]) == ({"queue_name": "q"}, 200)


async def test_the_control_says_what_is_wrong_with_an_order() -> None:
    async with live_simulator() as sim:
        url = sim.served.control_url
        bearer = {"Authorization": f"Bearer {sim.served.control_token}"}
        for method, path, body, status in [
            ("PUT", "/faults/none", {"rate": 1}, 400),
            ("PUT", "/faults/slow", {"rate": 2}, 400),
            ("PUT", "/faults/slow", {}, 400),
            ("POST", "/calls", {"from": "x"}, 400),
            ("POST", "/calls", [], 400),
            ("GET", "/nothing", None, 404),
        ]:
            async with sim.session.request(
                method, url + path, json=body, headers=bearer
            ) as response:
                assert response.status == status, path
                assert "error" in await response.json()
