"""A template and data in, a PDF out.

``render("roster", paper.data())`` compiles ``templates/papers/roster.typ``. The data reaches the
template as one JSON text, so a name such as ``#panic()`` or ``$x$`` is printed as it is written:
Typst never parses it. One document is compiled at a time, since many in one document cost
gigabytes; what Typst remembers of earlier ones is limited by the wheel to the last ten.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from registry.papers.typefaces import VENDORED, Typefaces

EMPTY = 3  # compilations of nothing between two papers: 110 MB instead of 205

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "papers"

# A Compiler refuses a second call while one is running; threads of the server take turns.
_turn = Lock()


class PaperError(Exception):
    """A paper could not be printed: its template is missing or refuses the data."""


def render(
    template: str,
    data: Mapping[str, Any],
    *,
    typefaces: Typefaces = VENDORED,
    printed_at: datetime | None = None,
) -> bytes:
    """Return the PDF of ``template`` (a file name in ``templates/papers``, without .typ).

    ``data`` must be what JSON can say. ``printed_at`` is the creation time that the file carries;
    the same data and time give the same bytes. Raises PaperError for an unknown template and for
    data that the template cannot print.
    """
    file = TEMPLATES / f"{template}.typ"
    if file.parent != TEMPLATES or not file.is_file():
        raise PaperError(
            f"There is no paper “{template}”. Look into templates/papers for those there are."
        )
    inputs = {
        "data": json.dumps(data, ensure_ascii=False),
        "fonts": json.dumps(typefaces.families(), ensure_ascii=False),
    }
    if printed_at:  # Typst takes no zone whose distance from UTC may change, and whole seconds only
        printed_at = printed_at.astimezone(UTC).replace(microsecond=0)
    with _turn:
        try:
            pdf = _compiler(typefaces).compile(
                str(file), format="pdf", sys_inputs=inputs, timestamp=printed_at
            )
        except typst.TypstError as error:
            raise PaperError(
                f"The paper “{template}” could not be printed: {error}. Mend the template."
            ) from error
    assert isinstance(pdf, bytes)  # noqa: S101  (pictures come as a list, a PDF never does)
    return pdf


def forget(typefaces: Typefaces) -> None:
    """Let go of most of what Typst remembers of the papers before the last: half of its memory.

    It forgets what ten compilations have not used, so a few of nothing make room; what every paper
    uses is used again in time. For a process that prints many papers.
    """
    with _turn:
        for _ in range(EMPTY):
            _compiler(typefaces).compile(b"", format="svg")


@cache
def _compiler(typefaces: Typefaces) -> typst.Compiler:
    """One compiler per set of fonts: finding the fonts takes longer than setting a paper."""
    return typst.Compiler(
        root=str(TEMPLATES),
        font_paths=[str(folder) for folder in typefaces.searched()],
        ignore_system_fonts=not typefaces.installed,
    )
