"""One sheet of a workbook: rows that are changed are written anew, all others as they were."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from registry.sheets.editing import markup, shifting
from registry.sheets.editing.formulas import (
    LAST_ROW,
    Shift,
    area_of,
    copied,
    name_of,
)
from registry.sheets.editing.rows import Cell, Misbuilt, Row, read_row, text_of
from registry.sheets.editing.shifting import Formulas

_AFTER_DATA = (
    "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class SheetPart:
    """The text of a sheet. Load rows, change them, then take ``written``."""

    def __init__(self, part: bytes, name: str) -> None:
        part = markup.in_utf8(part)
        self.name = name
        self.prefix = prefix = markup.prefix_of(part[:2000].decode(errors="replace"))
        raw = re.escape(prefix).encode()
        begin = re.search(rb"<%ssheetData\s*(/?)>" % raw, part)
        if begin is None:
            raise Misbuilt
        end = begin.end() if begin[1] else part.rfind(b"</%ssheetData" % prefix.encode())
        if end < begin.end():
            raise Misbuilt
        self.head = part[: begin.start()].decode()
        self._rows = part[begin.end() : end]
        self.tail = re.sub(rf"^</{prefix}sheetData\s*>", "", part[end:].decode())
        tag = rb"<%srow(%s)\s*(?:(/)>|>)" % (raw, markup.ATTRIBUTES.encode())
        self._row_tag = re.compile(tag)
        self._row_end = b"</%srow>" % prefix.encode()
        self._number = re.compile(rb"""\sr\s*=\s*["'](\d+)["']""")
        self.rows: dict[int, Row] = {}
        self.shift: Shift | None = None
        self.added: list[Row] = []

    # Reading

    def _walk(self) -> Iterator[tuple[int, int, int]]:
        """Yield number, begin and end of every row."""
        number = place = 0
        while found := self._row_tag.search(self._rows, place):
            said = self._number.search(found[1])
            number = int(said[1]) if said else number + 1
            place = found.end()
            if not found[2]:
                place = self._rows.find(self._row_end, place) + len(self._row_end)
                if place < found.end():
                    raise Misbuilt
            yield number, found.start(), place

    def load(self, first: int, last: int) -> list[Row]:
        """Return the rows from ``first`` to ``last``; those put into ``rows`` are written anew."""
        loaded = []
        for number, begin, end in self._walk():
            if number > last:
                break
            if number >= first:
                loaded.append(self._row(number, begin, end))
        return loaded

    def load_each(self, numbers: Iterable[int]) -> None:
        """Make rows ready to be changed, and those that are not there yet."""
        wanted = set(numbers) - self.rows.keys()
        for number, begin, end in self._walk():
            if number in wanted:
                self.rows[number] = self._row(number, begin, end)
        for number in wanted - self.rows.keys():
            self.rows[number] = Row(number)

    def _row(self, number: int, begin: int, end: int) -> Row:
        return read_row(number, self._rows[begin:end].decode(), self.prefix)

    def has_formula(self, cell: Cell) -> bool:
        return cell.holds(self.prefix, "f")

    def is_filled(self, cell: Cell) -> bool:
        return cell.holds(self.prefix, "v", "is", "f")

    # Values: text is text, whatever it looks like

    def put_text(self, cell: Cell, text: str) -> None:
        p = self.prefix
        value = markup.safe_value(text)
        cell.put(f'<{p}is><{p}t xml:space="preserve">{value}</{p}t></{p}is>', "inlineStr")

    def put_number(self, cell: Cell, number: float) -> None:
        cell.put(f"<{self.prefix}v>{number!r}</{self.prefix}v>")

    # Rows put in between

    def insert_below(self, model: Row, count: int) -> Sequence[Row]:
        """Put in rows below ``model`` that look like it; what stands there moves down.

        Formulas of the model come along as if they had been copied down. Raises Misbuilt where
        the last row of Excel would be passed.
        """
        self.shift = shift = Shift(model.number + 1, count)
        if shift.row(max((number for number, _, _ in self._walk()), default=0)) > LAST_ROW:
            raise Misbuilt
        self.added = [Row(model.number + step, dict(model.said)) for step in range(1, count + 1)]
        for column, cell in model.cells.items():
            formula = self.formulas.of(cell.inner, model.number, column)
            if formula is not None:
                formula = shift.formula(formula, self.name, inside=True)
            for step, row in enumerate(self.added, 1):
                row.cells[column] = new = Cell({k: v for k, v in cell.said.items() if k == "s"})
                if formula is not None:
                    new.put(self.formulas.written(copied(formula, step)))
        self.tail = shifting.tail(self.tail, shift, self.name, self.prefix)
        return self.added

    @cached_property
    def formulas(self) -> Formulas:
        """The formulas of the sheet, those among them that one cell has for several."""
        formulas = Formulas(self.prefix)
        for number, begin, end in self._walk():
            if self._rows.find(b"shared", begin, end) >= 0:
                for column, cell in self._row(number, begin, end).cells.items():
                    formulas.remember(cell.inner, number, column)
        return formulas

    def follow(self, shift: Shift, sheet: str) -> bool:
        """Let formulas here follow the rows put into another sheet; return whether any does."""
        formula = f"<{self.prefix}f".encode()
        for number, begin, end in self._walk():
            if self._rows.find(formula, begin, end) >= 0 and self._rows.find(b"!", begin, end) >= 0:
                row = self._row(number, begin, end)
                for cell in row.cells.values():
                    inner = self.formulas.following(cell.inner, shift, sheet)
                    if inner != cell.inner:
                        cell.replace(inner)
                        self.rows[number] = row
        return bool(self.rows)

    # Writing

    def written(self) -> bytes:
        """Return the part: rows that nothing was done to as they were."""
        p = self.prefix
        head = self.head
        if found := markup.element("dimension", p).search(head):
            reference = markup.attributes_of(found[1]).get("ref", "A1")
            tag = f'<{p}dimension ref="{self._dimension(reference)}"/>'
            head = head[: found.start()] + tag + head[found.end() :]
        pieces = [head.encode(), f"<{p}sheetData>".encode(), *self._pieces()]
        pieces += [f"</{p}sheetData>".encode(), self.tail.encode()]
        return b"".join(pieces)

    def _dimension(self, reference: str) -> str:
        try:
            top, left, bottom, right = area_of(reference.replace("$", ""))
        except ValueError:
            return reference
        if self.shift:
            bottom = self.shift.last_row(bottom)
        for row in (*self.rows.values(), *self.added):
            if row.cells:
                top, left = min(top, row.number), min(left, *row.cells)
                bottom, right = max(bottom, row.number), max(right, *row.cells)
        return f"{name_of(top, left)}:{name_of(bottom, right)}"

    def _pieces(self) -> Iterator[bytes]:
        """Yield the rows in their order; those that stay are cut out as long as they follow."""
        formula = f"<{self.prefix}f".encode()
        waiting = sorted(self.rows, reverse=True)
        added = list(self.added)
        place = 0
        for number, begin, end in self._walk():
            moves = self.shift is not None and number >= self.shift.at
            concerned = self.shift is not None and self._rows.find(formula, begin, end) >= 0
            comes_before = waiting and waiting[-1] <= number
            if not (moves or concerned or comes_before):
                continue
            yield self._rows[place:begin]
            place = begin
            while waiting and waiting[-1] < number:
                yield self._text_of(self.rows[waiting.pop()])
            if moves and added:
                yield from map(self._text_of, added)
                added.clear()
            if waiting and waiting[-1] == number:
                row = self.rows[waiting.pop()]
            elif moves or concerned:
                row = self._row(number, begin, end)
            else:
                continue
            yield self._text_of(self._shifted(row) if self.shift else row)
            place = end
        yield self._rows[place:]
        rest = [*(self.rows[number] for number in reversed(waiting)), *added]
        yield from map(self._text_of, sorted(rest, key=lambda row: row.number))

    def _shifted(self, row: Row) -> Row:
        """Return a row of before where it stands now, with formulas that name the same cells."""
        if self.shift is None:
            return row
        moved = Row(self.shift.row(row.number), row.said, {}, row.rest)
        for column, cell in row.cells.items():
            inner = cell.inner
            if self.has_formula(cell):
                inner = self.formulas.shifted(inner, row.number, column, self.shift, self.name)
            moved.cells[column] = Cell(cell.said, inner)
        return moved

    def _text_of(self, row: Row) -> bytes:
        return text_of(row, self.prefix)

    # Beside the rows

    def width_of(self, columns: dict[int, float]) -> None:
        """Set the widths of columns, whatever ranges of columns they belong to."""
        p = self.prefix
        found = markup.element("cols", p).search(self.head)
        known = [
            markup.attributes_of(match[1])
            for match in markup.element("col", p).finditer(found[2] or "" if found else "")
        ]
        pieces: list[tuple[int, dict[str, str]]] = []
        for said in known:
            first, last = int(said.get("min", 1)), int(said.get("max", 1))
            for column in sorted(columns):
                if first <= column <= last:
                    if column > first:
                        pieces.append((first, said | {"min": str(first), "max": str(column - 1)}))
                    first = column + 1
            if first <= last:
                pieces.append((first, said | {"min": str(first), "max": str(last)}))
        for column, width in columns.items():
            said = {"min": str(column), "max": str(column), "width": str(width), "customWidth": "1"}
            pieces.append((column, said))
        inner = "".join(
            f"<{p}col{markup.written(s)}/>" for _, s in sorted(pieces, key=lambda e: e[0])
        )
        cols = f"<{p}cols>{inner}</{p}cols>"
        if found:
            self.head = self.head[: found.start()] + cols + self.head[found.end() :]
        else:
            self.head += cols

    def style_of_column(self, column: int) -> int:
        for match in markup.element("col", self.prefix).finditer(self.head):
            said = markup.attributes_of(match[1])
            if int(said.get("min", 0)) <= column <= int(said.get("max", 0)):
                return int(said.get("style", 0))
        return 0

    def style_at(self, row: Row, column: int) -> int:
        """Return the style that a cell has, or would have from its row or column."""
        cell = row.cells.get(column)
        if cell and cell.style is not None:
            return cell.style
        if row.said.get("customFormat") in ("1", "true"):
            return int(row.said.get("s", 0))
        return self.style_of_column(column)

    @property
    def merges(self) -> list[str]:
        found = markup.element("mergeCell", self.prefix).finditer(self.tail)
        return [markup.attributes_of(match[1]).get("ref", "") for match in found]

    def merge(self, references: Iterable[str]) -> None:
        p = self.prefix
        added = "".join(f'<{p}mergeCell ref="{reference}"/>' for reference in references)
        if not added:
            return
        count = len(self.merges) + added.count("ref=")
        found = markup.element("mergeCells", p).search(self.tail)
        inner = (found[2] or "") if found else ""
        piece = f'<{p}mergeCells count="{count}">{inner}{added}</{p}mergeCells>'
        if found:
            self.tail = self.tail[: found.start()] + piece + self.tail[found.end() :]
        else:
            self._put_in_tail("mergeCells", piece)

    def point_to_notes(self, relation: str) -> None:
        """Name the drawing that shows the comments."""
        piece = f'<{self.prefix}legacyDrawing xmlns:r="{_RELATIONSHIPS}" r:id="{relation}"/>'
        self._put_in_tail("legacyDrawing", piece)

    def _put_in_tail(self, name: str, piece: str) -> None:
        followers = _AFTER_DATA[_AFTER_DATA.index(name) + 1 :]
        self.tail = markup.put_before(self.tail, followers, self.prefix, "worksheet", piece)
