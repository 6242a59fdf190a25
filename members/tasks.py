"""What runs in the background worker."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from members.sheets.kinds import KINDS
from registry.models import ImportJob
from registry.sheets import staging


@task()
def read_upload(job_id: int) -> None:
    """Read a large upload; started again after a crash, it begins anew."""
    job = ImportJob.objects.get(pk=job_id)
    staging.read_received(KINDS[job.kind], job, today=timezone.localdate())
