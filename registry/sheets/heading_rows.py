"""Which row, or which two rows, hold the headings of a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registry.sentences import Sentence
from registry.sheets import codes, headings
from registry.sheets.limits import MAX_COLUMNS, refused
from registry.sheets.workbook import Column, Grid, Value, letter_of, plain

_SEARCHED = 30  # rows with values; nobody writes more above the headings
_LONGEST = 60  # signs; a longer text is an instruction, not a heading


@dataclass(slots=True)
class Headings:
    rows: list[int]
    columns: list[Column]
    # column counted from 0 → the normal forms that its headings have in each row
    words: dict[int, set[str]]
    title_lines: list[str]

    @property
    def known(self) -> int:
        return len({column.field for column in self.columns if column.field})


def find_headings(grid: Grid, synonyms: Mapping[str, str]) -> Headings | None:
    """Return the headings that name most fields; two rows only where they name more than one.

    None where no row names at least two fields, or its only column.
    """
    first_rows = grid.rows[:_SEARCHED]
    best: Headings | None = None
    for place, (number, values) in enumerate(first_rows):
        below = first_rows[place + 1] if place + 1 < len(first_rows) else (0, [])
        tries = [_columns(grid, synonyms, [(number, values)])]
        if below[0] == number + 1 and _is_group_row(grid, number, values, below[1]):
            tries.append(_columns(grid, synonyms, [(number, values), below]))
        for found in tries:
            if not _may_be_headings(found):
                continue
            if best is None or _weight(found) > _weight(best):
                best = found
    if best:
        _check_width(grid.name, len(best.columns))
        best.title_lines = [
            line
            for number, values in first_rows
            if number < best.rows[0] and (line := _line(values))
        ]
    return best


def _check_width(name: str, count: int) -> None:
    if count > MAX_COLUMNS:
        raise refused(
            Sentence(
                "Sheet “%(sheet)s” has %(count)s columns with headings; at most %(limit)s are "
                "read. Delete the columns that do not belong to the list.",
                code=codes.FILE_TOO_LARGE,
                sheet=name,
                count=count,
                limit=MAX_COLUMNS,
            )
        )


def _weight(found: Headings) -> tuple[int, int]:
    # At a tie the row with more headings: a group row above names fewer columns than the pair.
    return found.known, len(found.columns) if len(found.rows) == 1 else len(found.columns) - 1


def _may_be_headings(found: Headings) -> bool:
    return found.known >= 2 or (found.known == 1 and len(found.columns) == 1)


def _line(values: list[Value]) -> str:
    texts = (str(plain(value)).strip() for value in values if plain(value) is not None)
    return "  ".join(text for text in texts if text)


def _text(values: list[Value], place: int) -> str:
    value = plain(values[place]) if place < len(values) else None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.strip() if isinstance(value, str) and len(value) <= _LONGEST else ""


def _is_group_row(grid: Grid, number: int, values: list[Value], below: list[Value]) -> bool:
    """Return whether the row below gives parts to the headings of this one."""
    own = [place for place in range(len(values)) if _text(values, place)]
    lower = [place for place in range(len(below)) if _text(below, place)]
    if len(own) < 2 or not lower:
        return False
    if any(plain(value) is not None and not isinstance(plain(value), str) for value in below):
        return False  # a number or a day stands in data, not in headings
    spans = [merge for merge in grid.merges if merge[0] == number]
    if any(bottom == number + 1 and left == right for _, left, bottom, right in spans):
        return True
    if any(right > left and bottom == number for _, left, bottom, right in spans):
        return True
    # Without merges (text files, some programs): the lower row fills the gaps of the upper one.
    gaps = [place for place in lower if not _text(values, place)]
    return bool(gaps) and len(lower) < len(own) + len(gaps)


def _columns(
    grid: Grid, synonyms: Mapping[str, str], rows: list[tuple[int, list[Value]]]
) -> Headings:
    upper = rows[0][1]
    lower = rows[1][1] if len(rows) > 1 else []
    groups = _groups(grid, rows[0][0], upper) if lower else {}
    columns: list[Column] = []
    words: dict[int, set[str]] = {}
    parts: list[tuple[int, str, str]] = []
    for place in range(max(len(upper), len(lower))):
        under = _text(lower, place)
        above = _text(upper, place) or (groups.get(place, "") if under else "")
        if above or under:
            parts.append((place, above, under))
    # A lower heading alone (姓名 under 入党介绍人) names a field only where nothing else does.
    taken = {
        field
        for _, above, under in parts
        for field in [_joined(above, under, synonyms)[1]]
        if field
    }
    for place, above, under in parts:
        form, field = _joined(above, under, synonyms)
        if not field and above and under:
            part, part_field = headings.look_up(under, synonyms)
            if part_field and part_field not in taken:
                form, field = part, part_field
                taken.add(part_field)
        heading = "/".join(text for text in (above, under) if text)
        columns.append(Column(letter_of(place), heading, form, place, field))
        words[place] = {form, *(headings.normal(text) for text in (above, under) if text)}
    return Headings([number for number, _ in rows], columns, words, [])


def _joined(above: str, under: str, synonyms: Mapping[str, str]) -> tuple[str, str]:
    """Look up a one-part heading as it is, a two-part one as both parts together."""
    if above and under:
        return headings.look_up(above + under, synonyms)
    return headings.look_up(above or under, synonyms)


def _groups(grid: Grid, number: int, values: list[Value]) -> dict[int, str]:
    """Return the heading that reaches over each column: by its merge, or by the gap after it."""
    groups: dict[int, str] = {}
    for top, left, bottom, right in grid.merges:
        if top == number and bottom == number and right > left and _text(values, left - 1):
            groups.update(dict.fromkeys(range(left - 1, right), _text(values, left - 1)))
    if groups:
        return groups
    last = ""
    for place in range(max(len(values), 200)):
        last = _text(values, place) or last
        groups[place] = last
    return groups
