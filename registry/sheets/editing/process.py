"""Starts the process that changes a workbook, and ends it where it takes too long."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from registry.sentences import Sentence
from registry.sheets import codes, formats, transport
from registry.sheets.editing.package import NotInPlace
from registry.sheets.reading import WALL_SECONDS
from registry.sheets.workbook import Unreadable

LENGTH = 8  # bytes that say how long the task is
MAX_RESULT = 100 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[3]


def edited(data: bytes, name: str, task: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return what the process reports of ``task``, and the changed workbook.

    Raises NotInPlace for a workbook that is no .xlsx, or of a kind that is not changed in place;
    Unreadable with one sentence for everything else, also where the process crashed or hung.
    """
    if formats.recognise(data, name) != formats.ZIP:
        raise NotInPlace
    packed = json.dumps(task).encode()
    process = subprocess.Popen(
        [sys.executable, "-m", "registry.sheets.editing.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("The editing process has no pipes.")
    clock = threading.Timer(WALL_SECONDS, process.kill)
    clock.daemon = True
    clock.start()
    try:
        # The child reads its whole input before it writes, so neither waits for the other.
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(len(packed).to_bytes(LENGTH, "big") + packed)
            process.stdin.write(data)
            process.stdin.close()
        answer = process.stdout.read(MAX_RESULT + 1)
    finally:
        clock.cancel()
        process.kill()
        process.stdout.close()
        process.wait()
    return _told(answer)


def _told(answer: bytes) -> tuple[dict[str, Any], bytes]:
    line, _, result = answer.partition(b"\n")
    try:
        said = json.loads(line)
    except ValueError:
        said = {}
    if "unreadable" in said:
        raise Unreadable(transport.unpacked_sentence(said["unreadable"]))
    if "not_in_place" in said:
        raise NotInPlace
    if "report" not in said or not result or len(answer) > MAX_RESULT:
        raise Unreadable(
            Sentence(
                "The workbook cannot be changed: it is damaged, or needs more time or memory than "
                "is allowed. Copy the table alone into a new workbook and upload that.",
                code=codes.FILE_UNREADABLE,
            )
        )
    return said["report"], result
