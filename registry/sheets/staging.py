"""From an uploaded file to a job that waits for its clerk, and from there into the register.

Reading and judging happen outside any transaction, so that nobody waits while a file is looked
at. Applying judges again unless nothing has changed since; what has changed is shown, not written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from registry import access
from registry.models import ChainHead, Entry, ImportJob, StaleRecord, acting
from registry.models.job_rows import WRITABLE, RowState
from registry.models.jobs import APPLICATION, JobState
from registry.models.log import Action
from registry.sentences import ERROR, Sentence, warning
from registry.sheets import codes, mapping
from registry.sheets.cells import QUESTION
from registry.sheets.keeping import keep, kept_rows, sealed_rows
from registry.sheets.progress import Progress, Stopped
from registry.sheets.reading import read_workbook, without_collecting
from registry.sheets.resources import Context, Overtaken, SheetResource
from registry.sheets.rows import StagedRow, carry, read_rows
from registry.sheets.workbook import Unreadable

Kind = type[SheetResource]
_STOPPING = (ERROR, QUESTION)
_LEFT = (RowState.ERROR, RowState.QUESTION)
_STEPS = 2  # reading and judging; keeping is short


@dataclass(frozen=True)
class Scope:
    """Where the rows of an upload belong, and the top below which names are looked up."""

    path: str = ""  # "": wherever the user has the verb
    label: str = ""


@dataclass
class Reading:
    """A file as it was read, before it is judged."""

    rows: list[StagedRow]
    layout: dict[str, Any]
    notes: list[tuple[str, Sentence]]  # sheet ("" for the file) and what reading says of it


@dataclass
class Outcome:
    """What came of applying a job; exactly one of the flags is set, or rows were written."""

    new: int = 0
    changed: int = 0
    left: int = 0  # rows that were not good
    already: bool = False
    overtaken: bool = False  # the register has changed since; the job shows how
    why: str = ""  # what the register itself has objected to
    stopped: bool = False  # errors or questions, and only the good rows were not asked for
    halted: bool = False  # the clerk has asked to stop

    @property
    def written(self) -> int:
        return self.new + self.changed

    @property
    def sentence(self) -> Sentence | None:
        """Why nothing was written; None where rows were."""
        if self.already:
            return warning("This upload has been applied or discarded already.")
        if self.overtaken:
            return warning(
                self.why or "The register has changed since you looked. See what the rows mean now."
            )
        if self.stopped:
            return warning(
                "Nothing was written: rows have errors or questions. Apply the good rows only."
            )
        if self.halted:
            return warning("Nothing was written: it was stopped.")
        return None


# From a file to a job


def stage(
    kind: Kind,
    data: bytes,
    name: str,
    *,
    user: Any,
    scope: Scope,
    opening_on: date,
    today: date,
    whole_roster: bool = False,
) -> ImportJob:
    """Read and judge a file and keep it as a job; nothing else is written.

    Raises Unreadable with one sentence where the file gives no rows; no job is kept then.
    """
    resource = kind(Context(user, kind.verbs[0], scope.path, opening_on, today))
    answers = _answers(resource)
    progress = Progress(None, _STEPS)
    with without_collecting():
        standing = ChainHead.standing()
        reading = _read(resource, data, name, answers, progress)
        judged = resource.judge(reading.rows, progress)
        with transaction.atomic(), acting(user):
            job = receive(
                kind,
                data,
                name,
                user=user,
                scope=scope,
                opening_on=opening_on,
                whole_roster=whole_roster,
            )
            job.judged_at = standing
            _keep(resource, job, reading, judged)
            _log(job)
    return job


def receive(
    kind: Kind,
    data: bytes,
    name: str,
    *,
    user: Any,
    scope: Scope,
    opening_on: date,
    whole_roster: bool = False,
) -> ImportJob:
    """Keep a file that is read later, by ``read_received`` in the background."""
    ImportJob.erase_old()
    return ImportJob.receive(
        kind.sheet_kind,
        name,
        data,
        user=user,
        opening_on=opening_on,
        whole_roster=whole_roster,
        path=scope.path,
        label=scope.label,
    )


def read_received(kind: Kind, job: ImportJob, *, today: date) -> None:
    """Read and judge the file of a job, also once more after its columns were answered or a
    corrected file was put in its place. What was said of rows and what the register has taken
    stays; a second call, after a restart, begins anew."""
    if job.state != JobState.READING:
        return
    user = job.user or access.OPERATOR
    resource = kind(Context(user, kind.verbs[0], job.scope_path, job.opening_on, today))
    answers = _answers(resource) | job.answers
    progress = Progress(job, _STEPS)
    with without_collecting():
        before = list(kept_rows(job))
        standing = ChainHead.standing(job.log_chain)
        try:
            reading = _read(resource, bytes(job.file), job.file_name, answers, progress)
            applied, rows = carry(before, reading.rows, resource.table(today), masked_in(resource))
            for row in rows:
                if row.said:
                    resource.settle(row)
            judged = resource.judge(rows, progress)
        except Unreadable as error:
            job.refuse(error.sentence)
            return
        except Stopped:
            job.give_up()
            return
        reading.rows = rows
        with transaction.atomic(), acting(job.user):
            if not _is_read_still(job):
                return
            job.judged_at = standing
            _keep(resource, job, reading, judged, applied)
            _log(job)


def _is_read_still(job: ImportJob) -> bool:
    """Whether no other worker was faster, and its user has not put the job aside meanwhile."""
    now = ImportJob.objects.defer("file").select_for_update().get(pk=job.pk)
    return now.state == JobState.READING


def _log(job: ImportJob) -> None:
    """Log the upload, and that it asked after people who are registered elsewhere."""
    counts = [[state, "", count] for state, count in job.counts.items() if count]
    Entry.append(Action.IMPORT, job, counts, label=job.file_name)
    if elsewhere := job.findings.filter(code=codes.REGISTERED_ELSEWHERE).count():
        Entry.append(Action.REFUSED, job, [[codes.REGISTERED_ELSEWHERE, "", elsewhere]])


def _answers(resource: SheetResource) -> dict[str, str]:
    """Return what is known of headings beyond the table: the office's own, and its answers."""
    remembered = mapping.remembered(resource.context.scope_path, resource.sheet_kind)
    return resource.own_headings() | remembered


