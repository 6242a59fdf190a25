"""Several papers set at once: processes that print, and whoever feeds them.

Threads would take turns: what sets a paper keeps Python's lock for much of the time. A process
that dies or hangs costs the one paper it was at; another takes its place.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self

from registry.papers.compiling import PaperError
from registry.papers.press import PRINTED, frame, packed, unframed
from registry.papers.typefaces import VENDORED, Typefaces

PRESSES = 2
SECONDS = 120.0  # for one paper; 5,000 people take four
_ROOT = Path(__file__).resolve().parents[2]
# Where Typst looks for the fonts of the account, beside those of the machine.
_FONT_PLACES = ("HOME", "XDG_DATA_HOME", "XDG_DATA_DIRS", "FONTCONFIG_FILE", "FONTCONFIG_PATH")


class Presses:
    """Processes that print, until the ``with`` block is left; what is unfinished then is dropped.

    They are started by a worker or a command, never by a thread that answers a browser.
    """

    def __init__(self, typefaces: Typefaces = VENDORED, count: int = PRESSES) -> None:
        self._typefaces = typefaces
        self._free: SimpleQueue[_Press] = SimpleQueue()
        self._all = [_Press(typefaces) for _ in range(count)]
        for press in self._all:
            self._free.put(press)
        self._threads = ThreadPoolExecutor(count)  # each waits for a process

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for press in self._all:
            press.end()
        self._threads.shutdown()

    def submit(
        self, template: str, data: Mapping[str, Any], printed_at: datetime | None = None
    ) -> Future[bytes]:
        """Return the PDF to come, as ``compiling.render`` makes it; its result may be PaperError.

        Everything is read from ``data`` before this returns.
        """
        order = {
            "template": template,
            "data": data,
            "printed_at": printed_at.isoformat() if printed_at else "",
        }
        packed_order = json.dumps(order, ensure_ascii=False).encode()
        return self._threads.submit(self._print, template, packed_order)

    def _print(self, template: str, order: bytes) -> bytes:
        press = self._free.get()
        try:
            answer = press.print(order)
        finally:
            self._free.put(press)
        if answer is None:
            raise PaperError(
                f"The paper “{template}” could not be printed: it took too long, or needed more"
                " memory than there is."
            )
        if answer[:1] != PRINTED:
            raise PaperError(answer[1:].decode())
        return answer[1:]


class _Press:
    """One process that prints; it is started for its first paper, and anew after it has died."""

    def __init__(self, typefaces: Typefaces) -> None:
        self._typefaces = typefaces
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False
        self._lock = threading.Lock()

    def print(self, order: bytes) -> bytes | None:
        """Return the answer to an order; None where the process has died or hung over it."""
        process = self._running()
        if process is None or process.stdin is None or process.stdout is None:
            return None
        clock = threading.Timer(SECONDS, process.kill)
        clock.daemon = True
        clock.start()
        answer = None
        try:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(frame(order))
                process.stdin.flush()
                answer = unframed(process.stdout)
        finally:
            clock.cancel()
            if answer is None:
                self._stop()
        return answer

    def end(self) -> None:
        self._ended = True
        self._stop()

    def _running(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._process is None and not self._ended:
                self._process = _start(self._typefaces)
            return self._process

    def _stop(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError, ValueError):
                    stream.close()  # type: ignore[union-attr]


def _start(typefaces: Typefaces) -> subprocess.Popen[bytes]:
    """Start a process that inherits neither the keys nor the database of this one."""
    environment = {
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "RAYON_NUM_THREADS": "1",  # one core for each
    }
    return subprocess.Popen(
        [sys.executable, "-m", "registry.papers.press", packed(typefaces)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env=environment | {name: os.environ[name] for name in _FONT_PLACES if name in os.environ},
    )
