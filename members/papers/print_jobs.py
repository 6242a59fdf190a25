"""A print job at work: the batch bound in memory and kept sealed until it is fetched."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from members.models import PrintJob
from members.models.print_jobs import Bound
from members.papers.batches import batch_of
from members.papers.kinds import PAPERS
from registry.language import said
from registry.models import acting
from registry.papers.binding import Binding, PdfBinding, ZipBinding
from registry.papers.catalogue import Asked, Paper
from registry.sheets.faults import Unwritable, all_or_nothing
from registry.sheets.progress import Stopped

TELL_EVERY = 0.5  # seconds


def print_waiting(job: PrintJob, at: datetime) -> None:
    """Print a job that waits for it; why nothing was printed stays with the job.

    ``at`` is local time. A second call, after it is done or stopped, finds nothing to do.
    """
    if not job.is_running:
        return
    with translation.override(job.language), acting(job.user, job.reason):
        try:
            job.begin()
            with all_or_nothing():
                _print(job, at)
        except Stopped:
            job.give_up()
        except ValidationError as error:
            job.fail(" ".join(error.messages))
        except Unwritable as error:
            job.fail(said(error.sentence))


def answered(paper: Paper | None, day: date, answers: Mapping[str, str]) -> dict[str, Any]:
    """Return the answers to a paper's own questions as it reads them."""
    if not answers or paper is None or paper.questions is None:
        return {}
    form = paper.questions(paper.questions.answers_on(day) | dict(answers))
    if not form.is_valid():
        raise ValidationError([sentence for each in form.errors.values() for sentence in each])
    cleaned: dict[str, Any] = form.cleaned_data
    return cleaned


def may_fetch(job: PrintJob, user: Any) -> bool:
    """Whether the file of a job may go to ``user`` now; that of a paper no more to nobody."""
    paper = PAPERS.get(job.paper)
    return paper is not None and job.may_be_fetched_by(user, paper.verb)


def _print(job: PrintJob, at: datetime) -> None:
    if not may_fetch(job, job.user):
        raise ValidationError(_("You may not print this there any more."))
    paper = PAPERS.get(job.paper)
    asked = Asked(
        day=job.on,
        reader=job.user,
        printed_by=f"{job.user}",
        at=at,
        in_full=job.in_full,
        reason=job.reason,
        more=answered(paper, job.on, job.answers),
    )
    batch = batch_of(paper, job.organization, asked)
    file = io.BytesIO()
    binding: Binding = (
        ZipBinding(file, at) if job.bound == Bound.ZIP else PdfBinding(file, batch.title)
    )
    outcome = batch.bind(binding, _Telling(job))
    with transaction.atomic():  # what was not kept is not in the log either
        kept = file.getvalue() if outcome.papers else b""
        if job.keep(kept, outcome.papers, outcome.failures, outcome.warnings) and kept:
            batch.log(outcome)


class _Telling:
    """Reports now and then how far a job is, and raises Stopped when its user has asked to."""

    def __init__(self, job: PrintJob) -> None:
        self.job = job
        self.told = time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        if time.monotonic() - self.told < TELL_EVERY and done < of:
            return
        self.told = time.monotonic()
        if self.job.report(done, of):
            raise Stopped
