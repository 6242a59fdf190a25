"""An applied upload, taken back within 30 days as far as nobody has touched what it wrote.

Each row is restored, or kept because somebody has changed its record since, or impossible; the
reason stays with the row. What is restored at all is restored in one transaction.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from registry import access
from registry.models import Entry, ImportJob, JobFinding, JobRow, StaleRecord, acting
from registry.models.job_rows import JobRowQuerySet, Undo
from registry.models.jobs import APPLICATION, JobState
from registry.models.log import Action
from registry.sentences import Sentence, warning
from registry.sheets import codes
from registry.sheets.faults import Unwritable, all_or_nothing
from registry.sheets.keeping import kept_rows
from registry.sheets.progress import Progress, Stopped
from registry.sheets.reading import without_collecting
from registry.sheets.resources import Context, Overtaken, Reversal, SheetResource
from registry.sheets.rows import StagedRow
from registry.sheets.staging import Kind

_TRIES = 3  # the register may be changed between looking and writing
_LEFT = ("", Undo.KEPT, Undo.FAILED)
_NO_MORE = warning("Nothing was taken back: you may not change the register there any more.")
_BY_OPERATOR = Sentence("the operator")


@dataclass
class Undone:
    """How many rows came to what; nothing at all where somebody else was faster."""

    restored: int = 0
    kept: int = 0
    failed: int = 0


class NotUndoable(Exception):
    """The upload as a whole cannot be taken back; ``sentence`` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def may_undo(kind: Kind, job: ImportJob, user: Any) -> bool:
    """Whether ``user`` may take this job back: who may write where it belongs; of one that
    belongs nowhere in particular its uploader, or who may write everywhere."""
    _looking, writing = kind.verbs
    own = not job.scope_path and job.user_id == user.pk and access.may(user, writing)
    return own or access.may_at(user, writing, job.scope_path)


def left_of(job: ImportJob) -> JobRowQuerySet:
    """Return the rows of a job that the register has taken, and that were not taken back."""
    return job.rows.applied().filter(undone__in=_LEFT)


def undo(
    kind: Kind, job: ImportJob, user: Any, *, today: date, progress: Progress | None = None
) -> Undone:
    """Take back what the upload has written, row by row; a second call finds nothing more to do,
    and neither does one that ``progress`` was asked to stop.

    Raises ``NotUndoable`` where the upload is too old, has written nothing, or the register does
    not stand still long enough.
    """
    job.refresh_from_db(fields=APPLICATION)
    if not job.is_undoable:
        raise NotUndoable(
            Sentence(
                "This upload cannot be taken back: it has written nothing, or is older than 30 "
                "days. Correct the records themselves."
            )
        )
    resource = kind(Context(user, kind.verbs[1], job.scope_path, job.opening_on, today))
    with without_collecting(), acting(user):
        for _try in range(_TRIES):
            try:
                return _undo(resource, job, progress or Progress(None, 1))
            except Stopped:
                job.mark_undone({}, [])
                return Undone()
            except (Overtaken, StaleRecord, IntegrityError):
                continue
    job.mark_undone({}, [])
    raise NotUndoable(
        Sentence("The register is being changed. Nothing was taken back; try again in a moment.")
    )


def undo_received(kind: Kind, job: ImportJob, user: Any, *, today: date) -> None:
    """Take back a job that waits for it in the background; why nothing was stays with the job.

    A second call, after a restart, finds nothing to do where the first has written.
    """
    if job.state != JobState.UNDOING:
        return
    why: Sentence | None = _NO_MORE
    if may_undo(kind, job, user):
        why = None
        try:
            with all_or_nothing():
                undo(kind, job, user, today=today, progress=Progress(job, 1))
        except (NotUndoable, Unwritable) as error:
            why = error.sentence
    job.refresh_from_db(fields=["state"])
    if job.state == JobState.UNDOING:
        job.rest()
    if why:
        job.tell(why)


