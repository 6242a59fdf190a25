"""Changes one workbook in a process of its own: ``python -m registry.sheets.editing.child < TASK``.

A hostile workbook takes only this process with it, as with the one that reads. On standard input
stand the length of the task in eight bytes, the task as JSON, and the workbook. On standard output
stands one line of JSON, ``{"report": …}`` or ``{"unreadable": sentence}``, then the new workbook.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from typing import Any, BinaryIO
from xml.parsers import expat

from registry.sentences import Sentence
from registry.sheets import codes, formats, transport
from registry.sheets.child import limit_resources
from registry.sheets.editing import filling, marking
from registry.sheets.editing.package import NotInPlace, Package
from registry.sheets.editing.process import LENGTH
from registry.sheets.editing.rows import Misbuilt
from registry.sheets.workbook import Unreadable

MAX_TASK = 64 * 1024 * 1024

TASKS: dict[str, Callable[[Package, dict[str, Any]], dict[str, Any]]] = {
    "mark": marking.mark,
    "fill": filling.fill,
}


def edit(data: bytes, task: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return the report of the task and the changed workbook; raise Unreadable or NotInPlace."""
    try:
        package = Package(data)
        report = TASKS[task["task"]](package, task)
        package.check()
        return report, package.save()
    except (Misbuilt, ValueError, KeyError, IndexError, expat.ExpatError):
        raise Unreadable(
            Sentence(
                "The workbook is built so that it cannot be changed. Open it in Excel, save it as "
                "a new .xlsx and upload that.",
                code=codes.FILE_UNREADABLE,
            )
        ) from None


def main(source: BinaryIO, out: BinaryIO) -> None:
    length = int.from_bytes(source.read(LENGTH), "big")
    task = json.loads(source.read(min(length, MAX_TASK)))
    result = b""
    try:
        report, result = edit(source.read(formats.MAX_UPLOAD + 1), task)
        said: dict[str, Any] = {"report": report}
    except NotInPlace:
        said = {"not_in_place": True}
    except Unreadable as refusal:
        said = {"unreadable": transport.packed_sentence(refusal.sentence)}
    out.write(json.dumps(said).encode() + b"\n")
    out.write(result)
    out.flush()


if __name__ == "__main__":
    limit_resources()
    main(io.BufferedReader(sys.stdin.buffer), sys.stdout.buffer)  # type: ignore[type-var]
