"""What of a list goes out: which columns there are, what stands in them, and what the log says."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from registry import access
from registry.models import Action, Entry
from registry.sheets.resources import SheetResource
from registry.sheets.writing import FORMATS, SheetValue, Table

PART = 1000  # rows after which the progress is told


@dataclass(frozen=True)
class ExportColumn:
    heading: str
    protected: bool = False  # masked, save in an export in full


class ExportSource(Protocol):
    """One kind of list: the columns that may be chosen, by name, and the values of its rows."""

    @property
    def columns(self) -> Mapping[str, ExportColumn]: ...

    @property
    def standard(self) -> Sequence[str]:
        """The columns of who chooses none."""

    def lines(
        self, rows: Any, names: Sequence[str], *, full: bool, for_programs: bool
    ) -> Iterator[Sequence[SheetValue]]:
        """Yield what stands in the columns ``names`` for each of ``rows``, in their order."""


def columns_of(
    resource: type[SheetResource], leave_out: Collection[str] = ()
) -> dict[str, ExportColumn]:
    """Return the columns that a kind of sheet declares for reading, under their first headings."""
    return {
        name: ExportColumn(field.column_name, field.masked)
        for name, field in resource.fields.items()
        if name not in leave_out
    }


def parts_of(rows: QuerySet[Any], size: int) -> Iterator[QuerySet[Any]]:
    """Yield the rows of a query a few at a time, in its order.

    Only their keys are read at once: between two parts no cursor is open, which would keep others
    from writing, and nobody comes twice when the register changes meanwhile.
    """
    keys = array("q", rows.values_list("pk", flat=True).iterator(chunk_size=10_000))
    for start in range(0, len(keys), size):
        yield rows.filter(pk__in=keys[start : start + size].tolist())


@dataclass(frozen=True)
class Export:
    """A list on its way out: the rows that its user may export, and what he has chosen."""

    title: str
    source: ExportSource
    rows: Any
    names: Sequence[str]
    file_format: str
    full: bool = False

    @property
    def file_name(self) -> str:
        return f"{self.title}.{self.file_format}"

    @property
    def content_type(self) -> str:
        return FORMATS[self.file_format].content_type

    def shows_in_full(self) -> bool:
        """Whether any protected value is in it, and not masked."""
        return self.full and any(self.source.columns[name].protected for name in self.names)

    def log(
        self, count: int, told: Mapping[str, str], record: Model | None = None, **who: Any
    ) -> None:
        """Say in the log what goes out, before it does; ``told`` is what else there is to say."""
        changes: list[list[Any]] = [
            ["rows", "", count],
            *([name, "", text] for name, text in told.items() if text),
            ["columns", "", ", ".join(self.names)],
            ["format", "", self.file_format],
            ["numbers", "", "full" if self.shows_in_full() else "masked"],
        ]
        Entry.append(Action.EXPORT, record, changes, label=self.title, **who)

    def write(self, target: BinaryIO, tell: Callable[[int], None] = lambda count: None) -> int:
        """Write the file and return how many rows; ``tell`` hears now and then how many so far."""
        kind = FORMATS[self.file_format]
        lines = self.source.lines(
            self.rows, self.names, full=self.full, for_programs=kind.for_programs
        )
        headings = [self.source.columns[name].heading for name in self.names]
        return kind.write(target, Table(self.title, self.names, headings, _told(lines, tell)))


def _told(
    lines: Iterator[Sequence[SheetValue]], tell: Callable[[int], None]
) -> Iterator[Sequence[SheetValue]]:
    for count, line in enumerate(lines, 1):
        yield line
        if count % PART == 0:
            tell(count)


def objections_to_full(user: Any, rows: Any, reason: str) -> list[str]:
    """Return why these rows may not go out in full: not all may so, or nobody says what for."""
    if rows.visible_to(user, access.EXPORT_FULL).count() < rows.count():
        return [_("You may export these rows with masked numbers only.")]
    return [] if reason.strip() else [_("Say what the full numbers are needed for.")]
