"""Tests for the command line: a mistake is one line and exit code 2, before the screen opens."""

import base64
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from console import cli, headless, interactive, settings
from console.journal.locations import file_of, home
from console.journal.lock import Lock
from console.settings import Settings
from console.sources.listening_sockets import Listening, address_text
from support.signing import PUBLIC
from support.terminal import Terminal

PYTHON = [sys.executable, "-P"]  # the console that is installed, not what lies in this folder
CONSOLE = [*PYTHON, "-m", "console"]
ACCOUNT = {"TELNYX_API_KEY": "KEY0123secret", "TELNYX_PUBLIC_KEY": PUBLIC}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CONSOLE, *arguments],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def assert_refused(done: subprocess.CompletedProcess[str] | tuple[int, str], *reasons: str) -> None:
    code, said = done if isinstance(done, tuple) else (done.returncode, done.stderr)
    assert code == 2
    assert len(said.splitlines()) == 1, said
    assert said.startswith("telnyx-console: ")
    assert "KEY0123secret" not in said
    for reason in reasons:
        assert reason in said


def in_process(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> tuple[int, str]:
    """Run the command in this process, with a complete account in the environment."""
    for name, value in ACCOUNT.items():
        if name not in os.environ:
            monkeypatch.setenv(name, value)
    mask = os.umask(0o077)
    try:
        return cli.main(arguments), capsys.readouterr().err
    finally:
        os.umask(mask)


def test_no_key_names_the_demo() -> None:
    assert_refused(run(), "TELNYX_API_KEY", "telnyx-console demo")


def test_no_public_key_names_the_way_without() -> None:
    assert_refused(run(TELNYX_API_KEY="KEY0123secret"), "TELNYX_PUBLIC_KEY", "--no-receiver")


@pytest.mark.parametrize(
    ("arguments", "reasons"),
    [
        (["--no-such-flag"], ["--no-such-flag", "--help"]),
        (["--list"], ["--list", "--help"]),
        (["dmeo"], ["'dmeo'", "--help"]),
        (["demo", "no-such-morning"], ["'no-such-morning'", "busy-morning", "quiet-floor"]),
        (["demo", "--speed", "0"], ["--speed", "above 0"]),
        (["demo", "--speed", "nan"], ["--speed", "above 0"]),
        (["demo", "--seed", "x"], ["--seed"]),
        (["demo", "--no-receiver"], ["--no-receiver", "leave it out"]),
        (["--seed", "3"], ["telnyx-console demo --seed"]),
        (["--listen", "8787"], ["HOST:PORT"]),
        (["--listen", "192.0.2.1:8787"], ["192.0.2.1:8787", "--listen"]),
        (["--listen", "a..b:8787"], ["a..b:8787", "--listen"]),
        (["--region", "Mars"], ["region", "Australia"]),
        (["--no-receiver"], ["not a terminal"]),
    ],
)
def test_a_mistake_is_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    reasons: list[str],
) -> None:
    assert_refused(in_process(capsys, monkeypatch, *arguments), *reasons)


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("TELNYX_PUBLIC_KEY", base64.b64encode(bytes(31)).decode(), "base64 of 32 bytes"),
        ("TELNYX_BASE_URL", "http://api.example.net/v2", "plain http"),
        ("TELNYX_BASE_URL", "nonsense", "malformed"),
    ],
)
def test_a_wrong_variable_is_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    reason: str,
) -> None:
    monkeypatch.setenv(variable, value)
    assert_refused(in_process(capsys, monkeypatch), reason)


@pytest.mark.parametrize("command", [["receiver"], []])
def test_other_hosts_are_let_in_only_with_a_word_for_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    asked = [*command, "--listen", "0.0.0.0:0"]
    reasons = "--listen 0.0.0.0:0 accepts other hosts over plain HTTP", "--public"
    assert_refused(in_process(capsys, monkeypatch, *asked), *reasons)
    assert not home().exists()
    assert_refused(in_process(capsys, monkeypatch, "demo", "--public"), "does not work in a demo")
    monkeypatch.setattr(cli, "_need_a_terminal", lambda: None)
    ran: list[str] = []

    def run(_: Settings, listening: Listening, *__: object, **___: object) -> int:
        ran.append(address_text(listening))
        return 0

    monkeypatch.setattr(interactive, "run", run)
    monkeypatch.setattr(headless, "receive", run)
    assert in_process(capsys, monkeypatch, *asked, "--public")[0] == 0
    (where,) = ran
    assert where.startswith("0.0.0.0:")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (("TELNYX_PUBLIC_KEY", base64.b64encode(bytes(32)).decode()), "not a usable Ed25519 key"),
        (("TELNYX_PUBLIC_KEY", f"{PUBLIC}@tomorrow"), "write KEY@2026-12-01T18:00Z"),
        (("TELNYX_PUBLIC_KEY", f"{PUBLIC}@2026-01-01T00:00Z"), "expired"),
        (("TELNYX_API_KEY", "KEY0123secret\u200b"), "copy TELNYX_API_KEY again"),
        (("HTTPS_PROXY", "gopher://proxy.test:1"), "set HTTPS_PROXY"),
        (("HTTPS_PROXY", "socks5://proxy.test:1"), "SOCKS"),
    ],
)
@pytest.mark.parametrize("command", [["receiver"], []])
def test_what_only_the_engine_would_find_unusable_is_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    wrong: tuple[str, str],
    reason: str,
) -> None:
    monkeypatch.setattr(cli, "_need_a_terminal", lambda: None)
    monkeypatch.setenv(*wrong)
    done = in_process(capsys, monkeypatch, *command, "--listen", "127.0.0.1:0")
    assert_refused(done, reason)
    assert not home().exists()


