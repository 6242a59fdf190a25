"""Merged cells among the records: down a column they repeat a value, across they hide it."""

from __future__ import annotations

from registry.sheets import lines
from registry.sheets.workbook import Grid, Value

Merge = tuple[int, int, int, int]


class Merges:
    """Walks the merges of one sheet row by row, each looked at once."""

    def __init__(self, grid: Grid, after: int, places: list[int]) -> None:
        self.places = places
        at = {place: number for number, place in enumerate(places)}
        below = [merge for merge in grid.merges if merge[0] > after]
        self.down = sorted(
            (top, bottom, at[left - 1], left - 1)
            for top, left, bottom, right in below
            if left == right and bottom > top and left - 1 in at
        )
        self.across: dict[int, list[Merge]] = {}
        for merge in below:
            if merge[3] > merge[1]:
                self.across.setdefault(merge[0], []).append(merge)
        self.rows = dict(grid.rows) if self.down else {}
        self.next = 0
        self.open: dict[int, tuple[int, Value]] = {}  # column → last row, value
        self.filled = 0

    def without_instructions(
        self, number: int, values: list[Value]
    ) -> tuple[list[Value], list[str]]:
        """Return row ``number`` without the texts that tell how to fill in the sheet, and these.

        They stand in merged cells that lie among the records as if drawn over them. A row that
        holds nothing else is left as it is.
        """
        blocks = [
            merge
            for merge in self.across[number]
            if isinstance(text := _at(values, merge), str)
            and lines.is_instruction(text, rows=merge[2] - merge[0] + 1)
        ]
        if sum(value is not None for value in values) == len(blocks):
            return values, []
        places = {left - 1 for _, left, _, _ in blocks}
        left = [None if place in places else value for place, value in enumerate(values)]
        return left, [str(values[place]).strip() for place in sorted(places)]

    def doubtful(self, number: int, values: list[Value]) -> list[Merge]:
        """Return the merges of row ``number`` whose value may belong to several headed columns."""
        return [
            merge
            for merge in self.across.get(number, ())
            if _at(values, merge) is not None
            and sum(merge[1] <= place + 1 <= merge[3] for place in self.places) > 1
        ]

    def fill(self, number: int, cut: list[Value]) -> None:
        """Give the blank cells of row ``number`` the value of the merge that they belong to."""
        while self.next < len(self.down) and self.down[self.next][0] <= number:
            top, bottom, column, place = self.down[self.next]
            values = self.rows.get(top, [])
            self.open[column] = (bottom, values[place] if place < len(values) else None)
            self.next += 1
        for column, (bottom, value) in list(self.open.items()):
            if number > bottom:
                del self.open[column]
            elif cut[column] is None and value is not None:
                cut[column] = value
                self.filled += 1


def _at(values: list[Value], merge: Merge) -> Value:
    return values[merge[1] - 1] if merge[1] <= len(values) else None
