"""The command line interface: parses arguments, checks what a start needs, runs a command.

A mistake of the user ends the program here, before the screen opens, with one line and exit code
2. Heavy packages are imported where they are used, so that `--version` and errors are instant.
"""

import argparse
import errno
import importlib.metadata
import importlib.resources
import math
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Never

from console import process_setup

if TYPE_CHECKING:
    from console.network_addresses import Address
    from console.settings import Demo, Settings
    from console.sources.listening_sockets import Listening

_PROGRAM = "telnyx-console"
_USAGE_ERROR = 2
_DEFAULT_SCENARIO = "busy-morning"

_HELP = """\
Watch over live Telnyx queues and conferences, and act on them with one key.

  telnyx-console                     open the console on your account
  telnyx-console demo [SCENARIO]     open the console on a simulated call centre
  telnyx-console receiver            store webhooks, without a screen
  telnyx-console journal VERB        show received webhooks (journal --help)
  telnyx-console audit VERB          show commands and operators (audit --help)
  telnyx-console simulator ...       run a simulated Telnyx (simulator --help)

Account: environment variables, or keys of the profile file
  TELNYX_API_KEY       or TELNYX_API_KEY_FILE, a file that only you may read
  TELNYX_PUBLIC_KEY    key that signs webhooks; separate several with commas;
                       add an expiry time like this: KEY@2026-12-01T18:00Z
  TELNYX_BASE_URL      address of the API (https://api.telnyx.com/v2)

Webhooks
  --listen HOST:PORT   address of the receiver (127.0.0.1:8787)
  --public             let other hosts reach it over plain HTTP; use a proxy
  --webhook-path PATH  path that webhooks are posted to (/webhooks)
  --no-receiver        receive no webhooks; poll the API only

Console
  --region REGION      Australia, Europe, "Middle East" or US
  --profile NAME       a [profile.NAME] of ~/.config/telnyx-console/config.toml
  --read-only          show everything, send no commands

Demo
  --seed N             seed of the simulation; same seed, same events (1)
  --speed X            speed of the simulation; 2 is twice real time (1)

  --version            --help
"""


class CannotStart(Exception):  # noqa: N818 - it names what happened
    """A mistake of the user. The text is one line that also says how to correct it."""


