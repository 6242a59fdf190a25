"""A list set for printing: every line and every page of it, for ``templates/papers/list.typ``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from registry.papers.breaking import Fitted, Room
from registry.papers.columns import Heading, Section
from registry.papers.measuring import widths
from registry.papers.paging import Block, PrintedPage, Strip, paged, parts
from registry.papers.typefaces import Typefaces

if TYPE_CHECKING:
    from registry.papers.lists import ListPaper

# Millimetres, where nothing else is said.
TOP, BOTTOM = 17, 18  # margins
INSIDE = 0.8  # between the line of a cell and its text, at the left and at the right
PADDING = 1.5  # the same above and below
BELOW_TITLE, BELOW_UNIT_LINE, ABOVE_SIGNOFF = 4, 1.5, 5
BETWEEN = 10  # two texts on one line
TO_SIGN = 22  # the least that is left behind a label of the last line
ROOM_TO_WRITE = 8.5  # the height of a line to write in by hand
TITLE, UNIT_LINE, SIGNOFF = 22.0, 11.0, 10.5  # points
SPARE = 0.5  # of a page, for what adding heights may lose
SHORTEST_PART = 40.0  # of a row that is continued on the next page
POINT = 25.4 / 72
LEADING = 0.25  # em between two lines; a line is one em high


def height(lines: int, size: float) -> float:
    """Return how high so many lines of a size in points are."""
    return (lines + (lines - 1) * LEADING) * size * POINT


class ListSetting:
    """A list, and the fonts by which it is measured."""

    def __init__(self, paper: ListPaper, typefaces: Typefaces) -> None:
        self.paper = paper
        self.text = widths(typefaces, "text")
        self.title_text = widths(typefaces, "title")
        columns = paper.table.columns
        stretch = paper.page.width / sum(column.width for column in columns)
        self.widths = [column.width * stretch for column in columns]
        self.rooms = [
            Room(self._em(width - 2 * INSIDE), self.text, column.breaks, column.align == "center")
            for column, width in zip(columns, self.widths, strict=True)
        ]
        self.across = Room(self._em(paper.page.width - 3 * INSIDE), self.text)
        self.fitted: list[dict[str, Fitted]] = [{} for _ in columns]  # many cells say the same

    def data(self) -> dict[str, Any]:
        paper = self.paper
        return {
            "title": {
                "plain": paper.title,
                "words": _words(self.title),
                "size": TITLE,
                "below": BELOW_TITLE,
            },
            "unit_line": {
                "words": "\n".join(filter(None, self.unit_line.lines)),
                "stands_above": len(self.unit_line.lines) > 1,
                "beside": [paper.day, paper.count_line],
                "size": UNIT_LINE,
                "between": BETWEEN,
                "below": BELOW_UNIT_LINE,
            },
            "page": {
                "paper": paper.page.paper,
                "flipped": paper.page.flipped,
                "margin": {"x": paper.page.margin, "top": TOP, "bottom": BOTTOM},
            },
            "inside": INSIDE,
            "leading": LEADING,
            "columns": [
                {"width": width, "align": column.align}
                for width, column in zip(self.widths, paper.table.columns, strict=True)
            ],
            "headings": {
                "heights": self.heading_heights,
                "cells": [self._heading_cell(each) for row in self.headings for each in row],
            },
            "pages": [
                {"titled": page.titled, "strips": [_strip(strip) for strip in page.strips]}
                for page in self.pages
            ],
            "signoff": {"lines": self.signoff, "size": SIGNOFF, "above": ABOVE_SIGNOFF},
            "footer": paper.footer,
            "size": paper.size,
        }

    # Heights

    @cached_property
    def pages(self) -> list[PrintedPage]:
        return paged(
            self._blocks(),
            room=self.room,
            titled_room=self.titled_room,
            signoff=self.signoff_height,
        )

    @property
    def signoff_height(self) -> float:
        return len(self.signoff) * (ABOVE_SIGNOFF + height(1, SIGNOFF))

    @property
    def room(self) -> float:
        """What a page has for strips below the headings."""
        return self.paper.page.sheet[1] - TOP - BOTTOM - SPARE - sum(self.heading_heights)

    @property
    def titled_room(self) -> float:
        above = (
            height(len(self.title.lines), TITLE * self.title.scale)
            + BELOW_TITLE
            + height(len(self.unit_line.lines), UNIT_LINE)
            + BELOW_UNIT_LINE
        )
        return self.room - above

    # What stands above and below the table

    @cached_property
    def title(self) -> Fitted:
        wide = self.paper.page.width / (TITLE * POINT)
        return Room(wide, self.title_text, "never").fit(self.paper.title)

    @cached_property
    def unit_line(self) -> Fitted:
        """The unit, beside day and number of people where it fits there, else above them."""
        point = UNIT_LINE * POINT
        beside = sum(
            self.text.of(text) * point + BETWEEN for text in (self.paper.day, self.paper.count_line)
        )
        room = Room((self.paper.page.width - beside) / point, self.text)
        if self.text.of(self.paper.unit_line) <= room.width:
            return Fitted((self.paper.unit_line,))
        room = Room(self.paper.page.width / point, self.text)
        fitted = room.fit(self.paper.unit_line)
        return Fitted((*fitted.lines, ""))  # the last line has day and number

    @cached_property
    def signoff(self) -> list[list[str]]:
        """The labels of the last line, on more lines where there are too many for one."""
        lines: list[list[str]] = []
        left = 0.0
        for label in self.paper.signoff:
            width = self.text.of(label) * SIGNOFF * POINT + TO_SIGN
            if not lines or width > left:
                lines.append([])
                left = self.paper.page.width + TO_SIGN  # nobody signs behind the last one
            lines[-1].append(label)
            left -= width
        return lines

    @cached_property
    def headings(self) -> tuple[tuple[Heading, ...], ...]:
        return self.paper.table.headings

    @cached_property
    def heading_heights(self) -> list[float]:
        """The height of each row of headings; one that spans two has room in both together."""
        heights = [
            self._height([self._heading(each) for each in row if each.rows == 1])
            for row in self.headings
        ]
        highest = self._height([self._heading(each) for each in self.headings[0]])
        heights[-1] += max(0, highest - sum(heights))
        return heights

    def _heading(self, heading: Heading) -> Fitted:
        width = sum(self.widths[heading.at : heading.at + heading.columns])
        room = Room(self._em(width - 2 * INSIDE), self.text, "freely", centered=True)
        return room.heading(heading.words)

    def _heading_cell(self, heading: Heading) -> dict[str, Any]:
        return {
            "words": _words(self._heading(heading)),
            "columns": heading.columns,
            "rows": heading.rows,
        }

    # The table

    def _blocks(self) -> list[Block]:
        blocks: list[Block] = []
        for section in self.paper.sections:
            made = [Block(strips) for strips in self._groups(section)]
            if section.heading and made:
                made[0].strips.insert(0, self._band(section.heading))
                made[0].begins_page = self.paper.page_per_section
            if section.total:
                below = made or blocks or [Block([])]
                below[-1].strips.append(self._band(section.total))
                made = made or ([] if blocks else below)
            blocks += made
        return blocks

    def _groups(self, section: Section) -> Iterator[list[Strip]]:
        """Yield what may not be parted for each row; a row higher than a page in parts."""
        most = self._highest(section)
        for row in section.rows:
            first = self._row(row)
            strips = [first] if first.height <= most else self._parts(first, most)
            yield from ([strip] for strip in strips[:-1])
            yield [strips[-1], *self._correction]
        if self.paper.names_nobody(section):
            yield [Strip(3 * self._height(()), (Fitted((self.paper.empty,)),), "center")]

    def _highest(self, section: Section) -> float:
        """How high a row may be to stand on a page with whatever may not be parted from it."""
        bands = sum(self._band(words).height for words in (section.heading, section.total) if words)
        below = sum(strip.height for strip in self._correction)
        return max(self.titled_room - bands - below - self.signoff_height, SHORTEST_PART)

    def _row(self, row: tuple[str, ...]) -> Strip:
        cells = []
        for text, room, fitted in zip(row, self.rooms, self.fitted, strict=True):
            if text not in fitted:
                fitted[text] = room.fit(text)
            cells.append(fitted[text])
        least = ROOM_TO_WRITE if self.paper.to_write_in else 0
        return Strip(max(least, self._height(cells)), tuple(cells))

    def _parts(self, strip: Strip, most: float) -> list[Strip]:
        lines = max(len(cell.lines) for cell in strip.cells)
        each = int((most - 2 * PADDING) / height(1, self.paper.size * (1 + LEADING)))
        heights = (
            height(min(each, lines - at), self.paper.size) + 2 * PADDING
            for at in range(0, lines, each)
        )
        return parts(strip, each, heights)

    @cached_property
    def _correction(self) -> list[Strip]:
        if not self.paper.correction:
            return []
        label = self.rooms[0].fit(self.paper.correction)
        empty = (Fitted(("",)),) * (len(self.rooms) - 1)
        return [Strip(max(ROOM_TO_WRITE, self._height([label])), (label, *empty))]

    def _band(self, words: str) -> Strip:
        fitted = self.across.fit(words)
        return Strip(self._height([fitted]), (fitted,), "left")

    def _height(self, cells: Any) -> float:
        lines = max((len(cell.lines) for cell in cells), default=1)
        return height(lines, self.paper.size) + 2 * PADDING

    def _em(self, millimetres: float) -> float:
        return millimetres / (self.paper.size * POINT)


def _words(fitted: Fitted) -> Any:
    """Return the text with its line ends; with its scale where it is made smaller."""
    words = "\n".join(fitted.lines)
    return words if fitted.scale == 1 else [words, fitted.scale]


def _strip(strip: Strip) -> dict[str, Any]:
    return {
        "height": strip.height,
        "cells": [_words(cell) for cell in strip.cells],
        "align": strip.align,
    }
