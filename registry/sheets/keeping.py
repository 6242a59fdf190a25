"""Judged rows and what was found, into a job and out of it again, many at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import orjson
from django.apps import apps
from django.db import transaction
from django.db.models import Count, ExpressionWrapper, F, TextField

from registry import encryption
from registry.loading import insert, reserve_keys, update
from registry.models import ImportJob, JobFinding, JobRow
from registry.models.job_rows import APPLIED, JobRowQuerySet, RowState
from registry.models.jobs import JobState
from registry.second_process import mapped
from registry.sentences import Sentence
from registry.sheets.resources import SheetResource
from registry.sheets.rows import (
    KEPT,
    Kept,
    StagedRow,
    counts_of,
    findings_of,
    from_kept,
    kept_param,
    kept_text,
)

_ROW = (
    "id", "job", "sheet", "number", "state", "judged_after", "undone", "values_sealed", "target_id",
)  # fmt: skip
_FINDING = (
    "job", "row", "sheet", "cell", "field", "level", "code", "template", "params_sealed",
)  # fmt: skip
_CHUNK = 2000

Notes = Sequence[tuple[str, Sentence]]


def keep(
    resource: SheetResource,
    job: ImportJob,
    rows: Sequence[StagedRow],
    notes: Notes,
    *,
    applied: Sequence[StagedRow] = (),
    anew: bool,
) -> None:
    """Put what was read and judged in the place of what was there.

    ``anew`` the rows come from the file; else they are those of the job, judged again. ``applied``
    are rows that the register has taken already, and that are only counted.
    """
    _promise_keys(resource, rows)
    seal = encryption.sealer(JobRow._meta.get_field("values_sealed").purpose)
    with transaction.atomic():
        if anew:
            job.findings.all().delete()
            job.rows.left().delete()
            for key, row in zip(reserve_keys(JobRow, len(rows)), rows, strict=True):
                row.key = key
            insert(
                JobRow,
                _ROW,
                (
                    (row.key, job.pk, row.sheet, row.number, row.state, job.times_applied, "",
                     sealed, row.target_id)
                    for row, sealed in zip(rows, _sealed_texts(rows, seal), strict=True)
                ),
            )  # fmt: skip
        else:
            _forget_findings(job, rows)
            update(
                JobRow,
                ("state", "judged_after", "target_id", "values_sealed"),
                (
                    (row.state, job.times_applied, row.target_id, seal(text), row.key)
                    for row in rows
                    if (text := kept_text(row)) != row.text
                ),
            )
        insert(JobFinding, _FINDING, _findings(resource, job, rows, notes))
        job.counts = counts_of((*applied, *rows)) if anew else _counts(job)
        if job.state == JobState.READING:
            job.state = JobState.PARTLY if applied else JobState.STAGED
        job.save(update_fields=["state", "layout_sealed", "counts", "judged_at"])


def _sealed_texts(rows: Sequence[StagedRow], seal: Callable[[str], str]) -> Iterator[str]:
    """Yield what is kept of each row; the other process knows the rows and is told which."""

    def sealed(places: list[int]) -> list[str]:
        return [seal(kept_text(rows[place])) for place in places]

    return chain.from_iterable(mapped(sealed, range(len(rows)), len(rows)))


def _promise_keys(resource: SheetResource, rows: Sequence[StagedRow]) -> None:
    """Give each new record the key that it will have, so that nothing is left to be found out
    while the register is written."""
    if not resource.promises_keys:
        return
    new = [row for row in rows if row.state == RowState.NEW]
    unpromised = [row for row in new if not row.promised]
    keys = reserve_keys(apps.get_model(resource.model_label), len(unpromised))
    for key, row in zip(keys, unpromised, strict=True):
        row.promised = key
    for row in new:
        row.target_id = row.promised


def _forget_findings(job: ImportJob, rows: Sequence[StagedRow]) -> None:
    job.findings.filter(row__isnull=True).delete()
    left = job.rows.left()
    if len(rows) == left.count():
        job.findings.filter(row__in=left).delete()
        return
    keys = [row.key for row in rows]
    for start in range(0, len(keys), 500):
        job.findings.filter(row__in=keys[start : start + 500]).delete()


def _findings(
    resource: SheetResource, job: ImportJob, rows: Iterable[StagedRow], notes: Notes
) -> Iterator[tuple[Any, ...]]:
    seal = encryption.sealer(JobFinding._meta.get_field("params_sealed").purpose)
    for sheet, sentence in notes:
        yield (job.pk, None, sheet, "", sentence.field, *_said(sentence, seal))
    for row in rows:
        for each in findings_of(row):
            cell = row.cell(each.field, resource.name_field) or ""
            yield (job.pk, row.key, row.sheet, cell, each.field, *_said(each.sentence, seal))


def _said(sentence: Sentence, seal: Any) -> tuple[str, str, str, str]:
    params = {name: kept_param(value) for name, value in sentence.params.items()}
    sealed = seal(orjson.dumps(params).decode()) if params else ""
    return sentence.level, sentence.code, sentence.template, sealed


def _counts(job: ImportJob) -> dict[str, int]:
    found = job.rows.order_by().values_list("state").annotate(count=Count("pk"))
    return dict.fromkeys(RowState.values, 0) | dict(found)


def kept_rows(job: ImportJob, which: JobRowQuerySet | None = None) -> Iterator[StagedRow]:
    """Yield ``which`` of the rows of a job, else all of them, in their order."""
    letters = letters_of(job)
    for kept in sealed_rows(job, which):
        yield from_kept(kept, letters)


def sealed_rows(job: ImportJob, which: JobRowQuerySet | None = None) -> Iterator[Kept]:
    """Yield the same as they are kept, for ``from_kept``."""
    rows = job.rows.all() if which is None else which
    sealed = ExpressionWrapper(F("values_sealed"), TextField())
    rows = rows.annotate(is_applied=APPLIED, sealed=sealed).order_by("id")
    yield from rows.values_list(*KEPT).iterator(chunk_size=_CHUNK)


def letters_of(job: ImportJob) -> dict[str, dict[str, str]]:
    """Return, for each sheet, which field stands in which column."""
    return {
        sheet["sheet"]: {name: letter for letter, name in sheet["columns"].items()}
        for sheet in job.layout.get("sheets", [])
    }
