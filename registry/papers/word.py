"""A letter as a .docx that Word and WPS open and edit: real paragraphs and styles, no text boxes.

The fonts are named, not embedded: whoever edits the letter has 仿宋_GB2312, or his program takes
the 仿宋 that came with it, which the table of fonts names beside it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from registry.papers.letters import Letter

LETTER_FACE, TITLE_FACE, SMALL_FACE = "仿宋_GB2312", "方正小标宋简体", "宋体"
INSTEAD = {LETTER_FACE: "仿宋", TITLE_FACE: "宋体", SMALL_FACE: "SimSun"}
SIZE, TITLE_SIZE, NOTE_SIZE, FOOTER_SIZE = Pt(16), Pt(22), Pt(14), Pt(9)
PITCH, TITLE_PITCH = Pt(28), Pt(36)
INDENT = 200  # hundredths of a sign
BLANK = "　" * 10  # underlined: where somebody writes an addressee by hand
# What XML cannot say; no such sign has ink.
UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

NUMBER, TEXT, ADDRESSEE, SIGN_OFF, NOTE = "编号", "正文缩进", "称谓", "落款", "附注"


def write_docx(letter: Letter) -> bytes:
    """Return the letter as the file of a word processor."""
    document = Document()
    _set_page(document)
    _set_styles(document)
    _set_facts(document, letter)
    _add(document, "Title", letter.title)
    if letter.number_line:
        _add(document, NUMBER, letter.number_line)
    _add(document, ADDRESSEE)  # an empty line
    _add_addressee(document, letter.addressee)
    for words in (*letter.paragraphs, letter.closing):
        if words:
            _add(document, TEXT, words)
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
    if letter.footer:
        document.sections[0].footer.paragraphs[0].text = _speakable(letter.footer)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _add(document: Any, style: str, words: str = "") -> Any:
    return document.add_paragraph(_speakable(words), style=style)


def _add_addressee(document: Any, addressee: str) -> None:
    paragraph = document.add_paragraph(style=ADDRESSEE)
    run = paragraph.add_run(_speakable(addressee) or BLANK)
    run.underline = True if not addressee else None
    paragraph.add_run("：")


def _speakable(text: str) -> str:
    return UNSPEAKABLE.sub("", text)


def _set_page(document: Any) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    page.footer_distance = Mm(20)


def _set_styles(document: Any) -> None:
    normal = document.styles["Normal"]
    _set_font(normal, LETTER_FACE, SIZE)
    _set_lines(normal, PITCH)
    _set_chinese(normal)
    _set_font(document.styles["Title"], TITLE_FACE, TITLE_SIZE)
    _set_lines(document.styles["Title"], TITLE_PITCH)
    document.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _without_border(document.styles["Title"])
    _set_font(document.styles["Footer"], SMALL_FACE, FOOTER_SIZE)
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


def _set_font(style: Any, face: str, size: Any) -> None:
    """Also for Chinese: a style has one name of a font for each kind of script."""
    style.font.name, style.font.size = face, size
    style.font.bold, style.font.color.rgb = False, None
    fonts = style.element.rPr.rFonts
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), face)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme would win over the name


def _set_lines(style: Any, pitch: Any) -> None:
    lines = style.paragraph_format
    lines.line_spacing_rule, lines.line_spacing = WD_LINE_SPACING.EXACTLY, pitch
    lines.space_before = lines.space_after = Pt(0)


def _set_chinese(style: Any) -> None:
    """Commas stand as in China, and no gaps come between digits and signs: 2026年11月27日."""
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")  # Latin letters and digits
    language.set(qn("w:eastAsia"), "zh-CN")
    style.element.rPr.append(language)
    for gap in ("w:autoSpaceDE", "w:autoSpaceDN"):
        without = OxmlElement(gap)
        without.set(qn("w:val"), "0")
        style.element.pPr.insert_element_before(without, "w:spacing", "w:ind", "w:jc")


def _indent_first_lines(style: Any) -> None:
    """By signs, so that it stays two when somebody makes the letters larger."""
    style.paragraph_format.first_line_indent = SIZE * 2
    style.element.pPr.ind.set(qn("w:firstLineChars"), f"{INDENT}")


def _without_border(style: Any) -> None:
    for border in style.element.pPr.findall(qn("w:pBdr")):
        style.element.pPr.remove(border)


def _set_facts(document: Any, letter: Letter) -> None:
    """What the file says of itself, and what may stand in for a font that is not installed."""
    facts = document.core_properties
    facts.title, facts.author = _speakable(letter.title)[:255], _speakable(letter.signature)[:255]
    facts.comments = facts.keywords = ""
    facts.created = facts.modified = datetime.combine(letter.day, time(), UTC)
    faces = "".join(
        f"<w:font w:name={quoteattr(face)}><w:altName w:val={quoteattr(other)}/></w:font>"
        for face, other in INSTEAD.items()
    )
    fonts = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    name = qn("w:fonts")[1:].split("}")[0]
    fonts._blob = f'<w:fonts xmlns:w="{name}">{faces}</w:fonts>'.encode()
