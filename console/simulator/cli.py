"""The command line of the simulator: serve until stopped."""

from __future__ import annotations

import argparse
import json
import secrets
import signal
import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any
from urllib.parse import urlsplit

from console.simulator import listener
from console.simulator.faults import FAULTS
from console.simulator.scenarios import scenario_file
from console.simulator.settings import Settings
from console.simulator.tunable_limits import DEFAULT_LIMIT, FLOOR_SHAPES, DeliveryPolicy, Rules

USAGE_ERROR = 2
RULES = {one.name: one.type for one in fields(Rules) if one.type in ("int", "float")}
LARGEST_PORT = 65_535
STOPS = (signal.SIGINT, signal.SIGTERM)


class _Parser(argparse.ArgumentParser):
    """A parser that reports an error in one line, without the usage."""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise ValueError(message)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the simulator; return 0 after a stop and 2 for a usage error.

    Once it listens it prints one line of JSON with base_url, api_key and public_key, and with
    control_token unless the control endpoint is open.
    """
    try:
        args = _parser().parse_args(argv)
        if args.list:
            _list()
            return 0
        _run(_settings(args), with_parent=args.with_parent)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"telnyx-console simulator: {error}\n")
        return USAGE_ERROR
    return 0


def _parser() -> argparse.ArgumentParser:
    about = "Simulate the Telnyx Voice API over HTTP."
    parser = _Parser(prog="telnyx-console simulator", description=about)
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on")
    add("--port", type=int, default=0, help="port to listen on; 0 for any free one")
    add("--webhook-url", metavar="URL", help="URL that receives the webhooks")
    add("--failover-url", metavar="URL", help="URL for webhooks that the first did not accept")
    add("--scenario", default="empty", metavar="NAME", help="name from --list, or a .toml file")
    add("--seed", type=int, default=1, help="the same seed gives the same events and ids")
    add("--speed", type=float, default=1.0, help="pace of the people; clocks are not changed")
    add("--with-parent", action="store_true", help="stop when standard input ends")
    add("--open-control", action="store_true", help="serve /control without a token")
    add("--fault", action="append", default=[], metavar="NAME=RATE", help="rate from 0 to 1")
    add("--rule", action="append", default=[], metavar="NAME=VALUE", help="rule from --list")
    add("--floor-shape", choices=FLOOR_SHAPES, default="both-alternating", help="floor.changed")
    add("--rate-limit", type=int, default=DEFAULT_LIMIT, help="API requests per minute")
    add("--list", action="store_true", help="list scenarios, faults and rules, then exit")
    return parser


def _settings(args: argparse.Namespace) -> Settings:
    if not 0 <= args.port <= LARGEST_PORT:
        raise ValueError(f"--port must be from 0 to {LARGEST_PORT}, not {args.port}")
    if not 0 < args.speed < float("inf"):
        raise ValueError(f"--speed must be more than 0, not {args.speed}")
    if args.rate_limit < 1:
        raise ValueError(f"--rate-limit must be 1 or more, not {args.rate_limit}")
    if args.failover_url is not None and args.webhook_url is None:
        raise ValueError("--failover-url needs --webhook-url")
    rules: dict[str, Any] = dict(_rule(one) for one in args.rule)
    urls = [_url(one) for one in (args.webhook_url, args.failover_url) if one is not None]
    return Settings(
        scenario=scenario_file.load(args.scenario),
        host=args.host,
        port=args.port,
        seed=args.seed,
        speed=args.speed,
        faults=dict(_fault(one) for one in args.fault),
        rate_limit=args.rate_limit,
        rules=replace(Rules(floor_shape=args.floor_shape), **rules),
        delivery=DeliveryPolicy(urls=tuple(urls)),
        control_token=None if args.open_control else secrets.token_urlsafe(),
    )


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"{text!r} is not an http or https URL")
    return text


def _fault(text: str) -> tuple[str, float]:
    name, _, rate = text.partition("=")
    if name not in FAULTS:
        raise ValueError(f"no fault is named {name!r}; --list shows them")
    try:
        value = float(rate)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"--fault {text}: the rate must be a number from 0 to 1")
    return name, value


def _rule(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    if name not in RULES:
        raise ValueError(f"no rule is named {name!r}; --list shows them")
    kind = int if RULES[name] == "int" else float
    try:
        number = kind(value)
    except ValueError:
        number = -1
    if not 0 <= number < float("inf"):
        raise ValueError(f"--rule {text}: the value must be a number from 0")
    return name, number


def _list() -> None:
    write = sys.stdout.write
    write("Scenarios\n")
    for name in scenario_file.names():
        write(f"  {name:<22}{scenario_file.load(name).summary}\n")
    write("Faults\n")
    for name, what in FAULTS.items():
        write(f"  {name:<22}{what}\n")
    write("Rules\n")
    for name in RULES:
        write(f"  {name:<26}{getattr(Rules(), name):g}\n")


def _run(settings: Settings, *, with_parent: bool) -> None:
    """Print the ready line as soon as the socket listens, then load the slow imports and serve."""
    for number in STOPS:
        signal.signal(number, lambda *_: sys.exit(0))
    with listener.open_socket(settings.host, settings.port) as listening_socket:
        from console.simulator.signer import Signer  # noqa: PLC0415 - not for --help and --list

        _say_ready(settings, listener.origin(listening_socket), Signer(settings.seed).public_key)
        from console.simulator import run_until_stopped  # noqa: PLC0415 - heavy: the ready line comes first

        run_until_stopped.until_stopped(
            replace(settings, listening_socket=listening_socket), STOPS, with_parent=with_parent
        )


def _say_ready(settings: Settings, origin: str, public_key: str) -> None:
    ready = {
        "base_url": origin + listener.API,
        "api_key": listener.api_key(settings.seed),
        "public_key": public_key,
    }
    if settings.control_token is not None:
        ready["control_token"] = settings.control_token
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