class _ConsoleParser(argparse.ArgumentParser):
    """A parser that reports a mistake in one line."""

    def error(self, message: str) -> Never:
        raise CannotStart(f"{message} (see {_PROGRAM} --help)")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in the arguments and return its exit code."""
    os.umask(0o077)
    process_setup.open_standard_streams()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["simulator"]:
        _become_the_simulator(arguments[1:])
    try:
        if arguments[:1] in (["journal"], ["audit"]):
            return _look_into_the_journal(arguments)
        return _run(arguments)
    except CannotStart as reason:
        sys.stderr.write(f"{_PROGRAM}: {reason}\n")
        return _USAGE_ERROR


def _run(arguments: list[str]) -> int:
    options = _parser().parse_intermixed_args(arguments)
    if options.help or options.version:
        sys.stdout.write(_HELP if options.help else f"{_PROGRAM} {_version()}\n")
        return 0
    headless = options.command == "receiver"
    demo = None if headless else _demo(options)
    settings = _settings(options, in_demo=demo is not None)
    _need_a_folder(in_demo=demo is not None)
    _need_open_files()
    if headless:
        if options.scenario is not None:
            raise CannotStart(
                f"the receiver takes no argument {options.scenario!r} (see {_PROGRAM} --help)"
            )
        return _receive(settings)
    follows = False
    if demo is None and settings.receiver and _received_already(settings.profile):
        settings, follows = settings.model_copy(update={"receiver": False}), True
    _usable(settings)
    with ExitStack() as opened:
        listening = _bind(settings.listen, opened) if settings.receiver else None
        _need_a_terminal()
        from console import interactive  # noqa: PLC0415 - heavy: errors must not wait for it

        with _start_errors(settings.profile):
            return interactive.run(settings, listening, demo, follows=follows)


def _look_into_the_journal(arguments: list[str]) -> int:
    from console import journal_shell  # noqa: PLC0415 - only where it is needed

    try:
        return journal_shell.run(arguments)
    except journal_shell.UsageError as reason:
        raise CannotStart(str(reason)) from None
    except BrokenPipeError:  # the reading program has ended, such as head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _receive(settings: "Settings") -> int:
    if not settings.receiver:
        raise CannotStart("the receiver command cannot run with --no-receiver: leave it out")
    _usable(settings)
    with ExitStack() as opened:
        listening = _bind(settings.listen, opened)
        from console import headless  # noqa: PLC0415 - heavy: errors must not wait for it
        from console.sources.listening_sockets import address_text  # noqa: PLC0415 - the same

        def ready() -> None:
            said = f"{_PROGRAM}: receiving at {address_text(listening)}{settings.webhook_path}\n"
            with suppress(OSError):  # standard output may be closed; the receiver goes on
                os.write(1, said.encode())

        with _start_errors(settings.profile):
            return headless.receive(settings, listening, ready=ready)


@contextmanager
def _start_errors(profile: str) -> Iterator[None]:
    """Turn the errors that are found while the engine is made into ``CannotStart``."""
    from console.journal.lock import TakenError  # noqa: PLC0415 - only where it is needed
    from console.runtime.demo_simulator import SimulatorFailedError  # noqa: PLC0415 - the same

    try:
        yield
    except TakenError as taken:
        raise CannotStart(taken.advice(profile)) from None
    except SimulatorFailedError as failure:
        raise CannotStart(f"the simulator did not start: {failure}") from None


def _received_already(profile: str) -> bool:
    """Return True if a headless receiver of this profile runs on this host.

    The console then follows the receiver's journal and opens no port.
    """
    from console.journal import follower, locations, lock  # noqa: PLC0415 - only where it is needed

    holder = lock.holder_of(locations.file_of(locations.home(), profile))
    return holder.get("role") == follower.RECEIVER


def _parser() -> argparse.ArgumentParser:
    absent = argparse.SUPPRESS  # an absent flag leaves the value to the settings
    parser = _ConsoleParser(
        prog=_PROGRAM, add_help=False, allow_abbrev=False, argument_default=absent
    )
    parser.add_argument("command", nargs="?", default=None)
    parser.add_argument("scenario", nargs="?", default=None)
    parser.add_argument("-h", "--help", action="store_true", default=False)
    parser.add_argument("--version", action="store_true", default=False)
    parser.add_argument("--listen", metavar="HOST:PORT")
    parser.add_argument("--public", action="store_true")
    parser.add_argument("--webhook-path", metavar="PATH")
    parser.add_argument("--no-receiver", action="store_false", dest="receiver")
    parser.add_argument("--region")
    parser.add_argument("--profile", metavar="NAME")
    parser.add_argument("--read-only", action="store_true")
    parser.add_argument("--seed", type=int, metavar="N")
    parser.add_argument("--speed", type=float, metavar="X")
    return parser


def _demo(options: argparse.Namespace) -> "Demo | None":
    """Return the demo that the arguments ask for, or None."""
    if options.command is None:
        for name in ("seed", "speed"):
            if name in options:
                raise CannotStart(f"--{name} works only in a demo: {_PROGRAM} demo --{name} ...")
        return None
    if options.command != "demo":
        raise CannotStart(f"there is no command {options.command!r} (see {_PROGRAM} --help)")
    for name in ("listen", "public", "webhook_path", "receiver", "region", "profile"):
        if name in options:
            flag = "no-receiver" if name == "receiver" else name.replace("_", "-")
            raise CannotStart(f"--{flag} does not work in a demo: leave it out")
    scenario = options.scenario or _DEFAULT_SCENARIO
    known = _scenarios()
    if scenario not in known:
        raise CannotStart(f"there is no scenario {scenario!r}: choose from {', '.join(known)}")
    seed, speed = getattr(options, "seed", 1), getattr(options, "speed", 1.0)
    if not math.isfinite(speed) or speed <= 0:
        raise CannotStart("--speed must be a number above 0, such as 2 or 0.5")
    from console.settings import Demo  # noqa: PLC0415 - pydantic behind it takes its time

    return Demo(scenario=scenario, seed=seed, speed=speed)


def _scenarios() -> list[str]:
    """Return the names of the simulator's scenarios. Its code is not imported for that."""
    folder = importlib.resources.files("console") / "simulator" / "scenarios" / "data"
    names = [file.name for file in folder.iterdir()]
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def _settings(options: argparse.Namespace, *, in_demo: bool) -> "Settings":
    from console import settings  # noqa: PLC0415 - pydantic behind it takes its time

    shell_only = {"command", "scenario", "help", "version", "seed", "speed"}
    flags = {name: value for name, value in vars(options).items() if name not in shell_only}
    try:
        return settings.for_demo(flags) if in_demo else settings.load(flags)
    except settings.SettingsError as reason:
        raise CannotStart(str(reason)) from None
    finally:
        os.environ.pop("TELNYX_API_KEY", None)  # programs that we start must not get it


