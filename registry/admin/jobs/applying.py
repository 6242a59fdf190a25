"""Into the register, or aside: what is done with an upload as a whole, and with its worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from registry.admin.jobs.showing import Showing
from registry.admin.jobs.uploading import ROWS_AT_ONCE
from registry.language import said
from registry.models.job_rows import WRITABLE
from registry.models.jobs import JobState
from registry.sheets import staging
from registry.sheets.applying import may_apply
from registry.sheets.faults import Unwritable, all_or_nothing


class Applying(Showing):
    def steps(self) -> Iterable[tuple[str, Callable[..., Any]]]:
        own = [
            ("apply", self.apply_view),
            ("discard", self.discard_view),
            ("stop", self.stop_view),
            ("again", self.again_view),
        ]
        return [*super().steps(), *own]

    @method_decorator(require_POST)
    def apply_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        job = self.job_of(request, object_id)
        kind = self.kind_of(job)
        if not may_apply(kind, job, request.user):
            messages.error(
                request, _("Only its uploader applies an upload, while he may do so there.")
            )
            return self.back_to(job)
        good_rows = bool(request.POST.get("good_rows"))
        if job.rows.left().filter(state__in=WRITABLE).count() > ROWS_AT_ONCE:
            if job.apply_later():
                self.apply_later(job, request.user, good_rows=good_rows)
            else:
                messages.info(request, said(staging.Outcome(already=True).sentence or ""))
            return self.back_to(job)
        today = timezone.localdate()
        try:
            with all_or_nothing():
                outcome = staging.apply(kind, job, request.user, today=today, good_rows=good_rows)
        except Unwritable as error:
            messages.error(request, said(error.sentence))
            return self.back_to(job)
        if outcome.sentence:
            messages.warning(request, said(outcome.sentence))
        else:
            text = ngettext(
                "%(count)s row was written.", "%(count)s rows were written.", outcome.written
            )
            messages.success(request, text % {"count": outcome.written})
        return self.back_to(job)

    @method_decorator(require_POST)
    def discard_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        job = self.job_of(request, object_id)
        if job.user_id != request.user.pk:
            messages.error(request, _("Only its uploader discards an upload."))
            return self.back_to(job)
        if not self.is_discardable(job):
            messages.info(request, _("Stop it first, or wait until it is done."))
            return self.back_to(job)
        job.discard()
        messages.success(request, _("The upload was discarded; its file and rows are erased."))
        return HttpResponseRedirect(reverse("admin:registry_importjob_changelist"))

    @method_decorator(require_POST)
    def stop_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        job = self.job_of(request, object_id)
        if not self.may_steer(request, job) and (refused := self.refuse_others(request, job)):
            return refused
        if job.is_running and job.started_at is None:  # nobody would hear of it
            job.give_up()
        elif job.is_running:
            job.stop()
        return self.back_to(job)

    @method_decorator(require_POST)
    def again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Begin once more what a worker has not ended: nothing of it was written."""
        job = self.job_of(request, object_id)
        if not self.may_steer(request, job) and (refused := self.refuse_others(request, job)):
            return refused
        if not (job.is_running and job.is_silent):
            messages.info(request, _("It is being worked on. Wait a moment."))
        elif job.state == JobState.READING:
            job.read_again()
            self.read_later(job)
        else:
            job.rest()
            messages.info(request, _("Nothing of it was written. Begin it once more."))
        return self.back_to(job)
