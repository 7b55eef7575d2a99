"""The limits of the receiver for unverified senders, and its end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nacl.signing import SigningKey
from sources.receiving import (
    BODY,
    NOW,
    PATIENT,
    STAMP,
    answer,
    closed,
    post,
    receiving,
    sign,
)

from console.core.messages.facts import ReceiverClosed
from console.sources.receiver_guard import BadSignatures


@pytest.mark.parametrize("sent", [b"", b"POST /web", post()[:80]])
async def test_a_connection_that_dribbles_its_headers_is_closed(sent: bytes) -> None:
    async with receiving(replace(PATIENT, headers=0.05)) as receiver:
        reader, writer = await receiver.open()
        writer.write(sent)
        told = await closed(reader)
        writer.close()
        assert told.startswith(b"HTTP/1.1 408 ") if sent else told == b""
        assert receiver.refused == ([(408, "the headers did not come in time")] if sent else [])


async def test_a_dribble_after_a_good_request_is_closed_too() -> None:
    async with receiving(replace(PATIENT, headers=0.05)) as receiver:
        reader, writer = await receiver.open()
        writer.write(post())
        assert (await answer(reader))[0] == 200
        writer.write(b"POST /web")
        assert (await closed(reader)).startswith(b"HTTP/1.1 408 ")
        writer.close()


async def test_an_idle_connection_is_closed() -> None:
    async with receiving(replace(PATIENT, keepalive=0.05)) as receiver:
        reader, writer = await receiver.open()
        writer.write(post())
        assert (await answer(reader))[0] == 200
        assert await closed(reader) == b""
        writer.close()


async def test_a_body_that_stalls_is_a_408() -> None:
    async with receiving(replace(PATIENT, body=0.05)) as receiver:
        assert await receiver.ask(post()[:-5]) == 408
        assert receiver.refused == [(408, "the body did not come in time")]


async def test_a_sender_that_goes_away_is_forgotten() -> None:
    async with receiving() as receiver:
        _, writer = await receiver.open()
        writer.write(post()[:-5])
        writer.write_eof()
        writer.close()
        await writer.wait_closed()
        while not receiver.refused:
            receiver.told.clear()
            await receiver.told.wait()
        assert receiver.refused == [(400, "the body broke off")]
        assert await receiver.ask(post()) == 200


async def test_no_more_are_taken_than_there_are_seats_while_all_are_at_work() -> None:
    async with receiving(replace(PATIENT, connections=3)) as receiver:
        receiver.gate.clear()
        held = [await receiver.open() for _ in range(3)]
        for _, writer in held:
            receiver.entered.clear()
            writer.write(post())
            await receiver.entered.wait()
        for _ in range(5):
            reader, writer = await receiver.open()
            assert await closed(reader) == b""
            writer.close()
        assert receiver.refused == [(503, "more than 3 connections")]
        receiver.gate.set()
        for reader, writer in held:
            assert (await answer(reader))[0] == 200
            writer.close()


async def test_too_many_at_once_are_asked_to_come_again() -> None:
    async with receiving(replace(PATIENT, in_flight=1)) as receiver:
        receiver.gate.clear()
        reader, writer = await receiver.open()
        writer.write(post())
        await receiver.entered.wait()
        assert await receiver.ask(post()) == 503
        receiver.gate.set()
        assert (await answer(reader))[0] == 200
        writer.close()


async def test_what_is_in_flight_at_the_end_is_answered() -> None:
    async with receiving() as receiver:
        receiver.gate.clear()
        idle, idle_writer = await receiver.open()
        reader, writer = await receiver.open()
        writer.write(post())
        await receiver.entered.wait()
        assert receiver.task is not None
        receiver.task.cancel()
        assert await closed(idle) == b""
        with pytest.raises(ConnectionError):
            await receiver.open()
        receiver.gate.set()
        assert (await answer(reader))[0] == 200
        assert await closed(reader) == b""
        for each in (writer, idle_writer):
            each.close()
    assert receiver.facts[-1] == ReceiverClosed(NOW, "closed")


async def test_an_end_does_not_wait_for_ever() -> None:
    async with receiving(replace(PATIENT, drain=0.05)) as receiver:
        receiver.gate.clear()
        reader, writer = await receiver.open()
        writer.write(post())
        await receiver.entered.wait()
        assert receiver.task is not None
        receiver.task.cancel()
        assert await closed(reader) == b""
        writer.close()
    assert receiver.accepted == []


UNKNOWN = sign(BODY, key=SigningKey(bytes(32)))
BAD = post(BODY, f"Telnyx-Timestamp: {STAMP}", f"Telnyx-Signature-Ed25519: {UNKNOWN}", signed=False)


async def test_a_flood_of_bad_signatures_is_told_to_stop_and_a_good_one_is_taken() -> None:
    async with receiving(replace(PATIENT, bad=3, bad_within=10.0)) as receiver:
        answers = [await receiver.ask(BAD) for _ in range(5)]
        assert answers == [401, 401, 401, 429, 429]
        assert receiver.refused[-1] == (429, "signature does not match: a flood from 127.0.0.1")
        assert await receiver.ask(post()) == 200, "behind a proxy all have one address"
        assert await receiver.ask(post(path="/x")) == 404
        receiver.now = replace(NOW, mono=NOW.mono + 10.5)
        assert [await receiver.ask(BAD) for _ in range(4)] == [401, 401, 401, 429]


async def test_what_a_wrong_clock_refuses_is_no_flood() -> None:
    async with receiving(replace(PATIENT, bad=1, bad_within=10.0)) as receiver:
        receiver.now = replace(NOW, wall=NOW.wall + 3600.0)
        assert [await receiver.ask(post()) for _ in range(3)] == [401, 401, 401]


def test_who_floods_is_known_by_address_and_only_so_many_are() -> None:
    floods = BadSignatures(replace(PATIENT, bad=1, addresses=2))
    assert [floods.one_more("a", 0.0), floods.one_more("b", 0.0)] == [False, False]
    assert [floods.one_more("a", 1.0), floods.one_more("c", 1.0)] == [True, False]
    assert floods.one_more("a", 2.0) is True
    assert floods.one_more("b", 2.0) is False, "the longest quiet was forgotten"
