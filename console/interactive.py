"""The console with a terminal: `telnyx-console` and `telnyx-console demo`."""

from __future__ import annotations

import gc
import uuid
from contextlib import ExitStack
from pathlib import Path

from pydantic import SecretStr

from console import composition
from console.commands import COMMANDS
from console.core.model.entities import Phone
from console.core.model.policy import Policy
from console.core.model.state import State
from console.journal.locations import file_of, home, other_journals
from console.runtime import crash_report
from console.runtime.demo_folder import demo_folder
from console.runtime.demo_simulator import PHONE, SimulatorProcess, simulator
from console.runtime.engine_thread import EngineThread
from console.runtime.interfaces import Bus
from console.runtime.logfile import logging_to
from console.settings import Demo, Settings
from console.sources.clock import HostZone
from console.sources.listening_sockets import Listening, address_text
from console.ui import exit_signals
from console.ui.app import ConsoleApp
from console.ui.ascii_fallback import is_utf8
from console.ui.engine_port import EnginePort
from console.ui.textual_patches import safe_app
from console.view.text.glyphs import ASCII, UNICODE

PATIENCE = 2.5
"""Seconds between a signal and the end of the process, even if a thread is still busy."""


def run(
    settings: Settings, listening: Listening | None, demo: Demo | None, *, follows: bool = False
) -> int:
    """Run the console on an account, or on a simulator of its own. Return the exit code.

    ``follows``: read on from the journal of a receiver that runs on this host. Raises TakenError
    if the profile has a receiver already, and SimulatorFailedError if a demo's does not start.
    """
    with ExitStack() as opened:
        if demo is not None and listening is not None:
            url = f"http://{address_text(listening)}{settings.webhook_path}"
            account = opened.enter_context(
                simulator(url, scenario=demo.scenario, seed=demo.seed, speed=demo.speed)
            )
            settings = _of_simulator(settings, account)
        phone = Phone(settings.connection_id, settings.from_number, settings.operator_number)
        policy = Policy(read_only=settings.read_only)
        bus = composition.message_bus(State(policy=policy, commands=COMMANDS, phone=phone))
        folder = home() if demo is None else opened.enter_context(demo_folder())
        log = composition.open_journal(settings, folder, bus)
        followed = file_of(folder, settings.profile) if follows else None
        beside = other_journals(settings.profile, log.path, followed)
        engine = composition.engine(settings, listening, bus, log, beside=beside, follows=followed)
        app = ConsoleApp(engine_port(settings, bus, demo=demo is not None))
        thread = EngineThread(engine.live, app.fail)
        opened.enter_context(logging_to(folder / "console.log", crash_report.redact))
        return _run_beside(app, thread, folder)


def _of_simulator(settings: Settings, simulated: SimulatorProcess) -> Settings:
    account = {
        "base_url": simulated.base_url,
        "api_key": SecretStr(simulated.api_key),
        "public_keys": (simulated.public_key,),
    }
    return settings.model_copy(update=account | dict(PHONE))


def _run_beside(app: ConsoleApp, thread: EngineThread, folder: Path) -> int:
    """Run the terminal beside the engine until either ends. Return the exit code."""
    exit_signals.install(app, thread.stop, PATIENCE)
    gc.freeze()  # imported modules stay: no collection has to walk them while both threads wait
    thread.start()
    try:
        return safe_app.run(app, folder / "crash.txt")
    finally:
        thread.stop()
        thread.join(PATIENCE)


def engine_port(settings: Settings, bus: Bus, *, demo: bool) -> EnginePort:
    """Return everything that the terminal gets of the engine."""
    return EnginePort(
        latest=lambda: bus.state,
        post=bus.post,
        clock=composition.CLOCK.now,
        new_id=lambda: str(uuid.uuid4()),
        listen=bus.subscribe,
        glyphs=UNICODE if is_utf8() else ASCII,
        zone=HostZone(),
        profile=settings.profile,
        operator=settings.operator,
        region=settings.region,
        demo=demo,
    )
