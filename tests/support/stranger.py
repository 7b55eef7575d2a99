"""A user unknown to the system: no passwd entry and no HOME, as in many containers."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UID = 424_242
"""A number without an entry in any user database."""
_BLIND = (
    "import pwd, runpy, sys\n"
    "def nobody(uid): raise KeyError(uid)\n"
    "pwd.getpwuid = nobody\n"
    "sys.argv = sys.argv[1:]\n"
    "runpy.run_module('console', run_name='__main__', alter_sys=True)\n"
)


def as_stranger(*arguments: str) -> list[str]:
    """Return the command that runs the console as that user.

    If the tests run as root, the process has that uid and may still read our files, which may be in
    root's home. Otherwise its look-up in the user database fails.
    """
    command = ["env", "-u", "HOME", "-u", "LOGNAME", "-u", "USER", "-u", "LNAME", "-u", "USERNAME"]
    if os.geteuid() or shutil.which("setpriv") is None:
        return [*command, sys.executable, "-P", "-c", _BLIND, "console", *arguments]
    may_read = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    command += ["setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups", *may_read]
    return [*command, sys.executable, "-P", "-m", "console", *arguments]


@contextmanager
def folder_of_stranger() -> Iterator[Path]:
    """Yield an empty folder that belongs to that user and that it can reach."""
    with tempfile.TemporaryDirectory(prefix="stranger-") as folder:
        if not os.geteuid():
            os.chown(folder, UID, UID)
        yield Path(folder)
