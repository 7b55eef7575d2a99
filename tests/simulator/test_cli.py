"""The simulator as a program: its ready line, its errors, its end."""

import signal
from pathlib import Path

import pytest
from simulator.program import ready, start

from console.simulator.cli import main


@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "end of input"])
def test_it_ends_well_when_told_to(how: str) -> None:
    with start("--with-parent", "--scenario", "quiet-floor") as process:
        ready(process)
        if how == "end of input":
            assert process.stdin is not None
            process.stdin.close()
        else:
            process.send_signal(getattr(signal, how))
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_without_a_parent_its_input_does_not_matter() -> None:
    with start("--seed", "5") as process:
        assert process.stdin is not None
        process.stdin.close()
        keys = ready(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    with start("--seed", "5") as again:
        same = ready(again)
        again.send_signal(signal.SIGTERM)
    assert (same["api_key"], same["public_key"]) == (keys["api_key"], keys["public_key"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--scenario", "nowhere"],
        ["--speed", "0"],
        ["--speed", "nan"],
        ["--port", "x"],
        ["--port", "70000"],
        ["--seed", "x"],
        ["--fault", "gremlins=1"],
        ["--fault", "slow=2"],
        ["--fault", "slow"],
        ["--webhook-url", "ftp://x"],
        ["--webhook-url", "nonsense"],
        ["--failover-url", "http://127.0.0.1/"],
        ["--rate-limit", "0"],
        ["--rule", "gravity=9"],
        ["--rule", "ring_secs=soon"],
        ["--rule", "dials_per_second=1.5"],
        ["--scenario", "nowhere.toml"],
        ["--host", "203.0.113.1"],
        ["surplus"],
    ],
)
def test_a_wrong_word_is_one_line_and_exit_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("telnyx-console simulator: ")
    assert output.err.count("\n") == 1


def test_the_list_names_scenarios_and_faults(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    output = capsys.readouterr().out
    for name in ("busy-morning", "quiet-floor", "empty", "not-applied", "webhook-reorder"):
        assert name in output


def test_a_scenario_of_ones_own_and_rules_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('summary = "one waits"\n[[queue]]\nname = "q"\nwaiting = 1\n', "utf-8")
    with start("--scenario", str(path), "--rule", "ring_secs=0.5") as process:
        ready(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_a_bad_file_is_named_in_the_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('summary = "x"\n[[queue]]\nname = 3\n', "utf-8")
    assert main(["--scenario", str(path)]) == 2
    output = capsys.readouterr().err
    assert output == (
        f"telnyx-console simulator: {path}: queue.0.name: this must be a string, not 3\n"
    )
