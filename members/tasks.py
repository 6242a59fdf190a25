"""What runs in the background worker."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from members.models import PrintJob
from members.papers.print_jobs import print_waiting
from members.sheets.kinds import KINDS
from registry.models import ImportJob, User
from registry.sheets import applying, undoing


@task()
def read_upload(job_id: int) -> None:
    """Read a large upload; started again after a crash, it begins anew."""
    job = ImportJob.objects.get(pk=job_id)
    applying.read_waiting(KINDS[job.kind], job, today=timezone.localdate())


@task()
def apply_upload(job_id: int, user_id: int, good_rows: bool) -> None:
    """Write many rows; started again after a crash, it finds what is written already."""
    job = ImportJob.objects.get(pk=job_id)
    applying.apply_received(
        KINDS[job.kind],
        job,
        User.objects.get(pk=user_id),
        today=timezone.localdate(),
        good_rows=good_rows,
    )


@task()
def undo_upload(job_id: int, user_id: int) -> None:
    """Take back many rows; started again after a crash, it finds what is taken back already."""
    job = ImportJob.objects.get(pk=job_id)
    user = User.objects.get(pk=user_id)
    undoing.undo_received(KINDS[job.kind], job, user, today=timezone.localdate())


@task()
def print_branches(job_id: int) -> None:
    """Print the papers of many branches; started again after a crash, it begins anew."""
    jobs = PrintJob.objects.without_file().select_related("user", "organization")
    print_waiting(jobs.get(pk=job_id), timezone.localtime())
