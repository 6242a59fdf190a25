"""Judged rows and what was found, into a job and out of it again, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
from django.apps import apps
from django.db import transaction

from registry import encryption
from registry.loading import insert, reserve_keys, update
from registry.models import ImportJob, JobFinding, JobRow
from registry.models.jobs import JobState, RowState
from registry.sentences import Sentence
from registry.sheets.resources import SheetResource
from registry.sheets.rows import StagedRow, counts_of, findings_of, from_kept, kept_text

_ROW = ("id", "job", "sheet", "number", "state", "applied", "undone", "values_sealed", "target_id")
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
    texts = [kept_text(row) for row in rows]
    seal = encryption.sealer(JobRow._meta.get_field("values_sealed").purpose)
    with transaction.atomic():
        if anew:
            job.findings.all().delete()
            job.rows.filter(applied=False).delete()
            keys = reserve_keys(JobRow, len(rows))
            for key, row in zip(keys, rows, strict=True):
                row.kept = JobRow(pk=key, job=job, sheet=row.sheet, number=row.number)
            insert(
                JobRow,
                _ROW,
                (
                    (key, job.pk, row.sheet, row.number, row.state, False, "", seal(text),
                     row.target_id)
                    for key, row, text in zip(keys, rows, texts, strict=True)
                ),
            )  # fmt: skip
        else:
            _forget_findings(job, rows)
            update(
                JobRow,
                ("state", "target_id", "values_sealed"),
                (
                    (row.state, row.target_id, seal(text), row.kept.pk)
                    for row, text in zip(rows, texts, strict=True)
                    if row.kept and text != row.kept.values_sealed
                ),
            )
        for row in rows:
            if row.kept:
                row.kept.state, row.kept.target_id = row.state, row.target_id
        insert(JobFinding, _FINDING, _findings(resource, job, rows, notes))
        job.counts = counts_of((*applied, *rows)) if anew else _counts(job)
        if job.state == JobState.READING:
            job.state = JobState.PARTLY if applied else JobState.STAGED
        job.save()


def _promise_keys(resource: SheetResource, rows: Sequence[StagedRow]) -> None:
    """Give each new record the key that it will have, so that nothing is left to be found out
    while the register is written."""
    if not resource.promises_keys:
        return
    new = []
    for row in rows:
        if row.state == RowState.NEW:
            promised = row.kept and row.kept.state == RowState.NEW and row.kept.target_id
            if promised:
                row.target_id = promised
            else:
                new.append(row)
    for key, row in zip(
        reserve_keys(apps.get_model(resource.model_label), len(new)), new, strict=True
    ):
        row.target_id = key


def _forget_findings(job: ImportJob, rows: Sequence[StagedRow]) -> None:
    job.findings.filter(row__isnull=True).delete()
    if len(rows) == job.rows.filter(applied=False).count():
        job.findings.filter(row__applied=False).delete()
        return
    keys = [row.kept.pk for row in rows if row.kept]
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
            key = row.kept.pk if row.kept else None
            yield (job.pk, key, row.sheet, cell, each.field, *_said(each.sentence, seal))


def _said(sentence: Sentence, seal: Any) -> tuple[str, str, str, str]:
    params = {
        name: {"sentence": value.template, "params": dict(value.params)}
        if isinstance(value, Sentence)
        else value
        for name, value in sentence.params.items()
    }
    sealed = seal(orjson.dumps(params, str).decode()) if params else ""
    return sentence.level, sentence.code, sentence.template, sealed


def _counts(job: ImportJob) -> dict[str, int]:
    counts = dict.fromkeys(RowState.values, 0)
    for state in job.rows.values_list("state", flat=True).iterator():
        counts[state] += 1
    return counts


def kept_rows(job: ImportJob, **which: Any) -> Iterator[StagedRow]:
    """Yield the rows of a job that answer to ``which``, in their order."""
    letters = letters_of(job)
    rows = job.rows.filter(**which).order_by("id")
    for kept in rows.iterator(chunk_size=_CHUNK):
        yield from_kept(kept, letters.get(kept.sheet, {}))


def letters_of(job: ImportJob) -> dict[str, dict[str, str]]:
    """Return, for each sheet, which field stands in which column."""
    return {
        sheet["sheet"]: {name: letter for letter, name in sheet["columns"].items()}
        for sheet in job.layout.get("sheets", [])
    }