def _undo(resource: SheetResource, job: ImportJob, progress: Progress) -> Undone:
    seen = job.state, job.applied_at
    rows = list(kept_rows(job, left_of(job)))
    reversal = resource.prepare_undo(job, rows, progress)
    try:
        with transaction.atomic():
            now = ImportJob.objects.select_for_update().defer("file").get(pk=job.pk)
            if (now.state, now.applied_at) != seen:
                return Undone()
            reversal.write()
            return _conclude(resource, now, rows, reversal)
    finally:
        reversal.close()


def _conclude(
    resource: SheetResource, job: ImportJob, rows: list[StagedRow], reversal: Reversal
) -> Undone:
    results = {key: result for key, (result, _why) in reversal.results.items()}
    reasons = [
        JobFinding.of(
            why, row_id=row.key, sheet=row.sheet, cell=row.cell("", resource.name_field) or ""
        )
        for row in rows
        if row.key and (why := reversal.results[row.key][1])
    ]
    job.findings.filter(code__in=(codes.UNDO_KEPT, codes.UNDO_FAILED)).delete()
    before = job.state
    job.mark_undone(results, reasons)
    count = Counter(results.values())
    changes: list[list[Any]] = [["state", before, job.state]]
    changes += [[result.value, "", count[result]] for result in Undo if count[result]]
    Entry.append(Action.CHANGE, job, changes, label=job.file_name)
    return Undone(count[Undo.RESTORED], count[Undo.KEPT], count[Undo.FAILED])


# The reasons


def kept(name: str, entry: Entry | None) -> tuple[str, Sentence]:
    """Return that a row is kept since its record was changed, as ``entry`` says by whom."""
    if entry is None:
        return Undo.KEPT, warning(
            "“%(name)s” has been changed since the upload and stays as it is.",
            code=codes.UNDO_KEPT,
            name=name,
        )
    return Undo.KEPT, warning(
        "“%(name)s” was changed by %(user)s on %(at)s, after the upload, and stays as it is.",
        code=codes.UNDO_KEPT,
        name=name,
        user=str(entry.user) if entry.user else _BY_OPERATOR,
        at=f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M}",
    )


def failed(name: str, why: str) -> tuple[str, Sentence]:
    """Return that a row cannot be taken back, and why."""
    return Undo.FAILED, Sentence(
        "“%(name)s” cannot be restored. %(why)s", code=codes.UNDO_FAILED, name=name, why=why
    )


def changed_since(job: ImportJob, model: str, keys: list[int]) -> dict[int, Entry]:
    """Return for each record the last change that was made to it after the upload; those of later
    uploads that were taken back do not count."""
    latest: dict[int, Entry] = {}
    for start in range(0, len(keys), 500):
        chunk = keys[start : start + 500]
        about = Entry.objects.filter(model=model, object_id__in=chunk)
        about = about.filter(action__in=(Action.ADD, Action.CHANGE, Action.DELETE))
        entries = list(about.select_related("user").order_by("id"))
        undone = _taken_back({entry.chain for entry in entries} - {job.log_chain}, chunk)
        for entry in entries:
            key = entry.object_id or 0
            if entry.chain == job.log_chain:
                latest.pop(key, None)
            elif (entry.chain, key) not in undone:
                latest[key] = entry
    return latest


def _taken_back(chains: set[str], keys: list[int]) -> set[tuple[str, int]]:
    """Return which of the uploads with these chains were taken back of which records."""
    jobs = [chain.removeprefix("job:") for chain in chains if chain.startswith("job:")]
    rows = JobRow.objects.applied().filter(job__in=jobs, target_id__in=keys)
    found: dict[tuple[str, int], set[str]] = defaultdict(set)
    for number, key, result in rows.values_list("job", "target_id", "undone"):
        found[f"job:{number}", key or 0].add(result)
    return {place for place, results in found.items() if results == {Undo.RESTORED}}
