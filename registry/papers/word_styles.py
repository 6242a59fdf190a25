"""What every .docx of ours shares: faces, lines, Chinese, and what the file says of itself.

The fonts are named, not embedded: whoever edits the file has 仿宋_GB2312, or his program takes the
仿宋 that came with it, which the table of fonts names beside it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any
from xml.sax.saxutils import quoteattr

from docx.enum.text import WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

LETTER_FACE, TITLE_FACE, SMALL_FACE = "仿宋_GB2312", "方正小标宋简体", "宋体"
INSTEAD = {LETTER_FACE: "仿宋", TITLE_FACE: "宋体", SMALL_FACE: "SimSun"}
FOOTER_SIZE = Pt(9)
LONGEST_FACT = 255  # signs that the properties of a file hold
NO_DAY = date(1980, 1, 1)  # the first that a .docx can say
# What XML cannot say; no such sign has ink.
UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def speakable(text: str) -> str:
    return UNSPEAKABLE.sub("", text)


def set_page(
    document: Any, *, top: float, bottom: float, left: float, right: float, footer: float
) -> None:
    """Make the pages A4 with these margins in mm."""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(top), Mm(bottom)
    page.left_margin, page.right_margin = Mm(left), Mm(right)
    page.footer_distance = Mm(footer)


def set_font(style: Any, face: str, size: Any) -> None:
    """Also for Chinese: a style has one name of a font for each kind of script."""
    style.font.name, style.font.size = face, size
    style.font.bold, style.font.color.rgb = False, None
    fonts = style.element.rPr.rFonts
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), face)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme would win over the name


def set_lines(style: Any, pitch: Any) -> None:
    lines = style.paragraph_format
    lines.line_spacing_rule, lines.line_spacing = WD_LINE_SPACING.EXACTLY, pitch
    lines.space_before = lines.space_after = Pt(0)


def set_chinese(style: Any) -> None:
    """Commas stand as in China, and no gaps come between digits and signs: 2026年11月27日."""
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")  # Latin letters and digits
    language.set(qn("w:eastAsia"), "zh-CN")
    style.element.rPr.append(language)
    for gap in ("w:autoSpaceDE", "w:autoSpaceDN"):
        without = OxmlElement(gap)
        without.set(qn("w:val"), "0")
        style.element.pPr.insert_element_before(without, "w:spacing", "w:ind", "w:jc")


def without_border(style: Any) -> None:
    for border in style.element.pPr.findall(qn("w:pBdr")):
        style.element.pPr.remove(border)


def set_facts(document: Any, title: str, author: str, day: date | None) -> None:
    """What the file says of itself, and what may stand in for a font that is not installed."""
    facts = document.core_properties
    facts.title, facts.author = speakable(title)[:LONGEST_FACT], speakable(author)[:LONGEST_FACT]
    facts.comments = facts.keywords = ""
    facts.created = facts.modified = datetime.combine(day or NO_DAY, time(), UTC)
    faces = "".join(
        f"<w:font w:name={quoteattr(face)}><w:altName w:val={quoteattr(other)}/></w:font>"
        for face, other in INSTEAD.items()
    )
    fonts = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    name = qn("w:fonts")[1:].split("}")[0]
    fonts._blob = f'<w:fonts xmlns:w="{name}">{faces}</w:fonts>'.encode()
