"""Merged cells among the records: down a column they repeat a value, across they hide it."""

from __future__ import annotations

from registry.sheets.workbook import Grid, Value


class Merges:
    """Walks the merges of one sheet row by row, each looked at once."""

    def __init__(self, grid: Grid, after: int, places: list[int]) -> None:
        at = {place: number for number, place in enumerate(places)}
        below = [merge for merge in grid.merges if merge[0] > after]
        self.down = sorted(
            (top, bottom, at[left - 1], left - 1)
            for top, left, bottom, right in below
            if left == right and bottom > top and left - 1 in at
        )
        self.across = {merge[0]: merge for merge in below if merge[3] > merge[1]}
        self.rows = dict(grid.rows) if self.down else {}
        self.next = 0
        self.open: dict[int, tuple[int, Value]] = {}  # column → last row, value
        self.filled = 0

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
