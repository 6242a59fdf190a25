"""Finds the layout of a sheet: what stands above the headings, the headings, the records.

Nothing is asked and no cell address is assumed. Every line that is no record is counted by its
kind (``lines``), so that nothing disappears in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from registry.sentences import Sentence, warning
from registry.sheets import codes, headings, lines
from registry.sheets.heading_rows import Headings, find_headings
from registry.sheets.merges import Merges
from registry.sheets.workbook import Cell, Grid, Record, Sheet, Value, letter_of, plain

# Written in a cell instead of the value above it.
_SAME = frozenset(
    {"同上", "同 上", "同  上", "同　上", " 同上", "同上 ", "〃", "″", "''", "”", "″″"}
)
_LONG = 16  # a lone text of so many signs is a note, not a name
_NO_SIGNS: frozenset[str] = frozenset()
_REQUIREMENT_ROWS = 3  # as far below the headings as their requirements and samples stand
_NUMBER_HEADINGS = frozenset({"序号", "编号", "no", "排序"})


def find_layout(grid: Grid, synonyms: Mapping[str, str]) -> Sheet | None:
    """Return the sheet, or None where no row holds headings that ``synonyms`` knows."""
    found = find_headings(grid, synonyms)
    if found is None:
        return None
    places = [column.index for column in found.columns]
    width = max(places) + 1
    columns = [replace(column, index=at) for at, column in enumerate(found.columns)]
    sheet = Sheet(grid.name, found.title_lines, found.rows, columns, [])
    judge = _Judge(found, {(top, left - 1) for top, left, _, right in grid.merges if right > left})
    merges = Merges(grid, found.rows[-1], places)
    counts: Counter[str] = Counter()
    above: Sequence[Value] = [None] * len(places)
    last = found.rows[-1]
    for number, as_read in grid.rows:
        if number <= found.rows[-1]:
            continue
        counts[lines.BLANK] += number - last - 1
        last = number
        values = as_read
        if number in merges.across:
            values, instructions = merges.without_instructions(number, as_read)
            counts[lines.NOTE] += len(instructions)
            sheet.skipped_lines += [(lines.NOTE, number, text) for text in instructions]
        if kind := judge.kind_of(number, values):
            counts[kind] += 1
            if kind not in (lines.BLANK, lines.NUMBERED):
                sheet.skipped_lines.append((kind, number, _text_of(values)))
            continue
        whole = values if len(values) >= width else values + [None] * (width - len(values))
        cut = [whole[place] for place in places]
        if merges.down:
            merges.fill(number, cut)
        if not _SAME.isdisjoint(cut):
            cut = [above[at] if value in _SAME else value for at, value in enumerate(cut)]
        if number in merges.across:
            sheet.notes += [_merged_across(grid.name, m) for m in merges.doubtful(number, values)]
        above = cut
        sheet.records.append(Record(number, tuple(cut)))
    sheet.skipped = {kind: count for kind, count in counts.items() if count}
    sheet.notes += _notes(grid, merges.filled, bool(sheet.records))
    return sheet


def _text_of(values: list[Value]) -> str:
    return " ".join(str(plain(value)).strip() for value in values if plain(value) is not None)


class _Judge:
    """Tells a record from the lines that are none."""

    def __init__(self, found: Headings, merged: set[tuple[int, int]]) -> None:
        self.last = found.rows[-1]
        self.columns = found.columns
        self.words = found.words
        self.merged = merged  # row and place of each text that stands across columns
        # Looked at first, since nearly every cell shares no sign with its heading.
        self.signs = {
            column.index: frozenset(column.heading).union(*found.words[column.index])
            for column in found.columns
        }
        self.titles = {lines.squeezed(line) for line in found.title_lines}
        self.name_place = next((c.index for c in found.columns if c.field == "name"), -1)
        self.number_places = {
            column.index
            for column in found.columns
            if column.field == "row_number" or column.normal in _NUMBER_HEADINGS
        }

    def kind_of(self, number: int, values: list[Value]) -> str:
        """Return the kind of a line that is no record, "" for a record."""
        # Four cells tell enough: whether the line is empty, holds one text, few, or many.
        held: list[tuple[int, Value]] = []
        for place, value in enumerate(values):
            if value is not None and not _is_blank(value):
                held.append((place, value))
                if len(held) == 4:
                    break
        if not held:
            return lines.BLANK
        if held[0][0] in self.number_places and _is_number(held[0][1]):
            if len(held) == 1:
                return lines.NUMBERED
            del held[0]
        place, value = held[0]
        if not isinstance(value, str):
            return lines.TOTAL if _says_total(held) else ""
        if self._is_heading(place, value) and self._is_repeated_heading(values):
            return lines.HEADING
        if number <= self.last + _REQUIREMENT_ROWS and (kind := self._kind_near_headings(values)):
            return kind
        return self._kind_of_text(number, place, lines.squeezed(value), held)

    def _kind_of_text(
        self, number: int, place: int, text: str, held: list[tuple[int, Value]]
    ) -> str:
        if text in self.titles and len(held) < 4:
            return lines.TITLE
        if kind := lines.spoken_kind(text):
            return kind
        if _says_total(held):
            return lines.TOTAL
        if lines.reads_as_label(text) and (place != self.name_place or len(held) < 4):
            return lines.SIGNATURE
        if len(held) > 1:
            return ""
        if lines.names_an_organisation(text):
            return lines.SECTION
        if (number, place) in self.merged:
            return lines.NOTE if lines.is_instruction(text, rows=1) else lines.SECTION
        if self.name_place in (place, -1):
            return lines.NOTE if len(text) > _LONG else ""
        return lines.NOTE

    def _is_heading(self, place: int, value: Value) -> bool:
        return (
            isinstance(value, str)
            and len(value) < 60
            and not self.signs.get(place, _NO_SIGNS).isdisjoint(value)
            and headings.normal(value) in self.words.get(place, ())
        )

    def _is_repeated_heading(self, values: list[Value]) -> bool:
        """Two thirds of the cells say what the headings of their columns say."""
        said = same = 0
        for column in self.columns:
            value = values[column.index] if column.index < len(values) else None
            if value is None or _is_blank(value):
                continue
            said += 1
            same += self._is_heading(column.index, value)
        return same >= 2 and same * 3 >= said * 2

    def _kind_near_headings(self, values: list[Value]) -> str:
        if self._is_requirement(values):
            return lines.REQUIREMENT
        if any(isinstance(each, str) and lines.is_marked_as_sample(each) for each in values):
            return lines.SAMPLE
        return ""

    def _is_requirement(self, values: list[Value]) -> bool:
        held = [value for value in values if value is not None and not _is_blank(value)]
        words = sum(isinstance(value, str) and lines.is_requirement(value) for value in held)
        name = values[self.name_place] if 0 <= self.name_place < len(values) else None
        if isinstance(name, str) and not _is_blank(name):
            return lines.is_requirement(name) or words * 3 >= len(held) * 2
        return words * 2 >= len(held)


def _says_total(held: list[tuple[int, Value]]) -> bool:
    """Return whether one of the first three cells is a total (branch | 小计 | 12)."""
    for _, value in held[:3]:
        if isinstance(value, str) and lines.is_total(lines.squeezed(value)):
            return True
    return False


def _is_number(value: Value) -> bool:
    value = plain(value)
    return isinstance(value, float) or (isinstance(value, str) and value.strip().isdecimal())


def _is_blank(value: Value) -> bool:
    if isinstance(value, str):
        return not value.isalnum() and not value.strip("\ufeff\u200b\u00a0\u3000 \t\r\n")
    return isinstance(value, Cell) and value.value is None and not value.fault


def _merged_across(name: str, merge: tuple[int, int, int, int]) -> Sentence:
    top, left, bottom, right = merge
    return Sentence(
        "%(range)s is merged across columns, so it is unknown to which column its value belongs. "
        "Split the cells and fill in each.",
        code=codes.CELLS_MERGED_ACROSS,
        range=f"{name}!{letter_of(left - 1)}{top}:{letter_of(right - 1)}{bottom}",
    )


def _notes(grid: Grid, filled: int, has_records: bool) -> list[Sentence]:
    notes: list[Sentence] = []
    if grid.hidden_rows:
        notes.append(
            warning(
                "The sheet “%(sheet)s” has %(count)s hidden rows. They were read, too.",
                code=codes.ROWS_HIDDEN,
                sheet=grid.name,
                count=grid.hidden_rows,
            )
        )
    if grid.hidden_columns:
        notes.append(
            warning(
                "The sheet “%(sheet)s” has %(count)s hidden columns. They were read, too.",
                code=codes.COLUMNS_HIDDEN,
                sheet=grid.name,
                count=grid.hidden_columns,
            )
        )
    if filled:
        notes.append(
            warning(
                "%(count)s cells of the sheet “%(sheet)s” belong to merged cells "
                "and were given the value of the first.",
                code=codes.CELLS_FILLED_DOWN,
                sheet=grid.name,
                count=filled,
            )
        )
    if not has_records:
        notes.append(
            warning(
                "The sheet “%(sheet)s” holds headings but no rows below them.",
                code=codes.SHEET_WITHOUT_RECORDS,
                sheet=grid.name,
            )
        )
    return notes
