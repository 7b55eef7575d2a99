"""A failing disk below SQLite: a VFS in front of the default one of this process.

Every file is the real one, except for its table of methods (sqlite.org/vfs.html,
sqlite3_io_methods): a copy in which one method can be replaced by one that fails. While no fault is
set, no call passes through Python.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import sqlite3
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_longlong, c_void_p
from typing import Any, ClassVar

FAILURES = {
    "write": ("xWrite", sqlite3.SQLITE_IOERR_WRITE),
    "sync": ("xSync", sqlite3.SQLITE_IOERR_FSYNC),
    "read": ("xRead", sqlite3.SQLITE_IOERR_READ),
    "full": ("xWrite", sqlite3.SQLITE_FULL),
}
"""The method that fails, with its error code: EIO in three ways, and ENOSPC."""
_METHODS = (
    *("xClose", "xRead", "xWrite", "xTruncate", "xSync", "xFileSize", "xLock", "xUnlock"),
    *("xCheckReservedLock", "xFileControl", "xSectorSize", "xDeviceCharacteristics"),
    *("xShmMap", "xShmLock", "xShmBarrier", "xShmUnmap", "xFetch", "xUnfetch"),
)
_CALLS = (
    *("xOpen", "xDelete", "xAccess", "xFullPathname", "xDlOpen", "xDlError", "xDlSym", "xDlClose"),
    *("xRandomness", "xSleep", "xCurrentTime", "xGetLastError", "xCurrentTimeInt64"),
    *("xSetSystemCall", "xGetSystemCall", "xNextSystemCall"),
)
_TRANSFER = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_longlong)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)


class _Methods(ctypes.Structure):
    _fields_: ClassVar = [("iVersion", c_int), *((name, c_void_p) for name in _METHODS)]


class _File(ctypes.Structure):
    _fields_: ClassVar = [("pMethods", c_void_p)]


class _Vfs(ctypes.Structure):
    _fields_: ClassVar = [
        *((name, c_int) for name in ("iVersion", "szOsFile", "mxPathname")),
        *(("pNext", c_void_p), ("zName", c_char_p), ("pAppData", c_void_p)),
        *((name, c_void_p) for name in _CALLS),
    ]


class Disk:
    """The disk that SQLite of this process uses from now on; one for each process."""

    def __init__(self) -> None:
        self.refused = 0
        """Failed calls since ``fail``."""
        self._how = ""
        self._tables: dict[int, tuple[_Methods, _Methods]] = {}
        """By the address of the real table: the real one, and the copy in use."""
        library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
        library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        found = library.sqlite3_vfs_find(None).contents
        self._vfs = _Vfs.from_buffer_copy(found)
        self._really_open = _OPEN(found.xOpen)
        self._calls = (_OPEN(self._open), _TRANSFER(self._transferred), _SYNC(self._synced))
        self._vfs.zName = b"failing"
        self._vfs.xOpen = _address(self._calls[0])
        code = library.sqlite3_vfs_register(ctypes.byref(self._vfs), 1)
        assert code == sqlite3.SQLITE_OK, code

    def fail(self, how: str) -> None:
        """Fail in a way of FAILURES from now on; an empty text ends the failure."""
        self._how, self.refused = how, 0
        for real, used in self._tables.values():
            self._set(real, used)

    def _set(self, real: _Methods, used: _Methods) -> None:
        for name in ("xWrite", "xSync", "xRead"):
            failing = bool(self._how) and FAILURES[self._how][0] == name
            ours = _address(self._calls[2 if name == "xSync" else 1])
            setattr(used, name, ours if failing else getattr(real, name))

    def _open(self, vfs: int, name: int, at: int, flags: int, out: int) -> int:
        code: int = self._really_open(vfs, name, at, flags, out)
        file = _File.from_address(at)
        if code == sqlite3.SQLITE_OK and file.pMethods:
            file.pMethods = ctypes.addressof(self._table(file.pMethods))
        return code

    def _table(self, address: int) -> _Methods:
        if address not in self._tables:
            real = _Methods.from_address(address)
            self._tables[address] = real, _Methods.from_buffer_copy(real)
            self._set(*self._tables[address])
        return self._tables[address][1]

    def _transferred(self, *_: int) -> int:
        return self._refuse()

    def _synced(self, *_: int) -> int:
        return self._refuse()

    def _refuse(self) -> int:
        self.refused += 1
        return FAILURES[self._how][1] if self._how else sqlite3.SQLITE_IOERR


def _address(call: Any) -> int | None:  # noqa: ANN401  # ctypes has no name for this type
    return ctypes.cast(call, c_void_p).value
