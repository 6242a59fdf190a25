"""Whose an upload is, and how it is written while its clerk does something else."""

from __future__ import annotations

from datetime import date
from typing import Any

from registry import access
from registry.models import ImportJob
from registry.models.jobs import APPLICATION, JobState
from registry.sentences import Sentence, warning
from registry.sheets.faults import Unwritable, all_or_nothing
from registry.sheets.staging import Kind, apply, read_received

_NO_MORE = warning("Nothing was written: you may not apply uploads there any more.")


def may_speak(kind: Kind, job: ImportJob, user: Any) -> bool:
    """Whether ``user`` may answer, correct and discard: the uploader, while he may upload there."""
    return _is_his(job, user, kind.verbs[0])


def may_apply(kind: Kind, job: ImportJob, user: Any) -> bool:
    """Whether ``user`` may write this job: its uploader, while he may do so where it belongs."""
    return _is_his(job, user, kind.verbs[1])


def _is_his(job: ImportJob, user: Any, verb: str) -> bool:
    return job.user_id == user.pk and (
        access.may_at(user, verb, job.scope_path) if job.scope_path else access.may(user, verb)
    )


def read_waiting(kind: Kind, job: ImportJob, *, today: date) -> None:
    """Read the file of a job that waits for it; where the database fails the job says so, and
    waits for the file once more."""
    try:
        with all_or_nothing():
            read_received(kind, job, today=today)
    except Unwritable as error:
        ImportJob.objects.get(pk=job.pk).refuse(error.sentence)
        job.refresh_from_db(fields=["state"])


def apply_received(kind: Kind, job: ImportJob, user: Any, *, today: date, good_rows: bool) -> None:
    """Write a job that waits for it in the background; why nothing was written stays with the job.

    A second call, after a restart, finds nothing to do where the first has written.
    """
    if job.state != JobState.APPLYING:
        return
    why: Sentence | None = _NO_MORE
    if may_apply(kind, job, user):
        try:
            with all_or_nothing():
                why = apply(kind, job, user, today=today, good_rows=good_rows).sentence
        except Unwritable as error:
            why = error.sentence
    job.refresh_from_db(fields=APPLICATION)
    if job.state == JobState.APPLYING:
        job.rest()
    if why and job.is_open:
        job.tell(why)
