"""The workbook of an upload on its way back to its clerk: what is told of its cells and rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import ImportJob, JobFinding
from registry.models.job_rows import APPLIED, Level, RowState, Undo
from registry.models.jobs import JobState
from registry.sentences import Sentence
from registry.sheets.editing.returned import Mark, Returned, RowNote, returned_workbook
from registry.sheets.workbook import Unreadable

MOST_ROWS = 20_000  # of a larger upload only the rows with findings go back
UNDONE = {
    Undo.RESTORED: gettext_lazy("taken back"),
    Undo.KEPT: gettext_lazy("kept"),
    Undo.FAILED: gettext_lazy("not restored"),
}
_GRAVEST_FIRST = [level.value for level in Level]


def returned_of(job: ImportJob) -> Returned:
    """Return the workbook as it was, with everything that was found in it, and what came of each
    row, in the language in use.

    Raises Unreadable where the file is erased, was never read, or cannot be changed.
    """
    sheets = {sheet["sheet"]: sheet["heading_rows"] for sheet in job.layout.get("sheets", ())}
    if not job.file or not sheets:
        raise Unreadable(Sentence("The workbook of this upload is erased, or was never read."))
    found = list(job.findings.filter(sheet__in=sheets).order_by("id"))
    notes, places = _notes(job, sheets, found)
    only = None
    if sum(job.counts.values()) > MOST_ROWS:
        only = {places[each.row_id] for each in found if each.row_id in places}
        notes = [note for note in notes if (note.sheet, note.row) in only]
    data = bytes(job.file)
    marks = _marks(found)
    return returned_workbook(data, job.file_name, marks, notes, sheets=sheets, only_rows=only)


def is_returnable(job: ImportJob) -> bool:
    """Whether something was found in the file or came of it, and it is still there."""
    if job.is_running or job.state in (JobState.DISCARDED, JobState.ERASED):
        return False
    known = bool(job.layout.get("sheets"))
    return known and (job.applied_at is not None or job.findings.exists())


def is_remade(job: ImportJob) -> bool:
    """Whether the workbook must come back as a new one: another format, or a part of the rows."""
    other_format = not job.file_name.lower().endswith((".xlsx", ".xlsm"))
    return other_format or sum(job.counts.values()) > MOST_ROWS


def _marks(found: Iterable[JobFinding]) -> Iterator[Mark]:
    """Yield one mark for each cell, as grave as the gravest of what is told of it."""
    cells = defaultdict(list)
    for each in found:
        if each.cell:
            cells[each.sheet, each.cell].append(each)
    for (sheet, cell), told in cells.items():
        level = min((each.level for each in told), key=_GRAVEST_FIRST.index)
        yield Mark(sheet, cell, level, "\n".join(dict.fromkeys(each.message for each in told)))


def _notes(
    job: ImportJob, sheets: Collection[str], found: Iterable[JobFinding]
) -> tuple[list[RowNote], Mapping[int | None, tuple[str, int]]]:
    """Return what came of each row, and where it stands; a row that the register took out of an
    earlier file gives way to the one that stands in its place now."""
    reasons = defaultdict(list)
    for each in found:
        reasons[each.row_id].append(each.message)
    rows = (
        job.rows.filter(sheet__in=sheets).annotate(is_applied=APPLIED).order_by("-is_applied", "id")
    )
    notes: dict[tuple[str, int], RowNote] = {}
    places: dict[int | None, tuple[str, int]] = {}
    for key, sheet, number, state, applied, undone in rows.values_list(
        "pk", "sheet", "number", "state", "is_applied", "undone"
    ):
        reason = "\n".join(dict.fromkeys(reasons[key])) if key in reasons else ""
        places[key] = sheet, number
        notes[sheet, number] = RowNote(
            sheet, number, status_of(state, applied=applied, undone=undone), reason
        )
    return [notes[place] for place in sorted(notes)], places


def status_of(state: str, *, applied: bool, undone: str) -> str:
    """Return in a word what came of a row."""
    if undone:
        return str(UNDONE[Undo(undone)])
    return _("applied") if applied else str(RowState(state).label)
