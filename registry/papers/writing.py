"""A paper in, a file out: PDF, workbook, page or letter to edit, with the same texts in each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Protocol

from registry.papers.compiling import render
from registry.papers.forms import Form
from registry.papers.pages import write_page
from registry.papers.typefaces import VENDORED, Typefaces
from registry.papers.word import write_docx
from registry.papers.word_forms import write_form
from registry.papers.workbooks import write_workbook

PDF, XLSX, DOCX, HTML = "pdf", "xlsx", "docx", "html"
CONTENT_TYPES = {
    PDF: "application/pdf",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    HTML: "text/html; charset=utf-8",
}


class Printable(Protocol):
    """What can be printed: a list, a letter, a form of boxes."""

    template: ClassVar[str]

    @property
    def title(self) -> str: ...

    @property
    def count(self) -> int:
        """How many records are on it."""

    def texts(self) -> Iterator[str]:
        """Every text that is printed, for ``glyphs.missing_glyphs``."""

    def data(self, typefaces: Typefaces = VENDORED) -> dict[str, Any]:
        """What its Typst template reads, measured by ``typefaces`` where it is measured."""


def write(
    paper: Printable,
    form: str,
    *,
    typefaces: Typefaces = VENDORED,
    printed_at: datetime | None = None,
) -> bytes:
    """Return the file of ``paper`` in one of the forms that its kind has.

    Raises PaperError where the paper cannot be printed.
    """
    if form == PDF:
        data = paper.data(typefaces)
        return render(paper.template, data, typefaces=typefaces, printed_at=printed_at)
    return WRITERS[form](paper)


def _write_word(paper: Any) -> bytes:
    return write_form(paper) if isinstance(paper, Form) else write_docx(paper)


WRITERS: Mapping[str, Callable[[Any], bytes]] = {
    XLSX: write_workbook,
    DOCX: _write_word,
    HTML: write_page,
}
