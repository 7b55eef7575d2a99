"""Tests for a user's folders: XDG variables, then HOME, then the user database, then none."""

from __future__ import annotations

import pwd

import pytest

from console.user_folders import folder_of


@pytest.mark.parametrize(
    ("state", "home", "entry", "expected"),
    [
        ("/state", "/home/ana", "/root", "/state"),
        ("state", "/home/ana", "/root", "/home/ana/.local/state"),
        ("", "/home/ana", "/root", "/home/ana/.local/state"),
        (None, "/home/ana", "/root", "/home/ana/.local/state"),
        (None, "ana", "/root", "/root/.local/state"),
        (None, "", "/root", "/root/.local/state"),
        (None, None, "/root", "/root/.local/state"),
        ("/state", None, None, "/state"),
        ("state", "ana", None, None),
        (None, None, None, None),
    ],
)
def test_the_first_absolute_path_wins(
    monkeypatch: pytest.MonkeyPatch,
    state: str | None,
    home: str | None,
    entry: str | None,
    expected: str | None,
) -> None:
    for name, value in {"XDG_STATE_HOME": state, "HOME": home}.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)

    def look_up(uid: int) -> pwd.struct_passwd:
        if entry is None:
            raise KeyError(uid)
        return pwd.struct_passwd(("ana", "x", uid, uid, "", entry, "/bin/sh"))

    monkeypatch.setattr(pwd, "getpwuid", look_up)
    found = folder_of("XDG_STATE_HOME", ".local", "state")
    assert (None if found is None else str(found)) == expected
