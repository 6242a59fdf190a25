"""A printed list: title, lines above the table, the table, a line to sign.

One list becomes a PDF, a workbook ready to print and a page (``registry/papers/writing.py``), with
the same texts in all three.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from registry.papers.columns import PaperTable, Section
from registry.papers.setting import ListSetting
from registry.papers.typefaces import VENDORED, Typefaces


@dataclass(frozen=True)
class Page:
    """A size of paper, in mm: its name for Typst, its sheet, and the width left for a table."""

    paper: str
    flipped: bool
    width: float
    sheet: tuple[float, float]  # width and height as it lies

    @property
    def margin(self) -> float:
        """The margin at the left and at the right."""
        return (self.sheet[0] - self.width) / 2


A4 = Page("a4", flipped=False, width=180, sheet=(210, 297))
A4_ON_ITS_SIDE = Page("a4", flipped=True, width=273, sheet=(297, 210))
A3_ON_ITS_SIDE = Page("a3", flipped=True, width=390, sheet=(420, 297))


@dataclass(frozen=True)
class ListPaper:
    """A printed list: title, a line above the table, the table, a line to sign.

    ``unit_line``, ``day`` and ``count_line`` stand above the table (填报单位（盖章）：…,
    填报时间：2026年11月20日, 共23人); ``signoff`` are the labels of the last line; ``empty`` is
    printed in place of rows where there are none; ``footer`` stands at the left foot of every page
    (who printed it and when, what is masked).
    """

    title: str
    unit_line: str
    day: str
    count_line: str
    table: PaperTable
    signoff: tuple[str, ...] = ("填表人：", "审核人：", "日期：　　　年　　月　　日", "（盖章）")
    empty: str = "（无人员）"
    footer: str = ""
    size: float = 10  # of the table's letters, in points
    page: Page = A4_ON_ITS_SIDE
    page_per_section: bool = False
    to_write_in: bool = False  # every row is high enough to write in by hand, as to sign in
    correction: str = ""  # what stands in the empty line below each row, as on a sheet to check
    warnings: tuple[str, ...] = ()  # what to tell whoever prints it

    template: ClassVar[str] = "list"

    def texts(self) -> Iterator[str]:
        """Every text that is printed, for ``glyphs.missing_glyphs``."""
        yield from (self.title, self.unit_line, self.day, self.count_line, self.empty, self.footer)
        yield self.correction
        yield from self.signoff
        yield from self.table.texts()

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of the table, at least one."""
        return self.table.sections or (Section(()),)

    def names_nobody(self, section: Section) -> bool:
        """Whether ``empty`` stands in place of the section's rows; a mere sum needs none."""
        records = [each for each in self.sections if not each.sums]
        return not section.rows and (section.heading != "" or len(records) == 1)

    def sheets(self) -> list[ListPaper]:
        """Return the list, or one list per section where each begins a page; the last is signed.

        A section without heading, as the sum of all, stays with the one before it.
        """
        parts: list[list[Section]] = []
        for section in self.sections:
            if not parts or (self.page_per_section and section.heading):
                parts.append([])
            parts[-1].append(section)
        return [
            replace(
                self,
                table=replace(self.table, sections=tuple(part)),
                signoff=self.signoff if part is parts[-1] else (),
            )
            for part in parts
        ]

    @property
    def count(self) -> int:
        """How many records are listed."""
        return sum(len(section.rows) for section in self.sections if not section.sums)

    def data(self, typefaces: Typefaces = VENDORED) -> dict[str, Any]:
        """Return what ``templates/papers/list.typ`` reads: the pages, line by line."""
        return ListSetting(self, typefaces).data()
