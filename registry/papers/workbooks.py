"""A list as a workbook that is ready to print: borders, headings on every page, page numbers.

Every cell is text, so nothing in it is a formula and no digit of an ID number is lost.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from registry.papers.breaking import Room
from registry.papers.columns import Heading, Section
from registry.papers.lists import ListPaper
from registry.papers.measuring import widths
from registry.papers.setting import BOTTOM, POINT, ROOM_TO_WRITE, SIGNOFF, TOP
from registry.papers.typefaces import VENDORED
from registry.sheets.sheet_names import sheet_names
from registry.sheets.writing import LineSheet

FONT = "宋体"  # every office has it; a workbook carries no font
TITLE, UNIT_LINE, FOOTER = 20, 11, 9  # points
PITCH = 1.3  # from line to line, in em
PADDING = 7  # points above and below a text together
HIGHEST = 409  # points; Excel makes no row higher
PAPERS = {"a3": 8, "a4": 9}  # the numbers by which Excel knows them
FOOTER_AT = 8  # millimetres above the edge of the sheet
MM_PER_INCH = 25.4
PIXELS_PER_MM = 96 / MM_PER_INCH
INSIDE = 2.2  # millimetres of a cell that its text leaves free
BETWEEN_LABELS = "　" * 6  # where the columns are too few for one each
SIGNOFF_ROW = 30  # points
LONGEST_FOOTER = 255  # signs; Excel takes a file with a longer one for damaged

Across = tuple[str, int, int]  # a text, how many columns it spans, its format


def write_workbook(paper: ListPaper) -> bytes:
    """Return an .xlsx of the list; with a sheet per section where each begins a page."""
    sheets = paper.sheets()
    if len(sheets) == 1:
        return workbook([(paper.title, paper)])
    return workbook([(sheet.sections[0].heading or paper.title, sheet) for sheet in sheets])


def workbook(sheets: Sequence[tuple[str, ListPaper]]) -> bytes:
    """Return an .xlsx with a sheet for each list; names are made such as Excel takes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    styles = _Styles(book)
    names = sheet_names([name for name, _paper in sheets])
    for name, (_wanted, paper) in zip(names, sheets, strict=True):
        sheet = book.add_worksheet(name, worksheet_class=LineSheet)
        _Printed(sheet, paper, styles).write()
    book.close()
    return buffer.getvalue()


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[tuple[str, Any], ...], int] = {}

    def __call__(self, **properties: Any) -> int:
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            plain = {"font_name": FONT, "num_format": "@", "valign": "vcenter"}
            self.made[key] = self.book.add_format(plain | properties)._get_xf_index()
        return self.made[key]


