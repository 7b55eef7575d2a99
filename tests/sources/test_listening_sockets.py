"""The receiver is reached over IPv4 and IPv6, as its address says."""

from __future__ import annotations

import asyncio
import errno
import socket
from contextlib import ExitStack, suppress

import pytest
from sources.receiving import NOW, PATIENT, PUBLIC, Receiver, post

from console.core.messages.facts import ReceiverOpened
from console.network_addresses import Address
from console.sources.listening_sockets import Listening, address_text, listen
from console.sources.receiver import WebhookReceiver
from console.telnyx.signature import Verifier


async def statuses(listening: Listening, *addresses: tuple[str, int]) -> tuple[list[int], Receiver]:
    """Return the answer to a signed delivery at each address, and the receiver."""
    receiver = Receiver(addresses[0])

    async def run() -> None:
        with suppress(asyncio.CancelledError):
            await WebhookReceiver(
                path="/webhooks", verifier=Verifier([PUBLIC]), clock=lambda: NOW,
                accept=receiver.accept, post=receiver.post, vital=lambda: receiver.vital,
                limits=PATIENT,
            ).run(listening)  # fmt: skip

    async with asyncio.TaskGroup() as group:
        task = group.create_task(run())
        await receiver.told.wait()
        answers = []
        for address in addresses:
            receiver.address = address
            answers.append(await receiver.ask(post()))
        task.cancel()
    return answers, receiver


@pytest.mark.parametrize("host", ["::", "localhost", "LOCALHOST."])
async def test_both_families_are_served(host: str) -> None:
    listening = listen(Address(host, 0))
    port = listening[0].getsockname()[1]
    answers, receiver = await statuses(listening, ("127.0.0.1", port), ("::1", port))
    assert answers == [200, 200]
    assert receiver.sources == ["127.0.0.1", "::1"], "an IPv4 sender is written as one"
    assert all(one.fileno() == -1 for one in listening)


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("::1", "[::1]:{0}"),
        ("127.0.0.1", "127.0.0.1:{0}"),
        ("::", "[::]:{0}"),
        ("localhost", "127.0.0.1:{0}, [::1]:{0}"),
    ],
)
async def test_addresses_are_written_with_brackets(host: str, shown: str) -> None:
    listening = listen(Address(host, 0))
    port = listening[0].getsockname()[1]
    assert address_text(listening) == shown.format(port)
    address = "127.0.0.1" if host == "127.0.0.1" else "::1"
    _, receiver = await statuses(listening, (address, port))
    assert receiver.facts[0] == ReceiverOpened(NOW, shown.format(port))


def test_an_address_is_written_as_it_is_read() -> None:
    assert str(Address("::1", 9000)) == "[::1]:9000"
    assert str(Address("localhost", 9000)) == "localhost:9000"


def test_a_port_that_is_taken_in_either_family_is_taken() -> None:
    for address in ("127.0.0.1", "::1"):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.create_server((address, 0), family=family) as taken:
            with pytest.raises(OSError, match="in use") as raised:
                listen(Address("localhost", taken.getsockname()[1]))
            assert raised.value.errno == errno.EADDRINUSE


def test_a_host_without_ipv6_serves_localhost_on_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.create_server

    def without_ipv6(address: tuple[str, int], **more: object) -> socket.socket:
        if more["family"] is socket.AF_INET6:
            raise OSError(errno.EADDRNOTAVAIL, "no such address")
        return real(address, **more)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(socket, "create_server", without_ipv6)
    with ExitStack() as opened:
        (only,) = (opened.enter_context(one) for one in listen(Address("localhost", 0)))
        assert only.getsockname()[0] == "127.0.0.1"
