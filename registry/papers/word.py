"""A letter as a .docx that Word and WPS edit: real paragraphs and styles, no text boxes."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from registry.papers.letters import Annex, Letter
from registry.papers.word_styles import (
    FOOTER_SIZE,
    LETTER_FACE,
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

SIZE, TITLE_SIZE, NOTE_SIZE = Pt(16), Pt(22), Pt(14)
PITCH, TITLE_PITCH = Pt(28), Pt(36)
ANNEX_ROW = 8.0  # mm
INDENT = 200  # hundredths of a sign
BLANK = "　" * 10  # underlined: where somebody writes an addressee by hand

NUMBER, TEXT, ADDRESSEE, SIGN_OFF, NOTE = "编号", "正文缩进", "称谓", "落款", "附注"


def write_docx(letter: Letter) -> bytes:
    """Return the letter as the file of a word processor."""
    document = Document()
    set_page(document, top=37, bottom=35, left=28, right=26, footer=20)
    _set_styles(document)
    set_facts(document, letter.title, letter.signature, letter.day)
    _add_head(document, letter)
    for words in (*letter.paragraphs, letter.closing):
        if words:
            _add(document, TEXT, words)
    if letter.annex:
        document.paragraphs[-1].paragraph_format.keep_with_next = True
        _add(document, TEXT)
        _add(document, TEXT, letter.annex.told)
    # What follows stays on the page of the last words, and together.
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _add(document, SIGN_OFF)
    for words, from_edge in letter.sign_off:
        signed = _add(document, SIGN_OFF, words)
        signed.paragraph_format.right_indent = round(SIZE * from_edge)
    signed.paragraph_format.keep_with_next = False
    if letter.notes:
        _add(document, NOTE)
    for words in letter.notes:
        _add(document, NOTE, words)
    if letter.annex:
        _add_annex(document, letter.annex)
    if letter.footer:
        document.sections[0].footer.paragraphs[0].text = speakable(letter.footer)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _add(document: Any, style: str, words: str = "") -> Any:
    return document.add_paragraph(speakable(words), style=style)


def _add_head(document: Any, letter: Letter) -> None:
    _add(document, "Title", "\n".join(letter.title_lines))
    if letter.number_line:
        _add(document, NUMBER, letter.number_line)
    _add(document, ADDRESSEE)  # an empty line
    if letter.addressed:
        _add_addressee(document, letter.addressee)


def _add_addressee(document: Any, addressee: str) -> None:
    paragraph = document.add_paragraph(style=ADDRESSEE)
    run = paragraph.add_run(speakable(addressee) or BLANK)
    run.underline = True if not addressee else None
    paragraph.add_run("：")


def _add_annex(document: Any, annex: Annex) -> None:
    """Add the list on a page of its own, its headings on every page."""
    label = _add(document, ADDRESSEE, "附件")
    label.paragraph_format.page_break_before = True
    _add(document, "Title", annex.title)
    columns = annex.table.columns
    heading = tuple(WordCell(((each.heading.replace("\n", ""), "center"),)) for each in columns)
    rows = [
        WordRow(
            tuple(
                WordCell(((text, column.align),)) for text, column in zip(row, columns, strict=True)
            ),
            ANNEX_ROW,
        )
        for row in annex.table.rows
    ]
    nobody = WordRow((WordCell(((annex.empty, "center"),), len(columns)),), 3 * ANNEX_ROW)
    add_table(
        document,
        annex.widths,
        [WordRow(heading, ANNEX_ROW, heading=True), *(rows or [nobody])],
        size=annex.size,
    )
    _add(document, NOTE)  # a document does not end with a table


def _set_styles(document: Any) -> None:
    normal = document.styles["Normal"]
    set_font(normal, LETTER_FACE, SIZE)
    set_lines(normal, PITCH)
    set_chinese(normal)
    set_font(document.styles["Title"], TITLE_FACE, TITLE_SIZE)
    set_lines(document.styles["Title"], TITLE_PITCH)
    document.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    without_border(document.styles["Title"])
    set_font(document.styles["Footer"], SMALL_FACE, FOOTER_SIZE)
    styles = {
        name: document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        for name in (NUMBER, TEXT, ADDRESSEE, SIGN_OFF, NOTE)
    }
    for style in styles.values():
        style.base_style = normal
        style.quick_style = True
    styles[TEXT].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    styles[NUMBER].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    styles[SIGN_OFF].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    styles[SIGN_OFF].paragraph_format.keep_with_next = True
    styles[NOTE].font.size = NOTE_SIZE
    for name in (TEXT, NOTE):
        _indent_first_lines(styles[name])


def _indent_first_lines(style: Any) -> None:
    """By signs, so that it stays two when somebody makes the letters larger."""
    style.paragraph_format.first_line_indent = SIZE * 2
    style.element.pPr.ind.set(qn("w:firstLineChars"), f"{INDENT}")
