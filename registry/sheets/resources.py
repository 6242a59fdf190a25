"""One Resource per kind of sheet: it declares the columns once, for reading and for writing.

A ``CellField`` is a field of django-import-export that also knows what people call its column and
how its cells are read. The same declaration drives the export form, the column table of uploads
and, through it, the layout. Of the stock import only the declaration is used: its loop asks the
database for each row and dry-runs inside a transaction, which would lock the register while a
clerk's file is looked at. ``judge`` and ``write`` take its place and work on all rows at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, ClassVar, Protocol, Self

from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import Widget

from registry.calendar import PartialDate
from registry.models import ImportJob
from registry.sentences import Sentence
from registry.sheets.cells import Read
from registry.sheets.columns import ColumnTable, SheetColumn
from registry.sheets.editing.returned import RETURNED_HEADINGS
from registry.sheets.progress import Progress
from registry.sheets.rows import Kept, StagedRow
from registry.sheets.workbook import Value


class CellWidget(Widget):
    """Both ways of one kind of value: ``read`` from a cell, ``write`` into one."""

    def __init__(
        self, read: Callable[..., Read[Any]], write: Callable[[Any], Any] | None = None
    ) -> None:
        super().__init__()
        self.read, self.write = read, write

    def clean(self, value: Value, row: Any = None, **kwargs: Any) -> Any:
        """Return the value of a cell; raise ``CellError`` where it has none."""
        return self.read(value).value

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        if value in (None, ""):
            return ""
        if self.write:
            return self.write(value)
        return value.printed if isinstance(value, PartialDate) else str(value)


class CellField(Field):
    """One column of a sheet.

    ``headings``, ``also`` and ``usual`` are words parted by blanks, as ``SheetColumn`` has them;
    the first heading is the one that we write. ``past`` dates may not lie in the future.
    ``clearable`` says that 清空 in a cell empties the field.
    """

    def __init__(
        self,
        headings: str,
        read: Callable[..., Read[Any]],
        write: Callable[[Any], Any] | None = None,
        *,
        attribute: str | None = None,
        also: str = "",
        usual: str = "",
        decides: Callable[[Value], Read[Any]] | None = None,
        past: bool = False,
        derived: bool = False,
        clearable: bool = True,
        masked: bool = False,
    ) -> None:
        names = tuple(headings.split())
        super().__init__(
            attribute=attribute,
            column_name=(names or (*usual.split(), *also.split()))[0],
            widget=CellWidget(read, write),
        )
        self.headings, self.also, self.usual = names, tuple(also.split()), tuple(usual.split())
        self.decides, self.past, self.derived = decides, past, derived
        self.clearable, self.masked = clearable, masked

    def column(self, name: str, today: date) -> SheetColumn:
        read = self.widget.read
        return SheetColumn(
            name,
            self.headings,
            partial(read, latest=today) if self.past else read,
            also=self.also,
            usual=self.usual,
            decides=self.decides,
            derived=self.derived,
        )


@dataclass
class Context:
    """For whom and when a job is judged. ``sheets`` is what its layout says of each sheet."""

    user: Any
    verb: str  # what the user needs on the rows
    scope_path: str
    opening_on: date
    today: date
    sheets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class Writing(Protocol):
    """Judged rows on their way into the register.

    ``take`` makes ``count`` rows ready, ``newcomers`` of them new, which takes time; ``write`` is
    called within a transaction and is short, since everybody waits for it. Both raise
    ``Overtaken`` where the register is no longer as it was judged. At the end of the context
    nothing is left of what was made ready.
    """

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def take(self, rows: Iterable[Kept], count: int, newcomers: int) -> None: ...

    def write(self) -> None: ...


class SheetResource(Resource):
    """A kind of sheet: its columns, what a row means, and how rows are written."""

    sheet_kind: ClassVar[str]
    verbs: ClassVar[tuple[str, str]]  # what looking at an upload needs, what applying needs
    model_label: ClassVar[str]  # the model whose fields the columns fill
    name_field = "name"  # the cell that a finding about a whole row names
    promises_keys = False  # whether new records get their keys when they are judged

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context

    @classmethod
    def table(cls, today: date) -> ColumnTable:
        """Return the columns as the reading side asks them."""
        columns = (each.column(name, today) for name, each in cls.fields.items())
        return ColumnTable(tuple(columns), ignored=RETURNED_HEADINGS)

    def own_headings(self) -> dict[str, str]:
        """Return heading → field for columns that only this office knows."""
        return {}

    def settle(self, row: StagedRow) -> None:
        """Part what one cell says of several fields, join what several say of one.

        A row that is settled stays as it is.
        """

    def judge(self, rows: Sequence[StagedRow], progress: Progress) -> list[Sentence]:
        """Say of each row what it means for the register as it is now, in bulk.

        Sets ``state``, ``target_id``, ``changes`` and ``outcome`` of the rows and adds findings;
        returns what is to be said of the file as a whole. Writes nothing.
        """
        raise NotImplementedError

    def writing(self, job: ImportJob) -> Writing:
        """Return what writes the rows of ``job``."""
        raise NotImplementedError

    def prepare_undo(
        self, job: ImportJob, rows: Sequence[StagedRow], progress: Progress
    ) -> Reversal:
        """Say of each applied row whether it can be taken back, and return what does so.

        As with ``prepare``, what takes time is done before the transaction that writes.
        """
        raise NotImplementedError


@dataclass
class Reversal:
    """What taking an upload back comes to: of each row what, and why not, and its writing."""

    results: dict[int, tuple[str, Sentence | None]]  # row key → ``Undo`` and the reason
    write: Callable[[], None]
    close: Callable[[], None] = lambda: None  # forgets what was made ready, written or not


class Overtaken(Exception):
    """Somebody has changed the register between the judging and the writing."""