class _Printed:
    """A sheet, written from the first row down."""

    def __init__(self, sheet: Any, paper: ListPaper, styles: _Styles) -> None:
        self.sheet, self.paper, self.styles = sheet, paper, styles
        self.columns = paper.table.columns
        stretch = paper.page.width / sum(column.width for column in self.columns)
        self.widths = [column.width * stretch for column in self.columns]
        # A cell breaks its text by itself: how many lines that makes is all that is asked here.
        self.text = widths(VENDORED, "text")
        self.rooms = [
            Room(_em(width, paper.size), self.text, column.breaks, column.align == "center")
            for width, column in zip(self.widths, self.columns, strict=True)
        ]
        self.formats = [
            (
                styles(border=1, font_size=paper.size, align=column.align, shrink=True),
                styles(border=1, font_size=paper.size, align=column.align, text_wrap=True),
            )
            for column in self.columns
        ]

    def write(self) -> None:
        paper = self.paper
        self.sheet.begin(len(self.columns) - 1)
        self._set_up_pages()
        title = self.styles(bold=True, font_size=TITLE, align="center", text_wrap=True)
        self._across([(paper.title, len(self.columns), title)], TITLE)
        self._unit_line()
        self._headings()
        for section in paper.sections:
            self._section(section)
        if paper.signoff:
            self._signoff()

    def _set_up_pages(self) -> None:
        sheet, page = self.sheet, self.paper.page
        for at, width in enumerate(self.widths):
            sheet.set_column_pixels(at, at, round(width * PIXELS_PER_MM))
        sheet.set_paper(PAPERS[page.paper])
        if page.flipped:
            sheet.set_landscape()
        side = page.margin / MM_PER_INCH
        sheet.set_margins(side, side, TOP / MM_PER_INCH, BOTTOM / MM_PER_INCH)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        pages = f"&C&{FOOTER}第 &P 页 共 &N 页"
        # A blank, since digits that follow a size would be read as part of it.
        left = f"&L&{FOOTER} {self.paper.footer.replace('&', '&&')}" if self.paper.footer else ""
        footer = left[: LONGEST_FOOTER - len(pages)] + pages
        sheet.set_footer(footer, {"margin": FOOTER_AT / MM_PER_INCH})

    # Above and below the table

    def _unit_line(self) -> None:
        """Write unit, day and number of people on one line where the columns give them room."""
        paper = self.paper
        style = self.styles(font_size=UNIT_LINE, text_wrap=True)
        at_the_right = self.styles(font_size=UNIT_LINE, align="right")
        left = len(self.columns)
        beside: list[Across] = []
        for text in (paper.count_line, paper.day):
            span = self._columns_for(text, left)
            beside.insert(0, (text, span, at_the_right))
            left -= span
        if left > 0:
            self._across([(paper.unit_line, left, style), *beside], UNIT_LINE)
            return
        for text in (paper.unit_line, paper.day, paper.count_line):
            self._across([(text, len(self.columns), style)], UNIT_LINE)

    def _columns_for(self, text: str, before: int) -> int:
        """Return how many of the columns ``before`` a place a text on one line takes."""
        wanted = self.text.of(text) * UNIT_LINE * POINT + INSIDE
        for span in range(1, before + 1):
            if sum(self.widths[before - span : before]) >= wanted:
                return span
        return before + 1

    def _headings(self) -> None:
        style = self.styles(
            border=1, bold=True, font_size=self.paper.size, align="center", text_wrap=True
        )
        rows = self.paper.table.headings
        for row in rows:
            texts = [("", style)] * len(self.columns)
            for heading in row:
                texts[heading.at] = (heading.words.replace("\n", ""), style)
            lines = max(self._lines_of(heading) for heading in row)
            last = self.sheet.write_texts(texts, _points(lines, self.paper.size))
            self.sheet.merge += [
                [last, each.at, last + each.rows - 1, each.at + each.columns - 1]
                for each in row
                if each.rows > 1 or each.columns > 1
            ]
        self.sheet.repeat_rows(last - len(rows) + 1, last)
        self.sheet.freeze_panes(last + 1, 0)

    def _lines_of(self, heading: Heading) -> int:
        """Return how many lines a heading takes in each of its rows."""
        width = sum(self.widths[heading.at : heading.at + heading.columns])
        room = Room(_em(width, self.paper.size), self.text, centered=True)
        return -(-len(room.fit(heading.words.replace("\n", "")).lines) // heading.rows)

    def _signoff(self) -> None:
        """Write the labels of the last line, each with columns behind it to sign in."""
        style = self.styles(font_size=SIGNOFF)
        labels = self.paper.signoff
        share = self.paper.page.width / len(labels)
        spans = [0] * len(labels)
        middle = 0.0
        for width in self.widths:
            spans[min(int((middle + width / 2) / share), len(labels) - 1)] += 1
            middle += width
        narrow = max(map(self.text.of, labels)) * SIGNOFF * POINT > share
        if narrow or not all(spans):
            together = BETWEEN_LABELS.join(labels)
            cells = [(together, len(self.columns), self.styles(font_size=SIGNOFF, shrink=True))]
        else:
            cells = [(label, span, style) for label, span in zip(labels, spans, strict=True)]
        self._across(cells, SIGNOFF, least=SIGNOFF_ROW)

    # The table

    def _section(self, section: Section) -> None:
        paper, everything = self.paper, len(self.columns)
        band = self.styles(border=1, bold=True, font_size=paper.size, align="left", text_wrap=True)
        if section.heading:
            self._across([(section.heading, everything, band)], paper.size)
        for row in section.rows:
            self._row(row, to_write_in=paper.to_write_in)
            if paper.correction:
                self._row([paper.correction, *[""] * (everything - 1)], to_write_in=True)
        if paper.names_nobody(section):
            style = self.styles(border=1, font_size=paper.size, align="center")
            self._across([(paper.empty, everything, style)], paper.size, least=SIGNOFF_ROW)
        if section.total:
            self._across([(section.total, everything, band)], paper.size)

    def _row(self, texts: Sequence[str], *, to_write_in: bool) -> None:
        """Write one row as high as its highest text; what fits on one line is kept on it."""
        cells, most = [], 1
        for text, room, (on_one_line, on_several) in zip(
            texts, self.rooms, self.formats, strict=True
        ):
            lines = len(room.fit(text).lines)
            most = max(most, lines)
            cells.append((text, on_one_line if lines == 1 else on_several))
        least = ROOM_TO_WRITE / POINT if to_write_in else 0
        self.sheet.write_texts(cells, max(least, _points(most, self.paper.size)))

    def _across(self, cells: Sequence[Across], size: float, *, least: float = 0) -> None:
        """Write a row of texts that span several columns each."""
        texts: list[tuple[str, int]] = []
        spans = []
        most = 1
        for text, span, style in cells:
            first = len(texts)
            texts += [(text, style), *[("", style)] * (span - 1)]
            spans.append((first, len(texts) - 1))
            width = sum(self.widths[first : len(texts)])
            most = max(most, len(Room(_em(width, size), self.text).fit(text).lines))
        row = self.sheet.write_texts(texts, max(least, _points(most, size)))
        self.sheet.merge += [[row, first, row, last] for first, last in spans if last > first]


def _em(millimetres: float, size: float) -> float:
    return max(millimetres - INSIDE, 1) / (size * POINT)


def _points(lines: int, size: float) -> float:
    return min(lines * size * PITCH + PADDING, HIGHEST)
