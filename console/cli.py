"""The commands that a shell sees.

What the user got wrong ends here, before the screen opens, with one line and exit code 2. Only
what every start needs is imported at the top, so that `--version` and errors are instant.
"""

import argparse
import errno
import importlib.metadata
import importlib.resources
import math
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Never

from console import surroundings

if TYPE_CHECKING:
    from console.addresses import Address
    from console.settings import Demo, Settings
    from console.sources.listening_sockets import Listening

_PROGRAM = "telnyx-console"
_USAGE_ERROR = 2
_DEFAULT_SCENARIO = "busy-morning"
_DEFAULT_SEED = 1

_HELP = """\
Watch over live Telnyx queues and conferences, and act on them with one key.

  telnyx-console                     the console, over your account
  telnyx-console demo [SCENARIO]     the same, over a simulated busy floor
  telnyx-console receiver            keeps webhooks, for a console started later
  telnyx-console journal VERB        what was received (journal --help)
  telnyx-console audit VERB          what was done, and by whom (audit --help)
  telnyx-console simulator ...       a Telnyx of our own (simulator --help)

Your account comes from the environment, or from the profile file
  TELNYX_API_KEY       or TELNYX_API_KEY_FILE, a file that only you may read
  TELNYX_PUBLIC_KEY    what webhooks are signed with; several parted by commas,
                       one that is going as KEY@2026-12-01T18:00Z, its end
  TELNYX_BASE_URL      https://api.telnyx.com/v2 unless you say otherwise

Webhooks
  --listen HOST:PORT   where they come in (127.0.0.1:8787)
  --public             other hosts may reach it, over plain HTTP: behind a proxy
  --webhook-path PATH  the path they are posted to (/webhooks)
  --no-receiver        do without them: what is shown comes from polling alone

The console
  --region REGION      Australia, Europe, "Middle East" or US
  --profile NAME       a [profile.NAME] of ~/.config/telnyx-console/config.toml
  --read-only          look, never act

The demo
  --seed N             the same seed brings the same morning (1)
  --speed X            how much faster than life people come and go (1)

  --version            --help
"""


class CannotStart(Exception):  # noqa: N818 - it names what happened
    """What the user got wrong, in one line that also says how to mend it."""


class _ConsoleParser(argparse.ArgumentParser):
    """A parser whose complaints are one line."""

    def error(self, message: str) -> Never:
        raise CannotStart(f"{message} (see {_PROGRAM} --help)")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command of the shell and return its exit code."""
    os.umask(0o077)
    surroundings.open_standard_streams()
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
            raise CannotStart(f"a receiver has no {options.scenario!r} (see {_PROGRAM} --help)")
        return _receive(settings)
    follows = False
    if demo is None and settings.receiver and _received_already(settings.profile):
        settings, follows = settings.model_copy(update={"receiver": False}), True
    _usable(settings)
    with ExitStack() as opened:
        listening = _bind(settings.listen, opened) if settings.receiver else None
        _need_a_terminal()
        from console import composition  # noqa: PLC0415 - heavy: errors must not wait for it

        return composition.run(settings, listening, demo, follows=follows)


def _look_into_the_journal(arguments: list[str]) -> int:
    from console import journal_shell  # noqa: PLC0415 - only where it is needed

    try:
        return journal_shell.run(arguments)
    except journal_shell.UsageError as reason:
        raise CannotStart(str(reason)) from None
    except BrokenPipeError:  # whoever reads has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _receive(settings: "Settings") -> int:
    if not settings.receiver:
        raise CannotStart("a receiver receives: leave out --no-receiver")
    _usable(settings)
    with ExitStack() as opened:
        listening = _bind(settings.listen, opened)
        from console import headless  # noqa: PLC0415 - heavy: errors must not wait for it
        from console.sources.listening_sockets import written  # noqa: PLC0415 - the same

        def ready() -> None:
            said = f"{_PROGRAM}: receiving at {written(listening)}{settings.webhook_path}\n"
            with suppress(OSError):  # a log that is full or closed ends no receiver
                os.write(1, said.encode())

        return headless.receive(settings, listening, ready=ready)


def _received_already(profile: str) -> bool:
    """Whether a receiver without a terminal runs here, whose journal a console reads on from."""
    from console.journal import follower, locations, lock  # noqa: PLC0415 - only where it is needed

    holder = lock.holder_of(locations.file_of(locations.home(), profile))
    return holder.get("role") == follower.RECEIVER


def _parser() -> argparse.ArgumentParser:
    absent = argparse.SUPPRESS  # what the shell did not say is left to the settings
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
    """The demo that was asked for, if one was."""
    if options.command is None:
        for name in ("seed", "speed"):
            if name in options:
                raise CannotStart(f"--{name} is for the demo: {_PROGRAM} demo --{name} ...")
        return None
    if options.command != "demo":
        raise CannotStart(f"there is no command {options.command!r} (see {_PROGRAM} --help)")
    for name in ("listen", "public", "webhook_path", "receiver", "region", "profile"):
        if name in options:
            flag = "no-receiver" if name == "receiver" else name.replace("_", "-")
            raise CannotStart(f"--{flag} is for an account; the demo brings its own: leave it out")
    scenario = options.scenario or _DEFAULT_SCENARIO
    known = _scenarios()
    if scenario not in known:
        raise CannotStart(f"there is no scenario {scenario!r}: choose from {', '.join(known)}")
    seed, speed = getattr(options, "seed", _DEFAULT_SEED), getattr(options, "speed", 1.0)
    if not math.isfinite(speed) or speed <= 0:
        raise CannotStart("--speed must be a number above 0, such as 2 or 0.5")
    from console.settings import Demo  # noqa: PLC0415 - pydantic behind it takes its time

    return Demo(scenario=scenario, seed=seed, speed=speed)


def _scenarios() -> list[str]:
    """The names of the simulator's scenarios, read off its data files: none of its code runs."""
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
        os.environ.pop("TELNYX_API_KEY", None)  # programs that we start need not know it


