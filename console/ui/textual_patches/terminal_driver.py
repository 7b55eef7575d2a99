"""Textual's terminal driver, made safe for a terminal that sends rubbish, stalls or hangs up.

It uses private parts of Textual 8.2.8, which is pinned: the decoder, the writer thread and its
queue have no public interface. tests/ui/test_safe_app.py lists the parts that are used.
"""

from __future__ import annotations

import os
import selectors
import threading
from codecs import getincrementaldecoder
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import Empty, Full
from typing import IO, Any, Final

from textual import events
from textual._time import get_time
from textual.app import App
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from console.ui.ascii_fallback import is_utf8, to_ascii
from console.ui.right_to_left import keep_columns
from console.ui.textual_patches.input_to_messages import TerminalInput

HUNG_UP: Final = 129
"""Exit code after the terminal hung up, as of a program that SIGHUP ended."""
BACKLOG: Final = 6
"""Waiting writes from which frames are left out: two frames of begin, body and end."""
LAST_WORDS: Final = 1.0
"""Seconds that the terminal gets to read the waiting writes when the app ends."""
CHUNK: Final = 4096
TICK: Final = 0.1
"""Longest wait of the input thread, in seconds, before it checks if it must end."""
ASK_ABOUT_MOUSE: Final = "\x1b[?1006$p\x1b[>c"
"""Asks if the terminal has SGR mouse reports (DECRQM), and for its name: tmux answers only that."""
MOUSE_ON: Final = "\x1b[?1006h\x1b[?1000h"
MOUSE_OFF: Final = "\x1b[?1002l\x1b[?1000l\x1b[?1006l"
DRAG_ON: Final = "\x1b[?1002h"
DRAG_OFF: Final = "\x1b[?1002l\x1b[?1000h"
"""Ends mode 1002, and sets 1000 again for terminals in which 1002 had replaced it."""


class Writer(WriterThread):
    """A writer thread whose callers never wait.

    It calls ``drained`` in its own thread when the queue is empty after ``tell_when_drained``, and
    ``broken`` when the terminal is gone.
    """

    def __init__(
        self, file: IO[str], *, drained: Callable[[], None], broken: Callable[[], None]
    ) -> None:
        super().__init__(file)
        self._drained = drained
        self._broken = broken
        self._awaits_drain = threading.Event()
        self._hung_up = False
        self.lost = False
        """True once some output was dropped."""

    @property
    def behind(self) -> bool:
        """True if the terminal has not read the last two frames."""
        return self._queue.qsize() >= BACKLOG

    def tell_when_drained(self) -> None:
        """Call ``drained`` once no write waits."""
        self._awaits_drain.set()
        self._report_drained()

    def _report_drained(self) -> None:
        if self._queue.empty() and self._awaits_drain.is_set():
            self._awaits_drain.clear()
            self._drained()

    def write(self, text: str) -> None:
        """Queue a text. Drop it if the queue is full, since the terminal has stopped reading."""
        try:
            self._queue.put_nowait(text)
        except Full:
            self.lost = True

    def run(self) -> None:
        """Write queued texts until ``stop``. After a hang-up, take and drop them."""
        while (text := self._queue.get()) is not None:
            if not self._hung_up:
                self._write_out(text)
            self._report_drained()

    def _write_out(self, text: str) -> None:
        """Write to the descriptor: a stalled write holds the lock of a file until Python exits."""
        data = memoryview(text.encode(errors="replace"))
        try:
            while data:
                data = data[os.write(self.fileno(), data) :]
        except (OSError, ValueError):
            self.lost = self._hung_up = True
            self._broken()

    def stop(self) -> None:
        """End the thread, and wait up to ``LAST_WORDS`` for the waiting writes."""
        with suppress(Empty):
            while self._queue.full():
                self._queue.get_nowait()
                self.lost = True
        with suppress(Full):
            self._queue.put_nowait(None)
        self.join(LAST_WORDS)


class SafeDriver(LinuxDriver):
    """A LinuxDriver that no input, stall or hang-up of the terminal can freeze or break."""

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
        """Install our writer in place of Textual's, which has not been started yet."""
        if thread is None or self._file is None:
            self._writer = None
        else:
            refresh = partial(self._in_loop, self._app.refresh)
            self._writer = Writer(self._file, drained=refresh, broken=self._hang_up)

    def write(self, data: str) -> None:
        """Queue a text, in the characters that the terminal can show."""
        super().write(keep_columns(data) if self._utf8 else to_ascii(data))

    def process_message(self, message: Message) -> None:
        """Pass a message to the app. Ask for mouse moves only while a button is down."""
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
        """Ask for reports of buttons and the wheel, if the terminal sends them in SGR form.

        The older form is ``ESC [ M`` with three free characters, and ``ESC [ M`` alone is a key on
        some terminals. Moves without a button (1003) are not needed.
        """
        if self._mouse and self._reports_mouse:
            self.write(MOUSE_ON)

    def _disable_mouse_support(self) -> None:
        if self._mouse and self._reports_mouse:
            self.write(MOUSE_OFF)

    def _enable_mouse_pixels(self) -> None:
        """Do nothing: mouse positions stay in cells."""

    def disable_input(self) -> None:
        """Stop reading, and turn the mouse off again: a late answer may have turned it on."""
        super().disable_input()
        self._disable_mouse_support()

    @property
    def behind(self) -> bool:
        """True if frames must be left out, since the terminal has not read the last ones."""
        return self._writer is not None and self._writer.behind

    @property
    def left_in_modes(self) -> bool:
        """True if the terminal was put into the app's modes, and has not got all output since."""
        writer = self._writer
        return writer is not None and (writer.is_alive() or writer.lost)

    def repaint_when_drained(self) -> None:
        """Repaint the whole screen once the terminal has read the waiting writes."""
        if self._writer is not None:
            self._writer.tell_when_drained()

    def run_input_thread(self) -> None:
        """Read the terminal and pass its input on as messages. Invalid UTF-8 becomes U+FFFD.

        Timeouts apply only if nothing can be read. So a slow machine, which reads the parts of a
        sequence late, does not split it.
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
        """Return the bytes that the terminal sent; empty if it has hung up."""
        try:
            return os.read(self.fileno, CHUNK)
        except OSError:
            return b""

    def _run_input_thread(self) -> None:
        """Run the input thread, and pass an error to the app, which then exits."""
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001 - without this thread the app reads no keys
            self._in_loop(partial(self._app._handle_exception, error))  # noqa: SLF001

    def _hang_up(self) -> None:
        """Exit the app, once, since the terminal is gone."""
        if not self._ended:
            self._ended = True
            self._in_loop(lambda: self._app.exit(return_code=HUNG_UP))

    def _in_loop(self, call: Callable[[], object]) -> None:
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(call)
