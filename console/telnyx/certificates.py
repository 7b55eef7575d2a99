"""Certificate authorities for TLS connections, from environment variables."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable

from console.telnyx.errors import SettingRefusedError, words_of

_FILE, _FOLDERS, _SESSION_KEYS = "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"


def without_authorities() -> ssl.SSLContext:
    """Return a TLS context without authorities, for use without a handshake: it loads at once."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def authorities(load: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """Return the TLS context of ``load``, which reads SSL_CERT_FILE or SSL_CERT_DIR if set.

    Raise SettingRefusedError with the name of the variable that cannot be used. SSLKEYLOGFILE is
    checked too, because Python's ssl writes session keys to it.
    """
    file, folders, session_keys = map(os.environ.get, (_FILE, _FOLDERS, _SESSION_KEYS))
    variable = _SESSION_KEYS
    try:
        if session_keys:
            without_authorities().keylog_filename = session_keys
        variable = _FILE if file else _FOLDERS
        if folders and not file and not any(map(os.path.isdir, folders.split(os.pathsep))):
            raise NotADirectoryError("no such folder")
        return load()
    except OSError as error:
        empty = isinstance(error, ssl.SSLError)
        why = "it holds no certificate" if empty else (error.strerror or words_of(error)).lower()
        raise SettingRefusedError(
            f"{variable} cannot be used ({why}): set it to another, or unset it"
        ) from None


def is_configured() -> bool:
    """True if a variable of the environment changes the TLS context, so that it needs a check."""
    return any(map(os.environ.get, (_FILE, _FOLDERS, _SESSION_KEYS)))
