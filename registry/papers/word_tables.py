"""A table of a .docx: columns of fixed widths, boxes that span some of them, texts in paragraphs.

Written as XML at once: python-docx looks through the whole table for every cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from registry.papers.word_styles import speakable

TWIPS = 1440 / 25.4  # of a millimetre
HALF_POINTS = 2
INSIDE = 1.5  # mm at the left and at the right of a text

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class WordCell:
    """The paragraphs of one box, each with its place; ``span`` columns wide."""

    paragraphs: tuple[tuple[str, Align], ...]
    span: int = 1
    top: bool = False  # else in the middle
    before_last: float = 0  # mm of room above the last paragraph, to write in


@dataclass(frozen=True)
class WordRow:
    """One row, at least ``height`` mm high; a heading stands again on every page."""

    cells: tuple[WordCell, ...]
    height: float = 0
    heading: bool = False


def add_table(
    document: Any, widths: Sequence[float], rows: Sequence[WordRow], *, size: float
) -> None:
    """Add a table at the end of the document; ``widths`` in mm, ``size`` of the letters in pt."""
    grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths)
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = "".join(
        f'<w:{side} w:w="{_twips(INSIDE)}" w:type="dxa"/>' for side in ("left", "right")
    )
    xml = (
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblW w:w="{_twips(sum(widths))}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        + "".join(_row(row, widths, size) for row in rows)
        + "</w:tbl>"
    )
    document.element.body[-1].addprevious(parse_xml(xml))  # the last is what the section is like


def _row(row: WordRow, widths: Sequence[float], size: float) -> str:
    heading = "<w:tblHeader/>" if row.heading else ""
    height = f'<w:trHeight w:val="{_twips(row.height)}" w:hRule="atLeast"/>'
    cells, at = [], 0
    for cell in row.cells:
        cells.append(_cell(cell, sum(widths[at : at + cell.span]), size))
        at += cell.span
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{heading}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(cell: WordCell, width: float, size: float) -> str:
    last = len(cell.paragraphs) - 1
    paragraphs = "".join(
        _paragraph(text, align, size, cell.before_last if at == last else 0)
        for at, (text, align) in enumerate(cell.paragraphs)
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/>'
        f'<w:gridSpan w:val="{cell.span}"/>'
        f'<w:vAlign w:val="{"top" if cell.top else "center"}"/></w:tcPr>{paragraphs}</w:tc>'
    )


def _paragraph(text: str, align: Align, size: float, before: float) -> str:
    lines = speakable(text).split("\n")
    run = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    half = round(size * HALF_POINTS)
    return (
        f'<w:p><w:pPr><w:spacing w:before="{_twips(before)}" w:after="0" w:line="240" '
        f'w:lineRule="auto"/><w:ind w:firstLine="0"/><w:jc w:val="{align}"/></w:pPr>'
        f'<w:r><w:rPr><w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>{run}</w:r></w:p>'
    )


def _twips(millimetres: float) -> int:
    return round(millimetres * TWIPS)