def test_keys_that_have_ended_stop_nobody_who_does_not_receive(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELNYX_API_KEY", ACCOUNT["TELNYX_API_KEY"])
    monkeypatch.setenv("TELNYX_PUBLIC_KEY", f"{PUBLIC}@2026-01-01T00:00Z")
    cli._usable(settings.load({"receiver": False}))  # noqa: SLF001 - a start would need a terminal
    with pytest.raises(cli.CannotStart, match="expired"):
        cli._usable(settings.load({}))  # noqa: SLF001 - the same


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_a_taken_port_names_both_ways_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host.strip("[]"), 0), family=family) as taken:
        where = f"{host}:{taken.getsockname()[1]}"
        done = in_process(capsys, monkeypatch, "--listen", where)
    assert_refused(done, where, "--listen", "--no-receiver")


def test_a_dumb_terminal_is_refused(tmp_path: Path) -> None:
    environment = {**ACCOUNT, "TERM": "dumb", "HOME": str(tmp_path)}
    with Terminal([*CONSOLE, "--no-receiver"], env=environment) as terminal:
        assert terminal.wait_exit() == 2
        said = terminal.raw.decode()
    assert "TERM=xterm-256color" in said
    assert "\x1b" not in said


def test_the_key_leaves_the_environment_and_files_are_ours_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELNYX_API_KEY", "KEY0123secret")
    in_process(capsys, monkeypatch, "--no-receiver")
    assert "TELNYX_API_KEY" not in os.environ
    mask = os.umask(0)
    try:
        cli.main(["--version"])
        assert os.umask(0) == 0o077
    finally:
        os.umask(mask)


def test_help_names_every_option_and_fits(capsys: pytest.CaptureFixture[str]) -> None:
    parser = cli._parser()  # noqa: SLF001 - the help is written by hand and must not drift
    assert cli.main(["--help"]) == 0
    text = capsys.readouterr().out
    known = {option for option in parser._option_string_actions if option != "-h"}  # noqa: SLF001
    assert set(re.findall(r"--[a-z-]+", text)) == known
    assert max(map(len, text.splitlines())) <= 80
    assert len(text.splitlines()) <= 36


def test_the_version_is_instant() -> None:
    heavy = "{'pydantic', 'textual', 'aiohttp', 'httpx', 'asyncio'}"
    script = (
        "import sys; from console.cli import main; main(['--version']);"
        f" print({heavy} & {{*sys.modules}})"
    )
    done = subprocess.run([*PYTHON, "-c", script], capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    assert first.startswith("telnyx-console ")
    assert second == "set()"


def test_the_simulator_is_the_same_process() -> None:
    with subprocess.Popen(
        [*CONSOLE, "simulator", "--port", "0", "--scenario", "empty"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TELNYX_API_KEY": "KEY0123secret"},
    ) as process:
        assert process.stdout is not None
        ready = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert "base_url" in ready
    assert "KEY0123secret" not in ready


def test_scenarios_are_listed_without_running_the_simulator() -> None:
    script = (
        "import sys; from console import cli; print(cli._scenarios());"
        " print('console.simulator' in sys.modules)"
    )
    done = subprocess.run([*PYTHON, "-c", script], capture_output=True, text=True, check=True)
    names, imported = done.stdout.splitlines()
    assert "busy-morning" in names
    assert imported == "False"


@pytest.mark.parametrize(
    ("profile", "role", "flags", "follows"),
    [
        ("default", "receiver", (), True),
        ("default", "console", (), False),
        ("another", "receiver", (), False),
        ("default", "receiver", ("--no-receiver",), False),
    ],
)
def test_a_console_reads_on_from_a_receiver_of_its_profile_that_runs_here(
    profile: str,
    role: str,
    flags: tuple[str, ...],
    *,
    follows: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[tuple[bool, bool, bool]] = []

    def run(settings: Settings, listening: Listening | None, _: object, *, follows: bool) -> int:
        ran.append((follows, settings.receiver, listening is not None))
        return 0

    monkeypatch.setattr(interactive, "run", run)
    monkeypatch.setattr(cli, "_need_a_terminal", lambda: None)
    with Lock(file_of(home(), profile), {"pid": 1, "role": role}):
        code, _ = in_process(capsys, monkeypatch, "--listen", "127.0.0.1:0", *flags)
    receives = not follows and not flags
    assert (code, ran) == (0, [(follows, receives, receives)])
