"""A workbook comes in: a new one, or a corrected one in the place of one that is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from registry.admin.jobs.lists import Uploads
from registry.language import said
from registry.models import ImportJob
from registry.models.jobs import JobState
from registry.sheets import codes, staging
from registry.sheets.applying import read_waiting
from registry.sheets.faults import Unwritable, all_or_nothing
from registry.sheets.formats import MAX_UPLOAD, MEGABYTE
from registry.sheets.workbook import Unreadable

# Some two thousand rows; a larger file is read in the background.
AT_ONCE = 400_000  # bytes
ROWS_AT_ONCE = 2_000
MOST_WAITING = 3  # uploads of one user of which nothing was applied yet
MOST_KEPT = 200 * MEGABYTE  # files of one user
# A file in the place of another: as long as the register may still take rows of it.
REPLACEABLE = (JobState.STAGED, JobState.PARTLY, JobState.UNREADABLE)


class Uploading(Uploads):
    def steps(self) -> Iterable[tuple[str, Callable[..., Any]]]:
        return [*super().steps(), ("file", self.file_view)]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.form_class(
            request.POST or None,
            request.FILES or None,
            user=request.user,
            kinds=self.kinds,
            initial=self.asked_for(request),
        )
        full = self._no_room(request.user)
        if request.method == "POST" and not full and form.is_valid():
            job = self._upload(request, form)
            if job:
                return HttpResponseRedirect(self.page_of(job, first_step(job)))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Upload a workbook"),
            "opts": self.opts,
            "form": form,
            "full": full,
            "media": form.media,
            "largest": MAX_UPLOAD // MEGABYTE,
        }
        return TemplateResponse(request, "admin/registry/importjob/upload.html", context)

    def _no_room(self, user: Any) -> SafeString | str:
        """Return why this user may upload nothing more for now, with links to what is there."""
        mine = ImportJob.objects.filter(user=user.pk).defer("file", "layout_sealed")
        if len(waiting := list(mine.waiting().order_by("-id"))) >= MOST_WAITING:
            text = ngettext(
                "You have %(count)s upload that waits for you. Apply or discard it first:",
                "You have %(count)s uploads that wait for you. Apply or discard one first:",
                len(waiting),
            ) % {"count": len(waiting)}
            return format_html("{} {}", text, self._links(waiting))
        if mine.kept_bytes() >= MOST_KEPT:
            text = _("Your uploads take %(size)s MB. Discard or erase some of them first:") % {
                "size": MOST_KEPT // MEGABYTE
            }
            largest = mine.largest_first()[:MOST_WAITING]
            return format_html("{} {}", text, self._links(largest))
        return ""

    def _links(self, jobs: Iterable[ImportJob]) -> SafeString:
        links = ((self.page_of(job), job.file_name) for job in jobs)
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    def _upload(self, request: HttpRequest, form: Any) -> ImportJob | None:
        """Return the job of a valid form, or None where the file has got an error."""
        cleaned = form.cleaned_data
        kind = self.kinds[cleaned["kind"]]
        data, name = cleaned["file"].read(), cleaned["file"].name or ""
        whole = {
            "user": request.user,
            "scope": self.scope_of(cleaned),
            "opening_on": cleaned["opening_on"],
            "whole_roster": cleaned["whole_roster"],
        }
        try:
            with all_or_nothing():
                if len(data) <= AT_ONCE:
                    return staging.stage(kind, data, name, today=timezone.localdate(), **whole)
                job = staging.receive(kind, data, name, **whole)
                self.read_later(job)
                return job
        except (Unreadable, Unwritable) as error:
            form.add_error("file", said(error.sentence))
        return None

    def read_anew(self, job: ImportJob, *, large: bool) -> None:
        """Have the file of a job read once more, at once where it is small."""
        if large:
            self.read_later(job)
        else:
            read_waiting(self.kind_of(job), job, today=timezone.localdate())

    @method_decorator(require_POST)
    def file_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take a corrected workbook into the same job."""
        job = self.job_of(request, object_id)
        if refused := self.refuse_others(request, job):
            return refused
        upload = request.FILES.get("file")
        if job.state not in REPLACEABLE:
            messages.error(request, _("This upload takes no other file any more. Upload it anew."))
        elif upload is None or not upload.size:
            messages.error(request, _("Choose the workbook; the file may not be empty."))
        elif upload.size > MAX_UPLOAD:
            text = _("The file has more than %(limit)s MB. Split it, or delete pictures in it.")
            messages.error(request, text % {"limit": MAX_UPLOAD // MEGABYTE})
        else:
            try:
                with all_or_nothing():
                    job.read_again(upload.name or "", upload.read())
                    self.read_anew(job, large=upload.size > AT_ONCE)
            except Unwritable as error:
                messages.error(request, said(error.sentence))
                return self.back_to(job)
            job.refresh_from_db(fields=["state"])
            return HttpResponseRedirect(self.page_of(job, first_step(job)))
        return self.back_to(job)


def open_headings(job: ImportJob) -> list[tuple[str, str]]:
    """Return sheet and letter of each column of which the clerk has to say what it is."""
    return [
        (sheet, str(params.get("letter", "")))
        for sheet, _level, code, _field, _template, params in job.layout.get("notes", [])
        if code == codes.HEADING_AMBIGUOUS
    ]


def first_step(job: ImportJob) -> str:
    """Return the page that comes next: what its columns are, before what its rows are."""
    return "columns" if job.is_open and open_headings(job) else "change"