def masked_in(resource: SheetResource) -> frozenset[str]:
    return frozenset(name for name, each in resource.fields.items() if each.masked)


def _read(
    resource: SheetResource,
    data: bytes,
    name: str,
    answers: Mapping[str, str],
    progress: Progress,
) -> Reading:
    table = resource.table(resource.context.today)
    synonyms = {**table.synonyms, **{form: field for form, field in answers.items() if field}}
    workbook = read_workbook(data, name, synonyms)
    notes = [("", note) for note in workbook.notes]
    rows: list[StagedRow] = []
    sheets: list[dict[str, Any]] = []
    count = sum(len(sheet.records) for sheet in workbook.sheets)
    reading = progress.over(_rows_of(resource, workbook.sheets, answers, notes, sheets), count)
    for row in reading:
        resource.settle(row)
        rows.append(row)
    layout = {"sheets": sheets, "format": workbook.format}
    layout["notes"] = [_kept_note(*note) for note in notes]
    resource.context.sheets = {sheet["sheet"]: sheet for sheet in sheets}
    return Reading(rows, layout, notes)


def _rows_of(
    resource: SheetResource,
    sheets: Sequence[Any],
    answers: Mapping[str, str],
    notes: list[tuple[str, Sentence]],
    layouts: list[dict[str, Any]],
) -> Iterator[StagedRow]:
    table = resource.table(resource.context.today)
    masked = masked_in(resource)
    for sheet in sheets:
        matched = table.match(sheet, answers)
        notes += [(sheet.name, note) for note in (*sheet.notes, *matched.findings)]
        layouts.append(mapping.layout_of(sheet, matched))
        yield from read_rows(sheet, matched, table, masked=masked)


def _kept_note(sheet: str, note: Sentence) -> list[Any]:
    params = {
        name: value if isinstance(value, int) else str(value) for name, value in note.params.items()
    }
    return [sheet, note.level, note.code, note.field, note.template, params]


def _notes_of(job: ImportJob) -> list[tuple[str, Sentence]]:
    return [
        (sheet, Sentence(template, level=level, code=code, field=field_name, **params))
        for sheet, level, code, field_name, template, params in job.layout.get("notes", [])
    ]


