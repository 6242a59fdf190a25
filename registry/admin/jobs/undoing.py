"""Back out of the register: what taking an upload back would do, and what it has done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from registry.admin.jobs.showing import Showing
from registry.admin.jobs.uploading import ROWS_AT_ONCE
from registry.language import said
from registry.models import ImportJob
from registry.models.job_rows import RowState
from registry.sheets import codes
from registry.sheets.faults import Unwritable, all_or_nothing
from registry.sheets.undoing import NotUndoable, Undone, left_of, may_undo, undo

MOST_REASONS = 3  # in the message; all of them stand at their rows


class Undoing(Showing):
    def steps(self) -> Iterable[tuple[str, Callable[..., Any]]]:
        return [*super().steps(), ("undo", self.undo_view)]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def undo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        job = self.job_of(request, object_id)
        if not may_undo(self.kind_of(job), job, request.user):
            messages.error(request, _("You may not change the register where this upload belongs."))
            return self.back_to(job)
        if job.is_running:
            messages.info(request, _("It is being worked on. Wait a moment."))
            return self.back_to(job)
        if request.method == "POST":
            self._undo(request, job)
            return self.back_to(job)
        if not self.may_undo(request, job):
            messages.info(request, _("Nothing of this upload is left to be taken back."))
            return self.back_to(job)
        states = left_of(job).order_by().values("state").annotate(count=Count("pk"))
        counts = dict(states.values_list("state", "count"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take back %(file)s") % {"file": job.file_name},
            "opts": self.opts,
            "job": job,
            "new": counts.get(RowState.NEW, 0),
            "changed": counts.get(RowState.CHANGED, 0),
            "back": self.page_of(job),
        }
        return TemplateResponse(request, "admin/registry/importjob/undo.html", context)

    def _undo(self, request: HttpRequest, job: ImportJob) -> None:
        try:
            with all_or_nothing():
                if left_of(job).count() > ROWS_AT_ONCE:
                    if job.undo_later():
                        self.undo_later(job, request.user)
                    return
                kind, today = self.kind_of(job), timezone.localdate()
                undone = undo(kind, job, request.user, today=today)
        except (NotUndoable, Unwritable) as error:
            messages.error(request, said(error.sentence))
            return
        told = messages.warning if undone.kept or undone.failed else messages.success
        told(request, _result(job, undone))


def _result(job: ImportJob, undone: Undone) -> str:
    """Return how many rows came to what, and the first reasons why not all are as before."""
    parts = []
    if restored := undone.restored:
        parts.append(ngettext("%(count)s restored", "%(count)s restored", restored))
        parts[-1] %= {"count": restored}
    if kept := undone.kept:
        parts.append(ngettext("%(count)s kept", "%(count)s kept", kept) % {"count": kept})
    if failed := undone.failed:
        text = ngettext("%(count)s not restored", "%(count)s not restored", failed)
        parts.append(text % {"count": failed})
    if not parts:
        return _("Nothing of this upload is left to be taken back.")
    counts = _(", ").join(parts)
    reasons = job.findings.filter(code__in=(codes.UNDO_KEPT, codes.UNDO_FAILED)).order_by("id")
    first = " ".join(each.message for each in reasons[:MOST_REASONS])
    if not first:
        return counts + _(".")
    return _("%(counts)s: %(reasons)s") % {"counts": counts, "reasons": first}
