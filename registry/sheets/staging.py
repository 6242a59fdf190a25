"""From an uploaded file to a job that waits for its clerk, and from there into the register.

Reading and judging happen outside any transaction, so that nobody waits while a file is looked
at. Applying judges everything again: what has changed since the clerk looked is shown, not written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from registry import access
from registry.models import Entry, ImportJob, JobFinding, StaleRecord, acting
from registry.models.jobs import JobState
from registry.models.log import Action
from registry.sentences import ERROR, Sentence
from registry.sheets import codes
from registry.sheets.cells import QUESTION
from registry.sheets.reading import read_workbook
from registry.sheets.resources import Context, Overtaken, SheetResource
from registry.sheets.rows import StagedRow, counts_of, findings_of, from_kept, read_rows, to_keep
from registry.sheets.workbook import Unreadable, Workbook

Kind = type[SheetResource]
_STOPPING = (ERROR, QUESTION)


@dataclass(frozen=True)
class Scope:
    """Where the rows of an upload belong, and the top below which names are looked up."""

    path: str = ""  # "": wherever the user has the verb
    label: str = ""


@dataclass
class Reading:
    """A file as it was read and judged, before it is kept."""

    rows: list[StagedRow]
    layout: dict[str, Any]
    notes: list[tuple[str, Sentence]]  # sheet ("" for the file) and what reading says of it
    judged: list[Sentence]  # what judging says of the file


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

    @property
    def written(self) -> int:
        return self.new + self.changed


def stage(
    kind: Kind, data: bytes, name: str, *, user: Any, scope: Scope, opening_on: date, today: date
) -> ImportJob:
    """Read and judge a file and keep it as a job; nothing else is written.

    Raises Unreadable with one sentence where the file gives no rows; no job is kept then.
    """
    resource = kind(Context(user, kind.verbs[0], scope.path, opening_on, today))
    reading = _read(resource, data, name)
    with transaction.atomic(), acting(user):
        job = receive(kind, data, name, user=user, scope=scope, opening_on=opening_on)
        _keep(resource, job, reading)
        _log(job)
    return job


def receive(
    kind: Kind, data: bytes, name: str, *, user: Any, scope: Scope, opening_on: date
) -> ImportJob:
    """Keep a file that is read later, by ``read_received`` in the background."""
    return ImportJob.receive(
        kind.sheet_kind,
        name,
        data,
        user=user,
        opening_on=opening_on,
        path=scope.path,
        label=scope.label,
    )


def read_received(kind: Kind, job: ImportJob, *, today: date) -> None:
    """Read and judge a kept file; a second call, after a restart, finds nothing to do."""
    if job.state != JobState.READING:
        return
    resource = kind(
        Context(job.user or access.OPERATOR, kind.verbs[0], job.scope_path, job.opening_on, today)
    )
    try:
        reading = _read(resource, bytes(job.file), job.file_name)
    except Unreadable as error:
        job.refuse(error.sentence)
        return
    with transaction.atomic(), acting(job.user):
        _keep(resource, job, reading)
        _log(job)


def _log(job: ImportJob) -> None:
    """Log the upload, and that it asked after people who are registered elsewhere."""
    counts = [[state, "", count] for state, count in job.counts.items() if count]
    Entry.append(Action.IMPORT, job, counts, label=job.file_name)
    if elsewhere := job.findings.filter(code=codes.REGISTERED_ELSEWHERE).count():
        Entry.append(Action.REFUSED, job, [[codes.REGISTERED_ELSEWHERE, "", elsewhere]])


def _read(resource: SheetResource, data: bytes, name: str) -> Reading:
    table = resource.table(resource.context.today)
    workbook = read_workbook(data, name, table.synonyms)
    masked = frozenset(name for name, each in resource.fields.items() if each.masked)
    notes = [("", note) for note in workbook.notes]
    rows: list[StagedRow] = []
    sheets = []
    for sheet in workbook.sheets:
        matched = table.match(sheet)
        notes += [(sheet.name, note) for note in (*sheet.notes, *matched.findings)]
        sheets.append(_layout_of(workbook, sheet.name, matched.fields, matched.unknown))
        rows += read_rows(sheet, matched, table, masked=masked)
    for row in rows:
        resource.settle(row)
    layout = {"sheets": sheets, "notes": [_kept_note(*note) for note in notes]}
    resource.context.sheets = {sheet["sheet"]: sheet for sheet in sheets}
    judged = resource.judge(rows)
    return Reading(rows, layout, notes, judged)


def _layout_of(
    workbook: Workbook, name: str, columns: dict[str, str], unknown: dict[str, str]
) -> dict[str, Any]:
    sheet = next(each for each in workbook.sheets if each.name == name)
    return {
        "sheet": sheet.name,
        "heading_rows": sheet.heading_rows,
        "records": len(sheet.records),
        "columns": {
            each.letter: columns[each.letter] for each in sheet.columns if each.letter in columns
        },
        "unknown": unknown,
        "titles": sheet.title_lines,
        "lines": sheet.skipped_lines,
        "skipped": sheet.skipped,
    }


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


def _keep(resource: SheetResource, job: ImportJob, reading: Reading) -> None:
    if job.layout != reading.layout:
        job.layout = reading.layout
    told = [*reading.notes, *(("", each) for each in reading.judged)]
    findings = [JobFinding.of(sentence, sheet=sheet) for sheet, sentence in told]
    kept = [to_keep(row) for row in reading.rows]
    for row in reading.rows:
        findings += findings_of(row, resource.name_field)
    job.keep_rows(kept, findings, counts_of(reading.rows))


# Into the register


def may_apply(kind: Kind, job: ImportJob, user: Any) -> bool:
    """Whether ``user`` may write this job: its uploader, while he may do so where it belongs."""
    own = job.user_id == user.pk
    _looking, writing = kind.verbs
    return own and (
        access.may_at(user, writing, job.scope_path)
        if job.scope_path
        else access.may(user, writing)
    )


def apply(kind: Kind, job: ImportJob, user: Any, *, today: date, good_rows: bool) -> Outcome:
    """Write what the clerk has seen, or nothing where it would be something else by now.

    With ``good_rows`` the rows without errors and questions are written and the others stay in
    the job. A second call at the same moment writes nothing.
    """
    if not job.is_open:
        return Outcome(already=True)
    seen = {"applied_at": job.applied_at, "state": job.state}
    resource = kind(Context(user, kind.verbs[1], job.scope_path, job.opening_on, today))
    rows, overtaken = judge_again(resource, job)
    if overtaken:
        return Outcome(overtaken=True)
    left = [row for row in rows if row.stopped]
    told = [note for _, note in _notes_of(job) if note.level in _STOPPING]
    if (left or told) and not good_rows:
        return Outcome(left=len(left), stopped=True)
    try:
        with transaction.atomic(), acting(user):
            now = ImportJob.objects.select_for_update().get(pk=job.pk)
            if {"applied_at": now.applied_at, "state": now.state} != seen:
                return Outcome(already=True)
            writable = [row for row in rows if row.writable]
            resource.write(now, writable)
            for row in writable:
                if row.kept:
                    row.kept.target_id = row.target_id
            now.mark_applied([row.kept for row in writable if row.kept], all_done=not left)
    except (Overtaken, StaleRecord, IntegrityError) as error:
        # In the moment between; the next judging says what it was.
        judge_again(resource, job)
        return Outcome(overtaken=True, why=str(error) if isinstance(error, Overtaken) else "")
    job.refresh_from_db(fields=["state", "applied_at"])
    counts = counts_of(writable)
    return Outcome(new=counts["new"], changed=counts["changed"], left=len(left))


def judge_again(resource: SheetResource, job: ImportJob) -> tuple[list[StagedRow], bool]:
    """Judge the rows that are not applied yet against the register as it is now.

    Returns them, and whether any of them means something else than the job has shown; the job
    shows the new meaning then.
    """
    layout = job.layout
    resource.context.sheets = {sheet["sheet"]: sheet for sheet in layout.get("sheets", [])}
    letters = {
        name: {field_name: letter for letter, field_name in sheet["columns"].items()}
        for name, sheet in resource.context.sheets.items()
    }
    every = [from_kept(kept, letters[kept.sheet]) for kept in job.rows.order_by("id")]
    rows = [row for row in every if row.kept and not row.kept.applied]
    before = [row.verdict for row in rows]
    for row in rows:
        row.judged, row.changes, row.outcome, row.target_id = [], [], {}, None
    judged = resource.judge(rows)
    overtaken = [row.verdict for row in rows] != before
    if overtaken:
        with transaction.atomic():
            _keep(resource, job, Reading(every, layout, _notes_of(job), judged))
    return rows, overtaken
