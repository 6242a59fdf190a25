"""How large a table may be, and what is said of a file that is not taken."""

from __future__ import annotations

from registry.sentences import Sentence
from registry.sheets import codes
from registry.sheets.workbook import Unreadable

MAX_ROWS = 200_000
MAX_CELLS = 4_000_000
# Values are read into one rectangle; empty cells cost memory, too.
MAX_AREA = 12_000_000
# Old Excel had no more; whoever reaches further has filled or formatted whole rows.
MAX_COLUMNS = 256
# Of Excel itself; what is said to lie beyond them is no place.
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384


def refused(sentence: Sentence) -> Unreadable:
    sentence.code = sentence.code or codes.FILE_UNREADABLE
    return Unreadable(sentence)


def protected() -> Unreadable:
    return refused(
        Sentence(
            "The workbook is protected by a password. Open it, remove the password "
            "and save it, then choose it once more."
        )
    )


def check_area(name: str, rows: int, columns: int) -> None:
    """Raise Unreadable where the values lie so far apart that they cannot be one table."""
    if rows > MAX_ROWS + 1000 or rows * columns > MAX_AREA:
        raise refused(
            Sentence(
                "Sheet “%(sheet)s”: the values reach over %(rows)s rows and %(columns)s columns. "
                "Delete the stray cells far below or to the right of the table.",
                code=codes.FILE_TOO_LARGE,
                sheet=name,
                rows=rows,
                columns=columns,
            )
        )


def too_many_rows(name: str) -> Unreadable:
    return refused(
        Sentence(
            "Sheet “%(sheet)s” has more than %(limit)s rows. Split the workbook.",
            code=codes.FILE_TOO_LARGE,
            sheet=name,
            limit=MAX_ROWS,
        )
    )


def too_many_cells(name: str) -> Unreadable:
    return refused(
        Sentence(
            "Sheet “%(sheet)s” has more than %(limit)s cells with values. Split the workbook.",
            code=codes.FILE_TOO_LARGE,
            sheet=name,
            limit=MAX_CELLS,
        )
    )
