"""Tests for checks before the start: an unusable environment is refused in one sentence."""

from __future__ import annotations

import os
import pwd
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from console import cli, headless, process_setup, settings
from support.signing import PUBLIC

ACCOUNT = {"TELNYX_API_KEY": "KEY0123secret", "TELNYX_PUBLIC_KEY": PUBLIC}
RECEIVER = ["receiver", "--listen", "127.0.0.1:0"]
CONSOLE = ["--listen", "127.0.0.1:0"]


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("SSL"):
            monkeypatch.delenv(name)
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def shut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail the test if a port, a screen or a journal is opened."""

    def opened(*_: object, **__: object) -> None:
        pytest.fail("it was opened before the environment was checked")

    for name in ("_bind", "_need_a_terminal"):
        monkeypatch.setattr(cli, name, opened)
    monkeypatch.setattr(headless, "receive", opened)


def told(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> tuple[int, list[str]]:
    mask = os.umask(0o077)
    try:
        code = cli.main(arguments)
    finally:
        os.umask(mask)
    return code, capsys.readouterr().err.splitlines()


WRONG = [
    ({"HTTPS_PROXY": "http://[proxy"}, "set HTTPS_PROXY"),
    ({"https_proxy": "http://proxy.test:port"}, "set https_proxy"),
    ({"HTTPS_PROXY": "http://proxy.test:99999"}, "set HTTPS_PROXY"),
    ({"ALL_PROXY": "http://"}, "set ALL_PROXY"),
    ({"HTTPS_PROXY": "proxy test:3128"}, "set HTTPS_PROXY"),
    ({"SSL_CERT_FILE": "/no/such/file.pem"}, "SSL_CERT_FILE cannot be used (no such file"),
    ({"SSL_CERT_FILE": os.devnull}, "SSL_CERT_FILE cannot be used (it holds no certificate)"),
    ({"SSL_CERT_FILE": "/"}, "SSL_CERT_FILE cannot be used"),
    ({"SSL_CERT_DIR": "/no/such/folder"}, "SSL_CERT_DIR cannot be used (no such folder)"),
    ({"SSLKEYLOGFILE": "/no/such/folder/keys"}, "SSLKEYLOGFILE cannot be used"),
]


@pytest.mark.usefixtures("shut")
@pytest.mark.parametrize(("wrong", "reason"), WRONG)
@pytest.mark.parametrize("arguments", [RECEIVER, CONSOLE], ids=["receiver", "console"])
def test_a_variable_that_cannot_be_used_is_one_sentence(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    wrong: dict[str, str],
    reason: str,
) -> None:
    for variable, value in wrong.items():
        monkeypatch.setenv(variable, value)
    code, (line,) = told(capsys, arguments)
    assert code == 2
    assert line.startswith("telnyx-console: ")
    assert reason in line


@pytest.mark.usefixtures("shut")
@pytest.mark.parametrize(
    ("arguments", "variable"),
    [
        (RECEIVER, "XDG_STATE_HOME"),
        (CONSOLE, "XDG_STATE_HOME"),
        (["journal", "info"], "XDG_STATE_HOME"),
        (["audit", "show"], "XDG_STATE_HOME"),
        (["--profile", "night"], "XDG_CONFIG_HOME"),
    ],
)
def test_a_user_without_a_home_is_told_which_variable_names_one(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    variable: str,
) -> None:
    def nobody(uid: int) -> pwd.struct_passwd:
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    code, (line,) = told(capsys, arguments)
    assert code == 2
    assert f"set {variable} to the absolute path of a folder" in line


@pytest.mark.usefixtures("shut")
def test_a_demo_without_a_folder_for_temporary_files_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    code, (line,) = told(capsys, ["demo", "empty"])
    assert code == 2
    assert "set TMPDIR" in line


@pytest.mark.parametrize("entry", ["fd00::/129", "[::1", "a b"])
def test_an_entry_of_no_proxy_that_cannot_be_read_is_named_and_the_start_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    monkeypatch.setattr(headless, "receive", lambda *_, **__: 0)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("NO_PROXY", f"{entry},[::1],fd00::/8,10.0.0.0/8")
    code, lines = told(capsys, RECEIVER)
    assert code == 0
    assert lines == [f"telnyx-console: NO_PROXY: ignored unreadable entries: {entry!r}"]


@pytest.mark.parametrize("name", ["\x1b[2J", "x" * 65, " ", "a\nb"])
def test_a_user_with_no_readable_name_is_a_number(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(variable, name)
    assert settings.for_demo({}).operator == f"uid {os.getuid()}"


LIMITS = [
    (64, 64, (64, 64)),
    (64, 4096, (None, 1024)),
    (64, 512, (None, 512)),
    (300, 300, (None, 300)),
    (64, resource.RLIM_INFINITY, (None, 1024)),
    (4096, 4096, (None, 4096)),
    (resource.RLIM_INFINITY, resource.RLIM_INFINITY, (None, resource.RLIM_INFINITY)),
]


@pytest.mark.parametrize(("soft", "hard", "expected"), LIMITS)
def test_the_limit_on_open_files_is_raised_as_far_as_it_may_be(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, expected: tuple[int | None, int]
) -> None:
    limits = [(soft, hard)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, pair: limits.append(pair))
    assert (process_setup.raise_file_limit(), limits[-1][0]) == expected


@pytest.mark.usefixtures("shut")
def test_too_few_open_files_are_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (64, 64))
    code, (line,) = told(capsys, RECEIVER)
    assert code == 2
    assert "only 64 files may be open" in line


_STANDING_IN = """
import os, sys
from pathlib import Path
from console import cli, headless

def receive(*_, ready):
    ready()
    sys.stderr.write("an error")
    streams = [os.readlink(f"/dev/fd/{number}") for number in range(3)]
    Path(sys.argv[1]).write_text(str(streams))
    return 0

headless.receive = receive
sys.exit(cli.main(["receiver", "--listen", "127.0.0.1:0"]))
"""


def test_no_file_is_opened_in_the_place_of_a_closed_standard_stream(tmp_path: Path) -> None:
    said = tmp_path / "said"
    python = [sys.executable, "-P", "-c", _STANDING_IN, str(said)]
    done = subprocess.run(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *python], check=False)
    assert done.returncode == 0
    assert said.read_text() == str([os.devnull] * 3)
