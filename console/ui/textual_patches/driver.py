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

from textual import events
from textual._time import get_time
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver

from console.ui.bidirectional import keep_columns
from console.ui.charset import is_utf8, plain
from console.ui.textual_patches.terminal_input import TerminalInput

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

    from textual.app import App
    from textual.message import Message

HUNG_UP: Final = 129
"""The exit code when the terminal went away: that of a program ended by SIGHUP."""
BACKLOG: Final = 6
"""Writes that may wait before frames are left out: two frames, each a begin, a body and an end."""
LAST_WORDS: Final = 1.0
"""Seconds in which a terminal may still take what was written when the app ends."""
CHUNK: Final = 4096
TICK: Final = 0.1
"""Seconds after which the input thread looks if it is to end."""
ASK_ABOUT_MOUSE: Final = "\x1b[?1006$p\x1b[>c"
"""Does the terminal know SGR mouse reports, and is it tmux, which does not answer that question?"""
MOUSE_ON: Final = "\x1b[?1006h\x1b[?1000h"
MOUSE_OFF: Final = "\x1b[?1002l\x1b[?1000l\x1b[?1006l"
DRAG_ON: Final = "\x1b[?1002h"
DRAG_OFF: Final = "\x1b[?1002l\x1b[?1000h"
"""Ends 1002 where each mode stands alone, and sets 1000 again where 1002 had replaced it."""


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
        self._reports_mouse = False
        """The terminal is known to send mouse reports in SGR form."""

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

    def process_message(self, message: Message) -> None:
        """Pass a message on, and follow the mouse only while a button is down."""
        if isinstance(message, events.MouseEvent) and not self._reports_mouse:
            return
        was_down = bool(self._down_buttons)
        super().process_message(message)
        if bool(self._down_buttons) is not was_down:
            self.write(DRAG_OFF if was_down else DRAG_ON)

    def _request_terminal_sync_mode_support(self) -> None:
        super()._request_terminal_sync_mode_support()
        if self.input_tty and os.environ.get("TERM_PROGRAM", "") != "Apple_Terminal":
            self.write(ASK_ABOUT_MOUSE)

    def _enable_mouse_support(self) -> None:
        """Ask for presses and the wheel, if the terminal reports them in SGR form.

        The older form adds three free characters to ``ESC [ M``, which is a key elsewhere. Moves
        without a button (1003), which nothing here needs, are never asked for.
        """
        if self._mouse and self._reports_mouse:
            self.write(MOUSE_ON)

    def _disable_mouse_support(self) -> None:
        if self._mouse and self._reports_mouse:
            self.write(MOUSE_OFF)

    def _enable_mouse_pixels(self) -> None:
        """Leave mouse positions in cells."""

    def disable_input(self) -> None:
        """Stop reading. An answer may have turned the mouse on again meanwhile."""
        super().disable_input()
        self._disable_mouse_support()

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
        """Turn what the terminal sends into events; bytes that are no UTF-8 become U+FFFD.

        Time counts only while nothing can be read. A slow machine, which reads the parts of a
        sequence late, thus does not take it apart.
        """
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        terminal = TerminalInput()
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                due = terminal.due()
                left = TICK if due is None else due - get_time()
                if selector.select(min(TICK, max(0.0, left))):
                    data = self._read()
                    if not data:
                        self._hang_up()
                        return
                    messages = terminal.feed(decode(data), get_time())
                else:
                    messages = terminal.tick(get_time())
                if terminal.sends_sgr and not self._reports_mouse:
                    self._reports_mouse = True
                    self._enable_mouse_support()
                for message in messages:
                    self.process_message(message)

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
