"""Textual's driver, fit for a terminal that sends rubbish, stops reading or goes away.

It reaches into Textual 8.2.8, which is pinned: the decoder, the writer thread and its queue have
no public door. tests/ui/test_driver.py names all that is used.
"""

from __future__ import annotations

import os
import selectors
import threading
from codecs import getincrementaldecoder
from contextlib import suppress
from functools import partial
from queue import Empty, Full
from typing import TYPE_CHECKING, Any, Final

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver

from console.ui.alphabet import is_utf8, plain
from console.ui.bidirectional import keep_columns

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

    from textual.app import App

HUNG_UP: Final = 129
"""The exit code when the terminal went away: that of a program ended by SIGHUP."""
BACKLOG: Final = 6
"""Writes that may wait before frames are left out: two frames, each a begin, a body and an end."""
LAST_WORDS: Final = 1.0
"""Seconds in which a terminal may still take what was written when the app ends."""
CHUNK: Final = 4096


class Writer(WriterThread):
    """Writes without ever making the one who writes wait."""

    def __init__(
        self, file: IO[str], *, drained: Callable[[], None], broken: Callable[[], None]
    ) -> None:
        super().__init__(file)
        self._drained = drained
        self._broken = broken
        self._starved = threading.Event()
        self._gone = False
        self.lost = False
        """Whether anything that was written did not reach the terminal."""

    @property
    def behind(self) -> bool:
        """Whether the terminal reads more slowly than it is written to."""
        return self._queue.qsize() >= BACKLOG

    def tell_when_drained(self) -> None:
        """Call ``drained`` once nothing waits any more."""
        self._starved.set()
        self._tell()

    def _tell(self) -> None:
        if self._queue.empty() and self._starved.is_set():
            self._starved.clear()
            self._drained()

    def write(self, text: str) -> None:
        """Write it soon; leave it out when the terminal has long stopped reading."""
        try:
            self._queue.put_nowait(text)
        except Full:
            self.lost = True

    def run(self) -> None:
        """Write what comes until the end; go on taking it when there is nobody to write to."""
        while (text := self._queue.get()) is not None:
            if not self._gone:
                self._put_out(text)
            self._tell()

    def _put_out(self, text: str) -> None:
        """Write past the file's buffer: a stalled write would hold its lock until Python ends."""
        data = memoryview(text.encode(errors="replace"))
        try:
            while data:
                data = data[os.write(self.fileno(), data) :]
        except (OSError, ValueError):
            self.lost = self._gone = True
            self._broken()

    def stop(self) -> None:
        """End, and wait a moment for what is still to be written."""
        with suppress(Empty):
            while self._queue.full():
                self._queue.get_nowait()
                self.lost = True
        with suppress(Full):
            self._queue.put_nowait(None)
        self.join(LAST_WORDS)


class SafeDriver(LinuxDriver):
    """A LinuxDriver that no byte of input, no stall and no hang-up can freeze or break."""

    _writer: Writer | None = None
    _utf8 = is_utf8()

    def __init__(self, app: App[Any], **options: Any) -> None:  # noqa: ANN401 - Textual's own
        super().__init__(app, **options)
        self._ended = False

    @property
    def _writer_thread(self) -> Writer | None:
        return self._writer

    @_writer_thread.setter
    def _writer_thread(self, thread: WriterThread | None) -> None:
        """Put our writer where Textual puts its own, which has not been started yet."""
        if thread is None or self._file is None:
            self._writer = None
        else:
            self._writer = Writer(
                self._file,
                drained=lambda: self._in_loop(self._app.refresh),
                broken=self._hang_up,
            )

    def write(self, data: str) -> None:
        """Write it soon, in the signs that the terminal has."""
        super().write(keep_columns(data) if self._utf8 else plain(data))

    @property
    def behind(self) -> bool:
        """Whether frames should wait: the terminal has not taken the last ones yet."""
        return self._writer is not None and self._writer.behind

    @property
    def entered(self) -> bool:
        """Whether the terminal was ever put into our modes."""
        return self._writer is not None

    @property
    def left_cleanly(self) -> bool:
        """Whether all that leaves the terminal in order has reached it."""
        writer = self._writer
        return writer is not None and not writer.is_alive() and not writer.lost

    def repaint_when_drained(self) -> None:
        """Paint the whole screen once the terminal has taken what waits."""
        if self._writer is not None:
            self._writer.tell_when_drained()

    def run_input_thread(self) -> None:
        """Turn what the terminal sends into events; bytes that are no UTF-8 become U+FFFD."""
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        parser = XTermParser(self._debug)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(0.1):
                    data = self._read()
                    if not data:
                        self._hang_up()
                        return
                    for event in parser.feed(decode(data)):
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
        with suppress(EOFError, ParseError):
            for _ in parser.feed(""):
                pass

    def _read(self) -> bytes:
        """What was typed; nothing when the terminal has gone."""
        try:
            return os.read(self.fileno, CHUNK)
        except OSError:
            return b""

    def _run_input_thread(self) -> None:
        """Give an error of the thread to the app, which knows how to end."""
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001 - whatever it is, the app must not go deaf
            self._in_loop(partial(self._app._handle_exception, error))  # noqa: SLF001

    def _hang_up(self) -> None:
        """End the app once: there is nobody left to see it."""
        if not self._ended:
            self._ended = True
            self._in_loop(lambda: self._app.exit(return_code=HUNG_UP))

    def _in_loop(self, call: Callable[[], object]) -> None:
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(call)