def _usable(settings: "Settings") -> None:
    """Check keys, API key and proxy with the code that uses them, before anything is opened."""
    from console.sources import clock  # noqa: PLC0415 - heavy: not for a wrong argument
    from console.telnyx import client, errors, signature  # noqa: PLC0415 - the same

    try:
        signature.usable(settings.public_keys, clock.now().wall if settings.receiver else 0.0)
        if settings.api_key is not None:
            for note in client.check(settings.base_url, settings.api_key):
                sys.stderr.write(f"{_PROGRAM}: {note}\n")
    except errors.SettingRefusedError as reason:
        raise CannotStart(str(reason)) from None


def _need_a_folder(*, in_demo: bool) -> None:
    """Check that there is a folder for journal and log: this user's, or a temporary one."""
    import tempfile  # noqa: PLC0415 - only where it is needed

    from console.journal import locations, log  # noqa: PLC0415 - the same

    try:
        if in_demo:
            tempfile.gettempdir()
        else:
            locations.home()
    except log.JournalError as reason:
        raise CannotStart(str(reason)) from None
    except OSError:
        raise CannotStart(
            "there is no folder for temporary files: set TMPDIR to a folder that you can write to"
        ) from None


def _need_open_files() -> None:
    few = process_setup.raise_file_limit()
    if few is not None:
        raise CannotStart(
            f"only {few} files may be open at once, and {process_setup.NEEDED} are needed:"
            " raise the limit with ulimit -n 1024"
        )


def _bind(address: "Address", opened: ExitStack) -> "Listening":
    """Bind the sockets of the receiver, so that a port in use is reported before the start."""
    from console.sources import listening_sockets  # noqa: PLC0415 - not for a wrong argument

    try:
        return tuple(opened.enter_context(one) for one in listening_sockets.listen(address))
    except (OSError, UnicodeError) as error:  # UnicodeError: not a valid host name
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise CannotStart(
                f"{address} is in use: choose another with --listen HOST:PORT,"
                " or receive no webhooks with --no-receiver"
            ) from None
        reason = error.strerror if isinstance(error, OSError) else "no such name"
        raise CannotStart(
            f"cannot listen on {address} ({reason}):"
            " choose an address of this host with --listen HOST:PORT"
        ) from None


def _need_a_terminal() -> None:
    for name, stream in {"in": sys.stdin, "out": sys.stdout, "err": sys.stderr}.items():
        if stream is None or not stream.isatty():
            raise CannotStart(
                f"std{name} is not a terminal: start the console in one, without redirection"
            )
    if os.environ.get("TERM") == "dumb":
        raise CannotStart(
            "this terminal cannot draw a screen (TERM=dumb):"
            " use another terminal, such as one with TERM=xterm-256color"
        )
    process_setup.drop_stale_terminal_size(sys.stdout.fileno())


def _become_the_simulator(arguments: list[str]) -> Never:
    """Replace this process by the simulator, which so gets the same signals."""
    os.environ.pop("TELNYX_API_KEY", None)
    command = [sys.executable, "-P", "-m", "console.simulator", *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - no shell is wanted


def _version() -> str:
    try:
        return importlib.metadata.version(_PROGRAM)
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"
