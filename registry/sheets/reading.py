"""The door of the reading side: the bytes of any file in, a ``Workbook`` out."""

from __future__ import annotations

import contextlib
import gc
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from registry.sentences import Sentence, warning
from registry.sheets import codes, formats, layout, transport
from registry.sheets.workbook import Grid, Unreadable, Workbook

WALL_SECONDS = 90.0
# JSON of four million short cells; more is a file made to fill the memory of its reader.
MAX_MESSAGES = 300 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[2]


def read_workbook(
    data: bytes, name: str, synonyms: Mapping[str, str], *, empty: bool = False
) -> Workbook:
    """Return every visible sheet that has recognised headings.

    ``synonyms`` maps the normal form of a heading (``headings.normal``) to its field;
    ``ColumnTable.synonyms`` makes one. Raises Unreadable with one sentence where the file, or
    every sheet of it, gives no records; with ``empty`` a form that waits to be filled is
    returned, too.
    """
    with without_collecting():
        kind, grids, notes = read_grids(data, name)
        return arrange(name, kind, grids, notes, synonyms, empty=empty)


@contextlib.contextmanager
def without_collecting() -> Iterator[None]:
    """Millions of cells and rows, all of them kept and no cycle among them: looking for cycles
    costs more than reading."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


def arrange(
    name: str,
    kind: str,
    grids: list[Grid],
    notes: list[Sentence],
    synonyms: Mapping[str, str],
    *,
    empty: bool = False,
) -> Workbook:
    """Find the layout of each grid; a second call with other synonyms needs no second reading."""
    workbook = Workbook(name, kind, [], list(notes))
    for grid in grids:
        if grid.hidden:
            workbook.notes.append(
                warning(
                    "The hidden sheet “%(sheet)s” was not read. "
                    "Show it in the workbook if it belongs to the list.",
                    code=codes.SHEET_HIDDEN,
                    sheet=grid.name,
                )
            )
        elif sheet := layout.find_layout(grid, synonyms):
            workbook.sheets.append(sheet)
        elif grid.rows:
            workbook.notes.append(
                warning(
                    "No row of the sheet “%(sheet)s” holds headings that are known; "
                    "the sheet was not read.",
                    code=codes.SHEET_WITHOUT_HEADINGS,
                    sheet=grid.name,
                )
            )
    _refuse_what_says_nothing(workbook, grids, empty=empty)
    return workbook


def _refuse_what_says_nothing(workbook: Workbook, grids: list[Grid], *, empty: bool) -> None:
    if not any(grid.rows for grid in grids):
        raise Unreadable(
            Sentence(
                "The workbook is empty: no visible sheet holds anything. Choose another workbook.",
                code=codes.SHEET_WITHOUT_RECORDS,
            )
        )
    if not workbook.sheets:
        raise Unreadable(
            Sentence(
                "No sheet has a row of headings that are known. "
                "Give each column its heading, such as 姓名, 性别 and 身份证号.",
                code=codes.SHEET_WITHOUT_HEADINGS,
            )
        )
    if not empty and not any(sheet.records for sheet in workbook.sheets):
        raise Unreadable(
            Sentence(
                "The workbook holds headings but no rows below them. Fill it in first.",
                code=codes.SHEET_WITHOUT_RECORDS,
            )
        )


def read_grids(data: bytes, name: str) -> tuple[str, list[Grid], list[Sentence]]:
    """Return format, sheets as they stand and notes, read in a process with limits.

    Raises Unreadable, also where the file made that process crash, hang or swell.
    """
    formats.recognise(data, name)  # what needs no parser is answered without a process
    with _reader(data, name) as (messages, ending):
        try:
            return transport.received(messages)
        except (transport.Interrupted, ValueError, KeyError, IndexError, TypeError):
            pass
    raise Unreadable(ending())


class _Ending:
    """Why the process ended before its last message."""

    process: subprocess.Popen[bytes]
    code: int | None = None  # of its own ending; None where we have ended it
    out_of_time = False
    too_much = False

    def __call__(self) -> Sentence:
        if self.too_much:
            return Sentence(
                "The workbook holds too much text to be read at once. Split it.",
                code=codes.FILE_TOO_LARGE,
            )
        if self.out_of_time or self.code in (-signal.SIGXCPU, -signal.SIGKILL):
            return Sentence(
                "Reading the workbook takes too long. "
                "Copy the table alone into a new workbook, or split it.",
                code=codes.FILE_UNREADABLE,
            )
        return Sentence(
            "The workbook cannot be read: it is damaged, or needs more memory than is allowed. "
            "Copy the table alone into a new workbook, save it as .xlsx and upload that.",
            code=codes.FILE_UNREADABLE,
        )


@contextlib.contextmanager
def _reader(data: bytes, name: str) -> Iterator[tuple[Iterator[bytes], _Ending]]:
    """Start the reading process; it inherits neither the keys nor the database of this one."""
    ending = _Ending()
    ending.process = process = subprocess.Popen(
        [sys.executable, "-m", "registry.sheets.child", _argument(name)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
    )

    def stop() -> None:
        ending.out_of_time = True
        process.kill()

    clock = threading.Timer(WALL_SECONDS, stop)
    clock.daemon = True
    clock.start()
    stdin, stdout = process.stdin, process.stdout
    if stdin is None or stdout is None:
        raise RuntimeError("The reading process has no pipes.")
    try:
        # The child reads its whole input before it writes, so neither waits for the other.
        with contextlib.suppress(BrokenPipeError):
            stdin.write(data)
        with contextlib.suppress(BrokenPipeError):
            stdin.close()
        yield _bounded(stdout, ending), ending
    finally:
        clock.cancel()
        ending.code = process.poll()
        process.kill()
        stdout.close()
        process.wait()


def _argument(name: str) -> str:
    """Return the name as a command can take it: without lone surrogates and NUL, and not long."""
    return name.encode(errors="replace").decode().replace("\0", "")[-200:]


def _bounded(lines: IO[bytes], ending: _Ending) -> Iterator[bytes]:
    left = MAX_MESSAGES
    while line := lines.readline(left):
        left -= len(line)
        if left <= 0:
            ending.too_much = True
            return
        yield line
    # The output has ended, so has the process; its code tells why.
    with contextlib.suppress(subprocess.TimeoutExpired):
        ending.process.wait(5)
