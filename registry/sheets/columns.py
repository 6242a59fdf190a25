"""Which column of a kind of sheet is which field. The tables themselves live in the apps' sheets.

One ``SheetColumn`` says everything of a column once: its field, what people call it, how a cell is
read. ``ColumnTable.synonyms`` goes to the layout, ``ColumnTable.match`` judges what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from registry.sentences import Sentence, warning
from registry.sheets import codes, headings
from registry.sheets.cells import QUESTION, CellError, Read, read_text
from registry.sheets.workbook import Column, Sheet, Value, plain

OWN = "own:"  # begins the name of a field that an office keeps for itself
_LONGEST_OWN = 500
_SAMPLE = 50  # records asked when values must decide what a column is


@dataclass(frozen=True)
class SheetColumn:
    """One field of a kind of sheet.

    ``headings`` are its names, the first the one we write ourselves. ``also`` are names that other
    fields share (职务: Party or job); they are decided by the rest of the sheet, by the values, or
    asked. ``usual`` are those of them that mean this field where the values leave it open, and
    ``decides`` is a stricter reader by which values decide it. ``derived`` fields (序号, 年龄) are
    known but not read.
    """

    field: str
    headings: tuple[str, ...]
    read: Callable[[Value], Read[Any]]
    required: bool = False
    also: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()
    decides: Callable[[Value], Read[Any]] | None = None
    derived: bool = False

    @property
    def label(self) -> str:
        """What the column is called where several are offered."""
        return (*self.headings, *self.usual, *self.also)[0]


@dataclass(slots=True)
class Matched:
    """The columns of one sheet: by field, unknown ones by letter, and what must be said of them."""

    by_field: dict[str, Column] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)  # letter → heading
    findings: list[Sentence] = field(default_factory=list)

    @property
    def fields(self) -> dict[str, str]:
        """Letter → field, as other programs are told."""
        return {column.letter: name for name, column in self.by_field.items()}


@dataclass(frozen=True)
class ColumnTable:
    columns: tuple[SheetColumn, ...]
    ignored: frozenset[str] = frozenset()  # headings of our own in a workbook that went back

    def __post_init__(self) -> None:
        seen: dict[str, str] = {}
        for column in self.columns:
            for heading in column.headings:
                form = headings.with_note(heading)
                if seen.setdefault(form, column.field) != column.field:
                    raise ValueError(f"{form} names both {seen[form]} and {column.field}.")

    @cached_property
    def by_field(self) -> dict[str, SheetColumn]:
        return {column.field: column for column in self.columns}

    @cached_property
    def shared(self) -> dict[str, tuple[str, ...]]:
        """Headings that several fields share, each with these fields in the order of the table."""
        found: dict[str, tuple[str, ...]] = {}
        for column in self.columns:
            for heading in (*column.also, *column.usual):
                form = headings.with_note(heading)
                found[form] = (*found.get(form, ()), column.field)
        return found

    @cached_property
    def synonyms(self) -> Mapping[str, str]:
        """Normal form of each heading → field; a shared one → the first field that it may be."""
        table = {form: fields[0] for form, fields in self.shared.items()}
        for column in self.columns:
            table.update((headings.with_note(name), column.field) for name in column.headings)
        return table

    def reader_of(self, name: str) -> Callable[[Value], Read[Any]]:
        """Return how the cells of a field are read; an office's own fields are text."""
        if name.startswith(OWN):
            return partial(read_text, max_length=_LONGEST_OWN)
        return self.by_field[name].read

    def match(self, sheet: Sheet, answers: Mapping[str, str] | None = None) -> Matched:
        """Return which column of ``sheet`` is which field.

        ``answers`` maps a place (Sheet1!C), or the normal form of a heading, to the field that
        the office has chosen for it ("" for none); it goes before the table.
        """
        answers = answers or {}
        matched = Matched()
        open_columns: list[Column] = []
        for column in sheet.columns:
            chosen = answers.get(sheet.address(column, 0)[:-1], answers.get(column.normal))
            if chosen is None and column.normal in self.shared:
                open_columns.append(column)
                continue
            name = column.field if chosen is None else chosen
            if name in self.by_field or name.startswith(OWN):
                self._take(sheet, matched, name, column)
            else:
                matched.unknown[column.letter] = column.heading
        for column in open_columns:
            self._decide(sheet, matched, column)
        for letter in [each for each, name in matched.unknown.items() if name in self.ignored]:
            del matched.unknown[letter]
        self._miss(matched, sheet)
        return matched

    def _take(self, sheet: Sheet, matched: Matched, name: str, column: Column) -> None:
        """Give a field its column; of two the one that is filled, where the other is empty."""
        first = matched.by_field.setdefault(name, column)
        if first is column:
            return
        if not _values(sheet, column) or _agree(sheet, first, column):
            return
        if not _values(sheet, first):
            matched.by_field[name] = column
            return
        matched.findings.append(
            Sentence(
                "The columns %(first)s and %(second)s of the sheet “%(sheet)s” are both read as "
                "“%(heading)s” and differ. Rename or delete one.",
                code=codes.HEADING_TWICE,
                field=name,
                first=first.letter,
                second=column.letter,
                sheet=sheet.name,
                heading=column.heading,
            )
        )

    def _decide(self, sheet: Sheet, matched: Matched, column: Column) -> None:
        """Find the one field that a shared heading can be here; ask where it could be several."""
        free = [name for name in self.shared[column.normal] if name not in matched.by_field]
        if len(free) > 1:
            sample = _values(sheet, column)
            free = [name for name in free if _reads(self.by_field[name], sample)] or free
        if len(free) > 1:
            free = [name for name in free if self._usually(name, column.normal)] or free
        if not free:
            matched.unknown[column.letter] = column.heading
        elif len(free) == 1:
            matched.by_field[free[0]] = column
        else:
            matched.unknown[column.letter] = column.heading
            matched.findings.append(
                Sentence(
                    "The heading “%(heading)s” in column %(letter)s of the sheet “%(sheet)s” may "
                    "mean %(choices)s. Choose which.",
                    level=QUESTION,
                    code=codes.HEADING_AMBIGUOUS,
                    heading=column.heading,
                    letter=column.letter,
                    sheet=sheet.name,
                    choices=" / ".join(self.by_field[name].label for name in free),
                )
            )

    def _usually(self, name: str, form: str) -> bool:
        return form in map(headings.with_note, self.by_field[name].usual)

    def _miss(self, matched: Matched, sheet: Sheet) -> None:
        for column in self.columns:
            if column.required and column.field not in matched.by_field:
                matched.findings.append(
                    Sentence(
                        "The sheet “%(sheet)s” has no column “%(heading)s”. Add it.",
                        code=codes.HEADING_MISSING,
                        field=column.field,
                        sheet=sheet.name,
                        heading=column.headings[0],
                    )
                )
        if matched.unknown:
            matched.findings.append(
                warning(
                    "The sheet “%(sheet)s” has columns that are not known and were not read: "
                    "%(headings)s.",
                    code=codes.HEADING_UNKNOWN,
                    sheet=sheet.name,
                    headings=", ".join(
                        f"{letter} {heading}" for letter, heading in matched.unknown.items()
                    ),
                )
            )


def _values(sheet: Sheet, column: Column) -> list[Value]:
    """Return the first values of a column that are not blank."""
    values = (record.values[column.index] for record in sheet.records)
    sample: list[Value] = []
    for value in values:
        if value is not None and len(sample) < _SAMPLE:
            sample.append(value)
    return sample


def _agree(sheet: Sheet, first: Column, second: Column) -> bool:
    return all(
        plain(record.values[second.index]) in (None, plain(record.values[first.index]))
        for record in sheet.records
    )


def _reads(column: SheetColumn, sample: Sequence[Value]) -> bool:
    """Return whether the column's stricter reader, or its only one, takes every sample value."""
    read = column.decides or column.read
    for value in sample:
        try:
            read(value)
        except CellError:
            return False
    return True
