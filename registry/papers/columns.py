"""A printed list as a table of columns, said once for paper, workbook and page.

The columns of a list are declared beside what they show (``members/papers/roster.py``), for
example::

    COLUMNS = (
        PaperColumn("name", "姓名", 18, lambda member: member.name, breaks="after_dot"),
        PaperColumn("joined_on", "入党时间", 18, lambda member: member.joined_on.dotted()),
        PaperColumn("job", "单位及职务", 40, lambda member: member.job, "left", "freely"),
    )

``table(COLUMNS, members)`` turns records into texts; PDF, workbook and page print the same texts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar

from registry.papers.breaking import Breaks

Record = TypeVar("Record")
Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class PaperColumn(Generic[Record]):
    """One column: its heading, its share of the width, and the text of one record in it.

    Widths are millimetres when they add up to the width of the page's table;
    otherwise they are stretched or shrunk to it together. ``breaks`` says where a line may end,
    see ``registry.papers.breaking``.
    """

    key: str  # a layout names its columns by this; it stays when the heading changes
    heading: str  # may hold a line break, used only where it does not fit on one line
    width: float
    value: Callable[[Record], str]
    align: Align = "center"
    breaks: Breaks = "never"
    under: str = ""  # the heading that stands above this column and its neighbours


@dataclass(frozen=True)
class Heading:
    """One cell of the headings: how many columns and how many rows of them it spans."""

    words: str
    columns: int = 1
    rows: int = 1
    at: int = 0  # its first column


@dataclass(frozen=True)
class Section:
    """Rows that stand together, as those of one branch: their heading, and their sum below them.

    Rows that are ``sums`` of those above them, column by column, are no records.
    """

    rows: tuple[tuple[str, ...], ...]
    heading: str = ""
    total: str = ""
    sums: bool = False


@dataclass(frozen=True)
class PaperTable:
    """Columns and the texts below them, in the order in which they print."""

    columns: tuple[PaperColumn[Any], ...]
    sections: tuple[Section, ...]

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The rows of all sections."""
        return tuple(row for section in self.sections for row in section.rows)

    def without_empty(self, keep: Collection[str] = ()) -> PaperTable:
        """Return the table without columns that say nothing in any row, but for those to ``keep``.

        A table without rows keeps all of its columns, and one that says nothing its first.
        """
        rows = self.rows
        said = [
            at
            for at, column in enumerate(self.columns)
            if column.key in keep or not rows or any(row[at].strip() for row in rows)
        ] or [0]
        return PaperTable(
            tuple(self.columns[at] for at in said),
            tuple(
                replace(section, rows=tuple(tuple(row[at] for at in said) for row in section.rows))
                for section in self.sections
            ),
        )

    @property
    def headings(self) -> tuple[tuple[Heading, ...], ...]:
        """The headings in one row; in two where columns stand together under one of their own."""
        columns = self.columns
        if not any(column.under for column in columns):
            return (tuple(Heading(column.heading, at=at) for at, column in enumerate(columns)),)
        above: list[Heading] = []
        for at, column in enumerate(columns):
            if column.under and at and columns[at - 1].under == column.under:
                above[-1] = replace(above[-1], columns=above[-1].columns + 1)
            elif column.under:
                above.append(Heading(column.under, at=at))
            else:
                above.append(Heading(column.heading, rows=2, at=at))
        below = (Heading(each.heading, at=at) for at, each in enumerate(columns) if each.under)
        return tuple(above), tuple(below)

    def texts(self) -> Iterator[str]:
        """Every text that is printed, headings first."""
        yield from (heading.words for row in self.headings for heading in row)
        for section in self.sections:
            yield from (section.heading, section.total)
            for row in section.rows:
                yield from row


def table(columns: Sequence[PaperColumn[Record]], records: Iterable[Record]) -> PaperTable:
    """Return the records as texts, one row each, in the order they come."""
    return PaperTable(tuple(columns), (Section(rows_of(columns, records)),))


def rows_of(
    columns: Sequence[PaperColumn[Record]], records: Iterable[Record]
) -> tuple[tuple[str, ...], ...]:
    """Return the texts of the records, for a section of a table."""
    return tuple(tuple(column.value(record) for column in columns) for record in records)