def _keep(
    resource: SheetResource,
    job: ImportJob,
    reading: Reading,
    judged: Sequence[Sentence],
    applied: Sequence[StagedRow] = (),
) -> None:
    job.layout = reading.layout
    notes = [*reading.notes, *(("", each) for each in judged)]
    keep(resource, job, reading.rows, notes, applied=applied, anew=True)


# Into the register


def apply(kind: Kind, job: ImportJob, user: Any, *, today: date, good_rows: bool) -> Outcome:
    """Write what the clerk has seen, or nothing where it would be something else by now.

    With ``good_rows`` the rows without errors and questions are written and the others stay in
    the job. A second call at the same moment writes nothing.
    """
    if not (job.is_open or job.state == JobState.APPLYING):
        return Outcome(already=True)
    resource = kind(Context(user, kind.verbs[1], job.scope_path, job.opening_on, today))
    try:
        with without_collecting():
            return _apply(resource, job, good_rows)
    except Stopped:
        return Outcome(halted=True)


def _apply(resource: SheetResource, job: ImportJob, good_rows: bool) -> Outcome:
    progress = Progress(job if job.state == JobState.APPLYING else None, _STEPS)
    standing = ChainHead.standing(job.log_chain)
    if job.judged_at != standing and judge_again(resource, job, progress=progress):
        return Outcome(overtaken=True)
    seen = _mark_of(job)
    left = job.rows.left().filter(state__in=_LEFT).count()
    told = [note for _, note in _notes_of(job) if note.level in _STOPPING]
    if (left or told) and not good_rows:
        return Outcome(left=left, stopped=True)
    return _write(resource, job, progress, left, seen)


def _mark_of(job: ImportJob) -> tuple[Any, ...]:
    """Return what differs as soon as somebody else has judged or applied the job."""
    return job.applied_at, job.state, job.judged_at


def _write(
    resource: SheetResource, job: ImportJob, progress: Progress, left: int, seen: tuple[Any, ...]
) -> Outcome:
    good = job.rows.left().filter(state__in=WRITABLE)
    new = good.filter(state=RowState.NEW).count()
    outcome = Outcome(new=new, changed=good.count() - new, left=left)
    try:
        with acting(resource.context.user), resource.writing(job) as writing:
            writing.take(
                progress.over(sealed_rows(job, good), outcome.written), outcome.written, outcome.new
            )
            with transaction.atomic():
                now = ImportJob.objects.defer("file").select_for_update().get(pk=job.pk)
                if _mark_of(now) != seen:
                    return Outcome(already=True)
                if now.stop_asked and now.is_running:
                    return Outcome(halted=True)
                writing.write()
                now.mark_applied(all_done=not left)
    except (Overtaken, StaleRecord, IntegrityError) as error:
        # In the moment between; the next judging says what it was.
        judge_again(resource, job)
        return Outcome(overtaken=True, why=str(error) if isinstance(error, Overtaken) else "")
    job.refresh_from_db(fields=APPLICATION)
    return outcome


def judge_again(
    resource: SheetResource,
    job: ImportJob,
    rows: Sequence[StagedRow] | None = None,
    *,
    all_of_them: bool = True,
    progress: Progress | None = None,
) -> bool:
    """Judge the rows that are not applied yet against the register as it is now.

    Returns whether any of them means something else than the job has shown; the job shows the new
    meaning then. ``rows`` are those of which the clerk has just spoken; where they are not
    ``all_of_them``, that is enough to show him what he has said, and applying judges all.
    """
    resource.context.sheets = {sheet["sheet"]: sheet for sheet in job.layout.get("sheets", [])}
    standing = ChainHead.standing(job.log_chain)
    spoken = rows is not None
    rows = list(kept_rows(job, job.rows.left())) if rows is None else rows
    before = [row.verdict for row in rows]
    for row in rows:
        row.judged, row.changes, row.outcome, row.target_id = [], [], {}, None
    judged = resource.judge(rows, progress or Progress(None, 1))
    overtaken = [row.verdict for row in rows] != before
    with transaction.atomic():
        now = ImportJob.objects.defer("file").select_for_update().get(pk=job.pk)
        if _mark_of(now) != _mark_of(job):
            return True
        job.judged_at = standing if all_of_them else None
        if overtaken or spoken:
            notes = [*_notes_of(job), *(("", each) for each in judged)]
            keep(resource, job, rows, notes, anew=False)
        else:
            job.save(update_fields=["judged_at"])
    return overtaken