def _usable(settings: "Settings") -> None:
    """Judge what of the account only its users can judge, before anything is opened."""
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
    """Journal and log need a place: that of this user, or a temporary one in a demo."""
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
            "there is no folder for temporary files: set TMPDIR to one that can be written to"
        ) from None


def _need_open_files() -> None:
    few = surroundings.open_files()
    if few is not None:
        raise CannotStart(
            f"only {few} files may be open at once and {surroundings.NEEDED} are needed:"
            " raise the limit with ulimit -n 1024"
        )


def _bind(address: "Address", opened: ExitStack) -> "Listening":
    """The sockets webhooks will come in by, bound so early that a taken port ends the start."""
    from console.sources import listening_sockets  # noqa: PLC0415 - not for a wrong argument

    try:
        sockets = listening_sockets.listen(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(
                f"{address} is in use: choose another with --listen HOST:PORT,"
                " or do without webhooks with --no-receiver"
            ) from None
        reason = error.strerror
    except UnicodeError:  # a name that no resolver would take
        reason = "no such name"
    else:
        for one in sockets:
            opened.enter_context(one)
        return sockets
    raise CannotStart(
        f"cannot listen on {address} ({reason}):"
        " choose an address of this host with --listen HOST:PORT"
    )


def _need_a_terminal() -> None:
    for name, stream in {"in": sys.stdin, "out": sys.stdout, "err": sys.stderr}.items():
        if stream is None or not stream.isatty():
            raise CannotStart(
                f"std{name} is not a terminal: start the console from one, without redirection"
            )
    if os.environ.get("TERM") == "dumb":
        raise CannotStart(
            "this terminal cannot draw a screen (TERM=dumb):"
            " start from one that can, such as TERM=xterm-256color"
        )
    surroundings.trust_the_terminal_with_its_size(sys.stdout.fileno())


def _become_the_simulator(arguments: list[str]) -> Never:
    """Be the simulator from here on: the same process, so the same signals and exit code."""
    os.environ.pop("TELNYX_API_KEY", None)
    command = [sys.executable, "-P", "-m", "console.simulator", *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - no shell is wanted


def _version() -> str:
    try:
        return importlib.metadata.version(_PROGRAM)
    except importlib.metadata.PackageNotFoundError:
        return "(a checkout that is not installed)"
