"""A form of boxes as a .docx that Word and WPS open and edit: one table, its rows never parted."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Pt

from registry.papers.forms import Form, Row
from registry.papers.word_styles import (
    FOOTER_SIZE,
    SMALL_FACE,
    TITLE_FACE,
    set_chinese,
    set_facts,
    set_font,
    set_lines,
    set_page,
    speakable,
    without_border,
)
from registry.papers.word_tables import WordCell, WordRow, add_table

SIZE, TITLE_SIZE = Pt(10.5), Pt(20)
PITCH, TITLE_PITCH = Pt(15), Pt(28)
SIGNED = 9.0  # mm that a line to sign takes
ABOVE_SIGN_OFF = Pt(12)


def write_form(form: Form) -> bytes:
    """Return the form as the file of a word processor."""
    document = Document()
    set_page(document, top=16, bottom=17, left=15, right=15, footer=8)
    _set_styles(document)
    set_facts(document, form.title, "", form.day)
    document.add_paragraph(speakable(form.heading), style="Title")
    if any(form.above):
        _add_line(document, form.above)
    add_table(document, form.widths, [_row(row) for row in form.rows], size=SIZE.pt)
    if form.below:
        signed = _add_line(document, form.below)
        signed.paragraph_format.space_before = ABOVE_SIGN_OFF
    for words in form.notes:
        document.add_paragraph(speakable(words))
    if not (form.below or form.notes):
        document.add_paragraph()  # a document does not end with a table
    if form.footer:
        document.sections[0].footer.paragraphs[0].text = speakable(form.footer)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _row(row: Row) -> WordRow:
    cells = []
    for box in row.boxes:
        if box.sign:
            paragraphs: Any = ((box.text, "left"), (box.sign, "right"))
            room = max(0.0, row.height - 2 * SIGNED)
            cells.append(WordCell(paragraphs, box.span, top=True, before_last=room))
        else:
            align: Any = "center" if box.label else "left"
            cells.append(WordCell(((box.text, align),), box.span))
    return WordRow(tuple(cells), row.height)


def _add_line(document: Any, texts: tuple[str, ...]) -> Any:
    """Add texts spread over one line: the last ends at the right edge."""
    line = document.add_paragraph()
    width = document.sections[0]
    room = width.page_width - width.left_margin - width.right_margin
    for at, words in enumerate(texts):
        if at:
            line.add_run("\t")
        line.add_run(speakable(words))
    stops = line.paragraph_format.tab_stops
    for at in range(1, len(texts)):
        last = at == len(texts) - 1 and len(texts) == 2
        stops.add_tab_stop(
            room if last else room * at // len(texts),
            WD_TAB_ALIGNMENT.RIGHT if last else WD_TAB_ALIGNMENT.LEFT,
        )
    return line


def _set_styles(document: Any) -> None:
    normal = document.styles["Normal"]
    set_font(normal, SMALL_FACE, SIZE)
    set_lines(normal, PITCH)
    set_chinese(normal)
    title = document.styles["Title"]
    set_font(title, TITLE_FACE, TITLE_SIZE)
    set_lines(title, TITLE_PITCH)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(6)
    without_border(title)
    set_font(document.styles["Footer"], SMALL_FACE, FOOTER_SIZE)
