"""The shell commands ``telnyx-console journal`` and ``telnyx-console audit``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from typing import Never

from console.journal import shell_commands as tool
from console.journal.locations import home
from console.journal.log import JournalTable, Record
from console.journal.retention import Retention
from console.sources.clock import now
from console.telnyx.errors import SettingRefusedError
from console.telnyx.signature import Verifier
from console.view.text.labels import clean

_KEEP = Retention()
LONGEST = 2000
"""Most characters of one line of the audit."""
_HELP = """\
telnyx-console journal info          show size, tables, keys and writer
telnyx-console journal verify        check the file and the signature of every event
telnyx-console journal export        print every row as one JSON object per line
telnyx-console journal prune         remove old rows; refused while a console runs
  --days N  --megabytes N            keep this much (3 days, 512 MB; the audit always)

telnyx-console audit show            print every command: time, who, targets, outcome
  --raw                              print every row as written, with ids
telnyx-console audit verify          check the hash chain and print its head
  --head DIGEST                      an earlier head: shows if the end was removed
telnyx-console audit export          print its rows as one JSON object per line

  --profile NAME                     the profile (default)
  --seat N                           1 for the receiver, 2 to 9 for other consoles
"""


class UsageError(Exception):
    """The user made a mistake; the text is one line."""


class _JournalParser(argparse.ArgumentParser):
    def error(self, message: str) -> Never:
        raise UsageError(f"{message} (see telnyx-console --help)")


def run(arguments: Sequence[str]) -> int:
    """Run ``journal`` or ``audit`` with its arguments and return the exit code.

    Raise UsageError with one line for the operator.
    """
    asked = _parser().parse_args(arguments)
    if asked.help:
        sys.stdout.write(_HELP)
        return 0
    try:
        return _work(asked)
    except tool.FAILURES as failure:
        raise UsageError(str(failure)) from None


def _work(asked: argparse.Namespace) -> int:
    where = tool.Where(home(), asked.profile, now().wall, asked.seat)
    work = {
        ("journal", "info"): partial(tool.info, where, _say),
        ("journal", "verify"): partial(tool.verify, where, _say, _proves),
        ("journal", "export"): partial(tool.export, where, _say, frozenset(JournalTable)),
        ("journal", "prune"): partial(
            tool.pruned, where, _say, Retention(asked.days, asked.megabytes)
        ),
        ("audit", "show"): partial(
            tool.show, where, _say, partial(clean, limit=LONGEST), as_written=asked.raw
        ),
        ("audit", "verify"): partial(tool.check, where, _say, asked.head),
        ("audit", "export"): partial(tool.export, where, _say, frozenset({JournalTable.AUDIT})),
    }.get((asked.what, asked.verb))
    if work is None:
        raise UsageError(f"there is no {asked.what} {asked.verb} (see telnyx-console --help)")
    return work()


def _parser() -> argparse.ArgumentParser:
    parser = _JournalParser(prog="telnyx-console", add_help=False, allow_abbrev=False)
    parser.add_argument("what")
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("verb", nargs="?", default="info")
    parser.add_argument("--profile", default="default")
    parser.add_argument("--seat", type=int, default=1)
    parser.add_argument("--days", type=float, default=_KEEP.days)
    parser.add_argument("--megabytes", type=float, default=_KEEP.megabytes)
    parser.add_argument("--head")
    parser.add_argument("--raw", action="store_true")
    return parser


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _proves(record: Record) -> bool:
    """True if an event is signed by the key it names, whatever that key's validity."""
    try:
        verifier = Verifier([record.key])
    except SettingRefusedError:
        return False
    return not verifier.check([record.stamp], [record.signature], record.body, record.at.wall)
